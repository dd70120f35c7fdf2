//! Suppressions over time.

use super::lab::{Lab, Said, Scanning};
use crate::findings::{FindingStatus, Suppression, Target};
use crate::history::StepEvent;
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use uuid::Uuid;

fn suppression(id: &str, target: Target, created_at: Timestamp) -> Suppression {
    Suppression {
        id: id.to_owned(),
        target,
        tenant: None,
        reason: "a test account".to_owned(),
        until: "2026-01-31".parse().unwrap(),
        owner: Some("sec".to_owned()),
        file: None,
        created_at,
        created_by: "me".to_owned(),
        removed_at: None,
        removed_by: None,
    }
}

fn rule(uid: &str, resource: Option<&str>) -> Target {
    Target::Rule { uid: uid.to_owned(), resource: resource.map(str::to_owned) }
}

fn account(s: &mut Scanning<'_>) {
    s.say("iam-user-mfa", "iam.user", "john", Said::Fail);
    s.say("iam-user-mfa", "iam.user", "mary", Said::Unknown);
    s.say("iam-user-keys", "iam.user", "john", Said::Pass);
    s.say("s3-public", "s3.bucket", "b", Said::Pass);
}

#[test]
fn a_suppressed_fail_leaves_the_numbers_and_a_suppressed_unknown_stays() {
    let mut lab = Lab::new();
    let before = lab.scan(&[], account);
    let now = lab.tick();
    lab.history.suppress(&suppression("s1", rule("iam-user-mfa", None), now)).unwrap();
    let after = lab.scan(&[], account);
    let (a, b) = (before.summary.unwrap(), after.summary.unwrap());
    assert_eq!((a.fails(Severity::High), b.fails(Severity::High)), (1, 0));
    assert_eq!((a.verdicts(Outcome::Fail), b.verdicts(Outcome::Fail)), (1, 1));
    assert_eq!(a.coverage, b.coverage, "an unknown is not hidden");
    assert!(a.score < b.score);
    assert_eq!(b.score, Some(100.0));

    let findings = lab.findings(after.meta.id);
    assert!(findings.iter().all(|f| f.status == Some(FindingStatus::Suppressed)));
    assert!(findings.iter().all(|f| f.suppression.as_deref() == Some("s1")));
    let counts: Vec<_> = findings.iter().map(|f| (f.verdict, f.counts())).collect();
    assert_eq!(counts, [(Outcome::Fail, false), (Outcome::Unknown, true)]);
    // The scan before is shown as it was.
    assert!(lab.findings(before.meta.id).iter().all(|f| f.status == Some(FindingStatus::Open)));
}

#[test]
fn it_ends_when_it_expires_or_is_taken_back() {
    let mut lab = Lab::new();
    let scan = lab.scan(&[], account);
    let now = lab.tick();
    let john = lab.findings(scan.meta.id).swap_remove(0);
    lab.history
        .suppress(&suppression("s1", Target::Finding(john.fingerprint.clone()), now))
        .unwrap();
    let status = |lab: &Lab, at: &str| {
        lab.history.finding(&john.fingerprint, at.parse().unwrap()).unwrap().status.unwrap()
    };
    assert_eq!(status(&lab, "2026-01-31T23:59:59Z"), FindingStatus::Suppressed);
    assert_eq!(status(&lab, "2026-02-01T00:00:00Z"), FindingStatus::Open);
    assert!(lab.history.remove_suppression("s1", now, "me").unwrap());
    assert!(!lab.history.remove_suppression("s1", now, "me").unwrap());
    assert_eq!(status(&lab, "2026-01-31T23:59:59Z"), FindingStatus::Open);
    let kinds = lab.kinds_of_events();
    assert_eq!(&kinds[2..], ["suppression_added", "suppression_removed"]);
}

#[test]
fn the_life_of_a_finding_tells_of_them() {
    let mut lab = Lab::new();
    let scan = lab.scan(&[], account);
    let john = lab.findings(scan.meta.id).swap_remove(0).fingerprint;
    let other = lab.findings(scan.meta.id).swap_remove(1).fingerprint;
    let (first, second) = (lab.tick(), lab.tick());
    lab.history.suppress(&suppression("s1", Target::Finding(john.clone()), first)).unwrap();
    lab.history.remove_suppression("s1", second, "eve").unwrap();
    lab.history.suppress(&suppression("s2", Target::Finding(john.clone()), second)).unwrap();
    let decided = |lab: &Lab, print: &str, at: &str| -> Vec<(String, StepEvent)> {
        let life = lab.history.life(print, at.parse().unwrap()).unwrap();
        let steps = life.steps.into_iter();
        steps
            .filter(|step| !matches!(step.event, StepEvent::Seen { .. } | StepEvent::Gone { .. }))
            .map(|step| (step.at.to_string(), step.event))
            .collect()
    };
    let began = |id: &str| StepEvent::Suppressed {
        id: id.to_owned(),
        by: suppression(id, Target::Finding(john.clone()), first).created_by,
        owner: suppression(id, Target::Finding(john.clone()), first).owner,
        why: suppression(id, Target::Finding(john.clone()), first).reason,
        until: "2026-01-31".parse().unwrap(),
    };
    let ended = |id: &str, by: Option<&str>| StepEvent::Unsuppressed {
        id: id.to_owned(),
        by: by.map(str::to_owned),
    };
    let mut expected = vec![
        (first.to_string(), began("s1")),
        (second.to_string(), ended("s1", Some("eve"))),
        (second.to_string(), began("s2")),
    ];
    assert_eq!(decided(&lab, &john, "2026-01-31T23:59:59Z"), expected);
    expected.push(("2026-02-01T00:00:00Z".to_owned(), ended("s2", None)));
    assert_eq!(decided(&lab, &john, "2026-02-01T00:00:00Z"), expected);
    assert_eq!(decided(&lab, &other, "2026-02-01T00:00:00Z"), []);
}

#[test]
fn a_malformed_glob_is_refused_before_it_is_stored() {
    let mut lab = Lab::new();
    let now = lab.tick();
    let bad = suppression("s1", rule("s3-public", Some("logs-{a")), now);
    let error = lab.history.suppress(&bad).unwrap_err();
    assert!(error.to_string().contains("`logs-{a` is not a glob"), "{error}");
    assert_eq!(lab.history.suppressions().unwrap().iter().count(), 0);
}

#[test]
fn a_file_says_which_of_its_own_hold() {
    let mut lab = Lab::new();
    let now = lab.tick();
    let in_file = |uid: &str| Suppression {
        file: Some("suppressions.toml".to_owned()),
        ..suppression("", rule(uid, None), now)
    };
    lab.history.suppress(&suppression("by-hand", rule("trail", None), now)).unwrap();
    let mut number = 0;
    let mut sync = |lab: &mut Lab, list: Vec<Suppression>| {
        lab.history
            .sync_suppressions("suppressions.toml", list, now, "ci", || {
                number += 1;
                Uuid::from_u128(number)
            })
            .unwrap();
        let held = lab.history.suppressions().unwrap();
        held.iter().filter(|s| s.removed_at.is_none()).count()
    };
    assert_eq!(sync(&mut lab, vec![in_file("s3-public"), in_file("iam-user-mfa")]), 3);
    assert_eq!(sync(&mut lab, vec![in_file("s3-public"), in_file("iam-user-mfa")]), 3);
    assert_eq!(sync(&mut lab, vec![in_file("s3-public")]), 2);
    assert_eq!(sync(&mut lab, vec![]), 1);
    let kinds = lab.kinds_of_events();
    let added = kinds.iter().filter(|kind| *kind == "suppression_added").count();
    let removed = kinds.iter().filter(|kind| *kind == "suppression_removed").count();
    assert_eq!((added, removed), (3, 2));
}

//! What changed, and the life of a finding.

use super::super::*;
use super::lab::{Lab, Said, Scanning};
use crate::findings::{FindingStatus, GoneReason};
use jiff::SignedDuration;

fn changes(lab: &Lab, from: &ScanRecord, to: &ScanRecord) -> Vec<(String, ChangeKind)> {
    let changes = lab.history.diff(from.meta.id, to.meta.id, lab.now()).unwrap();
    assert_eq!((&changes.from, &changes.to), (from, to));
    let places: Vec<usize> = (0..changes.changes.len()).collect();
    let findings = lab.history.changed(&changes, &places).unwrap();
    let told = findings.into_iter().zip(&changes.changes);
    told.map(|(finding, change)| {
        assert_eq!(finding.verdict, change.verdict);
        (finding.resource_id, change.kind)
    })
    .collect()
}

#[test]
fn a_diff_tells_what_became_of_each() {
    let mut lab = Lab::new();
    let types = ["iam.user", "s3.bucket"];
    let first = lab.scan(&types, |s| {
        for user in ["fixed", "gone", "same", "worse"] {
            let said = if user == "worse" { Said::Unknown } else { Said::Fail };
            s.say("iam-user-mfa", "iam.user", user, said);
        }
        s.say("s3-public", "s3.bucket", "hidden", Said::Fail);
    });
    let second = lab.scan(&["iam.user"], |s| {
        s.say("iam-user-mfa", "iam.user", "fixed", Said::Pass);
        for user in ["same", "worse", "fresh"] {
            s.say("iam-user-mfa", "iam.user", user, Said::Fail);
        }
    });
    let named = |name: &str, kind| (name.to_owned(), kind);
    let expected = [
        named("fresh", ChangeKind::New),
        named("same", ChangeKind::Unchanged),
        named("worse", ChangeKind::Changed),
        named("hidden", ChangeKind::NoLongerVisible),
        named("fixed", ChangeKind::Fixed),
        named("gone", ChangeKind::Deleted),
    ];
    assert_eq!(changes(&lab, &first, &second), expected);

    let back = |s: &mut Scanning<'_>| {
        s.say("iam-user-mfa", "iam.user", "fixed", Said::Fail);
        s.say("s3-public", "s3.bucket", "hidden", Said::Fail);
        for user in ["same", "worse", "fresh"] {
            s.say("iam-user-mfa", "iam.user", user, Said::Fail);
        }
    };
    let third = lab.scan(&types, back);
    let expected = [
        named("hidden", ChangeKind::VisibleAgain),
        named("fixed", ChangeKind::Reopened),
        named("fresh", ChangeKind::Unchanged),
        named("same", ChangeKind::Unchanged),
        named("worse", ChangeKind::Unchanged),
    ];
    assert_eq!(changes(&lab, &second, &third), expected);

    // The order in which the scans are named does not matter, and neither does
    // what happened between them.
    let turned = lab.history.diff(third.meta.id, first.meta.id, lab.now()).unwrap();
    let kinds: Vec<_> = turned.changes.iter().map(|c| c.kind).collect();
    let expected = [
        ChangeKind::Unchanged,
        ChangeKind::Unchanged,
        ChangeKind::New,
        ChangeKind::Unchanged,
        ChangeKind::Changed,
        ChangeKind::Deleted,
    ];
    assert_eq!(kinds, expected);
    assert_eq!(turned.changes[5].reason, Some(GoneReason::NotListed));
    assert!(turned.changes.iter().all(|c| !c.rule_changed));
}

#[test]
fn a_rule_that_changed_is_told_apart_from_an_account_that_changed() {
    let mut lab = Lab::new();
    let said = |s: &mut Scanning<'_>| {
        s.say("iam-user-mfa", "iam.user", "a", Said::Fail);
        s.say("iam-user-keys", "iam.user", "a", Said::Fail);
    };
    let first = lab.scan(&[], |s| {
        said(s);
        s.only_rules(&["iam-user-mfa"]);
        s.verdicts.truncate(1);
    });
    let second = lab.scan(&[], said);
    let third = lab.scan(&[], |s| {
        said(s);
        s.digest("2");
    });
    let rules = |from: &ScanRecord, to: &ScanRecord| {
        let diff = lab.history.diff(from.meta.id, to.meta.id, lab.now()).unwrap();
        diff.changes.into_iter().map(|c| (c.kind, c.rule_changed)).collect::<Vec<_>>()
    };
    let expected = [(ChangeKind::Unchanged, false), (ChangeKind::New, true)];
    assert_eq!(rules(&first, &second), expected);
    assert_eq!(rules(&second, &third), [(ChangeKind::Unchanged, true); 2]);
}

#[test]
fn scans_of_two_accounts_are_not_compared() {
    let mut lab = Lab::new();
    let one = lab.scan(&[], |_| {});
    let other = lab.scan_of("999999999999");
    let error = lab.history.diff(one.meta.id, other.meta.id, lab.now()).unwrap_err();
    assert!(matches!(error, HistoryError::OtherAccount { .. }));
}

#[test]
fn what_a_partial_scan_did_not_reach_has_no_reason() {
    let mut lab = Lab::new();
    let first = lab.scan(&["iam.user"], |s| s.say("iam-user-mfa", "iam.user", "a", Said::Fail));
    let second = lab.scan(&["iam.user"], |s| s.status(ScanStatus::Partial));
    let diff = lab.history.diff(first.meta.id, second.meta.id, lab.now()).unwrap();
    let change = &diff.changes[0];
    assert_eq!((change.kind, change.reason), (ChangeKind::NoLongerVisible, None));
    assert_eq!(lab.standing()[0].1, "open");
}

#[test]
fn the_whole_life_of_a_finding() {
    let mut lab = Lab::new();
    let fail = |s: &mut Scanning<'_>| s.say("iam-user-mfa", "iam.user", "a", Said::Fail);
    let scans = [
        lab.scan(&["iam.user"], |s| s.say("iam-user-mfa", "iam.user", "a", Said::Unknown)),
        lab.scan(&["iam.user"], fail),
        lab.scan(&["iam.user"], fail),
        lab.scan(&["iam.user"], |s| s.only_rules(&[])),
        lab.scan(&["iam.user"], |s| s.say("iam-user-mfa", "iam.user", "a", Said::Pass)),
        lab.scan(&["iam.user"], fail),
    ];
    let print = lab.findings(scans[5].meta.id)[0].fingerprint.clone();
    let life = lab.history.life(&print.chars().take(20).collect::<String>(), lab.now()).unwrap();
    let told: Vec<String> = life
        .steps
        .iter()
        .map(|step| match &step.event {
            StepEvent::Seen { began, verdict, .. } => format!("{began:?} {verdict:?}"),
            StepEvent::Gone { status, reason } => format!("{status:?} {reason:?}"),
            decided => format!("{decided:?}"),
        })
        .collect();
    let expected = [
        "New Unknown",
        "Changed Fail",
        "NoLongerVisible RuleLeftOut",
        "Fixed Passes",
        "Reopened Fail",
    ];
    assert_eq!(told, expected);
    let at: Vec<_> = life.steps.iter().map(|step| step.scan.unwrap()).collect();
    let expected: Vec<_> = [0, 1, 3, 4, 5].into_iter().map(|n: usize| scans[n].meta.id).collect();
    assert_eq!(at, expected);
    assert_eq!(life.finding.status, Some(FindingStatus::Open));
    // Scans are 65 seconds apart; the last one took five.
    assert_eq!(life.open_for(lab.now()), SignedDuration::from_secs(3 * 65 + 5));
}

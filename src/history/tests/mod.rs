//! Whole stories: scans go in, and what history says of them comes out.

mod changing;
mod keeping;
mod lab;
mod merging;
mod pruning;
mod reading;
mod suppressing;

use super::*;
use crate::findings::{FindingStatus, GoneReason};
use crate::rules::{Outcome, Severity};
use lab::{Lab, Said, end_at, verdict};

fn titles(findings: &[crate::findings::Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.title.as_str()).collect()
}

#[test]
fn a_first_scan_comes_back() {
    let mut lab = Lab::new();
    let scan = lab.scan(&["iam.user"], |s| {
        s.say("iam-user-mfa", "iam.user", "john", Said::Fail);
        s.say("iam-user-mfa", "iam.user", "mary", Said::Pass);
        s.say("iam-user-keys", "iam.user", "john", Said::NotApplicable);
        s.say("iam-user-keys", "iam.user", "mary", Said::Unknown);
    });
    assert_eq!(scan.status, ScanStatus::Completed);
    let summary = scan.summary.clone().unwrap();
    assert_eq!(summary.verdicts(Outcome::Pass), 1);
    assert_eq!(summary.verdicts(Outcome::Fail), 1);
    assert_eq!(summary.verdicts(Outcome::Unknown), 1);
    assert_eq!(summary.verdicts(Outcome::NotApplicable), 1);
    assert_eq!(summary.fails(Severity::High), 1);
    assert_eq!(summary.score, Some(50.0));
    assert_eq!(summary.coverage, Some(66.6));

    let findings = lab.findings(scan.meta.id);
    assert_eq!(titles(&findings), ["iam-user-mfa: john", "iam-user-keys: mary"]);
    let john = &findings[0];
    assert_eq!(john.status, Some(FindingStatus::Open));
    assert_eq!(john.first_seen, Some(scan.meta.started_at));
    assert_eq!(john.last_seen, Some(scan.meta.started_at));
    assert_eq!(john.resource_id, "john");
    assert_eq!(john.evidence["seen"], "john");
    let mary = &findings[1];
    assert_eq!(mary.verdict, Outcome::Unknown);
    assert_eq!(mary.gaps.len(), 1);
    assert_eq!(mary.gaps[0].message, "denied, request 1");

    let all = lab.contents(scan.meta.id);
    assert_eq!(all.len(), 3);
    assert_eq!(all[2].verdict, Outcome::Pass);
    assert_eq!(all[2].resource_id, "mary");
    assert_eq!((all[2].status, all[2].first_seen), (None, None));
    assert_eq!(lab.history.gaps(scan.meta.id).unwrap().len(), 1);
    assert_eq!(lab.history.results(scan.meta.id).unwrap().len(), 4);
}

/// What became of the one finding of the first scan.
fn became(
    types: &[&str],
    second: impl FnOnce(&mut lab::Scanning<'_>),
) -> (FindingStatus, Option<GoneReason>) {
    let mut lab = Lab::new();
    lab.scan(&["s3.bucket", "iam.user"], |s| {
        s.say("s3-public", "s3.bucket", "b", Said::Fail);
    });
    lab.scan(types, second);
    let findings = lab.asked_for(&Filter::default());
    let finding = findings.iter().find(|f| f.resource_id == "b" && f.key.is_none()).unwrap();
    (finding.status.unwrap(), finding.reason)
}

#[test]
fn what_is_gone_is_told_apart() {
    use FindingStatus::{Deleted, Fixed, NoLongerVisible, Open};
    let listed = &["s3.bucket", "iam.user"];
    assert_eq!(
        became(listed, |s| s.say("s3-public", "s3.bucket", "b", Said::Pass)),
        (Fixed, Some(GoneReason::Passes))
    );
    assert_eq!(
        became(listed, |s| s.say("s3-public", "s3.bucket", "b", Said::NotApplicable)),
        (Fixed, Some(GoneReason::NotApplicable))
    );
    assert_eq!(
        became(listed, |s| s.say("s3-public", "s3.bucket", "other", Said::Pass)),
        (Deleted, Some(GoneReason::NotListed))
    );
    assert_eq!(
        became(&["iam.user"], |s| s.say("s3-public", "s3.bucket", "other", Said::Pass)),
        (NoLongerVisible, Some(GoneReason::Gap))
    );
    assert_eq!(
        became(listed, |s| s.only_rules(&["iam-user-mfa"])),
        (NoLongerVisible, Some(GoneReason::RuleLeftOut))
    );
    assert_eq!(
        became(listed, |s| s.only_regions(&["us-east-1"])),
        (NoLongerVisible, Some(GoneReason::RegionLeftOut))
    );
    assert_eq!(became(listed, |s| s.say("s3-public", "s3.bucket", "b", Said::Fail)), (Open, None));
    // A partial scan tells nothing about what it did not reach.
    assert_eq!(became(listed, |s| s.status(ScanStatus::Partial)), (Open, None));
    assert_eq!(
        became(listed, |s| {
            s.say("s3-public", "s3.bucket", "b", Said::Pass);
            s.status(ScanStatus::Partial);
        }),
        (Fixed, Some(GoneReason::Passes))
    );
    assert_eq!(became(listed, |s| s.status(ScanStatus::Failed)), (Open, None));
}

#[test]
fn a_finding_comes_back() {
    let mut lab = Lab::new();
    let first = lab.scan(&["iam.user"], |s| s.say("iam-user-mfa", "iam.user", "j", Said::Fail));
    lab.scan(&["iam.user"], |s| s.say("iam-user-mfa", "iam.user", "j", Said::Pass));
    assert_eq!(lab.standing(), [("iam-user-mfa: j".to_owned(), "fixed".to_owned())]);
    let third = lab.scan(&["iam.user"], |s| s.say("iam-user-mfa", "iam.user", "j", Said::Fail));
    let findings = lab.findings(third.meta.id);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].status, Some(FindingStatus::Open));
    assert_eq!(findings[0].first_seen, Some(first.meta.started_at));
    assert_eq!(findings[0].last_seen, Some(third.meta.started_at));

    let kinds = lab.kinds_of_events();
    let expected = [
        "scan_ended",
        "findings_new",
        "scan_ended",
        "findings_fixed",
        "scan_ended",
        "findings_reopened",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn out_of_sight_is_not_fixed_and_may_become_visible_again() {
    let mut lab = Lab::new();
    let seen = |s: &mut lab::Scanning<'_>| s.say("s3-public", "s3.bucket", "b", Said::Fail);
    lab.scan(&["s3.bucket"], seen);
    lab.scan(&["s3.bucket"], |s| s.only_rules(&["s3-encryption"]));
    lab.scan(&["s3.bucket"], |s| s.only_rules(&["s3-encryption"]));
    assert_eq!(lab.standing()[0].1, "no_longer_visible");
    lab.scan(&["s3.bucket"], seen);
    assert_eq!(lab.standing()[0].1, "open");
    lab.scan(&["s3.bucket"], |s| s.only_rules(&["s3-encryption"]));
    // What was out of sight is found deleted by the next scan that looks.
    lab.scan(&["s3.bucket"], |_| {});
    assert_eq!(lab.standing()[0].1, "deleted");
    let gone: Vec<_> =
        lab.kinds_of_events().into_iter().filter(|kind| kind != "scan_ended").collect();
    let expected = [
        "findings_new",
        "findings_no_longer_visible",
        "findings_visible_again",
        "findings_no_longer_visible",
        "findings_deleted",
    ];
    assert_eq!(gone, expected);
}

#[test]
fn a_list_that_is_read_again_is_fixed() {
    let mut lab = Lab::new();
    let hidden = |s: &mut lab::Scanning<'_>| {
        s.say_of("iam-user-mfa", "aws.account", "123456789012", "iam.user", Said::Unknown);
    };
    lab.scan(&[], hidden);
    lab.scan(&[], |_| {});
    assert_eq!(lab.standing()[0].1, "no_longer_visible");
    lab.scan(&[], hidden);
    assert_eq!(lab.standing()[0].1, "open");
    lab.scan(&["iam.user"], |_| {});
    let finding = &lab.asked_for(&Filter::default())[0];
    assert_eq!(finding.status, Some(FindingStatus::Fixed));
    assert_eq!(finding.reason, Some(GoneReason::ListedAgain));
}

#[test]
fn a_part_that_is_gone_is_fixed_if_nothing_of_its_resource_is_undecided() {
    let one_part = |s: &mut lab::Scanning<'_>| {
        s.say_of("iam-user-keys", "iam.user", "j", "AKIA1", Said::Fail);
    };
    let reason = |second: fn(&mut lab::Scanning<'_>)| {
        let mut lab = Lab::new();
        lab.scan(&["iam.user"], one_part);
        lab.scan(&["iam.user"], second);
        let findings = lab.asked_for(&Filter::default());
        findings.iter().find(|f| f.key.as_deref() == Some("AKIA1")).unwrap().reason
    };
    assert_eq!(
        reason(|s| s.say_of("iam-user-keys", "iam.user", "j", "AKIA2", Said::Pass)),
        Some(GoneReason::PartGone)
    );
    assert_eq!(
        reason(|s| s.say("iam-user-mfa", "iam.user", "j", Said::Pass)),
        Some(GoneReason::PartGone)
    );
    assert_eq!(
        reason(|s| s.say("iam-user-keys", "iam.user", "j", Said::Unknown)),
        Some(GoneReason::Gap)
    );
    assert_eq!(
        reason(|s| s.say_of("iam-user-keys", "iam.user", "j", "AKIA1", Said::Pass)),
        Some(GoneReason::Passes)
    );
    assert_eq!(reason(|_| {}), Some(GoneReason::NotListed));
}

/// Three users without MFA, a public bucket, no trail, two unencrypted
/// buckets; then all but encryption is fixed.
#[test]
fn the_founding_example() {
    let account = |s: &mut lab::Scanning<'_>, fixed: bool| {
        let said = if fixed { Said::Pass } else { Said::Fail };
        for user in ["ann", "bob", "cid"] {
            s.say("iam-user-mfa", "iam.user", user, said);
            s.say("iam-user-keys", "iam.user", user, Said::Pass);
        }
        s.say("s3-public", "s3.bucket", "site", said);
        s.say("s3-encryption", "s3.bucket", "site", Said::Pass);
        for bucket in ["one", "two"] {
            s.say("s3-public", "s3.bucket", bucket, Said::Pass);
            s.say("s3-encryption", "s3.bucket", bucket, Said::Fail);
        }
        s.say("trail", "aws.account", "123456789012", said);
    };
    let mut lab = Lab::new();
    let types = ["iam.user", "s3.bucket", "aws.account"];
    let first = lab.scan(&types, |s| account(s, false));
    let second = lab.scan(&types, |s| account(s, true));
    assert_eq!(lab.findings(first.meta.id).len(), 7);
    let left = lab.findings(second.meta.id);
    assert_eq!(titles(&left), ["s3-encryption: one", "s3-encryption: two"]);
    assert!(left.iter().all(|f| f.first_seen == Some(first.meta.started_at)));
    let standing = lab.standing();
    assert_eq!(standing.iter().filter(|(_, status)| status == "fixed").count(), 5);
    assert_eq!(standing.iter().filter(|(_, status)| status == "open").count(), 2);
    let score = |scan: &ScanRecord| scan.summary.as_ref().unwrap().score.unwrap();
    assert_eq!((score(&first), score(&second)), (0.0, 92.3));
}

#[test]
fn the_same_thing_judged_twice_counts_once_and_the_worst_stays() {
    let mut orders = Vec::new();
    for turned in [false, true] {
        let mut lab = Lab::new();
        lab.scan(&["iam.user"], |s| s.say("iam-user-mfa", "iam.user", "c", Said::Unknown));
        let scan = lab.scan(&["iam.user"], |s| {
            let mut say = vec![
                ("a", Said::Pass),
                ("a", Said::Pass),
                ("b", Said::Fail),
                ("b", Said::Pass),
                ("c", Said::Unknown),
                ("c", Said::Fail),
                ("d", Said::Unknown),
                ("d", Said::Error),
                ("d", Said::NotApplicable),
            ];
            if turned {
                say.reverse();
            }
            for (user, said) in say {
                s.say("iam-user-mfa", "iam.user", user, said);
            }
        });
        let summary = scan.summary.unwrap();
        let counts: Vec<u64> = Outcome::ALL.iter().map(|o| summary.verdicts(*o)).collect();
        assert_eq!(counts, [1, 2, 0, 1, 0], "pass, fail, unknown, error, not applicable");
        let results = lab.history.results(scan.meta.id).unwrap();
        let counted: Vec<_> = results.iter().map(|r| (r.outcome, r.count)).collect();
        assert_eq!(counted, [(Outcome::Pass, 1), (Outcome::Fail, 2), (Outcome::Error, 1)]);
        let findings = lab.findings(scan.meta.id);
        let said: Vec<_> = findings.iter().map(|f| (f.resource_id.clone(), f.verdict)).collect();
        orders.push((said, summary));
    }
    assert_eq!(orders[0], orders[1]);
    assert_eq!(orders[0].0.len(), 3);
}

#[test]
fn a_verdict_of_a_foreign_rule_is_refused() {
    let mut lab = Lab::new();
    let mut writer = lab.begin();
    let mut gaps = crate::inventory::GapTable::default();
    let mut foreign = verdict("trail", "aws.account", "x", None, Said::Pass, &mut gaps);
    foreign.rule = 99;
    assert!(matches!(writer.push(foreign, &gaps), Err(HistoryError::UnknownRule(99))));
    writer.finish(end_at(lab.now()), &gaps).unwrap();
}

#[test]
fn rules_of_one_cause_count_once_in_the_score() {
    let mut lab = Lab::new();
    let says = |s: &mut lab::Scanning<'_>| {
        s.say("iam-user-mfa", "iam.user", "a", Said::Fail);
        s.say("iam-user-keys", "iam.user", "a", Said::Fail);
        s.say("iam-user-mfa", "iam.user", "b", Said::Pass);
        s.say("iam-user-keys", "iam.user", "b", Said::Pass);
        s.say("iam-user-mfa", "iam.user", "c", Said::Pass);
    };
    let score = |scan: ScanRecord| scan.summary.unwrap().score;
    assert_eq!(score(lab.scan(&[], says)), Some(62.5), "25 of 40");
    let one_cause = lab.scan(&[], |s| {
        says(s);
        s.digest("2");
        s.cause("weak-users");
    });
    assert_eq!(score(one_cause), Some(66.6), "20 of 30");
}

//! Whole stories: scans go in, and what history says of them comes out.

mod lab;

use super::*;
use crate::findings::{FindingStatus, GoneReason};
use crate::inventory::{ErrorClass, Gap};
use crate::rules::{Outcome, Severity};
use lab::{Lab, Said, verdict};

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

    let with_passes = Filter { passes: true, ..Filter::of_scan(scan.meta.id) };
    let all = lab.history.findings(&with_passes, lab.now()).unwrap();
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
    let findings = lab.history.findings(&Filter::default(), lab.now()).unwrap();
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

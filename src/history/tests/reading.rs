//! Reading: order, filters, prefixes.

use super::super::*;
use super::lab::{Lab, Said};
use crate::findings::{AmbiguousPrefix, Finding, FindingStatus};
use crate::rules::{Outcome, Severity};
use proptest::prelude::*;
use std::collections::BTreeSet;

const SAID: [Said; 5] = [Said::Pass, Said::Fail, Said::Unknown, Said::Error, Said::NotApplicable];

type Say = (&'static str, &'static str, u8, Said);

fn says() -> impl Strategy<Value = Vec<Say>> {
    let rules = vec![
        ("iam-user-mfa", "iam.user"),
        ("iam-user-keys", "iam.user"),
        ("s3-public", "s3.bucket"),
        ("s3-encryption", "s3.bucket"),
    ];
    let say = (proptest::sample::select(rules), 0u8..6, proptest::sample::select(&SAID[..]));
    proptest::collection::vec(
        say.prop_map(|((rule, kind), name, said)| (rule, kind, name, said)),
        0..30,
    )
}

/// Two scans, and everything that can be read of them.
fn read(first: &[Say], second: &[Say]) -> (Vec<Vec<Finding>>, Vec<ScanRecord>, Vec<RuleResult>) {
    let mut lab = Lab::new();
    let mut records = Vec::new();
    for says in [first, second] {
        records.push(lab.scan(&["iam.user", "s3.bucket"], |s| {
            for (rule, kind, name, said) in says {
                s.say(rule, kind, &format!("n{name}"), *said);
            }
        }));
    }
    let mut findings = vec![lab.asked_for(&Filter::default())];
    findings.extend(records.iter().map(|record| lab.contents(record.meta.id)));
    let results = lab.history.results(records[1].meta.id).unwrap();
    (findings, records, results)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_verdicts_does_not_show(
        (first, mixed_first) in says().prop_flat_map(|says| (Just(says.clone()), Just(says).prop_shuffle())),
        (second, mixed_second) in says().prop_flat_map(|says| (Just(says.clone()), Just(says).prop_shuffle())),
    ) {
        prop_assert_eq!(read(&first, &second), read(&mixed_first, &mixed_second));
    }

    #[test]
    fn counts_and_lists_agree(says in says()) {
        let (findings, records, _) = read(&[], &says);
        let summary = records[1].summary.clone().unwrap();
        for outcome in [Outcome::Pass, Outcome::Fail, Outcome::Unknown, Outcome::Error] {
            let listed = findings[2].iter().filter(|f| f.verdict == outcome).count();
            prop_assert_eq!(summary.verdicts(outcome), u64::try_from(listed).unwrap());
        }
    }
}

#[test]
fn findings_come_worst_first_then_by_rule_region_and_arn() {
    let mut lab = Lab::new();
    let scan = lab.scan(&[], |s| {
        s.say("region-thing", "aws.region", "us-east-1", Said::Fail);
        s.say("region-thing", "aws.region", "eu-west-1", Said::Fail);
        s.say("iam-user-mfa", "iam.user", "b", Said::Fail);
        s.say_of("iam-user-keys", "iam.user", "a", "K2", Said::Fail);
        s.say_of("iam-user-keys", "iam.user", "a", "K1", Said::Fail);
        s.say("s3-public", "s3.bucket", "z", Said::Unknown);
        s.say("iam-user-mfa", "iam.user", "a", Said::Fail);
    });
    let findings = lab.findings(scan.meta.id);
    let titles: Vec<_> = findings.iter().map(|f| f.title.as_str()).collect();
    let expected = [
        "s3-public: z",
        "iam-user-mfa: a",
        "iam-user-mfa: b",
        "iam-user-keys: a K1",
        "iam-user-keys: a K2",
        "region-thing: eu-west-1",
        "region-thing: us-east-1",
    ];
    assert_eq!(titles, expected);
}

#[test]
fn filters() {
    let mut lab = Lab::new();
    let scan = lab.scan(&["iam.user"], |s| {
        s.say("iam-user-mfa", "iam.user", "gone", Said::Fail);
        s.say("iam-user-mfa", "iam.user", "John", Said::Fail);
        s.say("s3-public", "s3.bucket", "b", Said::Unknown);
        s.say_of("iam-user-keys", "iam.user", "a", "AKIA7", Said::Fail);
    });
    lab.scan(&["iam.user"], |s| {
        s.say("iam-user-mfa", "iam.user", "John", Said::Fail);
        s.say("s3-public", "s3.bucket", "b", Said::Unknown);
        s.say_of("iam-user-keys", "iam.user", "a", "AKIA7", Said::Fail);
    });
    let found = |filter: Filter| {
        let findings = lab.asked_for(&filter);
        findings.into_iter().map(|f| f.resource_id).collect::<Vec<_>>()
    };
    let all = Filter::default;
    let set = |word: &str| BTreeSet::from([word.to_owned()]);
    assert_eq!(found(all()), ["b", "John", "gone", "a"]);
    assert_eq!(found(Filter { scan: Some(scan.meta.id), ..all() }), ["b", "John", "gone", "a"]);
    assert_eq!(found(Filter { tenants: set("acme"), ..all() }).len(), 4);
    assert!(found(Filter { tenants: set("other"), ..all() }).is_empty());
    assert_eq!(found(Filter { rules: Some(set("s3-public")), ..all() }), ["b"]);
    assert!(found(Filter { rules: Some(BTreeSet::new()), ..all() }).is_empty());
    assert_eq!(found(Filter { severities: BTreeSet::from([Severity::Medium]), ..all() }), ["a"]);
    assert_eq!(found(Filter { regions: set("eu-west-1"), ..all() }), ["b"]);
    assert_eq!(
        found(Filter { statuses: BTreeSet::from([FindingStatus::Deleted]), ..all() }),
        ["gone"]
    );
    assert_eq!(found(Filter { verdicts: BTreeSet::from([Outcome::Unknown]), ..all() }), ["b"]);
    assert_eq!(found(Filter { text: Some("JOHN".to_owned()), ..all() }), ["John"]);
    assert_eq!(found(Filter { text: Some("akia7".to_owned()), ..all() }), ["a"]);
    assert!(found(Filter { text: Some("nothing".to_owned()), ..all() }).is_empty());
}

#[test]
fn a_finding_by_any_unambiguous_prefix() {
    let mut lab = Lab::new();
    let scan = lab.scan(&[], |s| {
        for user in 0..40 {
            s.say("iam-user-mfa", "iam.user", &format!("u{user}"), Said::Fail);
        }
    });
    let one = lab.findings(scan.meta.id).swap_remove(3);
    let found = |prefix: &str| lab.history.finding(prefix, lab.now());
    assert_eq!(found(&one.fingerprint).unwrap(), one);
    assert_eq!(
        found(&one.fingerprint.chars().take(12).collect::<String>().to_uppercase()).unwrap(),
        one
    );
    // Forty fingerprints share sixteen first digits.
    let crowded = "0123456789abcdef".chars().find_map(|digit| match found(&digit.to_string()) {
        Err(HistoryError::Finding(AmbiguousPrefix::Several { number, candidates, .. })) => {
            Some((digit, number, candidates))
        }
        _ => None,
    });
    let (digit, number, candidates) = crowded.unwrap();
    assert!(number >= 2 && candidates.len() >= 2 && candidates.len() <= 5);
    assert!(candidates.iter().all(|c| c.starts_with(digit)));
    let error = found("ffffffffffffffff").unwrap_err().to_string();
    assert!(error.contains("no finding has a fingerprint that begins with"), "{error}");
    assert!(matches!(found("john"), Err(HistoryError::Finding(AmbiguousPrefix::Malformed(_)))));
}

#[test]
fn scans_are_listed_newest_first() {
    let mut lab = Lab::new();
    let first = lab.scan(&[], |s| s.say("trail", "aws.account", "x", Said::Fail));
    let second = lab.scan(&[], |s| s.status(ScanStatus::Partial));
    let third = lab.scan(&[], |_| {});
    let history = &lab.history;
    let scans = history.scans(Some("acme")).unwrap();
    assert_eq!(scans, [third.clone(), second.clone(), first.clone()]);
    assert_eq!(history.scans(Some("nobody")).unwrap(), []);
    assert_eq!(history.latest_scan("acme").unwrap(), Some(third.clone()));
    assert_eq!(history.latest_scan("nobody").unwrap(), None);
    assert_eq!(history.latest_scans().unwrap(), std::slice::from_ref(&third));
    // A partial scan is nothing to compare with.
    assert_eq!(history.previous_scan(third.meta.id).unwrap(), Some(first.clone()));
    assert_eq!(history.previous_scan(first.meta.id).unwrap(), None);
    assert_eq!(history.scan(&third.meta.id.to_string()).unwrap(), third);
    assert!(matches!(
        history.scan("0000000"),
        Err(HistoryError::Scan(ScanLookup::Several { candidates, .. })) if candidates.len() == 3
    ));
    assert!(matches!(history.scan("abc"), Err(HistoryError::Scan(ScanLookup::None(_)))));
}

#[test]
fn a_scan_knows_the_rules_that_judged() {
    let mut lab = Lab::new();
    let all = lab.scan(&[], |_| {}).meta.id;
    let some = lab.scan(&[], |s| s.only_rules(&["trail", "s3-public"])).meta.id;
    assert_eq!(lab.history.judging_rules(all).unwrap().len(), super::lab::RULES.len());
    let some = lab.history.judging_rules(some).unwrap();
    assert_eq!(some.iter().map(String::as_str).collect::<Vec<_>>(), ["s3-public", "trail"]);
}

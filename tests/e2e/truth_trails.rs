//! The truth about who watches: trails, detectors, recorders, analyzers and the
//! security contact; the same with calls refused.

use crate::support::moto::{Moto, ORDERLY, WATCHED};
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::{Cell, Report};
use crate::truth::{Table, cells, differences, nothing_flips, of};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DETECTOR_RULES: &[&str] = &[
    "guardduty-ec2-runtime",
    "guardduty-ecs-runtime",
    "guardduty-eks-audit-logs",
    "guardduty-eks-runtime",
    "guardduty-lambda-protection",
    "guardduty-malware-protection-ec2",
    "guardduty-rds-protection",
    "guardduty-runtime-monitoring",
    "guardduty-s3-protection",
];
const REGION_RULES: &[&str] = &[
    "config-delivery-channel",
    "config-recorder-all-regions",
    "config-recorder-service-linked-role",
    "guardduty-enabled",
    "iam-access-analyzer-external",
];
const TRAIL_RULES: &[&str] = &[
    "cloudtrail-bucket-access-logging",
    "cloudtrail-bucket-not-public",
    "cloudtrail-cloudwatch-logs",
    "cloudtrail-kms-encrypted",
    "cloudtrail-log-file-validation",
];

/// Of story `watched`.
const TRUE_OF_WATCHED: Table = &[
    (
        "aws.account",
        &["account-in-organization", "account-security-contact", "cloudtrail-multi-region"],
        "666677778888 FPP",
    ),
    ("aws.region", REGION_RULES, "eu-west-1 PPPPP\nus-east-1 -F-FF"),
    ("cloudtrail.trail", TRAIL_RULES, "everything FPPPP\nlocal FPFFF\nstopped FP-FF"),
    ("guardduty.detector", DETECTOR_RULES, "detector-on PFFFFFFPP\ndetector-off ---------"),
    (
        "s3.bucket",
        &["s3-object-read-events-logged", "s3-object-write-events-logged"],
        "watch-logs FF\nwatch-home PP\nwatch-away FP",
    ),
];

/// The rules that have their truth here.
fn rules() -> BTreeSet<&'static str> {
    TRUE_OF_WATCHED.iter().flat_map(|(_, rules, _)| rules.iter().copied()).collect()
}

fn scan(home: &Home) -> Report {
    let mut args = vec!["--tenant", "acme", "--fail-on", "none"];
    args.extend(rules().into_iter().flat_map(|rule| ["--rule", rule]));
    Report::of(home, 0, &args)
}

#[test]
fn every_verdict_on_who_watches_is_true() {
    let home = Home::with_aws(&Moto::shared().address).acme(WATCHED);
    let report = scan(&home);
    let truth = cells(TRUE_OF_WATCHED);
    let wrong = differences(&report.verdicts(), &of(&truth));
    assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.gaps());
    assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
    let none = truth.values().filter(|verdict| verdict.is_none()).count() as u64;
    assert_eq!(report.count("not_applicable"), none);
    let titles: BTreeSet<&str> =
        report.findings().iter().map(|finding| finding["title"].as_str().unwrap()).collect();
    for title in [
        "GuardDuty not enabled: us-east-1",
        "AWS Config is stopped: us-east-1",
        "CloudTrail trail without CloudWatch Logs: local",
    ] {
        assert!(titles.contains(title), "no {title:?} in {titles:#?}");
    }
    // The table leaves no rule of these services out.
    let listed: Value =
        serde_json::from_str(&home.ends(0, &["rules", "list", "--format", "json"]).out).unwrap();
    for rule in listed["rules"].as_array().unwrap() {
        let service = rule["service"].as_str().unwrap();
        // moto has no primary contacts.
        let is_known = rule["id"] != "account-contact-details";
        if is_known && ["account", "cloudtrail", "config", "guardduty"].contains(&service) {
            assert!(rules().contains(rule["id"].as_str().unwrap()), "{rule:#}");
        }
    }
}

/// The titles of what a rule found.
fn found(account: &str, rule: &str) -> Vec<String> {
    let home = Home::with_aws(&Moto::shared().address).acme(account);
    let args = ["scan", "--tenant", "acme", "--rule", rule, "--format", "json"];
    let report = Report::parse(&home.run(&args).out);
    assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
    let titles = report.findings().iter().map(|finding| finding["title"].as_str().unwrap());
    titles.map(str::to_owned).collect()
}

#[test]
fn no_trail_and_trails_that_lack_something_say_so() {
    let rule = "cloudtrail-multi-region";
    assert_eq!(found(ORDERLY, rule), ["CloudTrail not enabled"]);
    let moto = Moto::shared();
    let data = json!({ "EventSelectors": [{ "ReadWriteType": "WriteOnly" }] });
    for (account, how, title) in [
        ("666600000001", json!({ "IsMultiRegionTrail": true }), None),
        (
            "666600000002",
            json!({ "IsMultiRegionTrail": true, "logging": false }),
            Some("CloudTrail is stopped"),
        ),
        ("666600000003", json!({}), Some("CloudTrail does not record every region")),
        (
            "666600000004",
            json!({ "IsMultiRegionTrail": true, "selectors": data }),
            Some("CloudTrail does not record all management events"),
        ),
    ] {
        moto.seed("one_trail", account, how);
        let title = title.map(|title| format!("{title}: {account}"));
        assert_eq!(found(account, rule), Vec::from_iter(title));
    }
}

#[test]
fn an_empty_account_has_few_findings_in_each_region_and_all_on_the_region() {
    let home = Home::with_aws(&Moto::shared().address).acme("666600000005");
    let args = ["scan", "--tenant", "acme", "--format", "json", "--fail-on", "none"];
    let report = Report::parse(&home.ends(0, &args).out);
    for region in ["eu-west-1", "us-east-1"] {
        let here: Vec<&Value> =
            report.findings().iter().filter(|finding| finding["region"] == region).collect();
        let watched = here.iter().filter(|finding| finding["resource_type"] == "aws.region");
        let titles: Vec<&str> = watched.map(|finding| finding["title"].as_str().unwrap()).collect();
        for title in
            ["GuardDuty not enabled", "AWS Config not enabled", "No external access analyzer"]
        {
            let title = format!("{title}: {region}");
            assert!(titles.contains(&title.as_str()), "no {title:?} in {titles:#?}");
        }
        assert!(titles.len() <= 12, "{titles:#?}");
        let of_ours = |finding: &&&Value| {
            finding["rule_id"].as_str().is_some_and(|rule| rules().contains(rule))
        };
        assert!(
            here.iter().filter(of_ours).all(|finding| finding["resource_type"] == "aws.region")
        );
    }
}

const ACCOUNT: &str = "aws.account/666677778888";
const HERE: &str = "aws.region/eu-west-1";
const THERE: &str = "aws.region/us-east-1";

/// What has to be unknown if an operation is refused.
const DEPENDS: &[(&str, &[(&str, &str)])] = &[
    (
        "cloudtrail:DescribeTrails",
        &[
            ("cloudtrail-multi-region", ACCOUNT),
            ("cloudtrail-kms-encrypted", ACCOUNT),
            ("s3-object-read-events-logged", "s3.bucket/watch-home"),
        ],
    ),
    (
        "cloudtrail:GetTrailStatus",
        &[
            ("cloudtrail-multi-region", ACCOUNT),
            ("cloudtrail-cloudwatch-logs", "cloudtrail.trail/local"),
            ("s3-object-write-events-logged", "s3.bucket/watch-away"),
        ],
    ),
    (
        "cloudtrail:GetEventSelectors",
        &[
            ("cloudtrail-multi-region", ACCOUNT),
            ("s3-object-read-events-logged", "s3.bucket/watch-logs"),
        ],
    ),
    (
        "config:DescribeConfigurationRecorders",
        &[("config-recorder-all-regions", HERE), ("config-recorder-service-linked-role", HERE)],
    ),
    (
        "config:DescribeConfigurationRecorderStatus",
        &[("config-recorder-all-regions", THERE), ("config-recorder-service-linked-role", THERE)],
    ),
    ("guardduty:ListDetectors", &[("guardduty-enabled", HERE), ("guardduty-s3-protection", THERE)]),
    (
        "guardduty:GetDetector",
        &[
            ("guardduty-enabled", THERE),
            ("guardduty-s3-protection", "guardduty.detector/detector-off"),
        ],
    ),
    ("accessanalyzer:ListAnalyzers", &[("iam-access-analyzer-external", HERE)]),
    ("account:GetAlternateContact", &[("account-security-contact", ACCOUNT)]),
    ("organizations:DescribeOrganization", &[("account-in-organization", ACCOUNT)]),
    ("config:DescribeDeliveryChannels", &[("config-delivery-channel", HERE)]),
    ("config:DescribeDeliveryChannelStatus", &[("config-delivery-channel", HERE)]),
    ("s3:GetBucketLogging", &[("cloudtrail-bucket-access-logging", "cloudtrail.trail/local")]),
    ("s3:GetBucketAcl", &[("cloudtrail-bucket-not-public", "cloudtrail.trail/local")]),
];

#[test]
fn a_refused_call_about_who_watches_makes_unknown_what_depends_on_it() {
    for (operation, depends) in DEPENDS {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Denied);
        let home = Home::with_aws(&proxy.address).acme(WATCHED);
        let report = scan(&home);
        let got = report.verdicts();
        nothing_flips(operation, &got, TRUE_OF_WATCHED);
        assert_eq!(report.refused(), BTreeSet::from([*operation]));
        for gap in report.gaps() {
            assert_eq!(gap["class"], "access_denied", "{gap:#}");
        }
        let unknown = |cell: &Cell| got.get(cell).is_some_and(|verdict| verdict == "unknown");
        for (rule, resource) in *depends {
            let cell = ((*rule).to_owned(), (*resource).to_owned());
            assert!(unknown(&cell), "{operation}: {cell:?} is {:?}", got.get(&cell));
        }
        for finding in report.findings().iter().filter(|finding| finding["verdict"] == "unknown") {
            let named = finding["evidence"]["not_answered"].to_string();
            assert!(named.contains(operation), "{operation} is not named: {finding:#}");
        }
    }
}

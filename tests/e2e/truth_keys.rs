//! The truth about keys and what they protect: queues, topics, secrets; about who
//! hears of what happens: log groups, filters, alarms and subscribers; and about
//! front doors: distributions, event buses. The same with calls refused.

use crate::support::moto::Moto;
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::{Cell, Report};
use crate::truth::{Table, cells, differences, of};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The account of story `messaging`.
const ACCOUNT: &str = "666655554444";

const ALARM_RULES: &[&str] = &[
    "cloudwatch-alarm-unauthorized-api",
    "cloudwatch-alarm-signin-no-mfa",
    "cloudwatch-alarm-root-use",
    "cloudwatch-alarm-iam-policy-change",
    "cloudwatch-alarm-cloudtrail-change",
    "cloudwatch-alarm-signin-failures",
    "cloudwatch-alarm-kms-key-disable",
    "cloudwatch-alarm-s3-policy-change",
    "cloudwatch-alarm-config-change",
    "cloudwatch-alarm-sg-change",
    "cloudwatch-alarm-nacl-change",
    "cloudwatch-alarm-gateway-change",
    "cloudwatch-alarm-route-change",
    "cloudwatch-alarm-vpc-change",
    "cloudwatch-alarm-organizations-change",
];

/// Of story `messaging`.
const TRUE_OF_MESSAGING: Table = &[
    ("aws.account", ALARM_RULES, "666655554444 FFPFFFFFFFFFFFF"),
    (
        "aws.region",
        &[
            "securityhub-enabled",
            "macie-enabled",
            "macie-automated-discovery",
            "inspector-scanning-enabled",
        ],
        "eu-west-1 FF-F\nus-east-1 PF-F",
    ),
    ("cloudfront.distribution", &["cloudfront-access-logging"], "logs P\nsilent F"),
    ("eventbridge.event-bus", &["eventbridge-bus-policy-not-public"], "default P\nshared P"),
    (
        "kms.key",
        &[
            "kms-customer-key-rotation",
            "kms-key-not-pending-deletion",
            "kms-key-policy-not-public",
            "kms-grants-stay-inside",
        ],
        "turning PPPP
         still   FPPP
         open    FPFP
         leaving -FPP
         pair    -PPP
         shared  FPPF
         granted FPPP",
    ),
    ("iam.policy", &["kms-customer-policy-no-decrypt-all"], "decrypts F\nreads P"),
    ("iam.user", &["kms-inline-policy-no-decrypt-all"], "decryptor F\nreader P"),
    (
        "sqs.queue",
        &["sqs-queue-encrypted", "sqs-queue-policy-not-public"],
        "plain FP\nmanaged PP\nopen PF\ninbox PP",
    ),
    (
        "sns.topic",
        &["sns-topic-kms", "sns-topic-policy-not-public"],
        "plain FP\nopen PF\nheard PP\nlost PP",
    ),
    (
        "secretsmanager.secret",
        &[
            "secretsmanager-rotation-enabled",
            "secretsmanager-rotation-succeeds",
            "secretsmanager-unused",
            "secretsmanager-rotated-in-time",
            "secretsmanager-policy-not-public",
        ],
        "closed F-PPP\nopen F-PPF",
    ),
    (
        "cloudwatch.alarm",
        &["cloudwatch-alarm-actions-enabled"],
        "root P\nkeys P\ntrails P\nquiet F\npaused F",
    ),
    (
        "cloudwatch.log-group",
        &["cloudwatch-log-group-retention", "cloudwatch-log-group-kms"],
        "trail PF\nshort FP",
    ),
];

/// The services whose rules have their truth here.
const SERVICES: [&str; 10] = [
    "cloudfront",
    "cloudwatch",
    "eventbridge",
    "inspector",
    "kms",
    "macie",
    "secretsmanager",
    "securityhub",
    "sns",
    "sqs",
];

fn rules() -> BTreeSet<&'static str> {
    TRUE_OF_MESSAGING.iter().flat_map(|(_, rules, _)| rules.iter().copied()).collect()
}

/// The names of what has only an id.
fn names() -> &'static BTreeMap<String, String> {
    static NAMES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let answer = Moto::shared().seed("messaging", ACCOUNT, json!({}));
        let pairs = answer.as_object().unwrap().iter();
        pairs.map(|(id, name)| (id.clone(), name.as_str().unwrap().to_owned())).collect()
    })
}

fn scan(address: &str) -> Report {
    names();
    let home = Home::with_aws(address).acme(ACCOUNT);
    let mut args = vec!["--tenant", "acme", "--fail-on", "none"];
    args.extend(rules().into_iter().flat_map(|rule| ["--rule", rule]));
    Report::of(&home, 0, &args)
}

/// Every verdict, with names in the place of ids.
fn verdicts(report: &Report) -> BTreeMap<Cell, String> {
    let named = |(rule, resource): Cell| {
        let (kind, id) = resource.split_once('/').unwrap();
        let name = names().get(id).map_or(id, String::as_str);
        (rule, format!("{kind}/{name}"))
    };
    report.verdicts().into_iter().map(|(cell, verdict)| (named(cell), verdict)).collect()
}

#[test]
fn every_verdict_on_keys_and_messages_is_true() {
    let report = scan(&Moto::shared().address);
    assert!(report.gaps().is_empty(), "{:#?}", report.gaps());
    let wrong = differences(&verdicts(&report), &of(&cells(TRUE_OF_MESSAGING)));
    assert!(wrong.is_empty(), "{wrong:#?}");
    let titles: BTreeSet<&str> =
        report.findings().iter().map(|finding| finding["title"].as_str().unwrap()).collect();
    for title in [
        "SQS queue open to everyone by its policy: open",
        "CloudWatch alarm whose actions are switched off: paused",
        "No alarm for changes to trails: 666655554444",
    ] {
        assert!(titles.contains(title), "no {title:?} in {titles:#?}");
    }
    // The table leaves no rule of these services out.
    let home = Home::with_aws(&Moto::shared().address).acme(ACCOUNT);
    let listed: Value =
        serde_json::from_str(&home.ends(0, &["rules", "list", "--format", "json"]).out).unwrap();
    for rule in listed["rules"].as_array().unwrap() {
        if SERVICES.contains(&rule["service"].as_str().unwrap()) {
            assert!(rules().contains(rule["id"].as_str().unwrap()), "{rule:#}");
        }
    }
}

#[test]
fn the_evidence_says_what_is_missing_between_an_event_and_a_reader() {
    let report = scan(&Moto::shared().address);
    let reasons = |rule: &str| {
        let mut findings = report.findings().iter();
        let finding = findings.find(|finding| finding["rule_id"] == rule).unwrap();
        finding["evidence"]["reasons"].to_string()
    };
    let of_keys = reasons("cloudwatch-alarm-kms-key-disable");
    assert!(of_keys.contains("no alarm for ScheduleKeyDeletion"), "{of_keys}");
    assert!(!of_keys.contains("DisableKey"), "{of_keys}");
    let of_trails = reasons("cloudwatch-alarm-cloudtrail-change");
    assert!(of_trails.contains("nobody hears of what filter trails of trail"), "{of_trails}");
}

/// What has to be unknown if an operation is refused.
const DEPENDS: &[(&str, &[(&str, &str)])] = &[
    ("kms:ListKeys", &[("kms-grants-stay-inside", "aws.region/us-east-1")]),
    (
        "kms:DescribeKey",
        &[
            ("kms-key-not-pending-deletion", "kms.key/leaving"),
            ("kms-key-policy-not-public", "kms.key/open"),
        ],
    ),
    ("kms:GetKeyPolicy", &[("kms-key-policy-not-public", "kms.key/turning")]),
    ("kms:GetKeyRotationStatus", &[("kms-customer-key-rotation", "kms.key/still")]),
    ("kms:ListGrants", &[("kms-grants-stay-inside", "kms.key/shared")]),
    ("sqs:ListQueues", &[("sqs-queue-encrypted", "aws.region/eu-west-1")]),
    (
        "sqs:GetQueueAttributes",
        &[
            ("sqs-queue-encrypted", "sqs.queue/plain"),
            ("sqs-queue-policy-not-public", "sqs.queue/open"),
        ],
    ),
    ("sns:ListTopics", &[("sns-topic-kms", "aws.region/us-east-1")]),
    ("sns:GetTopicAttributes", &[("sns-topic-policy-not-public", "sns.topic/open")]),
    ("sns:ListSubscriptionsByTopic", &[("cloudwatch-alarm-root-use", "aws.account/666655554444")]),
    ("secretsmanager:ListSecrets", &[("secretsmanager-unused", "aws.region/us-east-1")]),
    (
        "secretsmanager:GetResourcePolicy",
        &[("secretsmanager-policy-not-public", "secretsmanager.secret/closed")],
    ),
    ("events:ListEventBuses", &[("eventbridge-bus-policy-not-public", "aws.region/us-east-1")]),
    (
        "logs:DescribeDeliverySources",
        &[("cloudfront-access-logging", "cloudfront.distribution/silent")],
    ),
    ("logs:DescribeLogGroups", &[("cloudwatch-log-group-kms", "aws.region/us-east-1")]),
    ("logs:DescribeMetricFilters", &[("cloudwatch-alarm-root-use", "aws.account/666655554444")]),
];

#[test]
fn a_refused_call_about_keys_makes_unknown_what_depends_on_it_and_no_more() {
    let truth = cells(TRUE_OF_MESSAGING);
    for (operation, depends) in DEPENDS {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Denied);
        let report = scan(&proxy.address);
        assert_eq!(report.refused(), BTreeSet::from([*operation]));
        let got = verdicts(&report);
        for (cell, verdict) in &got {
            let as_it_was = truth.get(cell).is_some_and(|want| *want == Some(verdict));
            assert!(as_it_was || verdict == "unknown", "{operation}: {cell:?} is {verdict}");
        }
        for (rule, resource) in *depends {
            let cell = ((*rule).to_owned(), (*resource).to_owned());
            let found = got.get(&cell).map(String::as_str);
            assert_eq!(found, Some("unknown"), "{operation}: {cell:?}");
        }
        for finding in report.findings().iter().filter(|finding| finding["verdict"] == "unknown") {
            let named = finding["evidence"]["not_answered"].to_string();
            assert!(named.contains(operation), "{operation} is not named: {finding:#}");
        }
    }
}

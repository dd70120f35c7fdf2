//! A look without AWS: the built-in demo, its formats, its place in history.

use crate::support::program::Home;
use crate::support::report::Report;
use crate::support::schema;
use serde_json::Value;

/// The demo as JSON without what differs from run to run.
fn timeless(text: &str) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for key in ["id", "started_at", "finished_at", "first_seen", "last_seen"] {
                    if let Some(found) = map.get_mut(key).filter(|found| found.is_string()) {
                        *found = Value::from("[redacted]");
                    }
                }
                map.values_mut().for_each(walk);
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(text).unwrap();
    walk(&mut value);
    value
}

#[test]
fn it_tells_a_story_and_ends_with_what_that_calls_for() {
    let home = Home::new();
    let first = home.ends(15, &["scan", "--tenant", "demo"]);
    insta::assert_snapshot!(first.err, @"exit 15: worst failure is critical");
    for line in [
        "demo: account 111122223333, 3 regions, ",
        " rules, from the built-in demo of 2026-11-02T08:30:00Z",
        "IAM user without MFA: john.doe",
        "IAM user with AdministratorAccess:",
        "IAM user with overly permissive",
        "Public S3 bucket: my-data-bucket",
        "S3 bucket without encryption:",
        "Not known",
        "s3:GetBucketEncryption: access",
    ] {
        assert!(first.out.contains(line), "no {line:?} in:\n{}", first.out);
    }
    assert!(!first.out.contains('\u{1b}'), "no colours where there is no terminal");
    let second = home.ends(15, &["scan", "--tenant", "demo"]);
    assert_eq!(first.out, second.out, "the same account gives the same bytes");
}

#[test]
fn its_json_has_the_frozen_form_and_is_the_same_each_time() {
    let home = Home::new();
    let json = ["scan", "--tenant", "demo", "--format", "json", "--show-passed"];
    let (first, second) = (home.ends(15, &json).out, home.ends(15, &json).out);
    schema::check(&first);
    let (again, before) = (timeless(&second), timeless(&first));
    assert_eq!(
        serde_json::to_string(&again).unwrap(),
        serde_json::to_string(&before).unwrap(),
        "apart from ids and times"
    );
    let report = Report::parse(&first);
    let of = |verdict: &str| {
        report.findings().iter().filter(|finding| finding["verdict"] == verdict).count() as u64
    };
    for verdict in ["pass", "fail", "unknown", "error"] {
        assert_eq!(report.count(verdict), of(verdict), "{verdict}");
    }
    assert!(report.count("not_applicable") > 0);
    let by_severity = &report.0["summary"]["by_severity"];
    let total: u64 = by_severity.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(total, report.count("fail"));
    assert_eq!(by_severity["INFO"], 0, "also with 0");
    for severity in ["CRITICAL", "HIGH", "MEDIUM", "LOW"] {
        assert!(by_severity[severity].as_u64().unwrap() > 0, "{severity}");
    }
    for pass in report.findings().iter().filter(|finding| finding["verdict"] == "pass") {
        assert!(pass["status"].is_null() && pass["first_seen"].is_null(), "{pass:#}");
    }
    let john = report.findings().iter().find(|f| f["title"] == "IAM user without MFA: john.doe");
    let john = john.unwrap();
    assert_eq!(john["resource_id"], "john.doe");
    assert_eq!((&john["severity"], &john["category"]), (&"HIGH".into(), &"IAM".into()));
    assert_eq!(john["mapped_control"], "ISO 27001 A.9.4.3");
    for unknown in report.findings().iter().filter(|finding| finding["verdict"] == "unknown") {
        let named = unknown["evidence"]["not_answered"].as_array().unwrap();
        for operation in named {
            assert!(report.refused().contains(operation.as_str().unwrap()), "{unknown:#}");
        }
    }
    let without = Report::parse(&home.ends(15, &json[..5]).out);
    assert_eq!(without.findings().len() as u64, of("fail") + of("unknown"));
}

#[test]
fn history_keeps_what_was_found() {
    let home = Home::new();
    home.run(&["history"]).says(&["no scans yet"]);
    home.ends(15, &["scan", "--tenant", "demo"]);
    let scans = home.ends(0, &["history"]).out;
    assert!(scans.contains("demo") && scans.contains("completed"), "{scans}");
    let listed = home.ends(0, &["findings", "list", "--format", "json"]).out;
    let findings = schema::check(&listed)["findings"].as_array().unwrap().clone();
    let john = findings.iter().find(|f| f["title"] == "IAM user without MFA: john.doe").unwrap();
    let id = john["fingerprint"].as_str().unwrap();
    let page = home.ends(0, &["findings", "show", &id[..8]]).out;
    for part in [id, "IAM user without MFA: john.doe", "Evidence", "How to fix", "Controls"] {
        assert!(page.contains(part), "no {part:?} in:\n{page}");
    }
    let shown = home.ends(0, &["findings", "show", id, "--format", "json"]).out;
    assert_eq!(schema::check(&shown)["findings"][0], *john);
    home.ends(2, &["findings", "show", "ffffffffffff"]);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &home.path(".local/share/cspm/history.db").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn rules_are_listed_and_explained() {
    let home = Home::new();
    let listed = schema::check(&home.ends(0, &["rules", "list", "--format", "json"]).out);
    let rules = listed["rules"].as_array().unwrap();
    for rule in [rules.first().unwrap(), rules.last().unwrap()] {
        let page = home.ends(0, &["rules", "show", rule["id"].as_str().unwrap()]).out;
        assert!(page.contains(rule["title"].as_str().unwrap()), "{page}");
    }
    let by_alias = home.ends(0, &["rules", "show", "COMMON_S3_ENCRYPTION", "--format", "json"]);
    let page: Value = serde_json::from_str(&by_alias.out).unwrap();
    assert_eq!(page["schema"], "cspm-rule/1");
    assert_eq!(page["rules"][0]["id"], "s3-bucket-default-encryption");
    let few = home.ends(0, &["rules", "list", "--service", "s3", "--severity", "critical"]).out;
    assert!(few.contains("s3-bucket-no-public-write") && !few.contains("iam-"), "{few}");
}

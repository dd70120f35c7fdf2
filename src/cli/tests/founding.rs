//! The founding documents' example: a first scan with three users without MFA,
//! a public bucket, no trail and two unencrypted buckets; then all but the
//! encryption is fixed.

use super::Lab;
use crate::scan::DEMO_SNAPSHOT;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

const RULES: [&str; 4] = [
    "iam-user-console-mfa",
    "s3-bucket-no-public-read",
    "s3-bucket-default-encryption",
    "cloudtrail-multi-region",
];

fn line_of(kind: &str, id: &str) -> Value {
    let lines = DEMO_SNAPSHOT.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut lines = lines.filter(|line| {
        line["resource"]["type"] == kind && (id.is_empty() || line["resource"]["id"] == id)
    });
    lines.next().unwrap()
}

/// A copy of a resource of the demo under another name.
fn copy(of: &Value, name: &str) -> Value {
    let old = of["resource"]["id"].as_str().unwrap();
    serde_json::from_str(&of.to_string().replace(old, name)).unwrap()
}

fn user(name: &str, mfa: bool) -> Value {
    let mut user = copy(&line_of("iam.user", "maria.rossi"), name);
    user["resource"]["facts"]["CredentialReport"]["mfa_active"] = mfa.into();
    user
}

fn bucket(name: &str, public: bool, encrypted: bool) -> Value {
    let model = if public { "my-data-bucket" } else { "shop-uploads" };
    let mut bucket = copy(&line_of("s3.bucket", model), name);
    if !encrypted {
        let facts = bucket["resource"]["facts"].as_object_mut().unwrap();
        facts.remove("ServerSideEncryptionConfiguration").unwrap();
    }
    bucket
}

fn trail() -> Value {
    json!({ "resource": {
        "type": "cloudtrail.trail",
        "id": "main",
        "arn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
        "region": "eu-west-1",
        "facts": {
            "S3BucketName": "shop-logs",
            "IsMultiRegionTrail": true,
            "IsOrganizationTrail": false,
            "LogFileValidationEnabled": true,
            "IsLogging": true,
            "EventSelectors": [{
                "ReadWriteType": "All",
                "IncludeManagementEvents": true,
                "DataResources": [],
                "ExcludeManagementEventSources": [],
            }],
        },
    }})
}

impl Lab {
    /// The account as it is: its users have MFA, no bucket is public and there
    /// is a trail, if it is `fixed`.
    fn founding(&self, file: &str, fixed: bool) -> std::path::PathBuf {
        let header = DEMO_SNAPSHOT.lines().next().unwrap();
        let mut account = line_of("aws.account", "");
        // The demo may not read it; no rule here asks for it.
        account["resource"]["facts"].as_object_mut().unwrap().remove("AlternateContact").unwrap();
        let mut resources = vec![
            account,
            user("john.doe", fixed),
            user("jane.roe", fixed),
            user("jim.poe", fixed),
            user("mary.major", true),
            bucket("website", !fixed, true),
            bucket("invoices", false, false),
            bucket("reports", false, false),
            bucket("shop-logs", false, true),
        ];
        if fixed {
            resources.push(trail());
        }
        let end = json!({ "end": { "resources": resources.len(), "gaps": 0 } });
        let lines: Vec<String> = [header.to_owned()]
            .into_iter()
            .chain(resources.iter().chain([&end]).map(Value::to_string))
            .collect();
        let path = self.path(file);
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        path
    }

    fn judged(&self, path: &std::path::Path, format: &str) -> super::Ran {
        let mut args = vec!["scan", "--snapshot", path.to_str().unwrap(), "--format", format];
        args.extend(RULES.iter().flat_map(|rule| ["--rule", rule]));
        self.run_args(&args)
    }
}

fn titles(scan: &Value) -> BTreeSet<&str> {
    let findings = scan["scans"][0]["findings"].as_array().unwrap().iter();
    findings.map(|it| it["title"].as_str().unwrap()).collect()
}

#[test]
fn what_was_fixed_is_fixed_and_what_is_left_is_left() {
    let lab = Lab::new();
    let first = lab.judged(&lab.founding("account.jsonl", false), "json").json();
    let encryption =
        ["S3 bucket without encryption: invoices", "S3 bucket without encryption: reports"];
    let fixed = [
        "CloudTrail not enabled",
        "IAM user without MFA: jane.roe",
        "IAM user without MFA: jim.poe",
        "IAM user without MFA: john.doe",
        "Public S3 bucket: website",
    ];
    let all: BTreeSet<&str> = encryption.into_iter().chain(fixed).collect();
    assert_eq!(titles(&first), all);

    let second = lab.judged(&lab.founding("account.jsonl", true), "json").json();
    assert_eq!(titles(&second), encryption.into_iter().collect());
    let score = |scan: &Value| scan["scans"][0]["summary"]["score"].as_f64().unwrap();
    assert!(score(&second) > score(&first) + 25.0, "{} to {}", score(&first), score(&second));

    let diff = lab.run("diff --format json").json();
    assert_eq!(diff["summary"]["fixed"], fixed.len());
    assert_eq!(diff["summary"]["unchanged"], encryption.len());
    for kind in ["new", "reopened", "changed", "deleted", "no_longer_visible"] {
        assert_eq!(diff["summary"][kind], 0, "{kind}");
    }
    let gone = diff["changes"].as_array().unwrap().iter().filter(|it| it["change"] == "fixed");
    let gone: BTreeSet<&str> = gone.map(|it| it["finding"]["title"].as_str().unwrap()).collect();
    assert_eq!(gone, fixed.into_iter().collect());
    let trend = lab.run("trend --format json").json();
    let scores: Vec<f64> = trend["tenants"][0]["scans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scan| scan["summary"]["score"].as_f64().unwrap())
        .collect();
    assert_eq!(scores, [score(&first), score(&second)]);
}

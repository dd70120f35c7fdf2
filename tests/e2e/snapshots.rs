//! What AWS answered, kept as a file and judged later.

use crate::support::moto::{Moto, TRUTH};
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::Report;
use crate::support::schema;
use serde_json::Value;

/// The findings without what tells the two scans apart.
fn same(report: &Report) -> Vec<Value> {
    let mut findings = report.findings().to_vec();
    for finding in &mut findings {
        for key in ["first_seen", "last_seen"] {
            finding[key] = Value::Null;
        }
    }
    findings
}

#[test]
fn a_snapshot_gives_the_findings_of_the_live_scan() {
    let proxy = Proxy::before(Moto::shared());
    // With gaps of each kind: about a bucket, about a list, about a region.
    proxy.fail_about("s3:GetBucketPolicy", "/public-policy", Fault::Denied);
    proxy.fail("iam:ListServerCertificates", Fault::Denied);
    proxy.fail("iam:GetCredentialReport", Fault::Denied);
    let home = Home::with_aws(&proxy.address).acme(TRUTH);
    for file in ["x.jsonl", "x.jsonl.zst"] {
        let live = Report::of(&home, 15, &["--tenant", "acme", "--save-snapshot", file]);
        let calls = proxy.calls();
        let args = ["scan", "--format", "json", "--show-passed", "--snapshot", file];
        let ended = home.ends(15, &args);
        schema::check(&ended.out);
        let offline = Report::parse(&ended.out);
        assert_eq!(proxy.calls(), calls, "a snapshot needs no call");
        assert_eq!(same(&offline), same(&live));
        assert_eq!(offline.gaps(), live.gaps());
        assert_eq!(offline.0["summary"], live.0["summary"]);
        assert_eq!(offline.0["scan"]["api_calls"], 0);
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &home.path(file).metadata().unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let text = home.read("x.jsonl");
    let packed = std::fs::read(home.path("x.jsonl.zst")).unwrap();
    assert!(packed.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]));
    assert!(packed.len() < text.len());
    for line in text.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    // Narrower than it was taken.
    let one = ["--snapshot", "x.jsonl", "--region", "eu-west-1", "--rule", "s3-bucket-versioning"];
    let narrow = Report::of(&home, 0, &one);
    let buckets: Vec<String> = narrow.verdicts().into_keys().map(|(_, bucket)| bucket).collect();
    assert_eq!(buckets, ["s3.bucket/good", "s3.bucket/logs", "s3.bucket/suspended"]);
}

/// A snapshot that was taken for a few rules says "not collected" to others.
#[test]
fn a_rule_that_needs_more_than_was_collected_is_unknown() {
    let home = Home::with_aws(&Moto::shared().address).acme(TRUTH);
    let args = ["scan", "--tenant", "acme", "--rule", "iam-root-mfa", "--save-snapshot", "x.jsonl"];
    home.ends(15, &args);
    let report = Report::of(&home, 15, &["--snapshot", "x.jsonl"]);
    assert!(report.count("unknown") > 20, "{:#}", report.0["summary"]);
    for gap in report.gaps() {
        assert_eq!(gap["class"], "not_collected", "{gap:#}");
    }
    let root = ("iam-root-mfa".to_owned(), format!("aws.account/{TRUTH}"));
    assert_eq!(report.verdicts()[&root], "fail");
}

/// What was judged before the disk was full is kept, and said.
#[test]
fn a_snapshot_without_room_costs_no_verdict() {
    let home = Home::with_aws(&Moto::shared().address).acme(TRUTH);
    let scan = ["scan", "--tenant", "acme", "--rule", "iam-root-mfa", "--format", "json"];
    let ended = home.ends(1, &[&scan[..], &["--save-snapshot", "/dev/full"]].concat());
    ended.says(&["the snapshot of acme cannot be written: No space left", "hint: make room"]);
    let report = Report::parse(&ended.out);
    assert_eq!(report.0["scan"]["status"], "completed");
    assert_eq!(report.count("fail"), 1);
}

//! Where snapshots may lie, and what is in them.

use super::{Lab, Ran};
use crate::cli::Exit;
use crate::scan::DEMO_SNAPSHOT;
use std::fs;

impl Lab {
    /// Runs a command with something on standard input.
    fn piped(&self, args: &str, input: &[u8]) -> Ran {
        let db = self.path("history.db");
        let mut all = vec!["--db", db.to_str().unwrap()];
        all.extend(args.split_whitespace());
        self.run_with(&all, input)
    }
}

#[test]
fn a_snapshot_may_come_from_standard_input_packed_or_not() {
    let lab = Lab::new();
    let file = lab.scan_snapshot(&lab.demo()).json();
    let packed = zstd::encode_all(DEMO_SNAPSHOT.as_bytes(), 3).unwrap();
    for input in [DEMO_SNAPSHOT.as_bytes(), &packed] {
        let ran = lab.piped("scan --snapshot - --format json", input);
        let json = ran.json();
        assert_eq!(json["scans"][0]["summary"], file["scans"][0]["summary"]);
        assert_eq!(json["scans"][0]["scan"]["tenant"], "standard input");
        let shown = lab.piped("snapshot show -", input);
        assert!(shown.out.starts_with("account 111122223333 (aws), read at "), "{}", shown.out);
    }
    for input in [&b""[..], b"x", &packed[..packed.len() - 9]] {
        let ran = lab.piped("snapshot show -", input);
        assert_eq!(ran.exit, Exit::Usage, "{}", ran.err);
        assert!(ran.err.contains("cannot read the snapshot standard input"), "{}", ran.err);
    }
}

#[test]
fn a_tenant_may_have_one_on_standard_input() {
    let lab = Lab::new();
    let tenant = |name: &str, account: &str| {
        format!("[[tenant]]\nname = \"{name}\"\naccount_id = \"{account}\"\nsnapshot = \"-\"\n")
    };
    let config = lab.path("tenants.toml");
    fs::write(&config, tenant("acme", "111122223333") + &tenant("bolt", "444455556666")).unwrap();
    let config = config.to_str().unwrap();
    let args = format!("--config {config} scan --tenant acme --format json");
    let ran = lab.piped(&args, DEMO_SNAPSHOT.as_bytes());
    assert_eq!(ran.json()["scans"][0]["scan"]["tenant"], "acme", "{}", ran.err);
    let args = format!("--config {config} scan --tenant acme --tenant bolt");
    let ran = lab.piped(&args, DEMO_SNAPSHOT.as_bytes());
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("only one snapshot can come from standard input"), "{}", ran.err);
}

#[test]
fn an_address_of_s3_is_a_bucket_and_a_key() {
    let lab = Lab::new();
    for address in ["s3://", "s3://bucket", "s3://bucket/", "s3:///key"] {
        let ran = lab.run(&format!("snapshot show {address}"));
        assert_eq!(ran.exit, Exit::Usage);
        assert!(ran.err.contains("hint: write s3://BUCKET/KEY"), "{}", ran.err);
    }
}

#[cfg(not(feature = "aws"))]
#[test]
fn without_aws_s3_says_so() {
    let ran = Lab::new().run("scan --snapshot s3://bucket/key");
    assert_eq!(ran.exit, Exit::Usage);
    let says = "cannot read the snapshot s3://bucket/key: this build of cspm has no AWS";
    assert!(ran.err.contains(says) || ran.err.contains("this build of cspm has no AWS"));
}

#[test]
fn what_is_in_a_snapshot_is_counted() {
    let lab = Lab::new();
    let path = lab.demo();
    let json = lab.run(&format!("snapshot show {} --format json", path.display())).json();
    assert_eq!(json["schema"], "cspm-snapshot-contents/1");
    let lines = |kind: &str| -> Vec<serde_json::Value> {
        let lines = DEMO_SNAPSHOT.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.filter(|line: &serde_json::Value| line.get(kind).is_some()).collect()
    };
    let users = lines("resource").iter().filter(|it| it["resource"]["type"] == "iam.user").count();
    assert_eq!(json["resources"]["iam.user"]["global"], users);
    let total: u64 = json["resources"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|regions| regions.as_object().unwrap().values())
        .map(|number| number.as_u64().unwrap())
        .sum();
    assert_eq!(total, lines("resource").len() as u64);
    assert_eq!(json["gaps"].as_array().unwrap().len(), lines("gap").len());
    let header = &lines("header")[0]["header"];
    for (key, of) in [("account_id", "account"), ("caller", "caller"), ("regions", "regions")] {
        assert_eq!(json[key], header[of], "{key}");
    }
    let page = lab.run(&format!("snapshot show {}", path.display())).out;
    for says in ["iam.user", "access denied", "iam:GenerateCredentialReport", "eu-west-1"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(page.contains(&format!("\n{total} resources\n")), "{page}");
}

#[test]
fn a_truncated_snapshot_is_refused() {
    let lab = Lab::new();
    let path = lab.path("cut.jsonl");
    let (cut, _) = DEMO_SNAPSHOT.trim_end().rsplit_once('\n').unwrap();
    fs::write(&path, cut).unwrap();
    let ran = lab.run(&format!("snapshot show {}", path.display()));
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("truncated"), "{}", ran.err);
}

//! What pipelines depend on: every exit code of a scan.

use crate::support::program::Home;
use crate::support::report::Report;

/// The demo as a file.
pub(crate) const DEMO: &str = include_str!("../../src/scan/demo.jsonl");

fn home() -> Home {
    let home = Home::new().tenants(
        "[severity]\ns3-bucket-versioning = \"info\"\n\n\
         [[tenant]]\nname = \"shop\"\naccount_id = \"111122223333\"\nsnapshot = \"demo.jsonl\"\n",
    );
    home.write("demo.jsonl", DEMO);
    home
}

#[test]
fn the_worst_failure_at_or_above_the_threshold_decides() {
    let (home, plain) = (home(), Home::new());
    let scan = |code: i32, args: &[&str]| {
        let mut all = vec!["scan", "--tenant", "demo"];
        all.extend(args);
        plain.ends(code, &all)
    };
    scan(15, &[]);
    scan(14, &["--rule", "iam-user-*"]).says(&["exit 14: worst failure is high"]);
    scan(13, &["--rule", "s3-bucket-tls-only", "--fail-on", "medium"]);
    scan(12, &["--rule", "s3-bucket-versioning", "--fail-on", "info"]);
    scan(0, &["--rule", "s3-bucket-versioning"]);
    scan(0, &["--rule", "iam-user-*", "--fail-on", "critical"]);
    scan(0, &["--fail-on", "none"]);
    // The severity of the tenants file counts.
    home.ends(
        11,
        &["scan", "--tenant", "shop", "--rule", "s3-bucket-versioning", "--fail-on", "info"],
    );
    home.ends(
        0,
        &["scan", "--tenant", "shop", "--rule", "s3-bucket-versioning", "--fail-on", "low"],
    );
    // Over several tenants the worst decides.
    home.ends(
        12,
        &[
            "scan",
            "--tenant",
            "shop",
            "--tenant",
            "demo",
            "--rule",
            "s3-bucket-lifecycle",
            "--fail-on",
            "low",
        ],
    );
}

#[test]
fn what_is_not_known_is_not_green() {
    let home = home();
    let unknown =
        ["scan", "--tenant", "demo", "--region", "us-east-1", "--rule", "s3-access-point-block-*"];
    let with = |more: &[&'static str]| [unknown.as_slice(), more].concat();
    home.ends(3, &unknown).says(&["exit 3", "--allow-unknown"]);
    home.ends(0, &with(&["--allow-unknown"]));
    home.ends(0, &with(&["--fail-on", "none"]));
    let report = Report::of(&home, 3, &unknown[1..]);
    assert_eq!(report.count("unknown"), 1);
    assert_eq!(report.count("fail"), 0);
}

#[test]
fn a_failure_that_was_suppressed_does_not_count() {
    let home = home();
    let scan = ["scan", "--tenant", "demo", "--rule", "iam-user-console-mfa"];
    let report = Report::of(&home, 14, &scan[1..]);
    let john = report.findings().iter().find(|f| f["verdict"] == "fail").unwrap();
    let id = john["fingerprint"].as_str().unwrap();
    home.ends(0, &["suppress", id, "--reason", "in the safe", "--until", "2199-01-01"]);
    home.ends(0, &scan);
}

#[test]
fn help_prints_the_codes() {
    let help = home().ends(0, &["scan", "--help"]).out;
    for code in ["0", "1", "2", "3", "11", "12", "13", "14", "15", "130"] {
        assert!(help.lines().any(|line| line.trim().starts_with(code)), "{code} in {help}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let home = home();
    for args in [vec!["scan", "--tenant", "demo"], vec!["rules", "list"], vec!["--help"]] {
        let mut child = home.command(&args).spawn().unwrap();
        drop(child.stdout.take());
        let ended = crate::support::program::Ended::of(child);
        assert!(ended.err.is_empty() || ended.err.starts_with("exit"), "{}", ended.err);
        assert_eq!(ended.code, 0, "{args:?}: {}", ended.err);
    }
}

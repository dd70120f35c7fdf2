//! Every format of a scan says the same.

use super::Lab;
use crate::cli::Exit;
use crate::rules::Severity;
use std::collections::BTreeSet;

fn ids(findings: &serde_json::Value) -> BTreeSet<String> {
    let findings = findings.as_array().unwrap();
    findings.iter().map(|it| it["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_demo_shows_something_of_every_service() {
    let lab = Lab::new();
    let scan = lab.run("scan --tenant demo --show-passed --format json").json();
    let services = |list: &serde_json::Value| -> BTreeSet<String> {
        let list = list.as_array().unwrap().iter();
        let judged = list.filter(|it| it["verdict"] != "unknown" && it["verdict"] != "error");
        judged.map(|it| it["service"].as_str().unwrap().to_owned()).collect()
    };
    let rules = lab.run("rules list --format json").json();
    assert_eq!(services(&scan["scans"][0]["findings"]), services(&rules["rules"]));
    assert_eq!(scan["scans"][0]["summary"]["by_verdict"]["error"], 0);
}

#[test]
fn every_format_of_a_scan_has_the_same_findings_and_counts() {
    let lab = Lab::new();
    let table = lab.run("scan --tenant demo");
    let json = lab.run("scan --tenant demo --format json").json();
    let csv = lab.run("scan --tenant demo --format csv").csv();
    let markdown = lab.run("scan --tenant demo --format markdown");
    let scan = &json["scans"][0];
    let all = ids(&scan["findings"]);
    assert!(all.len() > 40, "the demo has something to say");

    let in_csv: BTreeSet<String> = csv.iter().map(|row| row["fingerprint"].clone()).collect();
    assert_eq!(in_csv, all);
    assert_eq!(csv.len(), all.len());
    for verdict in ["fail", "unknown", "error"] {
        let rows = csv.iter().filter(|row| row["verdict"] == verdict).count() as u64;
        assert_eq!(rows, scan["summary"]["by_verdict"][verdict].as_u64().unwrap(), "{verdict}");
    }

    for id in &all {
        assert!(markdown.out.contains(&format!("`{}`", &id[..8])), "{id} in Markdown");
    }
    let rows = markdown.out.lines().filter(|line| line.ends_with("` |")).count();
    assert_eq!(rows, all.len(), "one row of Markdown each");
    for finding in scan["findings"].as_array().unwrap() {
        let id = &finding["fingerprint"].as_str().unwrap()[..8];
        let listed = table.out.lines().any(|line| line.ends_with(id));
        assert_eq!(listed, finding["verdict"] == "fail", "the table lists fails: {id}");
    }
    let mut failed = Vec::new();
    for severity in ["critical", "high", "medium", "low", "info"] {
        let number = &scan["summary"]["by_severity"][severity.to_uppercase()];
        assert!(markdown.out.contains(&format!("| {severity} | {number} |")), "{severity}");
        if *number != 0 {
            failed.push(format!("{number} {severity}"));
        }
        let rows = csv
            .iter()
            .filter(|row| row["severity"] == severity.to_uppercase() && row["verdict"] == "fail");
        assert_eq!(rows.count() as u64, number.as_u64().unwrap());
    }
    assert!(table.out.contains(&format!("failed: {}", failed.join(", "))));
    assert_eq!(table.exit, Exit::Findings(Severity::Critical));
}

#[test]
fn every_format_of_the_list_has_what_the_filters_leave() {
    let lab = Lab::new();
    let scan = lab.run("scan --tenant demo --format json").json();
    let id = scan["scans"][0]["scan"]["id"].as_str().unwrap().to_owned();
    let all = scan["scans"][0]["findings"].as_array().unwrap();
    type Keep = fn(&serde_json::Value) -> bool;
    let cases: [(&str, Keep); 14] = [
        ("", |_| true),
        ("--tenant demo", |_| true),
        ("--severity high", |it| it["severity"] == "HIGH" || it["severity"] == "CRITICAL"),
        ("--category s3", |it| it["category"] == "S3"),
        ("--service iam --category IAM", |it| it["service"] == "iam" && it["category"] == "IAM"),
        ("--rule s3-bucket-*", |it| it["rule_id"].as_str().unwrap().starts_with("s3-bucket-")),
        ("--region eu-west-1 --region global", |it| {
            it["region"] == "eu-west-1" || it["region"] == "global"
        }),
        ("--status open", |_| true),
        ("--control iso27001:A.8.5", |it| names(it, "iso27001-2022", "A.8.5")),
        ("--control A.9.4.3", |it| names(it, "iso27001-2013", "A.9.4.3")),
        ("--control gdpr:32", |it| !it["controls"]["gdpr"].is_null() && names(it, "gdpr", "32")),
        ("--text JOHN.doe", |it| it["resource_id"] == "john.doe"),
        ("--text drop-box --severity critical --service s3", |it| {
            it["resource_id"] == "drop-box-in" && it["severity"] == "CRITICAL"
        }),
        ("--status fixed", |_| false),
    ];
    for (filter, keep) in cases {
        let list = |format: &str| lab.run(&format!("findings list {filter} {format}"));
        let expected: BTreeSet<String> = all
            .iter()
            .filter(|it| keep(it))
            .map(|it| it["fingerprint"].as_str().unwrap().to_owned())
            .collect();
        assert!(!expected.is_empty() || filter == "--status fixed", "{filter} tests something");
        assert_eq!(ids(&list("--format json").json()["findings"]), expected, "{filter}");
        let rows = list("--format csv").csv();
        let rows: BTreeSet<String> = rows.into_iter().map(|it| it["fingerprint"].clone()).collect();
        assert_eq!(rows, expected, "{filter}");
    }
    let filter = format!("findings list --severity critical --text drop-box --scan {id}");
    let json = lab.run(&format!("{filter} --format json")).json();
    let table = lab.run(&filter).out;
    let markdown = lab.run(&format!("{filter} --format markdown")).out;
    let ids = ids(&json["findings"]);
    assert_eq!(ids.len(), 1);
    assert!(ids.iter().all(|id| table.contains(&id[..8]) && markdown.contains(&id[..8])));
}

fn names(finding: &serde_json::Value, framework: &str, control: &str) -> bool {
    let controls = finding["controls"][framework].as_array();
    controls.is_some_and(|ids| ids.iter().any(|id| id == control))
}

#[test]
fn filters_that_mean_nothing_are_refused() {
    let lab = Lab::new();
    for (args, message) in [
        ("findings list --control A.8.555", "no framework has a control `A.8.555`"),
        ("findings list --control isoo:A.8.5", "there is no framework `isoo`"),
        ("findings list --rule nope-*", "no rule matches `nope-*`"),
        ("findings list --service nope", "there is no rule of service `nope`"),
        ("findings list --category nope", "one of IAM, S3"),
        ("findings list --status nope", "one of open, suppressed"),
        ("report --framework nope", "there is no framework `nope`"),
        ("scan --tenant demo --framework nope", "there is no framework `nope`"),
        ("scan --tenant demo --framework hipaa", "no rule looks at a control of hipaa"),
        (
            "scan --tenant demo --framework cis-eks-1.8 --service s3",
            "no rule is left by these filters",
        ),
        ("report --framework iso27001", "the history has no scan to report on"),
        ("report --framework iso27001 --tenant demo", "no scan of `demo` came to an end"),
        ("report --framework iso27001 --scan 00", "no scan has an id that begins with `00`"),
    ] {
        let ran = lab.run(args);
        assert_eq!(ran.exit, Exit::Usage, "{args}: {}", ran.err);
        assert!(ran.err.contains(message), "{args}: {}", ran.err);
        assert_eq!(ran.out, "", "{args}");
    }
}

#[test]
fn hostile_names_stay_names_in_csv_and_markdown() {
    let lab = Lab::new();
    let path = lab.demo_with("john.doe", "=HYPERLINK(1)|<b>`[x](https://e)\u{202e}", "evil.jsonl");
    lab.scan_snapshot(&path);
    let csv = lab.run("findings list --text hyperlink --format csv");
    let row = csv.csv().pop().unwrap();
    assert_eq!(row["resource_id"], "'=HYPERLINK(1)|<b>`[x](https://e)\u{202e}");
    let markdown = lab.run("findings list --text hyperlink --format markdown").out;
    let row = markdown.lines().find(|line| line.contains("HYPERLINK")).unwrap();
    assert!(
        !row.contains("<b>`[x](https://e)") || row.contains("``=HYPERLINK(1)\\|<b>`["),
        "{row}"
    );
    assert!(row.contains("=HYPERLINK(1)\\|&lt;b&gt;\\`\\[x\\](https&#58;//e)"), "{row}");
    assert!(!row.contains('\u{202e}'), "{row}");
}

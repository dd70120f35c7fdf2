//! Reports of frameworks.

use super::Lab;
use crate::findings::{Suppression, Target};
use crate::history::History;
use std::collections::{BTreeMap, BTreeSet};

const FORMATS: [&str; 5] = ["table", "markdown", "json", "csv", "html"];

fn control<'a>(report: &'a serde_json::Value, id: &str) -> &'a serde_json::Value {
    report["controls"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap()
}

#[test]
fn the_json_has_the_keys_of_the_format_and_every_control() {
    let lab = Lab::new();
    lab.run("scan --tenant demo");
    for (framework, controls) in [("iso27001", 93), ("iso27001-2013", 114), ("cis-aws-7.0", 70)] {
        let report = lab.run(&format!("report --framework {framework} --format json")).json();
        let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = "schema framework framework_version scope controls summary";
        assert_eq!(keys.join(" "), expected);
        assert_eq!(report["schema"], "cspm-report/1");
        assert_eq!(report["controls"].as_array().unwrap().len(), controls);
        assert_eq!(report["summary"]["controls"], controls);
        let first = report["controls"][0].as_object().unwrap();
        let keys: Vec<&str> = first.keys().map(String::as_str).collect();
        let expected = "id title status rules judged passed failed unknown not_applicable";
        assert_eq!(keys.join(" "), expected);
        let scope = &report["scope"];
        for key in ["account_id", "caller", "observed_at", "version", "rules_digest", "regions"] {
            assert!(!scope[key].is_null(), "{key}");
        }
        for key in [
            "regions_skipped",
            "regions_refused",
            "rules_left_out",
            "severity_overrides",
            "parameter_overrides",
            "suppressions",
        ] {
            assert!(scope.get(key).is_some(), "{key}");
        }
    }
}

#[test]
fn every_format_of_a_report_has_the_same_findings_and_counts() {
    let lab = Lab::new();
    lab.run("scan --tenant demo");
    for framework in ["iso27001", "cis-aws-7.0", "gdpr"] {
        let texts: BTreeMap<&str, _> = FORMATS
            .into_iter()
            .map(|format| {
                (format, lab.run(&format!("report --framework {framework} --format {format}")))
            })
            .collect();
        let report = texts["json"].json();
        let mut verdicts: BTreeMap<String, String> = BTreeMap::new();
        for it in report["controls"].as_array().unwrap() {
            for rule in it["rules"].as_array().unwrap() {
                for finding in rule["findings"].as_array().unwrap() {
                    let text = |key: &str| finding[key].as_str().unwrap().to_owned();
                    verdicts.insert(text("fingerprint"), text("verdict"));
                }
            }
        }
        assert!(verdicts.len() > 10, "{framework}");
        let csv = texts["csv"].csv();
        assert_eq!(csv.len(), report["controls"].as_array().unwrap().len());
        let mut in_csv = BTreeSet::new();
        for row in &csv {
            let it = control(&report, &row["control"]);
            assert_eq!(it["status"], row["status"].as_str());
            for key in ["judged", "passed", "failed", "unknown", "not_applicable"] {
                assert_eq!(it[key].to_string(), row[key], "{framework} {} {key}", row["control"]);
            }
            in_csv.extend(row["findings"].split("; ").map(str::to_owned));
        }
        in_csv.remove("");
        let in_json: BTreeSet<String> = verdicts.keys().cloned().collect();
        let unneeded = in_json.difference(&in_csv).count();
        assert!(in_csv.is_subset(&in_json) && unneeded == 0, "{framework}");
        for (id, verdict) in &verdicts {
            let short = &id[..8];
            assert!(texts["html"].out.contains(&format!("<tr id=\"a1-{id}\">")), "{id} in HTML");
            assert!(texts["markdown"].out.contains(short), "{id} in Markdown");
            assert_eq!(texts["table"].out.contains(short), verdict == "fail", "{id} in the table");
        }
        for it in report["controls"].as_array().unwrap() {
            let id = it["id"].as_str().unwrap();
            for format in ["table", "markdown", "html"] {
                assert!(texts[format].out.contains(id), "{framework} {id} in {format}");
            }
        }
    }
}

#[test]
fn a_management_system_is_never_called_met_and_selected_controls_have_no_totals() {
    let lab = Lab::new();
    lab.run("scan --tenant demo");
    for format in ["table", "markdown", "html", "csv"] {
        let text = lab.run(&format!("report --framework nist-csf-2.0 --format {format}")).out;
        assert!(text.contains("all automated checks passed, 1 of them"), "{format}");
        // As a cell of its own; `not met` is none of these.
        for claim in ["  met  ", ">met<", "| met |"] {
            assert!(!text.contains(claim), "{format}");
        }
    }
    let report = lab.run("report --framework gdpr --format json").json();
    assert!(report["summary"].is_null());
    for format in ["table", "markdown", "html"] {
        let text = lab.run(&format!("report --framework gdpr --format {format}")).out;
        assert!(text.contains("elected controls") || text.contains("are selected"), "{format}");
        assert!(!text.contains("10 controls"), "{format}");
    }
}

#[test]
fn what_was_left_out_is_never_met() {
    let lab = Lab::new();
    lab.run("scan --tenant demo --service iam");
    let report = lab.run("report --framework cis-aws-7.0 --format json").json();
    let left_out = control(&report, "3.1.4");
    assert_eq!(left_out["status"], "not_assessed");
    assert_eq!(left_out["rules"][0]["left_out"][0], "left out of the scan by --service iam");
    assert_eq!(control(&report, "2.4")["status"], "met", "what was judged stands");

    lab.run("scan --tenant demo --region eu-central-1");
    let report = lab.run("report --framework cis-aws-7.0 --format json").json();
    let bucket = control(&report, "3.1.1");
    assert_eq!(bucket["status"], "not_assessed", "buckets lie elsewhere, too");
    assert_eq!(bucket["rules"][0]["left_out"][0], "looked at in eu-central-1 only");
    assert_eq!(control(&report, "2.4")["status"], "met", "the root user has no region");
    let html = lab.run("report --framework cis-aws-7.0 --format html").out;
    assert!(html.contains("eu-central-1 (chosen; no others were looked at)"));
    assert!(html.contains("class=\"trend\""), "two scans are a trend");
    let why = "looked at in eu-central-1 only";
    let head = html.split("<h2").nth(3).unwrap();
    assert_eq!(head.matches(why).count(), 1, "said once for all checks: {head}");
    let table = lab.run("report --framework cis-aws-7.0").out;
    let table = table.split("What was left out").nth(1).unwrap();
    assert_eq!(table.split_whitespace().filter(|word| *word == "looked").count(), 1, "{table}");
    assert!(table.contains("s3-bucket-tls-only") && table.contains("3.1.1"), "{table}");
}

#[test]
fn a_framework_chooses_the_rules_of_a_scan_and_is_reported_beneath_it() {
    let lab = Lab::new();
    let table = lab.run("scan --tenant demo --framework cis-aws-7.0").out;
    let (scan, report) = table.split_once("CIS Amazon Web Services").unwrap();
    assert!(
        scan.contains("failed: ")
            && report.contains("70 controls: ")
            && report.contains(" not met, ")
    );
    let json = lab.run("scan --tenant demo --framework cis-aws-7.0 --format json").json();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["schema", "scans"], "the frozen keys");
    for finding in json["scans"][0]["findings"].as_array().unwrap() {
        assert!(!finding["controls"]["cis-aws-7.0"].is_null(), "{finding}");
    }
    let all = lab.run("rules list --format json").json()["rules"].as_array().unwrap().len();
    let some = lab.run("rules list --framework cis-aws-7.0 --format json").json();
    let some = some["rules"].as_array().unwrap().len();
    assert!(0 < some && some < all);
    assert_eq!(json["scans"][0]["scan"]["rules"], some);
}

#[test]
fn several_tenants_are_joined_and_one_alone_knows_nothing_of_the_other() {
    let lab = Lab::new();
    lab.run("scan --tenant demo");
    let fixed = lab.demo_with("john.doe", "secret-name", "other.jsonl");
    std::fs::write(
        &fixed,
        std::fs::read_to_string(&fixed).unwrap().replace("111122223333", "555566667777"),
    )
    .unwrap();
    lab.scan_snapshot(&fixed);
    let both = lab.run("report --framework cis-aws-7.0 --format json").json();
    assert_eq!(both["schema"], "cspm-reports/1");
    let reports = both["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0]["schema"], "cspm-report/1");
    let judged = |report: &serde_json::Value| control(report, "2.10")["judged"].as_u64().unwrap();
    assert_eq!(judged(&both), judged(&reports[0]) + judged(&reports[1]));
    assert_eq!(control(&both, "2.10")["status"], "not_met");
    assert_eq!(both["summary"]["controls"], 70);
    for format in FORMATS {
        let both = lab.run(&format!("report --framework cis-aws-7.0 --format {format}")).out;
        assert!(both.contains("111122223333") && both.contains("555566667777"), "{format}");
        let one =
            lab.run(&format!("report --framework cis-aws-7.0 --tenant demo --format {format}"));
        for secret in ["secret-name", "other.jsonl", "555566667777"] {
            assert!(!one.out.contains(secret), "{format} {secret}");
        }
    }
}

#[test]
fn a_named_scan_is_reported_and_a_newer_one_is_said() {
    let lab = Lab::new();
    let first = lab.run("scan --tenant demo --service iam --format json").json();
    let id = first["scans"][0]["scan"]["id"].as_str().unwrap().to_owned();
    lab.run("scan --tenant demo");
    let report = lab.run(&format!("report --framework soc2 --scan {id} --format json")).json();
    assert_eq!(report["scope"]["scan"], id.as_str());
    assert_eq!(report["scope"]["newer_scan"]["status"], "completed");
    let html = lab.run(&format!("report --framework soc2 --scan {id} --format html")).out;
    assert!(html.contains("<strong>Newer scan</strong>"));
    let latest = lab.run("report --framework soc2 --format json").json();
    assert!(latest["scope"]["newer_scan"].is_null());
}

#[test]
fn a_suppressed_fail_is_said_and_still_not_met() {
    let lab = Lab::new();
    let scan = lab.run("scan --tenant demo --format json").json();
    let findings = scan["scans"][0]["findings"].as_array().unwrap();
    let root = findings.iter().find(|it| it["rule_id"] == "iam-root-hardware-mfa").unwrap();
    let fingerprint = root["fingerprint"].as_str().unwrap();
    let suppression = |id: &str, target| Suppression {
        id: id.to_owned(),
        target,
        tenant: None,
        reason: "the token is ordered".to_owned(),
        until: "2030-01-01".parse().unwrap(),
        owner: Some("anna".to_owned()),
        file: None,
        created_at: super::now(),
        created_by: "me".to_owned(),
        removed_at: None,
        removed_by: None,
    };
    let mut history =
        History::open(&lab.path("history.db"), uuid::Uuid::nil(), super::now()).unwrap();
    history.suppress(&suppression("a", Target::Finding(fingerprint.to_owned()))).unwrap();
    let elsewhere = Suppression {
        reason: "another tenant's business".to_owned(),
        ..suppression("b", Target::Finding("00".repeat(16)))
    };
    history.suppress(&elsewhere).unwrap();
    drop(history);
    lab.run("scan --tenant demo");
    let report = lab.run("report --framework cis-aws-7.0 --format json").json();
    let suppressions = report["scope"]["suppressions"].as_array().unwrap();
    assert_eq!(suppressions.len(), 1);
    assert_eq!(suppressions[0]["findings"][0], fingerprint);
    let mfa = control(&report, "2.6");
    assert_eq!((&mfa["status"], &mfa["failed"]), (&"not_met".into(), &1.into()));
    assert_eq!(mfa["rules"][0]["findings"][0]["suppressed"], true);
    for format in FORMATS {
        let text = lab.run(&format!("report --framework cis-aws-7.0 --format {format}")).out;
        assert!(text.contains("the token is ordered"), "{format}");
        assert!(!text.contains("another tenant"), "{format}");
        assert!(text.contains("uppressed"), "{format}");
    }
}

#[test]
fn html_is_safe_against_hostile_names() {
    let lab = Lab::new();
    let name = "</td><script>alert(1)</script><img src=x onerror=\"y\">'\u{202e}\u{5d0}";
    let path = lab.demo_with("john.doe", name, "evil.jsonl");
    lab.scan_snapshot(&path);
    let html = lab.run("report --framework iso27001 --format html").out;
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains('\u{202e}'));
    let shown = "<bdi>IAM user without MFA: &lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;\
                 &lt;img src=x onerror=&quot;y&quot;&gt;&#39;\\u{202e}\u{5d0}</bdi>";
    assert!(html.contains(shown));
    assert!(!html.contains("http://") && !html.contains("https://"), "no network");
    assert!(
        !html.contains(" style=") && !html.contains("onerror=\""),
        "nothing that the policy forbids"
    );
    assert!(html.contains("default-src 'none'"));
    for tag in ["table", "tr", "td", "ul", "li", "bdi", "span", "svg", "article", "a", "p"] {
        let opened =
            html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn the_same_report_is_the_same_bytes_also_in_a_file() {
    let lab = Lab::new();
    lab.run("scan --tenant demo");
    for format in FORMATS {
        let command = format!("report --framework iso27001 --format {format}");
        let printed = lab.run(&command).out;
        assert_eq!(printed, lab.run(&command).out, "{format}");
        let file = lab.path("report");
        let ran = lab.run(&format!("{command} --output {}", file.display()));
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
        assert_eq!(printed, std::fs::read_to_string(&file).unwrap(), "{format}");
    }
}

#[test]
fn frameworks_are_listed_with_where_their_list_comes_from() {
    let lab = Lab::new();
    let list = lab.run("frameworks list --format json").json();
    let list = list["frameworks"].as_array().unwrap();
    assert_eq!(list.len(), 19);
    for it in list {
        let number = |key: &str| it[key].as_u64().unwrap();
        assert!(number("with_check") <= number("listed"), "{it}");
        assert!(!it["source"].as_str().unwrap().is_empty() && it["date"].is_string());
    }
    let one = lab.run("frameworks show iso27001 --format json").json();
    let iso = &one["frameworks"][0];
    assert_eq!((&iso["id"], &iso["listed"]), (&"iso27001-2022".into(), &93.into()));
    let with_rules = iso["controls"].as_array().unwrap().iter();
    let with_rules = with_rules.filter(|it| !it["rules"].as_array().unwrap().is_empty()).count();
    assert_eq!(iso["with_check"], with_rules);
    let page = lab.run("frameworks show gdpr").out;
    assert!(page.contains("selected controls: 10"));
}

//! Rules as their authors and users meet them.

use super::{Exit, Lab};
use crate::scan::DEMO_SNAPSHOT;

const TENANT: &str =
    "[[tenant]]\nname = \"shop\"\naccount_id = \"111122223333\"\nsnapshot = \"demo.jsonl\"\n";

fn lab(overrides: &str) -> Lab {
    let lab = Lab::new();
    std::fs::write(lab.path("demo.jsonl"), DEMO_SNAPSHOT).unwrap();
    std::fs::write(lab.path("tenants.toml"), format!("{overrides}{TENANT}")).unwrap();
    lab
}

const SCAN: &str = "--config tenants.toml scan --tenant shop --format json --fail-on none --show-passed --rule iam-user-access-key-rotation";

#[test]
fn parameters_of_the_tenants_file_judge_and_stand_in_the_scope() {
    let lab = lab("[parameters.iam-user-access-key-rotation]\nmax_age_days = 3650\n");
    let path = lab.path("tenants.toml");
    let config = path.to_str().unwrap();
    let scan = lab.run(&SCAN.replace("tenants.toml", config));
    let relaxed = scan.json();
    let strict = self::lab("").run("scan --tenant demo --format json --fail-on none --show-passed --rule iam-user-access-key-rotation").json();
    let titles = |report: &serde_json::Value| -> Vec<String> {
        let findings = report["scans"][0]["findings"].as_array().unwrap();
        findings.iter().map(|it| format!("{} {}", it["verdict"], it["title"])).collect()
    };
    assert!(titles(&strict).iter().any(|it| it.contains("older than 90 days")), "{strict}");
    assert!(!titles(&relaxed).is_empty());
    for title in titles(&relaxed) {
        assert_eq!(title, "\"pass\" \"Active access keys are at most 3650 days old\"");
    }
    let report = lab.run("report --framework iso27001 --format json").json();
    assert_eq!(
        report["scope"]["parameter_overrides"],
        serde_json::json!({ "iam-user-access-key-rotation": { "max_age_days": 3650 } })
    );
    let table = lab.run("report --framework iso27001").out;
    let line = "max_age_days of iam-user-access-key-rotation is 3650";
    assert!(table.split_whitespace().collect::<Vec<_>>().join(" ").contains(line), "{table}");
}

#[test]
fn parameters_that_do_not_fit_are_all_refused_with_their_places() {
    let lab = lab(
        "[severity]\nnope = \"low\"\n[parameters.iam-user-access-key-rotation]\nmax_age_days = 3\nmax_age = 90\n[parameters.iam-user-acess-key-rotation]\na = 1\nb = 2\n",
    );
    let path = lab.path("tenants.toml");
    let config = path.to_str().unwrap();
    let scan = lab.run(&SCAN.replace("tenants.toml", config));
    assert_eq!(scan.exit, Exit::Usage);
    for expected in [
        ":2:1: `[severity]`: there is no rule \"nope\"",
        ":4:16: `max_age_days`: 3 is out of bounds\n    write a whole number from 30 to 3650, as 90",
        ":5:1: `[parameters.iam-user-access-key-rotation]`: this rule has no parameter \"max_age\"\n    write max_age_days",
        ":6:13: `[parameters]`: there is no rule \"iam-user-acess-key-rotation\"\n    write iam-user-access-key-rotation;",
    ] {
        assert!(scan.err.contains(expected), "{expected}\n{}", scan.err);
    }
    assert_eq!(scan.err.matches("there is no rule \"iam-user-acess").count(), 1, "{}", scan.err);
}

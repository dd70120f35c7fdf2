//! The gate that only heeds what is new.

use super::Lab;
use crate::cli::Exit;
use crate::rules::Severity;
use std::fs;

const HIGH: Exit = Exit::Findings(Severity::High);
const CRITICAL: Exit = Exit::Findings(Severity::Critical);

impl Lab {
    /// Scans a snapshot of the demo's account, unknowns accepted.
    fn gate(&self, file: &std::path::Path, args: &str) -> super::Ran {
        let mut all = vec!["scan", "--allow-unknown", "--snapshot", file.to_str().unwrap()];
        all.extend(args.split_whitespace());
        self.run_args(&all)
    }
}

#[test]
fn only_what_was_not_there_before_counts() {
    let lab = Lab::new();
    let demo = lab.demo();
    let first = lab.gate(&demo, "--fail-on-new");
    assert_eq!(first.exit, CRITICAL, "{}", first.err);
    assert!(first.err.contains("no completed scan before this one: every failure is new"));
    let again = lab.gate(&demo, "--fail-on-new");
    assert_eq!(again.exit, Exit::Ok, "{}", again.err);
    assert!(again.err.contains("were there before and do not count"), "{}", again.err);
    assert_eq!(lab.gate(&demo, "").exit, CRITICAL, "without it they count");

    // A user under another name is another finding; the old one is deleted.
    let other = lab.demo_with("john.doe", "jane.roe", "other.jsonl");
    let new = lab.gate(&other, "--fail-on-new --format json");
    assert_eq!(new.exit, HIGH, "{}", new.err);
    assert_eq!(lab.gate(&other, "--fail-on-new --fail-on critical").exit, Exit::Ok);
    lab.gate(&demo, "");
    // Gone and back again.
    assert_eq!(lab.gate(&other, "--fail-on-new").exit, HIGH, "reopened counts");
}

#[test]
fn what_was_only_out_of_sight_is_not_new() {
    let lab = Lab::new();
    let demo = lab.demo();
    lab.gate(&demo, "");
    lab.gate(&demo, "--service s3");
    let all = lab.gate(&demo, "--fail-on-new");
    assert_eq!(all.exit, Exit::Ok, "{}", all.err);
}

#[test]
fn an_unknown_is_never_known() {
    let lab = Lab::new();
    lab.run("scan --tenant demo");
    let again = lab.run("scan --tenant demo --fail-on-new");
    assert_eq!(again.exit, Exit::Undecided, "{}", again.err);
}

#[test]
fn a_baseline_is_written_and_heeded() {
    let lab = Lab::new();
    let demo = lab.demo();
    let file = lab.path("baseline.json");
    let name = file.to_str().unwrap();
    let first = lab.gate(&demo, &format!("--write-baseline {name}"));
    assert_eq!(first.exit, CRITICAL, "writing one accepts nothing yet");
    let text = fs::read_to_string(&file).unwrap();
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(written["schema"], "cspm-baseline/1");
    let scan = lab.gate(&demo, "--format json").json();
    let fails = scan["scans"][0]["findings"].as_array().unwrap().iter();
    let fails = fails.filter(|it| it["verdict"] == "fail").count();
    assert_eq!(written["findings"].as_array().unwrap().len(), fails);

    // It needs no history.
    let elsewhere = Lab::new();
    let known = elsewhere.gate(&demo, &format!("--baseline {name}"));
    assert_eq!(known.exit, Exit::Ok, "{}", known.err);
    let github = elsewhere.gate(&demo, &format!("--baseline {name} --format github")).out;
    assert!(!github.contains("::error"), "{github}");
    let sarif = elsewhere.gate(&demo, &format!("--baseline {name} --format sarif")).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let states = results.iter().filter(|it| it["baselineState"] == "unchanged").count();
    assert_eq!(states, fails);

    // A finding that is taken out of the file counts again.
    let mut fewer = written.clone();
    let findings = fewer["findings"].as_array_mut().unwrap();
    findings.retain(|it| it["severity"] != "CRITICAL");
    fs::write(&file, fewer.to_string()).unwrap();
    assert_eq!(elsewhere.gate(&demo, &format!("--baseline {name}")).exit, CRITICAL);
    // The same file is read and written anew.
    let both = format!("--baseline {name} --write-baseline {name}");
    assert_eq!(elsewhere.gate(&demo, &both).exit, CRITICAL);
    assert_eq!(elsewhere.gate(&demo, &format!("--baseline {name}")).exit, Exit::Ok);
    assert!(!lab.path("baseline.json.new").exists());

    let other = lab.demo_with("111122223333", "444455556666", "other.jsonl");
    let foreign = elsewhere.gate(&other, &format!("--baseline {name}"));
    assert_eq!(foreign.exit, CRITICAL);
    assert!(foreign.err.contains("knows nothing of account 444455556666"), "{}", foreign.err);
}

#[test]
fn a_wrong_baseline_stops_before_the_scan() {
    let lab = Lab::new();
    let demo = lab.demo();
    let file = lab.path("baseline.json");
    fs::write(&file, "{\n  \"schema\": \"cspm-baseline/1\",\n  \"findigs\": []\n}").unwrap();
    for (args, says) in [
        (format!("--baseline {}", file.display()), "baseline.json: 3:11: unknown field `findigs`"),
        ("--baseline nowhere.json".to_owned(), "cannot read nowhere.json"),
        (format!("--baseline {} --fail-on-new", file.display()), "cannot be used with"),
        ("--write-baseline /nowhere/x.json".to_owned(), "cannot write /nowhere/x.json"),
    ] {
        let ran = lab.gate(&demo, &args);
        assert_eq!(ran.exit, Exit::Usage, "{args}: {}", ran.err);
        assert!(ran.err.contains(says), "{args}: {}", ran.err);
    }
    assert_eq!(lab.run("history").out, "", "nothing was scanned");
}

//! Suppressions as a file for version control.

use super::{Lab, Ran};
use crate::cli::Exit;
use crate::history::History;
use std::fs;

const RULE: &str = "s3-bucket-versioning";

impl Lab {
    fn history(&self) -> History {
        History::open(&self.path("history.db"), uuid::Uuid::nil(), super::now()).unwrap()
    }

    /// Scans the demo with a suppressions file.
    fn suppressed(&self, file: &str, args: &str) -> Ran {
        let path = self.path("suppressions.toml");
        fs::write(&path, file).unwrap();
        self.run(&format!("scan --tenant demo --suppressions {} {args}", path.display()))
    }

    fn kinds_of_events(&self) -> Vec<String> {
        let mut kinds = Vec::new();
        let each = |event: crate::history::Event| -> Result<(), crate::history::HistoryError> {
            kinds.push(event.kind);
            Ok(())
        };
        self.history().for_each_event(each).unwrap();
        kinds.retain(|kind| kind.starts_with("suppression"));
        kinds
    }
}

fn entry(target: &str, until: &str) -> String {
    format!("[[suppression]]\n{target}\nreason = \"kept elsewhere\"\nuntil = {until}\n\n")
}

/// How many findings of the rule are suppressed, and how many there are.
fn of_rule(ran: &Ran) -> (usize, usize) {
    let json = ran.json();
    let all = json["scans"][0]["findings"].as_array().unwrap().clone();
    let of: Vec<_> =
        all.iter().filter(|it| it["rule_id"] == RULE && it["verdict"] == "fail").collect();
    (of.iter().filter(|it| it["status"] == "suppressed").count(), of.len())
}

#[test]
fn a_scan_heeds_the_file_and_every_change_is_in_the_trail() {
    let lab = Lab::new();
    let file = entry(&format!("rule = \"{RULE}\""), "2100-01-01");
    let ran = lab.suppressed(&file, "--format json");
    let (hidden, all) = of_rule(&ran);
    assert!(all > 0 && hidden == all, "{hidden} of {all}: {}", ran.err);
    assert_eq!(lab.kinds_of_events(), ["suppression_added"]);
    lab.suppressed(&file, "");
    assert_eq!(lab.kinds_of_events().len(), 1, "nothing changed");
    let listed = lab.run("suppress list --format json").json();
    let hides = listed["suppressions"][0]["hides"].as_array().unwrap().len();
    assert_eq!(hides, all);
    let report = lab.run("report --framework iso27001").out;
    assert!(report.contains("kept elsewhere"), "the report says what is hidden");

    let (hidden, _) = of_rule(&lab.suppressed("", "--format json"));
    assert_eq!(hidden, 0, "an empty file takes them back");
    assert_eq!(lab.kinds_of_events(), ["suppression_added", "suppression_removed"]);
}

#[test]
fn expired_and_unused_ones_are_said() {
    let lab = Lab::new();
    let file = entry(&format!("rule = \"{RULE}\""), "2020-01-31")
        + &entry("rule = \"s3-bucket-lifecycle\"\nresource = \"nowhere-*\"", "2100-01-01")
        + &entry("rule = \"s3-bucket-tls-only\"\ntenant = \"other\"", "2100-01-01");
    let ran = lab.suppressed(&file, "--format json");
    let (hidden, all) = of_rule(&ran);
    assert_eq!(hidden, 0);
    let expired = format!("the suppression of rule {RULE} (");
    let line = ran.err.lines().find(|line| line.starts_with(&expired)).unwrap();
    assert!(line.contains("expired on 2020-01-31: "), "{line}");
    assert!(line.contains(&format!("{all} finding")), "{line}");
    let unused = "the suppression of rule s3-bucket-lifecycle on nowhere-* (";
    let line = ran.err.lines().find(|line| line.starts_with(unused)).unwrap();
    assert!(line.ends_with("hides nothing"), "{line}");
    assert!(!ran.err.contains("s3-bucket-tls-only"), "another tenant's");
}

#[test]
fn a_scan_that_did_not_look_says_nothing_of_use() {
    let lab = Lab::new();
    let file = entry("rule = \"s3-bucket-mfa-delete\"", "2100-01-01")
        + &entry("rule = \"s3-bucket-lifecycle\"\nresource = \"nowhere-*\"", "2100-01-01")
        + &entry("rule = \"iam-user-console-mfa\"", "2020-01-01");
    let narrow = lab.suppressed(&file, "--rule s3-bucket-versioning");
    assert!(!narrow.err.contains("the suppression of"), "{}", narrow.err);
    lab.suppressed(&file, "");
    let narrow = lab.suppressed(&file, "--rule s3-bucket-versioning");
    assert!(!narrow.err.contains("the suppression of"), "{}", narrow.err);
    let narrow = lab.suppressed(&file, "--rule s3-bucket-lifecycle");
    assert!(narrow.err.contains("on nowhere-*"), "{}", narrow.err);
}

#[test]
fn a_renamed_rule_that_was_left_out_is_not_looked_at_either() {
    let lab = Lab::new();
    let folder = lab.path("mine");
    let dir = folder.to_str().unwrap();
    lab.run_args(&["rules", "new", "new-name", "--resource", "iam.user", "--dir", dir]);
    let rule = folder.join("iam").join("new-name.yaml");
    let text = fs::read_to_string(&rule).unwrap();
    fs::write(&rule, text.replacen("id: new-name\n", "id: new-name\nuid: old-name\n", 1)).unwrap();
    let file = entry("rule = \"new-name\"\nresource = \"nowhere-*\"", "2100-01-01");
    let said = "the suppression of rule old-name on nowhere-* (";
    let asked = lab.suppressed(&file, &format!("--rules-dir {dir} --rule new-name"));
    assert!(asked.err.contains(said), "{}", asked.err);
    let narrow = lab.suppressed(&file, &format!("--rules-dir {dir} --rule s3-bucket-versioning"));
    assert!(!narrow.err.contains(said), "{}", narrow.err);
}

#[test]
fn the_life_of_a_finding_tells_of_suppressions_and_redacted_leaves_names_out() {
    let lab = Lab::new();
    lab.run("scan --tenant demo --service s3 --format json");
    let list = lab.run(&format!("findings list --rule {RULE} --format json")).json();
    let id = list["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    let until =
        ["suppress", &id, "--reason", "Old logs", "--owner", "anna", "--until", "2100-01-01"];
    assert_eq!(lab.run_args(&until).exit, Exit::Ok);
    let listed = lab.run("suppress list --format json").json();
    let suppression = listed["suppressions"][0]["id"].as_str().unwrap().to_owned();
    lab.run(&format!("suppress remove {suppression}"));
    let page = lab.run(&format!("history show {id}")).out;
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("until 2100-01-01 by unknown, owner anna: Old"), "{page}");
    assert!(page.contains("suppression taken back by unknown"), "{page}");
    let json = lab.run(&format!("history show {id} --format json")).json();
    let steps = json["steps"].as_array().unwrap();
    let events: Vec<&str> = steps.iter().map(|it| it["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["seen", "suppressed", "unsuppressed"]);
    assert_eq!(steps[1]["why"], "Old logs");
    for format in ["table", "json"] {
        let ran = lab.run(&format!("--redact history show {id} --format {format}"));
        assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
        assert!(!ran.out.contains("anna") && !ran.out.contains("Old logs"), "{}", ran.out);
    }
}

#[test]
fn a_wrong_file_stops_before_the_scan_with_line_and_column() {
    let lab = Lab::new();
    let until = "2100-01-01";
    for (file, says) in [
        (entry("rule = \"s3-bucket-versionin\"", until), "2:8: `rule`: there is no rule"),
        (entry("rule = \"s3-bucket-versionin\"", until), "write s3-bucket-versioning"),
        (entry("finding = \"00ff\"", until), "2:11: `finding`: \"00ff\" is not a whole id"),
        (entry(&format!("rule = \"{RULE}\"\nresource = \"a{{\""), until), "is not a glob"),
        (entry(&format!("rule = \"{RULE}\""), "soon"), ":4:9: "),
        ("[suppression]\nrule = \"x\"\n".to_owned(), "[[suppression]]"),
    ] {
        let ran = lab.suppressed(&file, "");
        assert_eq!(ran.exit, Exit::Usage, "{}", ran.err);
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
        assert!(ran.err.contains("suppressions.toml"), "{}", ran.err);
    }
    assert_eq!(lab.run("history").out, "", "nothing was scanned");
}

#[test]
fn the_tenants_file_names_it_and_sync_needs_no_scan() {
    let lab = Lab::new();
    let config = lab.path("tenants.toml");
    fs::write(&config, "[defaults]\nsuppressions = \"./s.toml\"\n").unwrap();
    fs::write(lab.path("s.toml"), entry(&format!("rule = \"{RULE}\""), "2100-01-01")).unwrap();
    let config = config.to_str().unwrap();
    let ran = lab.run(&format!("--config {config} suppress sync"));
    assert_eq!((ran.exit, ran.err.as_str()), (Exit::Ok, "s.toml: 1 suppression\n"));
    let ran = lab.run(&format!("--config {config} scan --tenant demo --format json"));
    let (hidden, all) = of_rule(&ran);
    assert_eq!(hidden, all);
    assert_eq!(lab.kinds_of_events().len(), 1, "the same file under the same name");
}

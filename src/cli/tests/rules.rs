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
fn what_the_tenants_file_says_of_all_holds_for_what_is_no_tenant_of_it() {
    let rules = ["iam-user-access-key-rotation", "s3-bucket-no-sensitive-cross-account"];
    let failed = |file: &str, source: &str| {
        let lab = lab(file);
        let config = lab.path("tenants.toml");
        let source = source.replace("demo.jsonl", lab.path("demo.jsonl").to_str().unwrap());
        let ran = lab.run(&format!(
            "--config {} scan {source} --format json --fail-on none --rule {} --rule {}",
            config.display(),
            rules[0],
            rules[1],
        ));
        assert_eq!((ran.exit, ran.err.as_str()), (Exit::Ok, ""), "{}", ran.out);
        let report = ran.json();
        let findings = report["scans"][0]["findings"].as_array().unwrap().clone();
        let line = |it: &serde_json::Value| format!("{} {}", it["severity"], it["rule_id"]);
        let fails = findings.iter().filter(|it| it["verdict"] == "fail");
        fails.map(line).collect::<std::collections::BTreeSet<String>>()
    };
    let plain = [format!("\"HIGH\" \"{}\"", rules[1]), format!("\"MEDIUM\" \"{}\"", rules[0])];
    let lower = [format!("\"LOW\" \"{}\"", rules[0])];
    for source in ["--tenant demo", "--snapshot demo.jsonl"] {
        assert_eq!(failed("", source), plain.clone().into());
        let known = "[defaults]\nknown_accounts = [\"999988887777\"]\n";
        assert_eq!(failed(known, source), plain[1..].iter().cloned().collect());
        let severity = "[severity]\niam-user-access-key-rotation = \"low\"\n";
        assert_eq!(failed(&format!("{known}{severity}"), source), lower.clone().into());
        let relaxed = "[parameters.iam-user-access-key-rotation]\nmax_age_days = 3650\n";
        assert!(failed(&format!("{known}{relaxed}"), source).is_empty());
    }
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

#[test]
fn a_new_rule_passes_the_check_whatever_it_judges() {
    let lab = Lab::new();
    let folder = lab.path("mine");
    let dir = folder.to_str().unwrap();
    let types = crate::services::types();
    for (number, kind) in types.iter().enumerate() {
        let id = format!("mine-{number}");
        let new = lab.run_args(&["rules", "new", &id, "--resource", kind.name, "--dir", dir]);
        assert_eq!(new.exit, Exit::Ok, "{}", new.err);
    }
    let checked = lab.run_args(&["rules", "check", dir]);
    assert_eq!((checked.exit, checked.err.as_str()), (Exit::Ok, ""));
    assert!(checked.out.starts_with(&format!("{} rules, ", types.len())), "{}", checked.out);
    // One file alone, and not over what is there.
    let file = folder.join("iam").join(format!(
        "mine-{}.yaml",
        types.iter().position(|kind| kind.name == "iam.user").unwrap()
    ));
    let alone = lab.run_args(&["rules", "test", file.to_str().unwrap()]);
    assert!(alone.out.starts_with("1 rule, "), "{} {}", alone.out, alone.err);
    let id = file.file_stem().unwrap().to_str().unwrap().to_owned();
    let again = lab.run_args(&["rules", "new", &id, "--resource", "iam.user", "--dir", dir]);
    assert_eq!(again.exit, Exit::Usage, "{}", again.err);
    let wrong = lab.run_args(&["rules", "new", "x", "--resource", "iam.usr", "--dir", dir]);
    assert!(wrong.err.contains("did you mean iam.user?"), "{}", wrong.err);
    let wrong = lab.run_args(&["rules", "new", "X y", "--resource", "iam.user", "--dir", dir]);
    assert_eq!(wrong.exit, Exit::Usage);
}

#[test]
fn rules_of_ones_own_are_judged_beside_the_built_in_ones() {
    let lab = Lab::new();
    let folder = lab.path("mine");
    let dir = folder.to_str().unwrap();
    lab.run_args(&["rules", "new", "no-john", "--resource", "iam.user", "--dir", dir]);
    let file = folder.join("iam").join("no-john.yaml");
    let text = std::fs::read_to_string(&file).unwrap().replace("change-me", "john.doe");
    std::fs::write(&file, &text).unwrap();
    let list = lab.run_args(&["rules", "list", "--rules-dir", dir, "--service", "iam"]);
    assert!(list.out.contains("no-john") && list.out.contains("iam-root-mfa"), "{}", list.out);
    assert!(!lab.run("rules list").out.contains("no-john"));
    let command = ["scan", "--tenant", "demo", "--rules-dir", dir, "--rule", "no-john"];
    let scan = lab.run_args(&[&command[..], &["--format", "json"]].concat()).json();
    let findings = scan["scans"][0]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{scan}");
    assert_eq!(findings[0]["title"], "The problem, as a person would say it: john.doe");
    // A name that a built-in rule has is refused.
    let clash = folder.join("iam").join("iam-root-mfa.yaml");
    std::fs::write(&clash, text.replace("id: no-john", "id: iam-root-mfa")).unwrap();
    let refused = lab.run_args(&["rules", "list", "--rules-dir", dir]);
    assert_eq!(refused.exit, Exit::Usage);
    assert!(refused.err.contains("there is another rule `iam-root-mfa`"), "{}", refused.err);
    let none = lab.run_args(&["rules", "list", "--rules-dir", lab.path("").to_str().unwrap()]);
    assert_eq!(none.exit, Exit::Usage, "the same file twice: {}", none.err);
    let empty = lab.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let none = lab.run_args(&["rules", "check", empty.to_str().unwrap()]);
    assert!(none.err.contains("there is no rule in"), "{}", none.err);
    assert_eq!(none.exit, Exit::Usage);
}

#[test]
fn a_wrong_rule_ends_the_check_with_1_and_is_named_with_its_place() {
    let lab = Lab::new();
    let folder = lab.path("mine");
    let dir = folder.to_str().unwrap();
    lab.run_args(&["rules", "new", "a-rule", "--resource", "iam.user", "--dir", dir]);
    let file = folder.join("iam").join("a-rule.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let write = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
        lab.run_args(&["rules", "check", dir])
    };
    let line = |of: &str| text.lines().position(|line| line.starts_with(of)).unwrap() + 1;
    let unnoticed = write("'change-me'\"", "'change-me' || self.id == 'b' && self.id == 'c'\"");
    assert_eq!(unnoticed.exit, Exit::Failed);
    let place =
        format!("a-rule.yaml:{}:49: no example notices if `&&` becomes `||` here", line("pass:"));
    assert!(unnoticed.err.contains(&place), "{}", unnoticed.err);
    let typo = write("self.id !=", "self.ide !=");
    assert_eq!(typo.exit, Exit::Failed);
    let place =
        format!("a-rule.yaml:{}:13: self has no field `ide`; did you mean `id`?", line("pass:"));
    assert!(typo.err.contains(&place), "{}", typo.err);
    assert!(typo.out.contains("1 problem"), "{}", typo.out);
    let example = write("verdict: fail", "verdict: pass");
    assert_eq!(example.exit, Exit::Failed);
    assert!(
        example.err.contains("example `not as it should be`: expected pass, got fail"),
        "{}",
        example.err
    );
    let tested = lab.run_args(&["rules", "test", dir]);
    assert_eq!(tested.exit, Exit::Failed, "{}", tested.out);
}

#[test]
fn the_check_of_a_folder_sees_names_that_are_taken() {
    let lab = Lab::new();
    let folder = lab.path("mine");
    let dir = folder.to_str().unwrap();
    lab.run_args(&["rules", "new", "a-rule", "--resource", "iam.user", "--dir", dir]);
    let file = folder.join("iam").join("a-rule.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::create_dir(folder.join(".git")).unwrap();
    std::fs::write(folder.join(".git").join("no-rule.yaml"), "hidden").unwrap();
    let check = || lab.run_args(&["rules", "check", dir]);
    assert_eq!(check().exit, Exit::Ok);
    let alias = "severity: medium\naliases: [s3-bucket-versioning]\n";
    std::fs::write(&file, text.replace("severity: medium\n", alias)).unwrap();
    let taken = check();
    assert_eq!(taken.exit, Exit::Failed);
    let said = "a-rule.yaml:1:1: `s3-bucket-versioning` is also a name of `s3-bucket-versioning`\n    \
                that is in rules/s3/s3-bucket-versioning.yaml; choose another\n";
    assert!(taken.err.ends_with(said), "{}", taken.err);
    std::fs::remove_file(&file).unwrap();
    let other = folder.join("iam").join("s3-bucket-versioning.yaml");
    std::fs::write(&other, text.replace("a-rule", "s3-bucket-versioning")).unwrap();
    assert_eq!(check().exit, Exit::Failed);
    // The program's own file, wherever it is checked out.
    let own = folder.join("rules").join("s3");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::rename(&other, own.join("s3-bucket-versioning.yaml")).unwrap();
    let checked = check();
    assert_eq!((checked.exit, checked.err.as_str()), (Exit::Ok, ""));
    let again = lab.run_args(&["rules", "new", "a-rule", "--resource", "iam.user", "--dir", dir]);
    assert_eq!(again.exit, Exit::Ok, "{}", again.err);
    std::fs::write(&file, "junk").unwrap();
    let again = lab.run_args(&["rules", "new", "a-rule", "--resource", "iam.user", "--dir", dir]);
    assert!(again.err.contains("choose another id, or take the file away"), "{}", again.err);
}

#[test]
fn a_rule_is_shown_in_every_format_and_near_misses_are_suggested() {
    let lab = Lab::new();
    let page = lab.run("rules show iam-user-access-key-rotation");
    let markdown = lab.run("rules show iam-user-access-key-rotation --format markdown");
    for part in [
        "What the fix may break",
        "How to verify it",
        "iam:GetCredentialReport",
        "max\u{5f}age\u{5f}days",
        "90 days old",
        "first key 91 days old",
    ] {
        assert!(page.out.contains(part), "{part} {}", page.out);
        assert!(markdown.out.replace('\\', "").contains(part), "{part} {}", markdown.out);
    }
    assert!(page.out.lines().all(|line| line.chars().count() <= 120 || line.starts_with("    ")));
    let json = lab.run("rules show iam-user-access-key-rotation --format json").json();
    let rule = &json["rules"][0];
    assert_eq!(rule["parameters"][0]["default"], 90);
    assert_eq!(rule["status"], "stable");
    assert!(rule["examples"].as_array().unwrap().len() > 5);
    assert!(rule["fix"]["risk"].is_string() && rule["reads"].is_array());
    let miss = lab.run("rules show iam-user-acces-key-rotation");
    assert_eq!(miss.exit, Exit::Usage);
    assert!(miss.err.contains("did you mean iam-user-access-key-rotation"), "{}", miss.err);
    let miss = lab.run("rules show ec2_sg_ssh_opened");
    assert!(miss.err.contains("did you mean EC2_SG_SSH_OPEN?"), "{}", miss.err);
}

#[test]
fn commands_on_a_page_have_the_braces_that_the_shell_gets() {
    // Braces of JSON need no escape: a doubled one would be printed so.
    for source in crate::rules::built_in() {
        assert!(!source.rule.contains("{{"), "{}", source.path);
    }
    let page = Lab::new().run("rules show s3-bucket-kms-encryption");
    let code = "'{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\"";
    assert!(page.out.contains(code), "{}", page.out);
}

#[test]
fn schemas_are_listed_and_printed() {
    let lab = Lab::new();
    let list = lab.run("schema").out;
    for name in list.lines() {
        let schema = lab.run(&format!("schema {name}"));
        assert_eq!(schema.exit, Exit::Ok, "{name}");
        assert_eq!(schema.json()["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
    assert!(list.starts_with("rule\ntenants\n"), "{list}");
    let miss = lab.run("schema s3.buckt");
    assert_eq!(miss.exit, Exit::Usage);
    assert!(miss.err.contains("did you mean s3.bucket?"), "{}", miss.err);
}

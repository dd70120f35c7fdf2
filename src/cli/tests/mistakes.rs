//! What people get wrong, and what they are told.

use super::{Lab, Ran};
use crate::cli::Exit;
use crate::scan::DEMO_SNAPSHOT;
use std::fs;

#[track_caller]
fn refused(ran: &Ran, says: &[&str]) {
    assert_eq!(ran.exit, Exit::Usage, "{}{}", ran.out, ran.err);
    for said in says {
        assert!(ran.err.contains(said), "{said:?} is not in:\n{}", ran.err);
    }
}

#[test]
fn usage_is_readable_on_a_terminal() {
    let lab = Lab::new();
    let odd = vec!["scan", "--fail-on", "x\u{1b}[2J"];
    for (args, says) in [(vec!["scn"], "Usage:"), (vec![], "Usage:"), (odd, "--fail-on")] {
        let ran = lab.run_at(&args, b"", Some(80));
        refused(&ran, &[says]);
        assert!(!ran.err.contains('\u{1b}') && !ran.err.contains("\\u{1b}"), "{}", ran.err);
    }
    let help = lab.run_at(&["--help"], b"", Some(80));
    assert!(help.out.contains("\u{1b}["), "help has colours");
}

#[test]
fn a_tenant_that_nobody_knows_is_no_good_news() {
    let lab = Lab::new();
    let scanned = lab.run("scan --tenant demo --service s3 --fail-on none");
    assert_eq!(scanned.exit, Exit::Ok, "{}", scanned.err);
    for command in [
        "findings list --tenant demi",
        "history --tenant demi",
        "trend --tenant demi",
        "diff --tenant demi",
        "suppress --rule s3-bucket-versioning --tenant demi --reason x --until 2100-01-01",
        "report --framework iso27001 --tenant demi",
    ] {
        refused(&lab.run(command), &["there is no tenant `demi`", "there are demo"]);
        let fresh = Lab::new();
        refused(&fresh.run(command), &["there is no tenant `demi`", "there are demo"]);
        assert!(!fresh.path("history.db").exists(), "{command} made a history of nobody");
    }
    let open = lab.run("findings list --tenant demo");
    assert!(open.exit == Exit::Ok && !open.out.is_empty(), "{}", open.err);
    let empty = Lab::new().run("findings list");
    assert_eq!((empty.exit, empty.out.as_str()), (Exit::Ok, ""));
    assert!(empty.err.contains("this history has no scan"), "{}", empty.err);
}

#[test]
fn a_folder_is_no_history() {
    let lab = Lab::new();
    let folder = lab.path("histories");
    fs::create_dir(&folder).unwrap();
    for slash in ["", "/"] {
        let db = format!("{}{slash}", folder.display());
        for command in [&["history"][..], &["scan", "--tenant", "demo", "--service", "s3"]] {
            let ran = lab.run_plain(&[&["--db", &db], command].concat());
            let instead = folder.join("history.db").display().to_string();
            refused(&ran, &["cannot open the history", "is a directory", &instead]);
            assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "nothing was made");
        }
    }
}

#[test]
fn a_snapshot_of_a_tenant_is_named_with_the_tenant_whatever_it_is_called() {
    let lab = Lab::new();
    let config = lab.path("tenants.toml");
    let tenant = "[[tenant]]\nname = \"jsonl\"\naccount_id = \"111122223333\"\n";
    fs::write(&config, format!("{tenant}snapshot = \"none.jsonl\"\n")).unwrap();
    let config = config.to_str().unwrap();
    let ran = lab.run_args(&["--config", config, "scan", "--tenant", "jsonl"]);
    refused(&ran, &["none.jsonl of jsonl: "]);
}

#[test]
fn words_that_are_none() {
    let lab = Lab::new();
    refused(&lab.run("scan --tenant demo --region mars"), &["mars", "a region such as eu-west-1"]);
    let until = "suppress --rule s3-bucket-versioning --reason x --until tomorrow";
    refused(&lab.run(until), &["tomorrow", "a date such as 2026-12-31"]);
}

#[test]
fn a_snapshot_that_cannot_be_read_is_named_as_it_was_given() {
    let lab = Lab::new();
    let path = lab.path("deep/none.jsonl");
    let path = path.to_str().unwrap();
    let ran = lab.run_args(&["scan", "--snapshot", path]);
    refused(&ran, &[&format!("cannot read the snapshot {path}: ")]);
}

#[test]
fn a_tenant_that_could_not_be_scanned_does_not_look_clean() {
    let lab = Lab::new();
    fs::write(lab.path("demo.jsonl"), DEMO_SNAPSHOT).unwrap();
    let tenant = |name: &str, account: &str, file: &str| {
        format!(
            "[[tenant]]\nname = \"{name}\"\naccount_id = \"{account}\"\nsnapshot = \"{file}\"\n"
        )
    };
    let config =
        tenant("acme", "111122223333", "demo.jsonl") + &tenant("bolt", "444455556666", "none");
    let path = lab.path("tenants.toml");
    fs::write(&path, config).unwrap();
    let run = |command: &str| lab.run(&format!("--config {} {command}", path.display()));
    assert_eq!(run("overview").out, " never scanned: acme, bolt\n");
    for (format, says) in [
        ("table", "bolt: account 444455556666 could not be scanned: No such file"),
        ("markdown", "Account 444455556666 **could not be scanned**: No such file"),
        ("github", "::error title=cspm bolt::failed: No such file"),
    ] {
        let ran = run(&format!("scan --all --format {format}"));
        assert!(ran.err.contains("none of bolt: No such file"), "{}", ran.err);
        let (_, of_bolt) = ran.out.split_once(says).unwrap_or_else(|| panic!("{}", ran.out));
        for said in ["Nothing failed", "failed: none", "none failed", "0 pass"] {
            assert!(!of_bolt.contains(said), "{format}: {of_bolt}");
        }
    }
    for command in ["overview", "history", "trend"] {
        let ran = run(command);
        let rows = ran.out.lines().filter(|line| line.contains(" failed "));
        let rows: Vec<&str> = rows.collect();
        assert!(!rows.is_empty(), "{command}: {}", ran.out);
        assert!(rows.iter().all(|row| !row.contains(" 0 ")), "{command}: {rows:?}");
    }
}

#[test]
fn the_demo_can_be_saved() {
    let lab = Lab::new();
    for name in ["saved.jsonl", "saved.jsonl.zst"] {
        let path = lab.path(name);
        let path = path.to_str().unwrap();
        let live = lab.run_args(&["scan", "-t", "demo", "--save-snapshot", path]);
        let saved = lab.run_args(&["scan", "--snapshot", path]);
        let findings = |ran: &Ran| ran.out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(findings(&live), findings(&saved), "{}", saved.err);
    }
    let config = lab.path("tenants.toml");
    let tenant = "[[tenant]]\nname = \"acme\"\naccount_id = \"111122223333\"\n";
    fs::write(&config, format!("{tenant}snapshot = \"saved.jsonl\"\n")).unwrap();
    let copy = lab.path("copy.jsonl");
    let (config, path) = (config.display(), copy.display());
    let ran = lab.run(&format!("--config {config} scan -t acme --save-snapshot {path}"));
    refused(&ran, &["--save-snapshot writes what AWS answers", "saved.jsonl is a snapshot"]);
    assert!(!copy.exists());
}

#[cfg(unix)]
#[test]
fn devices_are_written_to_and_never_replaced() {
    let lab = Lab::new();
    let ran = lab.run("scan --tenant demo --service s3 --fail-on none --output /dev/null");
    assert_eq!((ran.exit, ran.err.as_str()), (Exit::Ok, ""));
    let ran = lab.run("scan --tenant demo --service s3 --write-baseline /dev/null");
    refused(&ran, &["cannot write /dev/null: it is not a file"]);
}

#[test]
fn an_overview_and_a_history_fit_a_small_terminal() {
    let lab = Lab::new();
    let scanned = lab.run("scan --tenant demo --service s3 --format json --fail-on none");
    let id = scanned.json()["scans"][0]["scan"]["id"].as_str().unwrap().to_owned();
    let db = lab.path("history.db");
    for (command, words) in [
        ("overview", vec!["111122223333", "completed", "C/H/M/L", "UNKN"]),
        ("history", vec!["completed", "C/H/M/L/I", &id[..18]]),
    ] {
        let ran = lab.run_at(&["--db", db.to_str().unwrap(), command], b"", Some(80));
        for word in words {
            assert!(ran.out.contains(word), "{word} is broken:\n{}", ran.out);
        }
    }
    let found = lab.run(&format!("findings list --scan {}", &id[..18]));
    assert_eq!(found.exit, Exit::Ok, "what is shown of an id is enough: {}", found.err);
}

#[test]
fn a_rule_that_was_left_out_is_not_called_new() {
    let lab = Lab::new();
    lab.run("scan --tenant demo --service s3");
    lab.run("scan --tenant demo --service iam");
    let diff = lab.run("diff").out;
    let why = ", because one of the scans left the rule out: ";
    assert!(diff.contains(&format!("\nNew{why}")), "{diff}");
    assert!(diff.contains(&format!("\nNo longer visible{why}")), "{diff}");
    assert!(!diff.contains("the rule is new or changed"), "{diff}");
}

//! Reports without names.

use super::Lab;
use crate::cli::Exit;
use crate::inventory::snapshot::Header;
use crate::rules::{built_in, built_in_frameworks};
use crate::scan::DEMO_SNAPSHOT;
use std::collections::BTreeSet;
use std::fs;

/// An account that stands in no example of ours.
const ACCOUNT: &str = "333355557777";

fn tokens(text: &str) -> impl Iterator<Item = String> {
    let token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '-' | '+');
    let found = text.split(move |c| !token(c)).map(|it| it.trim_matches(['.', '-']).to_owned());
    found.filter(|it| it.len() >= 5)
}

fn strings(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::String(text) => into.extend(tokens(text)),
        serde_json::Value::Array(items) => items.iter().for_each(|it| strings(it, into)),
        serde_json::Value::Object(members) => members.values().for_each(|it| strings(it, into)),
        _ => {}
    }
}

/// Every word of the account's resources and gaps, but those that rules,
/// frameworks and schemas use themselves.
fn names() -> BTreeSet<String> {
    let (mut names, mut ours) = (BTreeSet::new(), BTreeSet::new());
    for line in DEMO_SNAPSHOT.replace("111122223333", ACCOUNT).lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        strings(&line["resource"], &mut names);
        strings(&line["gap"]["message"], &mut names);
        strings(&line["gap"]["resource"], &mut names);
        strings(&line["header"]["caller"], &mut names);
        strings(&line["gap"]["iam_action"], &mut ours);
    }
    let header = DEMO_SNAPSHOT.lines().next().unwrap();
    let header: serde_json::Value = serde_json::from_str(header).unwrap();
    for part in ["operations", "regions", "regions_skipped", "members", "taken_at"] {
        strings(&header["header"][part], &mut ours);
    }
    for source in built_in() {
        ours.extend(tokens(&source.rule));
    }
    for (_, text) in built_in_frameworks() {
        ours.extend(tokens(text));
    }
    for (kind, members) in Header::members_of(crate::services::types()) {
        ours.extend(tokens(&kind));
        ours.extend(kind.split('.').flat_map(tokens));
        ours.extend(members);
    }
    names.difference(&ours).filter(|name| !is_plain(name)).cloned().collect()
}

/// Words of AWS that stand in documents and evidence: enumerations, actions,
/// its own policies, and what ARNs call a kind of resource.
const OF_AWS: [&str; 16] = [
    "AWSSupportServiceRolePolicy",
    "AllUsers",
    "CRITICAL",
    "CanonicalUser",
    "CreateChangeSet",
    "FULL_CONTROL",
    "Group",
    "Internet",
    "ObjectWriter",
    "ReadOnlyAccess",
    "Version",
    "WRITE",
    "assumed-role",
    "cloudformation",
    "codebuild",
    "server-certificate",
];

/// Times, numbers that are no account, and words of AWS.
fn is_plain(token: &str) -> bool {
    if OF_AWS.contains(&token) {
        return true;
    }
    let time = token.starts_with("20") && token.get(4..5) == Some("-");
    let number = token.len() < 12 && token.bytes().all(|b| b.is_ascii_digit());
    time || number || token.ends_with("acs.amazonaws.com")
}

struct Fixture {
    lab: Lab,
    scan: String,
    finding: String,
}

/// The demo's account under another id, scanned twice, with a suppression.
fn fixture() -> Fixture {
    let lab = Lab::new();
    let path = lab.path("snapshot-of-somebody.jsonl");
    fs::write(&path, DEMO_SNAPSHOT.replace("111122223333", ACCOUNT)).unwrap();
    lab.scan_snapshot(&path);
    let scan =
        lab.run("findings list --text john.doe --rule iam-user-console-mfa --format json").json();
    let finding = scan["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    let reason = ["--reason", "ask mallory.jones", "--until", "2100-01-01", "--owner", "olga.poe"];
    let ran = lab.run_args(&[&["suppress", &finding][..], &reason].concat());
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    let rest = ["--rule", "s3-bucket-versioning", "--resource", "my-data-*"];
    lab.run_args(&[&["suppress"][..], &rest, &reason].concat());
    Fixture { scan: path.display().to_string(), lab, finding }
}

#[test]
fn no_name_is_in_any_output() {
    let Fixture { lab, scan, finding } = fixture();
    let mut names = names();
    assert!(names.len() > 60 && names.contains("john.doe") && names.contains(ACCOUNT));
    for more in ["snapshot-of-somebody.jsonl", "mallory.jones", "olga.poe", finding.as_str()] {
        names.insert(more.to_owned());
    }
    // What looks at all scans comes while there are few.
    let mut commands = Vec::new();
    for format in ["table", "json", "csv", "markdown", "html"] {
        commands.push(format!("report --framework iso27001 --format {format}"));
    }
    for format in ["table", "json", "csv", "markdown"] {
        commands.push(format!("findings list --all --format {format}"));
    }
    commands.push(format!("scan --snapshot {scan} --framework soc2 --format markdown"));
    for format in ["table", "json"] {
        for command in ["history", "diff", "trend", "overview", "suppress list"] {
            commands.push(format!("{command} --format {format}"));
        }
        commands.push(format!("findings show {finding} --format {format}"));
        commands.push(format!("history show {finding} --format {format}"));
    }
    for format in ["table", "json", "csv", "markdown", "github", "sarif", "junit"] {
        let scan = format!("scan --snapshot {scan} --show-passed --fail-on-new");
        commands.push(format!("{scan} --format {format}"));
    }
    commands.push(format!("snapshot show {scan}"));
    commands.push(format!("snapshot show {scan} --format json"));
    for command in &commands {
        let ran = lab.run(&format!("--redact {command}"));
        assert!(ran.out.len() > 20, "{command}: {}", ran.err);
        let said: BTreeSet<String> = tokens(&ran.out).collect();
        let leaked: Vec<&String> = names.iter().filter(|name| said.contains(*name)).collect();
        assert!(leaked.is_empty(), "{command}: {leaked:?}");
        for name in [ACCOUNT, "john.doe", "mallory", "olga", &finding, &finding[..8]] {
            assert!(!ran.out.contains(name), "{command}: {name}");
        }
        // A scan takes long: one of its formats stands for all.
        if !command.starts_with("scan") || command.ends_with("junit") {
            let plain = lab.run(command).out;
            assert!(tokens(&plain).any(|word| names.contains(&word)), "{command}: nothing to hide");
        }
    }
}

#[test]
fn the_same_key_gives_the_same_pseudonyms_and_the_counts_stay() {
    let Fixture { lab, scan, finding } = fixture();
    let args = format!("scan --snapshot {scan} --format json");
    let plain = lab.run(&args).json();
    let redacted = lab.run(&format!("--redact {args}")).json();
    let again = lab.run(&format!("--redact {args}")).json();
    let findings = |json: &serde_json::Value| json["scans"][0]["findings"].clone();
    let prints = |json: &serde_json::Value| -> Vec<String> {
        let all = findings(json);
        let prints = all.as_array().unwrap().iter().map(|it| it["fingerprint"].to_string());
        prints.collect()
    };
    assert_eq!(prints(&redacted), prints(&again));
    assert_eq!(redacted["scans"][0]["summary"], plain["scans"][0]["summary"]);
    let distinct: BTreeSet<String> = prints(&redacted).into_iter().collect();
    assert_eq!(distinct.len(), findings(&plain).as_array().unwrap().len());

    // One finding, seen from both sides.
    let one = lab.run(&format!("--redact findings show {finding} --format json")).json();
    let one = &one["findings"][0];
    let id = one["resource_id"].as_str().unwrap();
    let account = one["account_id"].as_str().unwrap();
    assert!(id.starts_with('x') && account.starts_with("acct-"), "{id} {account}");
    assert_eq!(one["resource_arn"], format!("arn:aws:iam::{account}:user/{id}"));
    assert!(one["title"].as_str().unwrap().ends_with(id), "{}", one["title"]);
    let print = one["fingerprint"].as_str().unwrap();
    let back = lab.run(&format!("--redact findings show {print} --format json")).json();
    assert_eq!(back["findings"][0]["fingerprint"], print, "a report's id finds its way back");
    assert_eq!(lab.run(&format!("findings show {print}")).exit, Exit::Usage);
}

#[test]
fn the_account_of_examples_is_not_in_it_either() {
    let lab = Lab::new();
    for account in ["123456789012", "111122223333", "444455556666"] {
        let path = lab.path(&format!("{account}.jsonl"));
        fs::write(&path, DEMO_SNAPSHOT.replace("111122223333", account)).unwrap();
        let scan = format!("scan --fail-on none --snapshot {}", path.display());
        for format in ["json", "sarif"] {
            let plain = lab.run(&format!("{scan} --format {format}")).out;
            let redacted = lab.run(&format!("--redact {scan} --format {format}"));
            assert_eq!(redacted.exit, Exit::Ok, "{}", redacted.err);
            assert!(plain.contains(account) && !redacted.out.contains(account), "{account}");
            assert!(format == "json" || redacted.out.contains("arn:aws:iam::ACCOUNT:"));
        }
    }
    let list = lab.run("--redact findings list --format json").out;
    assert!(list.len() > 1000 && !list.contains("123456789012"));
}

#[test]
fn what_cannot_do_without_names_refuses() {
    let Fixture { lab, scan, .. } = fixture();
    for command in [
        format!("scan --snapshot {scan} --write-baseline {scan}.json"),
        format!("scan --tenant demo --save-snapshot {scan}.zst"),
        "tenants list".to_owned(),
        "policy check x.json".to_owned(),
    ] {
        let ran = lab.run(&format!("--redact {command}"));
        assert_eq!(ran.exit, Exit::Usage, "{command}: {}", ran.err);
        assert!(ran.err.contains("--redact"), "{command}: {}", ran.err);
    }
}

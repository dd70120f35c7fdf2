//! Wrong input at every door: exit 2, what happened, and what to do next.

use crate::exit_codes::DEMO;
use crate::support::program::{Home, tenant};

#[test]
fn each_door_says_what_is_wrong_and_what_to_do() {
    let home = Home::new().tenants(&tenant("acme", "222233334444"));
    home.write("demo.jsonl", DEMO);
    home.write("text.txt", "not a database");
    for (args, says) in [
        (vec!["scan"], vec!["--tenant"]),
        (vec!["scan", "--tenant", "acmee"], vec!["no tenant `acmee`", "hint: there are acme"]),
        (
            vec!["scan", "--tenant", "demo", "--rule", "iam-usr-*"],
            vec!["no rule matches `iam-usr-*`", "hint:"],
        ),
        (
            vec!["scan", "--tenant", "demo", "--service", "ec3"],
            vec!["no rule of service `ec3`", "hint: there are account, "],
        ),
        (
            vec!["scan", "--tenant", "demo", "--severity", "worst"],
            vec!["worst", "critical, high, medium, low, info"],
        ),
        (
            vec!["scan", "--tenant", "demo", "--fail-on", "sometimes"],
            vec!["sometimes", "critical, high, medium, low, info, none"],
        ),
        (vec!["scan", "--tenant", "demo", "--format", "xml"], vec!["xml", "table, json"]),
        (
            vec!["scan", "--tenant", "demo", "--output", "nowhere/report.json"],
            vec!["cannot write nowhere/report.json"],
        ),
        (vec!["scan", "--tenant", "demo", "--db", "text.txt"], vec!["text.txt"]),
        (vec!["scan", "--tenant", "demo", "--db", "/proc/history.db"], vec!["/proc/history.db"]),
        (vec!["scan", "--tenant", "demo", "--region", "mars-1"], vec!["mars-1", "eu-west-1"]),
        (
            vec!["scan", "--snapshot", "demo.jsonl", "--region", "mars-1"],
            vec!["mars-1", "eu-west-1"],
        ),
        (
            vec!["scan", "--snapshot", "demo.jsonl", "--tenant", "acme"],
            vec!["is of account 111122223333, not of 222233334444"],
        ),
        (vec!["scan", "--snapshot", "nothing.jsonl"], vec!["nothing.jsonl"]),
        (
            vec!["scan", "--tenant", "demo", "--tenant", "demo"],
            vec!["--tenant demo is there twice"],
        ),
        (
            vec!["scan", "--tenant", "demo", "--tenant", "acme", "--save-snapshot", "x.jsonl"],
            vec!["--save-snapshot takes one tenant"],
        ),
        (vec!["rules", "show", "iam-user-mfa"], vec!["no rule `iam-user-mfa`", "hint:"]),
        (vec!["tenants", "list", "--config", "none.toml"], vec!["none.toml"]),
        (vec!["findings", "show", "zz"], vec!["zz"]),
    ] {
        let ended = home.ends(2, &args);
        ended.says(&says);
        assert!(ended.out.is_empty(), "{args:?} printed {}", ended.out);
        assert!(!ended.err.contains("panicked"), "{}", ended.err);
    }
}

#[test]
fn a_malformed_tenants_file_is_refused_with_all_problems_at_once() {
    let home = Home::new().tenants(
        "[[tenant]]\nname = \"a\"\naccount_id = \"12345\"\nrole_arm = \"x\"\n\n\
         [[tenant]]\nname = \"a\"\naccount_id = \"222233334444\"\n\
         role_arn = \"arn:aws:iam::999999999999:role/x\"\n\
         aws_secret_access_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n",
    );
    let ended = home.ends(2, &["scan", "--tenant", "a"]);
    ended.says(&[
        "tenants.toml:3:",  // the account id
        "tenants.toml:4:",  // an unknown key
        "role_arn",         // what to write instead
        "tenants.toml:7:",  // the name is there twice
        "tenants.toml:8:",  // the role is of another account
        "tenants.toml:10:", // a secret
    ]);
    assert!(!ended.err.contains("wJalrXUtnFEMI"), "{}", ended.err);
    home.write("tenants.toml", "[[tenant]\nname = ");
    home.ends(2, &["scan", "--tenant", "a"]).says(&["tenants.toml:1:"]);
}

#[test]
fn snapshots_that_are_not_whole_are_refused() {
    let home = Home::new();
    let lines: Vec<&str> = DEMO.lines().collect();
    let header = lines[0];
    let (half, last) = (lines[..lines.len() / 2].join("\n") + "\n", lines.len() - 1);
    let cases = [
        ("truncated", half, vec!["truncated", "hint:"]),
        ("no-trailer", lines[..last].join("\n") + "\n", vec!["truncated"]),
        ("cut-line", DEMO[..DEMO.len() / 2].to_owned(), vec!["cut-line"]),
        (
            "newer",
            DEMO.replacen("cspm-snapshot/1", "cspm-snapshot/9", 1),
            vec!["cspm-snapshot/9", "hint: use a newer cspm"],
        ),
        ("foreign", "{\"Buckets\": []}\n".to_owned(), vec!["not a cspm snapshot"]),
        ("text", "hello\n".to_owned(), vec!["not a cspm snapshot"]),
        ("empty", String::new(), vec!["not a cspm snapshot"]),
        ("header-only", header.to_owned() + "\n", vec!["truncated"]),
        ("fewer", [&lines[..1], &lines[2..]].concat().join("\n") + "\n", vec!["truncated"]),
    ];
    for (name, text, says) in cases {
        home.write(name, text);
        let ended = home.ends(2, &["scan", "--snapshot", name]);
        ended.says(&says);
        assert!(ended.out.is_empty(), "{name} gave a result: {}", ended.out);
    }
    let packed = zstd::encode_all(DEMO.as_bytes(), 3).unwrap();
    home.write("half.jsonl.zst", &packed[..packed.len() / 2]);
    home.ends(2, &["scan", "--snapshot", "half.jsonl.zst"]);
    home.write("whole.jsonl.zst", &packed);
    home.ends(15, &["scan", "--snapshot", "whole.jsonl.zst"]);
    home.write("whole.jsonl", DEMO);
    let plain = home.ends(15, &["scan", "--snapshot", "whole.jsonl"]).out;
    assert!(plain.starts_with("whole.jsonl: account 111122223333"), "{plain}");
}

#[test]
fn names_play_no_tricks_on_the_terminal() {
    let home = Home::new();
    let evil = "john\\u001b[2J\\u202edoe\\u0007\\r\\nverdict: pass";
    home.write("evil.jsonl", DEMO.replace("john.doe", evil));
    let ended = home.ends(15, &["scan", "--snapshot", "evil.jsonl"]);
    let listed = home.ends(0, &["findings", "list"]);
    for text in [&ended.out, &ended.err, &listed.out] {
        let hostile = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(hostile), "{text}");
        assert!(!text.lines().any(|line| line.trim() == "verdict: pass"), "{text}");
    }
    assert!(ended.out.contains("john\\u{1b}[2J"), "{}", ended.out);
}

#[test]
fn the_environment_is_honoured() {
    let home = Home::new()
        .env("CSPM_DB", "elsewhere.db")
        .env("CSPM_CONFIG", "mine.toml")
        .env("NO_COLOR", "1")
        .env("CLICOLOR_FORCE", "1");
    home.write("mine.toml", tenant("mine", "222233334444"));
    assert!(home.ends(0, &["tenants", "list"]).out.contains("mine"));
    let ended = home.ends(15, &["scan", "--tenant", "demo"]);
    assert!(!ended.out.contains('\u{1b}'));
    assert!(home.path("elsewhere.db").exists());
    let help = home.ends(0, &["--help"]).out;
    assert!(!help.contains('\u{1b}'));
}

#[test]
fn an_output_file_is_the_owners_alone_and_has_what_would_be_printed() {
    let home = Home::new();
    let args = ["scan", "--tenant", "demo", "--output", "report.txt"];
    let ended = home.ends(15, &args);
    assert!(ended.out.is_empty());
    assert_eq!(home.read("report.txt"), home.ends(15, &args[..3]).out);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &home.path("report.txt").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

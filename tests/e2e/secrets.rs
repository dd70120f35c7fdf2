//! No secret in any byte that the program writes.

use crate::support::moto::Moto;
use crate::support::program::{EXTERNAL_ID, Home, KEY_ID, SECRET, TOKEN};
use crate::support::proxy::{Fault, Proxy};
use serde_json::json;
use std::fs;
use std::path::Path;

const ACCOUNT: &str = "676767676767";

fn search(folder: &Path, secrets: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, secrets, found);
        } else if path.file_name().is_none_or(|name| name != "tenants.toml") {
            look(&path.display().to_string(), &fs::read(&path).unwrap(), secrets, found);
        }
    }
}

fn look(place: &str, bytes: &[u8], secrets: &[&str], found: &mut Vec<String>) {
    for secret in secrets {
        if bytes.windows(secret.len()).any(|window| window == secret.as_bytes()) {
            found.push(format!("{secret} in {place}"));
        }
    }
}

#[test]
fn they_reach_no_output_no_log_no_history_and_no_snapshot() {
    let moto = Moto::shared();
    moto.seed("secretive", ACCOUNT, json!({ "external_id": EXTERNAL_ID }));
    let proxy = Proxy::before(moto);
    let home = Home::with_aws(&proxy.address)
        .env("AWS_SESSION_TOKEN", TOKEN)
        .env("RUST_LOG", "trace")
        .acme(ACCOUNT);
    let commands: &[&[&str]] = &[
        &["scan", "--tenant", "acme", "--show-passed", "--save-snapshot", "plain.jsonl"],
        &["scan", "--tenant", "acme", "--format", "json", "--output", "report.json"],
        &["findings", "list", "--format", "json"],
        &["history", "--format", "json"],
        &["tenants", "list"],
        &["tenants", "check"],
    ];
    let secrets = [EXTERNAL_ID, KEY_ID, SECRET, TOKEN];
    let mut found = Vec::new();
    let mut run = |args: &[&str]| {
        let ended = home.run(args);
        assert!(ended.code != 2, "{args:?}: {}", ended.err);
        look(&format!("stdout of {args:?}"), ended.out.as_bytes(), &secrets, &mut found);
        look(&format!("stderr of {args:?}"), ended.err.as_bytes(), &secrets, &mut found);
    };
    commands.iter().for_each(|args| run(args));
    // AWS may say them in an error.
    proxy.fail(
        "sts:AssumeRole",
        Fault::Error(403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole"),
    );
    run(&["scan", "--tenant", "acme"]);
    run(&["tenants", "check"]);
    search(home.folder(), &secrets, &mut found);
    assert!(found.is_empty(), "{found:#?}");
    // The search would have found them: the marker stands where they stood.
    assert!(home.read("plain.jsonl").contains("sts:ExternalId"));
    assert!(home.read("tenants.toml").contains(EXTERNAL_ID));
}

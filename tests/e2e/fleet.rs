//! Many tenants: at once, in parts, killed and resumed.

use crate::support::program::{Ended, Home};
use crate::support::schema;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::Duration;

const DEMO: &str = include_str!("../../src/scan/demo.jsonl");

/// The demo without its buckets and networks: what is tried here is the number
/// of tenants.
fn small() -> String {
    let left_out = |line: &&str| {
        ["{\"resource\":{\"type\":\"s3.", "{\"resource\":{\"type\":\"ec2."]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let (less, all) = (DEMO.lines().filter(left_out).count(), DEMO.lines());
    let mut kept: Vec<String> = all.filter(|line| !left_out(line)).map(str::to_owned).collect();
    let end = kept.last_mut().unwrap();
    let mut whole: Value = serde_json::from_str(end).unwrap();
    let resources = whole["end"]["resources"].as_u64().unwrap();
    whole["end"]["resources"] = Value::from(resources - less as u64);
    *end = whole.to_string();
    kept.join("\n") + "\n"
}

fn account(number: usize) -> String {
    format!("{:012}", 100_000_000_000 + number * 7919)
}

/// A home with so many tenants, each with a snapshot.
fn home(tenants: usize) -> Home {
    let home = Home::new();
    let mut text = String::new();
    let small = small();
    for number in 0..tenants {
        let account = account(number);
        home.write(&format!("{number}.jsonl"), small.replace("111122223333", &account));
        // The file's order is not that of the names.
        text.push_str(&format!(
            "[[tenant]]\nname = \"t{}\"\naccount_id = \"{account}\"\nsnapshot = \"{number}.jsonl\"\n",
            (number * 7) % tenants
        ));
    }
    home.tenants(&text)
}

fn names(tenants: usize) -> Vec<String> {
    (0..tenants).map(|number| format!("t{}", (number * 7) % tenants)).collect()
}

/// Tenant and status of each scan of a document.
fn scans(out: &str) -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(out).unwrap();
    let scans = document["scans"].as_array().unwrap();
    let word = |scan: &Value, key: &str| scan["scan"][key].as_str().unwrap().to_owned();
    scans.iter().map(|scan| (word(scan, "tenant"), word(scan, "status"))).collect()
}

/// A document without what differs from run to run.
fn timeless(text: &str) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, found) in map.iter_mut() {
                    let differs = key.ends_with("_at") || key.ends_with("_seen");
                    if differs || key == "id" || key == "scan" && found.is_string() {
                        *found = Value::from("[differs]");
                    }
                    walk(found);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(text).unwrap();
    walk(&mut value);
    value
}

#[test]
fn every_tenant_has_its_result_in_the_files_order() {
    let home = home(9);
    let one = home.ends(15, &["scan", "--all", "--jobs", "1", "--format", "json"]).out;
    let many = home.ends(15, &["scan", "--all", "--jobs", "9", "--format", "json"]).out;
    schema::check(&many);
    let expected: Vec<_> =
        names(9).into_iter().map(|name| (name, "completed".to_owned())).collect();
    assert_eq!(scans(&many), expected);
    assert_eq!(timeless(&one).to_string(), timeless(&many).to_string());
    let table = home.ends(15, &["scan", "--all"]).out;
    let summary = table.split("9 tenants: 9 completed").nth(1).unwrap();
    assert_eq!(summary.lines().filter(|line| line.contains("completed")).count(), 9);
    home.ends(2, &["scan", "--all", "--tenant", "t1"]);
    Home::new().tenants("").ends(2, &["scan", "--all"]).says(&["there is no tenant"]);
}

#[test]
fn a_tenant_that_fails_is_said_and_stops_nobody() {
    let home = home(4);
    home.write("1.jsonl", DEMO);
    std::fs::remove_file(home.path("2.jsonl")).unwrap();
    let ended = home.ends(15, &["scan", "--all", "--format", "json"]);
    ended.says(&["cannot scan t3", "is of account 111122223333", "2.jsonl of t2: No such file"]);
    let states: BTreeMap<_, _> = scans(&ended.out).into_iter().collect();
    let state = |name: &str| states.get(name).map(String::as_str);
    assert_eq!(
        ["t0", "t1", "t2", "t3"].map(state),
        ["completed", "completed", "failed", "failed"].map(Some)
    );
    home.ends(1, &["scan", "--all", "--fail-on", "none"]);
    let listed = home.ends(0, &["overview"]).out;
    assert!(listed.contains("failed"), "{listed}");
}

#[test]
fn shards_together_are_one_run() {
    let home = home(12);
    home.ends(15, &["scan", "--all", "--db", "one.db"]);
    let mut seen = BTreeSet::new();
    let mut files = Vec::new();
    for part in 1..=10 {
        let (shard, db) = (format!("{part}/10"), format!("part-{part}.db"));
        let ended =
            home.run(&["scan", "--all", "--shard", &shard, "--db", &db, "--format", "json"]);
        let scanned = scans(&ended.out);
        assert_eq!(ended.code, if scanned.is_empty() { 0 } else { 15 }, "{}", ended.err);
        if scanned.is_empty() {
            ended.says(&["no tenant belongs to this part"]);
        }
        for (tenant, _) in scanned {
            assert!(seen.insert(tenant.clone()), "{tenant} is in two parts");
        }
        files.push(db);
    }
    assert_eq!(seen, names(12).into_iter().collect());
    let merge = |home: &Home| {
        let mut args = vec!["history", "merge", "--db", "whole.db"];
        args.extend(files.iter().map(String::as_str));
        home.ends(0, &args)
    };
    merge(&home).says(&["took over 12 scans"]);
    for command in [
        vec!["findings", "list", "--all", "--format", "json"],
        vec!["overview", "--format", "json"],
        vec!["report", "--framework", "iso27001", "--format", "json"],
    ] {
        let of = |db: &str| {
            let mut args = command.clone();
            args.extend(["--db", db]);
            timeless(&home.ends(0, &args).out)
        };
        assert_eq!(of("whole.db").to_string(), of("one.db").to_string(), "{command:?}");
    }
    let before = home.ends(0, &["history", "--db", "whole.db", "--format", "json"]).out;
    merge(&home).says(&["took over 0 scans, 12 were there already"]);
    assert_eq!(home.ends(0, &["history", "--db", "whole.db", "--format", "json"]).out, before);
    home.ends(2, &["history", "merge", "--db", "whole.db", "tenants.toml"])
        .says(&["cannot merge tenants.toml", "is not a history of cspm"]);
    home.ends(2, &["history", "merge", "--db", "whole.db", "nowhere.db"])
        .says(&["there is no such file"]);
}

#[test]
fn array_jobs_name_their_part() {
    for variable in ["AWS_BATCH_JOB_ARRAY_INDEX", "JOB_COMPLETION_INDEX"] {
        let mut seen = Vec::new();
        for index in ["0", "1", "2"] {
            let home = home(5).env(variable, index);
            let ended = home.run(&["scan", "--all", "--shards", "3", "--format", "json"]);
            seen.extend(scans(&ended.out).into_iter().map(|(tenant, _)| tenant));
        }
        seen.sort();
        assert_eq!(seen, ["t0", "t1", "t2", "t3", "t4"], "{variable}");
        let home = home(2).env(variable, "3");
        home.ends(2, &["scan", "--all", "--shards", "3"])
            .says(&["not a number from 0 to 2", variable]);
    }
    home(1).ends(2, &["scan", "--all", "--shards", "3"]).says(&["JOB_COMPLETION_INDEX", "--shard"]);
    home(1).ends(2, &["scan", "--all", "--shard", "0/3"]).says(&["1/4 to 4/4"]);
}

/// Each scan of a history: tenant and status, the oldest first.
fn listed(home: &Home) -> Vec<(String, String)> {
    let out = home.ends(0, &["history", "--format", "json"]).out;
    let document: Value = serde_json::from_str(&out).unwrap();
    let mut scans: Vec<_> = document["scans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scan| {
            let word = |key: &str| scan[key].as_str().unwrap().to_owned();
            (word("tenant"), word("status"))
        })
        .collect();
    scans.reverse();
    scans
}

fn completed(scans: &[(String, String)]) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for (tenant, _) in scans.iter().filter(|(_, status)| status == "completed") {
        *times.entry(tenant.clone()).or_default() += 1;
    }
    times
}

/// The command again, without what was kept of it.
fn anew<'a>(home: &Home, command: &[&'a str]) -> Vec<&'a str> {
    let kept = home.path(".local/share/cspm");
    if kept.exists() {
        std::fs::remove_dir_all(kept).unwrap();
    }
    command.to_vec()
}

#[test]
fn a_killed_run_goes_on_and_loses_no_finished_tenant() {
    let home = home(10);
    home.ends(2, &["scan", "--resume"]).says(&["there is nothing to resume"]);
    let whole = home.ends(15, &["scan", "--all", "--db", "whole.db", "--format", "json"]).out;
    home.ends(2, &["scan", "--resume"]).says(&["there is nothing to resume"]);
    let mut kills = 0;
    let all = vec!["scan", "--all", "--jobs", "3", "--format", "json"];
    let mut command = all.clone();
    let out = loop {
        let child = home.command(&command).stdout(Stdio::piped()).spawn().unwrap();
        // At another moment each time; the history is read once it is there.
        let moment = 40 + u64::from(std::process::id().wrapping_mul(kills + 1) % 17) * 45;
        std::thread::sleep(Duration::from_millis(moment));
        let mut child = child;
        if kills < 4 && child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            let finished = completed(&listed(&home));
            assert!(finished.values().all(|times| *times == 1), "scanned again: {finished:?}");
            command = match finished.len() {
                // It was killed after its last tenant, or before its first: all
                // begins anew.
                10 => anew(&home, &all),
                0 if listed(&home).is_empty() => anew(&home, &all),
                _ => vec!["scan", "--resume"],
            };
            continue;
        }
        let ended = Ended::of(child);
        assert_eq!(ended.code, 15, "{}", ended.err);
        break ended.out;
    };
    assert!(kills > 0, "it was too fast to be killed");
    let scans = listed(&home);
    let finished = completed(&scans);
    assert_eq!(finished.len(), 10);
    assert!(finished.values().all(|times| *times == 1), "{finished:?}");
    assert!(scans.iter().all(|(_, status)| status != "running"), "{scans:?}");
    let without_life = |text: &str| timeless(text).to_string();
    assert_eq!(without_life(&out), without_life(&whole), "as if nothing had happened");
    home.ends(2, &["scan", "--resume"]).says(&["there is nothing to resume"]);
}

#[test]
fn resume_takes_no_other_tenants_but_another_format() {
    let home = home(6);
    let mut child = home.command(&["scan", "--all", "--jobs", "1"]).spawn().unwrap();
    while !home.path(".local/share/cspm/history.db").exists() || listed(&home).is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it was too fast to be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    home.ends(2, &["scan", "--resume", "--tenant", "t1"]);
    home.ends(2, &["scan", "--resume"]).says(&["there is nothing to resume"]);
    child.kill().unwrap();
    child.wait().unwrap();
    let resumed = home.ends(15, &["scan", "--resume", "--format", "json"]);
    resumed.says(&["going on with the run of", "of 6 tenants are left"]);
    assert_eq!(scans(&resumed.out).len(), 6);
}

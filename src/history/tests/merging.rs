//! Histories of several machines become one.

use super::super::packed::{Ref, unpack};
use super::super::*;
use super::lab::{Lab, Said, Scanning};
use crate::findings::{Suppression, Target};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::PathBuf;
use uuid::Uuid;

/// Everything a history says, without ids and numbers of its own: one line per
/// row, sorted.
fn said(history: &History) -> Vec<String> {
    let file = &history.connection;
    let mut lines = Vec::new();
    for (table, sql) in [
        (
            "scan",
            "SELECT a.partition, a.account, c.tenant, c.started_at, c.observed_at, c.finished_at,
                    c.status, c.reason, c.caller, c.source, c.rules, c.rules_digest, c.scope,
                    c.listed, c.api_calls, c.summary
             FROM scan c JOIN account a ON a.seq = c.account",
        ),
        (
            "scan_rule",
            "SELECT a.account, c.started_at, u.uid, u.digest, r.severity FROM scan_rule r
             JOIN scan c ON c.seq = r.scan JOIN account a ON a.seq = c.account
             JOIN rule u ON u.seq = r.rule",
        ),
        (
            "result",
            "SELECT a.account, c.started_at, u.uid, t.region, t.outcome, t.count FROM result t
             JOIN scan c ON c.seq = t.scan JOIN account a ON a.seq = c.account
             JOIN rule u ON u.seq = t.rule",
        ),
        (
            "gap",
            "SELECT a.account, c.started_at, g.operation, g.region, g.resource, g.class, s.message
             FROM scan_gap s JOIN gap g ON g.seq = s.gap JOIN scan c ON c.seq = s.scan
             JOIN account a ON a.seq = c.account",
        ),
        (
            "finding",
            "SELECT f.fingerprint, a.account, f.rule_uid, f.key, f.status, f.reason, f.first_seen,
                    f.last_seen, f.tenant, f.observed_at, c.started_at, s.from_time, s.title
             FROM finding f JOIN account a ON a.seq = f.account
             JOIN finding_span s ON s.seq = f.span LEFT JOIN scan c ON c.seq = f.last_scan",
        ),
        (
            "span",
            "SELECT f.fingerprint, s.from_time, b.started_at, s.to_time, e.started_at, s.began,
                    s.verdict, s.severity, s.title, s.evidence, s.error, u.uid, u.digest, r.arn,
                    r.type, r.region, r.name,
                    (SELECT group_concat(g.operation || g.resource) FROM json_each(s.gaps) j
                     JOIN gap g ON g.seq = j.value)
             FROM finding_span s JOIN finding f ON f.seq = s.finding
             JOIN rule u ON u.seq = s.rule JOIN resource r ON r.seq = s.resource
             LEFT JOIN scan b ON b.seq = s.from_scan LEFT JOIN scan e ON e.seq = s.to_scan",
        ),
        (
            "gone",
            "SELECT f.fingerprint, g.time, c.started_at, g.status, g.reason FROM finding_gone g
             JOIN finding f ON f.seq = g.finding LEFT JOIN scan c ON c.seq = g.scan",
        ),
        (
            "suppression",
            "SELECT id, rule_uid, reason, file, created_at, removed_at FROM suppression",
        ),
    ] {
        let mut statement = file.prepare(sql).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> =
                (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
            lines.push(format!("{table} {}", values.join(" ")));
        }
    }
    lines.extend(lists(file));
    lines.sort();
    lines
}

/// What stands in the packed lists.
fn lists(file: &Connection) -> Vec<String> {
    let mut lines = Vec::new();
    let mut statement = file
        .prepare(
            "SELECT a.account, c.started_at, u.uid, j.outcome, j.refs FROM judged j
             JOIN scan c ON c.seq = j.scan JOIN account a ON a.seq = c.account
             JOIN rule u ON u.seq = j.rule",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let outcome: String = row.get(3).unwrap();
        let mut numbers = Vec::new();
        unpack(row.get_ref(4).unwrap().as_blob().unwrap(), &mut numbers).unwrap();
        for number in numbers {
            let Ref { resource, part } = Ref::from_number(number);
            let what: String = if outcome == "finding" {
                file.query_row(
                    "SELECT f.fingerprint || s.from_time FROM finding_span s
                     JOIN finding f ON f.seq = s.finding WHERE s.seq = ?1",
                    [resource],
                    |row| row.get(0),
                )
            } else {
                file.query_row(
                    "SELECT arn || ifnull((SELECT key FROM part WHERE seq = ?2), '')
                     FROM resource WHERE seq = ?1",
                    [resource, part],
                    |row| row.get(0),
                )
            }
            .unwrap();
            lines.push(format!(
                "judged {} {} {} {outcome} {what}",
                row.get::<_, String>(0).unwrap(),
                row.get::<_, i64>(1).unwrap(),
                row.get::<_, String>(2).unwrap()
            ));
        }
    }
    lines
}

/// What one account says at one time: differs from account to account and
/// from time to time.
fn says(account: usize, time: usize) -> impl FnOnce(&mut Scanning<'_>) {
    move |s| {
        let said = |number: usize| match (account + time + number) % 5 {
            0 => Said::Pass,
            1 | 2 => Said::Fail,
            3 => Said::Unknown,
            _ => Said::NotApplicable,
        };
        for (number, user) in ["ada", "bob", "cyd", "dee"].iter().enumerate() {
            s.say("iam-user-mfa", "iam.user", user, said(number));
            s.say_of("iam-user-keys", "iam.user", user, "key-1", said(number + account));
        }
        if !(account + time).is_multiple_of(3) {
            s.say("s3-public", "s3.bucket", "data", Said::Fail);
        }
        if time == 1 {
            s.say("trail", "aws.account", "x", Said::Error);
            s.digest("2");
        }
        if time == 2 && account.is_multiple_of(2) {
            s.status(ScanStatus::Partial);
        }
    }
}

fn turn(lab: &mut Lab, account: usize, time: usize) {
    let second = i64::try_from(time * 10_000 + account * 100).unwrap();
    lab.turn_to(&format!("tenant-{account}"), &format!("00000000000{account}"), second);
    lab.scan(&["iam.user", "s3.bucket"], says(account, time));
}

fn paths(labs: &[Lab]) -> Vec<PathBuf> {
    labs.iter().map(|lab| lab.path.clone()).collect()
}

#[test]
fn ten_shards_say_together_what_one_run_says() {
    let mut one = Lab::numbered(100);
    let mut shards: Vec<Lab> = (0..10).map(|number| Lab::numbered(200 + number)).collect();
    for time in 0..4 {
        for (account, shard) in shards.iter_mut().enumerate() {
            turn(&mut one, account, time);
            turn(shard, account, time);
        }
    }
    let mut merged = Lab::numbered(300);
    let done = merged.merge(&paths(&shards)).unwrap();
    assert_eq!((done.scans, done.known), (40, 0));
    pretty_same(&said(&merged.history), &said(&one.history));
    assert!(merged.history.verify_trail().unwrap().is_empty());
    let chains = chains(&merged.history);
    for (number, shard) in shards.iter().enumerate() {
        let origin = Uuid::from_u128(200 + number as u128).to_string();
        assert_eq!(chains[&origin], self::chains(&shard.history)[&origin], "chain of {number}");
    }
    assert_eq!(chains[&Uuid::from_u128(300).to_string()].len(), 10, "it notes each file");

    let before = dump(&merged.history);
    let again = merged.merge(&paths(&shards)).unwrap();
    assert_eq!(again, Merged { known: 40, ..Merged::default() });
    assert_eq!(dump(&merged.history), before, "a second merge changes nothing");
}

#[test]
fn scans_of_one_account_take_their_turns_by_time() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut one = Lab::numbered(100);
        let mut three: Vec<Lab> = (0..3).map(|number| Lab::numbered(200 + number)).collect();
        for time in 0..12 {
            turn(&mut one, 4, time);
            turn(&mut three[(time * 7 / 3) % 3], 4, time);
        }
        let mut merged = Lab::numbered(300);
        for number in order {
            let file = three[number].path.clone();
            merged.merge(&[file]).unwrap();
        }
        pretty_same(&said(&merged.history), &said(&one.history));
    }
}

#[test]
fn a_history_grows_by_what_is_new_in_another() {
    let (mut one, mut shard) = (Lab::numbered(100), Lab::numbered(200));
    let mut merged = Lab::numbered(300);
    for time in 0..5 {
        turn(&mut one, 1, time);
        turn(&mut shard, 1, time);
        let done = merged.merge(std::slice::from_ref(&shard.path)).unwrap();
        assert_eq!((done.scans, done.known), (1, time));
        pretty_same(&said(&merged.history), &said(&one.history));
    }
    turn(&mut merged, 1, 6);
    turn(&mut one, 1, 6);
    pretty_same(&said(&merged.history), &said(&one.history));
    assert!(merged.history.verify_trail().unwrap().is_empty());
}

#[test]
fn what_was_forgotten_keeps_its_place_in_a_life() {
    let (mut shard, mut merged) = (Lab::numbered(200), Lab::numbered(300));
    for time in 0..4 {
        turn(&mut shard, 1, time);
    }
    let old: Vec<ScanId> =
        shard.history.scans(None).unwrap().iter().skip(1).map(|scan| scan.meta.id).collect();
    let now = shard.tick();
    assert_eq!(shard.history.prune(&old, now, "me").unwrap(), 3);
    let files = [shard.path.clone()];
    merged.merge(&files).unwrap();
    let lives = |history: &History| -> Vec<String> {
        said(history)
            .into_iter()
            .filter(|line| ["finding", "span", "gone"].iter().any(|kind| line.starts_with(kind)))
            .collect()
    };
    pretty_same(&lives(&merged.history), &lives(&shard.history));
    let before = dump(&merged.history);
    merged.merge(&files).unwrap();
    assert_eq!(dump(&merged.history), before);
    turn(&mut shard, 1, 5);
    merged.merge(&files).unwrap();
    pretty_same(&lives(&merged.history), &lives(&shard.history));
}

#[test]
fn suppressions_come_along() {
    let (mut shard, mut merged) = (Lab::numbered(200), Lab::numbered(300));
    let suppression = |id: u128, file: Option<&str>| Suppression {
        id: Uuid::from_u128(id).to_string(),
        target: Target::Rule { uid: "iam-user-mfa".to_owned(), resource: None },
        tenant: None,
        reason: "known".to_owned(),
        until: "2027-01-01".parse().unwrap(),
        owner: None,
        file: file.map(str::to_owned),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        created_by: "me".to_owned(),
        removed_at: None,
        removed_by: None,
    };
    for history in [&mut shard.history, &mut merged.history] {
        let id = Uuid::new_v4().as_u128();
        history.suppress(&suppression(id, Some("suppressions.toml"))).unwrap();
    }
    shard.history.suppress(&suppression(7, None)).unwrap();
    let files = [shard.path.clone()];
    let done = merged.merge(&files).unwrap();
    assert_eq!(done.suppressions, 1, "the same file in both histories says one thing");
    let now = shard.tick();
    let id = Uuid::from_u128(7).to_string();
    assert!(shard.history.remove_suppression(&id, now, "me").unwrap());
    let done = merged.merge(&files).unwrap();
    assert_eq!(done.suppressions, 1);
    let mut statement = merged
        .history
        .connection
        .prepare("SELECT removed_by FROM suppression ORDER BY removed_by")
        .unwrap();
    let removed: Vec<Option<String>> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(removed, [None, Some("me".to_owned())]);
}

#[test]
fn a_file_that_cannot_be_merged_leaves_everything_as_it_was() {
    let mut good = Lab::numbered(200);
    turn(&mut good, 1, 0);
    let mut merged = Lab::numbered(300);
    turn(&mut merged, 2, 0);
    let before = dump(&merged.history);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("text"), "dear diary, this is not a database, but it is long enough")
        .unwrap();
    std::fs::write(path("empty"), "").unwrap();
    Connection::open(path("foreign")).unwrap().execute_batch("CREATE TABLE other (x)").unwrap();

    let mut newer = Lab::numbered(201);
    turn(&mut newer, 1, 0);
    newer.history.connection.pragma_update(None, "user_version", 99).unwrap();
    let mut tampered = Lab::numbered(202);
    turn(&mut tampered, 1, 0);
    tampered
        .history
        .connection
        .execute_batch("DROP TRIGGER event_is_not_changed; UPDATE event SET actor = 'you'")
        .unwrap();
    let mut running = Lab::numbered(203);
    let writer = running.begin();
    let mut lost = Lab::numbered(204);
    turn(&mut lost, 1, 0);
    lost.history
        .connection
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM finding_span")
        .unwrap();

    for (file, words) in [
        (path("nothing"), "there is no such file"),
        (path("text"), "is not a history of cspm"),
        (path("empty"), "is not a history of cspm"),
        (path("foreign"), "is not a history of cspm"),
        (newer.path.clone(), "has schema 99"),
        (tampered.path.clone(), "is broken at event 1: it was changed"),
        (running.path.clone(), "is still running"),
        (lost.path.clone(), "cannot merge"),
        (merged.path.clone(), "the very history"),
    ] {
        let files = [good.path.clone(), file.clone()];
        let error = merged.merge(&files).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
        assert!(error.contains(&file.display().to_string()), "{error}");
        assert_eq!(dump(&merged.history), before, "{words}");
    }
    drop(writer);
    assert_eq!(std::fs::read(path("empty")).unwrap(), b"", "an empty file stays one");
}

#[test]
fn two_copies_of_one_file_that_went_apart_are_refused() {
    let mut shard = Lab::numbered(200);
    turn(&mut shard, 1, 0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    shard.history.connection.execute("VACUUM INTO ?1", [path.display().to_string()]).unwrap();
    let mut merged = Lab::numbered(300);
    let files = [shard.path.clone(), path.clone()];
    let done = merged.merge(&files).unwrap();
    assert_eq!((done.scans, done.known), (1, 1), "a plain copy brings nothing");

    turn(&mut shard, 1, 1);
    let note = serde_json::json!({});
    let mut copy = History::open(&path, Uuid::nil(), shard.now()).unwrap();
    copy.note(shard.now(), "me", "something", &note).unwrap();
    let before = dump(&merged.history);
    let error = merged.merge(&files).unwrap_err().to_string();
    assert!(error.contains("two copies of one history"), "{error}");
    assert_eq!(dump(&merged.history), before);
}

#[test]
fn a_crashed_shard_brings_what_it_had_written() {
    let mut shard = Lab::numbered(200);
    let mut writer = shard.begin();
    let id = writer.id();
    let mut gaps = crate::inventory::GapTable::default();
    let one = super::lab::verdict("iam-user-mfa", "iam.user", "ada", None, Said::Fail, &mut gaps);
    writer.push(one, &gaps).unwrap();
    writer.flush().unwrap();
    drop(writer);
    let mut merged = Lab::numbered(300);
    merged.merge(&[shard.path.clone()]).unwrap();
    let scan = merged.history.scan(&id.to_string()).unwrap();
    assert_eq!(scan.status, ScanStatus::Partial);
    assert_eq!(merged.findings(id).len(), 1);
}

/// Every event of each chain.
fn chains(history: &History) -> BTreeMap<String, Vec<String>> {
    let mut chains: BTreeMap<String, Vec<String>> = BTreeMap::new();
    history
        .for_each_event(|event| {
            chains.entry(event.origin.clone()).or_default().push(format!("{event:?}"));
            Ok::<_, HistoryError>(())
        })
        .unwrap();
    chains
}

/// The whole file as it is, numbers and all.
fn dump(history: &History) -> Vec<String> {
    let file = &history.connection;
    let mut lines = Vec::new();
    for table in [
        "origin",
        "account",
        "run",
        "scan",
        "rule",
        "scan_rule",
        "resource",
        "part",
        "finding",
        "finding_span",
        "finding_gone",
        "judged",
        "result",
        "gap",
        "scan_gap",
        "suppression",
        "event",
    ] {
        let mut statement = file.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> =
                (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
            lines.push(format!("{table} {}", values.join(" ")));
        }
    }
    lines
}

/// Shows the lines that differ.
#[track_caller]
fn pretty_same(left: &[String], right: &[String]) {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };
    assert_eq!(only(left, right), only(right, left));
    assert_eq!(left.len(), right.len());
}

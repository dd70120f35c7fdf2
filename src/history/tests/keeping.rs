//! The file itself: crashes, locks, modes, many writers, and the trail.

use super::super::*;
use super::lab::{Lab, Said, end_at, verdict};
use crate::inventory::GapTable;
use crate::rules::Outcome;
use jiff::Timestamp;
use rusqlite::Connection;
use uuid::Uuid;

fn users(writer: &mut ScanWriter, number: usize, said: Said) -> GapTable {
    let mut gaps = GapTable::default();
    for user in 0..number {
        let name = format!("user-{user}");
        let verdict = verdict("iam-user-mfa", "iam.user", &name, None, said, &mut gaps);
        writer.push(verdict, &gaps).unwrap();
    }
    gaps
}

#[test]
fn a_scan_whose_process_died_becomes_partial_and_keeps_what_was_written() {
    let mut lab = Lab::new();
    let mut writer = lab.begin();
    let id = writer.id();
    users(&mut writer, 10, Said::Fail);
    writer.flush().unwrap();
    let mut gaps = GapTable::default();
    writer.push(verdict("trail", "aws.account", "x", None, Said::Fail, &mut gaps), &gaps).unwrap();
    drop(writer);
    assert_eq!(lab.history.scan(&id.to_string()).unwrap().status, ScanStatus::Running);

    lab.reopen();
    let scan = lab.history.scan(&id.to_string()).unwrap();
    assert_eq!(scan.status, ScanStatus::Partial);
    assert_eq!(scan.finished_at, None);
    assert!(scan.reason.unwrap().contains("process ended"));
    assert_eq!(scan.summary.unwrap().verdicts(Outcome::Fail), 10);
    assert_eq!(lab.findings(id).len(), 10);
    assert!(lab.history.verify_trail().unwrap().is_empty());
}

#[test]
fn a_scan_that_died_before_it_judged_has_failed() {
    let mut lab = Lab::new();
    let id = lab.begin().id();
    lab.reopen();
    assert_eq!(lab.history.scan(&id.to_string()).unwrap().status, ScanStatus::Failed);
}

#[test]
fn a_scan_that_runs_is_left_alone() {
    let mut lab = Lab::new();
    let mut writer = lab.begin();
    let id = writer.id().to_string();
    let gaps = users(&mut writer, 3, Said::Pass);
    writer.flush().unwrap();
    lab.reopen();
    assert_eq!(lab.history.scan(&id).unwrap().status, ScanStatus::Running);
    let scan = writer.finish(end_at(lab.now()), &gaps).unwrap();
    assert_eq!(scan.status, ScanStatus::Completed);
    let folder = lab.path.parent().unwrap();
    let locks = std::fs::read_dir(folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "lock"))
        .count();
    assert_eq!(locks, 0, "the lock file goes with the scan");
}

/// What a killed process leaves is the file and its log as they are at that
/// moment, here in the middle of a write.
#[test]
fn a_copy_taken_in_the_middle_of_a_write_is_whole() {
    let mut lab = Lab::new();
    let mut writer = lab.begin();
    users(&mut writer, 500, Said::Fail);
    writer.flush().unwrap();
    let other = Connection::open(&lab.path).unwrap();
    // So small a cache spills pages into the log before the commit.
    other.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
    for number in 0..5000 {
        other
            .execute(
                "INSERT INTO resource (account, arn, type, region, name)
                 VALUES (1, ?1, 'iam.user', 'global', 'half written')",
                [format!("arn:{number}")],
            )
            .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("history.db");
    for end in ["", "-wal"] {
        let from = format!("{}{end}", lab.path.display());
        std::fs::copy(from, format!("{}{end}", copy.display())).unwrap();
    }
    let history = History::open(&copy, Uuid::nil(), lab.now()).unwrap();
    let check: String =
        history.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let scan = history.scan(&writer.id().to_string()).unwrap();
    assert_eq!(scan.status, ScanStatus::Partial);
    assert_eq!(scan.summary.unwrap().verdicts(Outcome::Fail), 500);
    let half: i64 = history
        .connection
        .query_row("SELECT count(*) FROM resource WHERE name = 'half written'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(half, 0);
}

#[test]
fn a_hundred_thousand_verdicts_pass_through() {
    let mut lab = Lab::new();
    let mut writer = lab.begin();
    let mut gaps = GapTable::default();
    for user in 0..50_000 {
        let name = format!("user-{user}");
        let said = if user % 100 == 0 { Said::Fail } else { Said::Pass };
        for (rule, said) in [("iam-user-mfa", said), ("iam-user-keys", Said::Pass)] {
            let verdict = verdict(rule, "iam.user", &name, None, said, &mut gaps);
            writer.push(verdict, &gaps).unwrap();
            assert!(writer.in_memory() <= 4096 + 2 * 16_384, "memory is bounded");
        }
    }
    let scan = writer.finish(end_at(lab.now()), &gaps).unwrap();
    let summary = scan.summary.unwrap();
    assert_eq!(summary.verdicts(Outcome::Pass), 99_500);
    assert_eq!(summary.verdicts(Outcome::Fail), 500);
    let rows: i64 =
        lab.history.connection.query_row("SELECT count(*) FROM judged", [], |r| r.get(0)).unwrap();
    assert_eq!(rows, 3, "one list per rule and outcome");
    let contents = lab.history.contents(scan.meta.id, true).unwrap();
    assert_eq!(contents.len(), 100_000);
    let mut passes = 0;
    for start in (0..contents.len()).step_by(10_000) {
        let page =
            lab.history.page(&contents, &(start..start + 10_000).collect::<Vec<_>>()).unwrap();
        assert_eq!(page.len(), 10_000);
        passes += page.iter().filter(|it| it.verdict == Outcome::Pass).count();
    }
    assert_eq!(passes, 99_500);
}

#[test]
fn many_scans_write_at_once() {
    let mut lab = Lab::new();
    let writers: Vec<ScanWriter> = (0..4)
        .map(|number| {
            let meta = lab.meta(&["eu-west-1"]);
            let meta = ScanMeta {
                tenant: format!("t{number}"),
                account_id: format!("00000000000{number}"),
                ..meta
            };
            lab.history.begin_scan(meta, super::lab::all_rules()).unwrap()
        })
        .collect();
    let now = lab.now();
    std::thread::scope(|scope| {
        for mut writer in writers {
            scope.spawn(move || {
                let gaps = users(&mut writer, 9000, Said::Pass);
                writer.finish(end_at(now), &gaps).unwrap()
            });
        }
    });
    let scans = lab.history.latest_scans().unwrap();
    let passes: Vec<u64> =
        scans.iter().map(|s| s.summary.as_ref().unwrap().verdicts(Outcome::Pass)).collect();
    assert_eq!(passes, [9000; 4]);
    assert!(lab.history.verify_trail().unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let mut lab = Lab::new();
    let writer = lab.begin();
    let folder = lab.path.parent().unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(files.len() >= 3, "history, log and lock: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    drop(writer);
}

#[test]
fn what_is_not_a_history_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "dear diary, this is not a database, but it is long enough").unwrap();
    let error = History::open(&path, Uuid::nil(), Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(matches!(error, HistoryError::NotAHistory { .. }), "{error}");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("dear diary"));

    let missing = folder.path().join("notes.txt").join("history.db");
    let error = History::open(&missing, Uuid::nil(), Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(matches!(error, HistoryError::Open { .. }), "{error}");

    let error = History::open(folder.path(), Uuid::nil(), Timestamp::UNIX_EPOCH).unwrap_err();
    let a_folder = |error: &HistoryError| match error {
        HistoryError::Open { source, .. } => source.kind() == std::io::ErrorKind::IsADirectory,
        _ => false,
    };
    assert!(a_folder(&error), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else was made");
}

#[test]
fn the_trail_cannot_be_changed_unseen() {
    let mut lab = Lab::new();
    lab.scan(&[], |s| s.say("trail", "aws.account", "x", Said::Fail));
    let note = serde_json::json!({ "from": "a", "to": "b" });
    lab.history.note(lab.now(), "me", "something", &note).unwrap();
    assert_eq!(lab.kinds_of_events().len(), 3);
    assert!(lab.history.verify_trail().unwrap().is_empty());
    let file = &lab.history.connection;
    assert!(file.execute("UPDATE event SET actor = 'you'", []).is_err());
    assert!(file.execute("DELETE FROM event", []).is_err());

    file.execute_batch(
        "DROP TRIGGER event_is_not_changed;
         UPDATE event SET actor = 'you' WHERE number = 2;",
    )
    .unwrap();
    let broken = lab.history.verify_trail().unwrap();
    assert_eq!(broken.len(), 1);
    assert_eq!((broken[0].number, broken[0].what), (2, "it was changed"));
    file.execute_batch("DROP TRIGGER event_is_not_deleted; DELETE FROM event WHERE number = 1;")
        .unwrap();
    assert_eq!(lab.history.verify_trail().unwrap()[0].what, "an event is missing");
}

#[test]
fn an_interrupted_run_is_found() {
    let mut lab = Lab::new();
    let (run, held) = lab.history.interrupted_run().unwrap().unwrap();
    assert_eq!(run.meta.request["tenants"][0], "acme");
    assert!(lab.history.interrupted_run().unwrap().is_none(), "somebody goes on with it");
    drop(held);
    assert!(lab.history.interrupted_run().unwrap().is_some());
    let scan = lab.scan(&[], |_| {});
    let scans = lab.history.scans_of_run(run.meta.id).unwrap();
    assert_eq!(scans, [scan]);
    lab.history.finish_run(run.meta.id, lab.now()).unwrap();
    assert!(lab.history.interrupted_run().unwrap().is_none());
}

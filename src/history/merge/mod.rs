//! Joining histories: what shards or other machines wrote becomes one file.
//!
//! Runs, scans and what each scan said are copied under their own ids. The
//! lives of findings are not copied but lived again: the scans of an account
//! see its findings in the order of their times, whichever file they come
//! from. So a merged file says what one file would have said. Chains of events
//! are copied as they are, each beside the others.

mod copy;
mod lives;
mod replay;
mod trail;

use super::error::{HistoryError, Result};
use super::store::{History, write_transaction};
use super::{event, migrate, time};
use copy::Copying;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde_json::json;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What a merge brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Scans that were not there before.
    pub scans: usize,
    /// Scans that were there already.
    pub known: usize,
    /// Events that were not there before.
    pub events: usize,
    /// Suppressions that were not there before, or were taken back since.
    pub suppressions: usize,
}

impl Merged {
    fn changed(self) -> bool {
        self.scans + self.events + self.suppressions > 0
    }
}

impl History {
    /// Takes over what other history files hold: all of them, or nothing if
    /// one of them cannot be read. What is there already stays as it is, so a
    /// second merge of the same files changes nothing. Scans in those files
    /// whose process is gone are ended there first.
    ///
    /// # Errors
    /// A file is missing, foreign, newer, damaged, is this history itself, has
    /// a scan that still runs, or has a trail that does not fit: changed, or
    /// grown in another way than the same trail here.
    pub fn merge(&mut self, files: &[PathBuf], at: Timestamp, by: &str) -> Result<Merged> {
        let sources = files
            .iter()
            .map(|path| self.source(path, at).map_err(|error| error.in_file(path)))
            .collect::<Result<Vec<_>>>()?;
        let transaction = write_transaction(&mut self.connection)?;
        let mut all = Merged::default();
        for source in &sources {
            let merged = take_over(&transaction, &source.connection, at, by)
                .map_err(|error| error.in_file(&source.path))?;
            all.scans += merged.scans;
            all.known += merged.known;
            all.events += merged.events;
            all.suppressions += merged.suppressions;
        }
        transaction.commit()?;
        Ok(all)
    }

    /// Opens a file to be merged, if it can be.
    fn source(&self, path: &Path, at: Timestamp) -> Result<Self> {
        if !path.is_file() {
            return Err(HistoryError::NoFile);
        }
        if path.canonicalize().ok().is_some_and(|it| Some(it) == self.path.canonicalize().ok()) {
            return Err(HistoryError::Itself);
        }
        // Looks first: opening it to write would make a history of an empty
        // file.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if migrate::version(&Connection::open_with_flags(path, flags)?, path)? == 0 {
            return Err(HistoryError::NotAHistory { path: path.to_owned() });
        }
        let source = Self::open(path, Uuid::nil(), at)?;
        let check: String =
            source.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if check != "ok" {
            return Err(HistoryError::Damaged(check));
        }
        let running = "SELECT id FROM scan WHERE status = 'running' ORDER BY seq LIMIT 1";
        if let Some(scan) = source.connection.query_row(running, [], |row| row.get(0)).optional()? {
            return Err(HistoryError::StillRunning { scan });
        }
        match source.verify_trail()?.into_iter().next() {
            Some(broken) => Err(broken.into()),
            None => Ok(source),
        }
    }
}

/// Takes over one file, within a write transaction of the other.
fn take_over(to: &Connection, from: &Connection, at: Timestamp, by: &str) -> Result<Merged> {
    let reading = from.unchecked_transaction()?;
    let events = trail::copy(to, &reading)?;
    let mut copying = Copying::new(to, &reading)?;
    let suppressions = copying.suppressions()?;
    let scans = copying.scans()?;
    let there: i64 = reading.query_row("SELECT count(*) FROM scan", [], |row| row.get(0))?;
    lives::live_again(&mut copying, &scans)?;
    let known = usize::try_from(there).unwrap_or(0).saturating_sub(scans.len());
    let merged = Merged { scans: scans.len(), known, events, suppressions };
    if merged.changed() {
        let origin: String =
            reading.query_row("SELECT id FROM origin WHERE here = 1", [], |row| row.get(0))?;
        let data = json!({ "from": origin, "scans": scans.len(), "events": events });
        event::append(to, time::micros(at), by, "history_merged", &data)?;
    }
    Ok(merged)
}

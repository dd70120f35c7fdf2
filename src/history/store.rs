//! The file: opening it, runs, and scans that nobody finished.

use super::error::{HistoryError, Result};
use super::event::{self, BrokenChain, Event};
use super::lock::Lock;
use super::record::{RunId, RunMeta, RunRecord, ScanId, ScanMeta, ScanRule, ScanStatus};
use super::write::ScanWriter;
use super::{migrate, settle, time};
use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// How long a write waits for another process's. Each holds the file for one
/// batch of verdicts, or for settling one scan.
const BUSY: Duration = Duration::from_secs(60);

/// A history file, open.
#[derive(Debug)]
pub struct History {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
}

/// Holds a run; see [`History::hold_run`].
#[derive(Debug)]
pub struct RunLock(#[expect(dead_code, reason = "held until it is dropped")] Lock);

/// Begins scans of one history file from any thread; clones are the same.
#[derive(Clone, Debug)]
pub struct Recorder {
    path: PathBuf,
    turn: Turn,
}

/// Whose turn it is to write: the scans of one process wait here for each
/// other, where they sleep until it is free, and not in SQLite, which polls.
pub(super) type Turn = Arc<Mutex<()>>;

impl Recorder {
    /// Begins a scan. It has a connection of its own, so that many scans can
    /// be written at once.
    pub fn begin_scan(&self, meta: ScanMeta, rules: Vec<ScanRule>) -> Result<ScanWriter> {
        let lock = Lock::take(&self.path, meta.id)?
            .ok_or_else(|| HistoryError::Damaged(format!("scan {} runs already", meta.id)))?;
        let connection = connect(&self.path)?;
        // Hundreds of scans may be written at once: half a megabyte each.
        connection.pragma_update(None, "cache_size", -512)?;
        ScanWriter::begin(connection, Arc::clone(&self.turn), lock, meta, rules)
    }
}

impl History {
    /// Opens a history, makes it if there is none, and brings an old one to
    /// the newest schema. Scans that still count as running though their
    /// process is gone become partial, or failed if nothing was judged.
    ///
    /// `origin` becomes the id of the file if it is new; `now` is when its
    /// making, or the end of such scans, is written down. A new file can be
    /// read by its owner only, and so can the folder if that is new, too.
    pub fn open(path: &Path, origin: Uuid, now: Timestamp) -> Result<Self> {
        create_private(path)?;
        let mut connection = connect(path)?;
        migrate::migrate(&mut connection, path, origin, time::micros(now))?;
        let mut history = Self { path: path.to_owned(), connection };
        history.close_dead_scans(now)?;
        Ok(history)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes that a run begins.
    pub fn begin_run(&mut self, run: &RunMeta) -> Result<()> {
        self.connection.execute(
            "INSERT INTO run (id, origin, version, request, started_at)
             SELECT ?1, seq, ?2, ?3, ?4 FROM origin WHERE here = 1",
            params![
                run.id.to_string(),
                run.version,
                run.request.to_string(),
                time::micros(run.started_at)
            ],
        )?;
        Ok(())
    }

    /// Notes that a run came to its end.
    pub fn finish_run(&mut self, run: RunId, at: Timestamp) -> Result<()> {
        self.connection.execute(
            "UPDATE run SET finished_at = ?2 WHERE id = ?1",
            params![run.to_string(), time::micros(at)],
        )?;
        Ok(())
    }

    /// Holds a run as long as its process lives, so that nobody takes it for an
    /// interrupted one. `None` if another process holds it.
    pub fn hold_run(&self, run: RunId) -> Result<Option<RunLock>> {
        Ok(Lock::take(&self.path, run)?.map(RunLock))
    }

    /// The newest run of this file that was interrupted, or whose process died.
    /// It is held from now on.
    pub fn interrupted_run(&self) -> Result<Option<(RunRecord, RunLock)>> {
        let mut statement = self.connection.prepare(
            "SELECT n.id, n.version, n.request, n.started_at
             FROM run n JOIN origin o ON o.seq = n.origin
             WHERE n.finished_at IS NULL AND o.here = 1 ORDER BY n.started_at DESC, n.id DESC",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id = RunId(uuid(&row.get::<_, String>(0)?)?);
            let Some(lock) = self.hold_run(id)? else { continue };
            let meta = RunMeta {
                id,
                version: row.get(1)?,
                request: super::json(&row.get::<_, String>(2)?)?,
                started_at: time::timestamp(row.get(3)?)?,
            };
            return Ok(Some((RunRecord { meta, finished_at: None }, lock)));
        }
        Ok(None)
    }

    /// Begins scans from any thread.
    pub fn recorder(&self) -> Recorder {
        Recorder { path: self.path.clone(), turn: Arc::default() }
    }

    /// Begins a scan.
    pub fn begin_scan(&self, meta: ScanMeta, rules: Vec<ScanRule>) -> Result<ScanWriter> {
        self.recorder().begin_scan(meta, rules)
    }

    /// Appends an event to the trail.
    pub fn note(
        &mut self,
        at: Timestamp,
        actor: &str,
        kind: &str,
        data: &serde_json::Value,
    ) -> Result<()> {
        let transaction = write_transaction(&mut self.connection)?;
        event::append(&transaction, time::micros(at), actor, kind, data)?;
        transaction.commit()?;
        Ok(())
    }

    /// Calls `each` with every event of the trail, by file and place. Stops at
    /// the first error of `each`, and gives it back.
    pub fn for_each_event<E: From<HistoryError>>(
        &self,
        mut each: impl FnMut(Event) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut failed = None;
        let read = event::for_each(&self.connection, |event| {
            each(event).map_err(|error| {
                failed = Some(error);
                HistoryError::Stopped
            })
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(read?),
        }
    }

    /// Checks the trail: the first break in each chain that is broken.
    pub fn verify_trail(&self) -> Result<Vec<BrokenChain>> {
        event::verify(&self.connection)
    }

    /// Ends scans whose process is gone.
    fn close_dead_scans(&mut self, now: Timestamp) -> Result<()> {
        let running: Vec<String> = self
            .connection
            .prepare("SELECT id FROM scan WHERE status = 'running' ORDER BY seq")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for id in running {
            let scan = ScanId(uuid(&id)?);
            // Whoever holds the lock is alive, or is doing this very thing.
            let Some(_lock) = Lock::take(&self.path, scan)? else { continue };
            let transaction = write_transaction(&mut self.connection)?;
            let still: Option<i64> = transaction
                .query_row(
                    "SELECT seq FROM scan WHERE id = ?1 AND status = 'running'",
                    [&id],
                    |row| row.get(0),
                )
                .optional()?;
            let Some(seq) = still else { continue };
            let judged: bool = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM judged WHERE scan = ?1)",
                [seq],
                |row| row.get(0),
            )?;
            let status = if judged { ScanStatus::Partial } else { ScanStatus::Failed };
            settle::end(&transaction, seq, &settle::End::abandoned(status, now))?;
            transaction.commit()?;
        }
        Ok(())
    }
}

/// A connection with our settings.
fn connect(path: &Path) -> Result<Connection> {
    let refused = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => HistoryError::NotAHistory { path: path.to_owned() },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            let source = std::io::Error::new(ErrorKind::PermissionDenied, error);
            HistoryError::Open { path: path.to_owned(), source }
        }
        _ => error.into(),
    };
    let connection = Connection::open(path).map_err(refused)?;
    connection.busy_timeout(BUSY)?;
    // In WAL mode, NORMAL keeps the file whole through a crash of the system;
    // the last batches may be missing then.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(refused)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A plan may not hang on the values that are asked for: else each statement would
    // be prepared anew each time it is run (<https://www.sqlite.org/qpsg.html>).
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A transaction that has the right to write from its beginning, so that it
/// never has to give up half-way.
pub(super) fn write_transaction(connection: &mut Connection) -> Result<rusqlite::Transaction<'_>> {
    Ok(connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?)
}

/// Makes the file and its folder so that only the owner can read them. SQLite
/// gives its side files the mode of the file. A file that is there is not
/// touched: closing it would drop the locks that SQLite holds on it in this
/// process (<https://www.sqlite.org/howtocorrupt.html>, section 2.2).
fn create_private(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty() && !f.exists()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(folder)
            .map_err(|source| HistoryError::Open { path: folder.to_owned(), source })?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && !path.is_dir() => Ok(()),
        Err(_) if path.is_dir() => {
            let source = ErrorKind::IsADirectory.into();
            Err(HistoryError::Open { path: path.to_owned(), source })
        }
        Err(source) => Err(HistoryError::Open { path: path.to_owned(), source }),
    }
}

/// An id that we wrote.
pub(super) fn uuid(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(|_| HistoryError::Damaged(format!("`{text}` is not an id")))
}

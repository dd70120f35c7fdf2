//! One lock file per running scan, and one per running run: tells what runs
//! from what a process left behind. The system drops the lock with the
//! process, however it ends.

use super::error::{HistoryError, Result};
use std::fmt::Display;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// A held lock; the file goes when this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock of a scan or run; `None` if another process (or another
    /// part of this one) holds it.
    pub(super) fn take(history: &Path, id: impl Display) -> Result<Option<Self>> {
        let path = path_of(history, id);
        let open = |source| HistoryError::Open { path: path.clone(), source };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(open)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { path, _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(open(source)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A file left behind does no harm: nobody holds its lock.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// `history.db` has its locks beside it, as `history.db-<id>.lock`.
fn path_of(history: &Path, id: impl Display) -> PathBuf {
    let mut name = history.file_name().unwrap_or_default().to_owned();
    name.push(format!("-{id}.lock"));
    history.with_file_name(name)
}

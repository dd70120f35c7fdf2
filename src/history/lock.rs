//! One lock file per running scan: tells a scan that runs from one whose
//! process is gone. The system drops the lock with the process, however it
//! ends.

use super::error::{HistoryError, Result};
use super::record::ScanId;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// A held lock; the file goes when this is dropped.
#[derive(Debug)]
pub(super) struct ScanLock {
    path: PathBuf,
    _file: File,
}

impl ScanLock {
    /// Takes the lock of a scan; `None` if another process (or another part of
    /// this one) holds it.
    pub(super) fn take(history: &Path, scan: ScanId) -> Result<Option<Self>> {
        let path = path_of(history, scan);
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

impl Drop for ScanLock {
    fn drop(&mut self) {
        // A file left behind does no harm: nobody holds its lock.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// `history.db` has its locks beside it, as `history.db-<scan>.lock`.
fn path_of(history: &Path, scan: ScanId) -> PathBuf {
    let mut name = history.file_name().unwrap_or_default().to_owned();
    name.push(format!("-{scan}.lock"));
    history.with_file_name(name)
}

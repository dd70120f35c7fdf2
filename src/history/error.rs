//! What can go wrong with a history.

use super::event::BrokenChain;
use super::record::ScanId;
use crate::findings::{AmbiguousPrefix, SuppressionError};
use std::path::{Path, PathBuf};

/// Why a history cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The file or its folder cannot be created or opened.
    #[error("cannot open the history {}: {source}", path.display())]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error(
        "{} is not a history of cspm; name another file with --db or move this one away",
        path.display()
    )]
    NotAHistory {
        /// The file.
        path: PathBuf,
    },
    /// A newer cspm wrote the file.
    #[error(
        "the history {} has schema {found}, and this cspm knows schemas up to {known}; \
         use the cspm that wrote it, or a newer one",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that we know.
        known: i64,
    },
    /// SQLite refuses.
    #[error("the history cannot be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// What is in the file is not what we wrote.
    #[error("the history is damaged: {0}")]
    Damaged(String),
    /// A verdict names a rule that the scan did not announce.
    #[error("a verdict came from rule {0}, which is not one of the scan's rules")]
    UnknownRule(usize),
    /// An earlier write of the same scan failed.
    #[error("this scan could not be written before; what was written is kept")]
    Broken,
    /// A fingerprint's prefix names no finding, or several.
    #[error(transparent)]
    Finding(#[from] AmbiguousPrefix),
    /// A scan's prefix names no scan, or several.
    #[error("{0}")]
    Scan(ScanLookup),
    /// Two scans are of different accounts.
    #[error("scans {one} and {other} are of different accounts; only scans of one account compare")]
    OtherAccount {
        /// One scan.
        one: ScanId,
        /// The other.
        other: ScanId,
    },
    /// Whoever was given findings wanted no more.
    #[error("reading was stopped")]
    Stopped,
    /// There is no such file to merge.
    #[error("there is no such file")]
    NoFile,
    /// A history cannot be merged into itself.
    #[error("it is the very history that it is to be merged into")]
    Itself,
    /// A scan in a file to merge has not ended.
    #[error("scan {scan} is still running in it; wait for its end")]
    StillRunning {
        /// The scan.
        scan: String,
    },
    /// The trail of a file to merge was changed.
    #[error(transparent)]
    BrokenTrail(#[from] BrokenChain),
    /// Two copies of one file were written to.
    #[error(
        "the trail of {origin} went on differently there and here: two copies of one history \
         were written to, and only one of them can be merged"
    )]
    Forked {
        /// The file whose trail it is.
        origin: String,
    },
    /// A file cannot be merged.
    #[error("cannot merge {}: {source}", path.display())]
    Merge {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<HistoryError>,
    },
    /// A suppression is malformed.
    #[error(transparent)]
    Suppression(#[from] SuppressionError),
}

impl HistoryError {
    /// The same, said of a file to merge.
    pub(super) fn in_file(self, path: &Path) -> Self {
        Self::Merge { path: path.to_owned(), source: Box::new(self) }
    }
}

/// Why a prefix names no single scan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanLookup {
    /// No scan's id begins so.
    #[error("no scan has an id that begins with `{0}`; `cspm history` lists them")]
    None(String),
    /// Several do.
    #[error("several scans begin with `{prefix}`: {}; give more of the id", candidates.join(", "))]
    Several {
        /// The prefix.
        prefix: String,
        /// Their ids, in order.
        candidates: Vec<String>,
    },
}

/// Shorthand of this module.
pub(super) type Result<T, E = HistoryError> = std::result::Result<T, E>;

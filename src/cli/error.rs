//! The one place that turns kinds of errors into words, a hint and an exit code.

use super::exit::Exit;
use crate::compliance::UnknownFramework;
use crate::history::HistoryError;
use crate::inventory::snapshot::SnapshotError;
use crate::output::report::OutputError;
use crate::rules::RuleError;
use crate::scan::ScanError;
use std::io;
use std::path::Path;

/// An error on its way to the user: what happened and where, and what to do next.
#[derive(Debug)]
pub struct CliError {
    /// How the program ends.
    pub exit: Exit,
    /// What happened, and where.
    pub what: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The reader of our output has gone: nothing to say.
    pub closed_pipe: bool,
}

impl CliError {
    /// Wrong usage or configuration.
    pub fn usage(what: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, what: what.into(), hint: None, closed_pipe: false }
    }

    /// Something could not be done.
    pub fn failed(what: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, what: what.into(), hint: None, closed_pipe: false }
    }

    /// The same error with what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A file that cannot be read or written.
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::usage(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// Rules that are wrong.
    pub fn rules(errors: &[RuleError]) -> Self {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Self::usage(lines.join("\n"))
    }

    /// A tenant that could not be scanned; `place` is where its resources were
    /// to be read, as people would say it.
    pub fn scan(tenant: &str, place: &str, error: ScanError) -> Self {
        match error {
            ScanError::Snapshot(error) => Self::snapshot(place, &error),
            ScanError::Unwritten(error) => {
                Self::failed(format!("the snapshot of {tenant} cannot be written: {error}"))
                    .hint("make room for it, or name another file with --save-snapshot")
            }
            ScanError::History(error) => error.into(),
            #[cfg(feature = "aws")]
            ScanError::Session(error) => super::session::wording(tenant, &error),
            ScanError::NoAws => Self::no_aws(&format!("cannot scan {tenant}")),
            ScanError::Interrupted => {
                let what = error.to_string();
                Self { exit: Exit::Interrupted, what, hint: None, closed_pipe: false }
            }
            ScanError::TimedOut => Self::failed(format!("cannot scan {tenant}: {error}"))
                .hint("give it more time with --timeout"),
            ScanError::Ended | ScanError::Broken => {
                Self::failed(format!("cannot scan {tenant}: {error}"))
            }
            #[cfg(feature = "aws")]
            ScanError::NoSuchRegion(ref wrong) => {
                Self::usage(format!("cannot scan {tenant}: {error}"))
                    .hint(super::session::region_meant(wrong))
            }
            ScanError::WrongSnapshot { .. } | ScanError::RegionNotInSnapshot { .. } => {
                Self::usage(format!("cannot scan {tenant}: {error}"))
            }
        }
    }

    /// What needs AWS, in a build without it.
    pub fn no_aws(what: &str) -> Self {
        Self::usage(format!("{what}: this build of cspm has no AWS"))
            .hint("`cargo build --release` builds with AWS; snapshots work without")
    }

    /// A snapshot that cannot be read.
    pub fn snapshot(name: &str, error: &SnapshotError) -> Self {
        let error_text = format!("cannot read the snapshot {name}: {error}");
        match error {
            SnapshotError::Truncated(_) => Self::usage(error_text)
                .hint("the scan that wrote it was interrupted; take the snapshot again"),
            SnapshotError::Fetch { hint, missing: true, .. } => {
                Self::usage(error_text).hint(hint.clone())
            }
            SnapshotError::Fetch { hint, missing: false, .. } => {
                Self::failed(error_text).hint(hint.clone())
            }
            SnapshotError::NewerFormat(_) => Self::usage(error_text).hint("use a newer cspm"),
            _ => Self::usage(error_text),
        }
    }
}

/// Writing to standard output or error.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        let closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        let exit = if closed_pipe { Exit::Ok } else { Exit::Failed };
        Self { exit, what: format!("cannot write: {error}"), hint: None, closed_pipe }
    }
}

impl From<OutputError> for CliError {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::Read(error) => error.into(),
            OutputError::Write(error) => error.into(),
            OutputError::Json(error) => error.into(),
        }
    }
}

impl From<HistoryError> for CliError {
    fn from(error: HistoryError) -> Self {
        let what = error.to_string();
        match &error {
            HistoryError::Open { path, source } => {
                let hint = "name a file that can be written with --db or $CSPM_DB";
                let inside = path.join("history.db");
                Self::usage(what).hint(match source.kind() {
                    io::ErrorKind::IsADirectory => format!("{hint}, such as {}", inside.display()),
                    _ => hint.to_owned(),
                })
            }
            HistoryError::NotAHistory { .. }
            | HistoryError::Newer { .. }
            | HistoryError::Finding(_)
            | HistoryError::Scan(_)
            | HistoryError::Merge { .. }
            | HistoryError::Suppression(_) => Self::usage(what),
            _ => Self::failed(what),
        }
    }
}

impl From<UnknownFramework> for CliError {
    fn from(error: UnknownFramework) -> Self {
        Self::usage(format!("there is no framework `{}`", error.name)).hint(error.hint)
    }
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { io::Error::from(error).into() } else { Self::failed(error.to_string()) }
    }
}

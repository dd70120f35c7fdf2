//! History: what was found, when, and what became of it. One SQLite file.
//!
//! A scan streams its verdicts through [`ScanWriter`]; everything that is shown
//! is read back from here, in one fixed order. Several processes may read and
//! write one file at once. Randomness and the clock come from the caller.

mod changes;
mod error;
mod event;
mod life;
mod listing;
mod lock;
mod merge;
mod migrate;
mod numbers;
mod packed;
mod pages;
mod prune;
mod read;
mod record;
mod scans;
mod settle;
mod sight;
mod store;
mod suppress;
mod tally;
mod time;
mod write;

pub use changes::{Change, ChangeKind, Changes};
pub use error::{HistoryError, ScanLookup};
pub use event::{BrokenChain, Event};
pub use life::{Began, Life, Step, StepEvent};
pub use listing::Listing;
pub use merge::Merged;
pub use pages::Contents;
pub use read::Filter;
pub use record::{
    Coverage, RuleResult, RunId, RunMeta, RunRecord, ScanEnd, ScanId, ScanMeta, ScanRecord,
    ScanRule, ScanStatus, Scope,
};
pub use store::{History, Recorder, RunLock};
pub use write::ScanWriter;

use error::Result;
use serde::de::DeserializeOwned;

/// Reads JSON that we wrote.
fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| HistoryError::Damaged(format!("a JSON value cannot be read: {error}")))
}

/// Writes JSON.
fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| HistoryError::Damaged(format!("a value cannot be written: {error}")))
}

/// A word of ours in a column.
fn word<T>(parse: impl Fn(&str) -> Option<T>, text: &str) -> Result<T> {
    parse(text).ok_or_else(|| HistoryError::Damaged(format!("`{text}` is not a known word")))
}

/// A severity as its column keeps it: 1 info to 5 critical.
fn severity_number(severity: crate::rules::Severity) -> i64 {
    use crate::rules::Severity;
    match severity {
        Severity::Info => 1,
        Severity::Low => 2,
        Severity::Medium => 3,
        Severity::High => 4,
        Severity::Critical => 5,
    }
}

/// From that number.
fn severity_of(number: i64) -> Result<crate::rules::Severity> {
    use crate::rules::Severity;
    Severity::WORST_FIRST
        .into_iter()
        .find(|severity| severity_number(*severity) == number)
        .ok_or_else(|| HistoryError::Damaged(format!("{number} is not a severity")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests;

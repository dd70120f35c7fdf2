//! Times as the file keeps them: whole microseconds since 1970.

use super::error::{HistoryError, Result};
use jiff::Timestamp;

pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(super) fn timestamp(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros)
        .map_err(|error| HistoryError::Damaged(format!("a time is out of range: {error}")))
}

pub(super) fn maybe_timestamp(micros: Option<i64>) -> Result<Option<Timestamp>> {
    micros.map(timestamp).transpose()
}

//! Moments that EC2 sends as text.

use crate::aws::{Asked, Context};
use crate::inventory::{Fact, Gap};
use jiff::Timestamp;

/// A moment that EC2 sends as text.
pub(super) fn moment(
    asked: Asked<'_>,
    text: Option<&str>,
    member: &str,
) -> Result<Option<Timestamp>, Box<Gap>> {
    text.map(|text| {
        text.parse().map_err(|_| asked.malformed(&format!("{member} is not a moment in time")))
    })
    .transpose()
}

/// A member that may be absent, or malformed, as a fact.
pub(super) fn optional<T>(context: &Context, value: Result<Option<T>, Box<Gap>>) -> Fact<T> {
    match value {
        Ok(value) => Fact::from_option(value),
        Err(gap) => Fact::Unknown(context.gap(gap)),
    }
}

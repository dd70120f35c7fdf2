//! The two formats of most commands.

use super::error::CliError;
use clap::ValueEnum;
use serde::Serialize;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

/// A document as JSON.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, CliError> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

//! Formats: one file each, each a view of one read-only report.

pub mod finding;
pub mod permissions;
pub mod policy;
pub mod report;
pub mod rules;
pub mod scan_json;
pub mod scan_table;
pub mod scans;
pub mod table;
pub mod text;

/// How text for people is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The width in columns.
    pub columns: u16,
    /// Whether colours are used.
    pub color: bool,
}

//! Formats: one file each, each a view of one read-only report.

pub mod changes;
pub mod control_report;
pub mod csv;
pub mod finding;
pub mod finding_csv;
pub mod frameworks;
pub mod github;
pub mod html;
pub mod joined;
pub mod junit;
pub mod life;
pub mod markdown;
pub mod overview;
pub mod permissions;
pub mod policy;
pub mod redact;
pub mod report;
pub mod rule_page;
pub mod rules;
pub mod sarif;
pub mod scan_json;
pub mod scan_markdown;
pub mod scan_table;
pub mod scans;
pub mod schema;
pub mod snapshot;
pub mod suppressions;
pub mod table;
pub mod text;
pub mod trend;

/// How text for people is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The width in columns.
    pub columns: u16,
    /// Whether colours are used.
    pub color: bool,
}

impl Layout {
    /// Whether the widest tables have to do with fewer columns.
    pub fn narrow(self) -> bool {
        self.columns < 100
    }
}

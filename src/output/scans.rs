//! The list of scans.

use super::Layout;
use super::table::{Tone, table};
use crate::history::{ScanRecord, ScanStatus};
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use serde::Serialize;

/// The version of the JSON of `history`.
pub const SCHEMA: &str = "cspm-history/1";

/// The JSON of `history`.
#[derive(Debug, Serialize)]
pub struct ScanList<'a> {
    schema: &'static str,
    scans: Vec<ScanItem<'a>>,
}

#[derive(Debug, Serialize)]
struct ScanItem<'a> {
    id: String,
    tenant: &'a str,
    account_id: &'a str,
    status: &'static str,
    reason: Option<&'a str>,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    regions: &'a [String],
    rules: u64,
    rules_digest: &'a str,
    version: &'a str,
    api_calls: u64,
    summary: Option<&'a crate::findings::Summary>,
}

impl<'a> ScanList<'a> {
    /// The scans in the order given.
    pub fn new(records: &'a [ScanRecord]) -> Self {
        let scans = records
            .iter()
            .map(|record| ScanItem {
                id: record.meta.id.to_string(),
                tenant: &record.meta.tenant,
                account_id: &record.meta.account_id,
                status: record.status.as_str(),
                reason: record.reason.as_deref(),
                started_at: record.meta.started_at,
                finished_at: record.finished_at,
                regions: &record.meta.scope.regions,
                rules: record.rules,
                rules_digest: &record.meta.rules_digest,
                version: &record.meta.version,
                api_calls: record.api_calls,
                summary: record.summary.as_ref(),
            })
            .collect();
        Self { schema: SCHEMA, scans }
    }
}

/// How much of a scan's id a narrow table shows: the time of a uuid v7, and
/// enough of what is random to tell scans of one moment apart.
const SHORT_ID: usize = 18;

/// How many characters of a scan's id a table shows. Any unambiguous beginning
/// is accepted, so that a narrow one needs not all.
pub fn shown(layout: Layout) -> usize {
    if layout.narrow() { SHORT_ID } else { usize::MAX }
}

/// The list as a table.
pub fn list(records: &[ScanRecord], layout: Layout) -> String {
    let shown = shown(layout);
    let unknown = if layout.narrow() { "UNKN" } else { "UNKNOWN" };
    let rows = records
        .iter()
        .map(|record| {
            let tone = match record.status {
                ScanStatus::Completed => Tone::Plain,
                _ => Tone::Unknown,
            };
            let (fails, unknown, score) = match record.numbers() {
                Some(summary) => (
                    Severity::WORST_FIRST.map(|s| summary.fails(s).to_string()).join("/"),
                    summary.verdicts(Outcome::Unknown).to_string(),
                    summary.score.map_or("-".to_owned(), |score| format!("{score:.1}")),
                ),
                None => ("-".to_owned(), "-".to_owned(), "-".to_owned()),
            };
            vec![
                (record.meta.started_at.strftime("%F %H:%M").to_string(), Tone::Plain),
                (record.meta.tenant.clone(), Tone::Plain),
                (record.status.as_str().to_owned(), tone),
                (score, Tone::Plain),
                (fails, Tone::Plain),
                (unknown, Tone::Plain),
                (record.meta.id.to_string().chars().take(shown).collect(), Tone::Dim),
            ]
        })
        .collect();
    let head = ["STARTED", "TENANT", "STATUS", "SCORE", "C/H/M/L/I", unknown, "SCAN"];
    table(&head, rows, layout)
}

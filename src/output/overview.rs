//! All tenants at a glance, worst first.

use super::Layout;
use super::report::ScanReport;
use super::table::{Row, Tone, table};
use super::text::count;
use crate::findings::Summary;
use crate::history::{ScanRecord, ScanStatus};
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use serde::Serialize;

/// The version of the JSON of `overview`.
pub const SCHEMA: &str = "cspm-overview/1";

/// The JSON of `overview`.
#[derive(Debug, Serialize)]
pub struct OverviewDocument<'a> {
    schema: &'static str,
    tenants: Vec<TenantItem<'a>>,
}

#[derive(Debug, Serialize)]
struct TenantItem<'a> {
    tenant: &'a str,
    account_id: &'a str,
    scan: String,
    status: &'static str,
    started_at: Timestamp,
    summary: Option<&'a Summary>,
}

/// The tenants' newest scans in the order of the overview: failed ones first,
/// then by their worst failures, then by score, then by name.
pub fn worst_first(mut records: Vec<ScanRecord>) -> Vec<ScanRecord> {
    records.sort_by(|a, b| badness(b).cmp(&badness(a)).then(a.meta.tenant.cmp(&b.meta.tenant)));
    records
}

/// Comparable: the greater, the worse.
fn badness(scan: &ScanRecord) -> (bool, [u64; 5], u64, u64) {
    let failed = scan.status == ScanStatus::Failed || scan.summary.is_none();
    let Some(summary) = &scan.summary else { return (failed, [0; 5], 0, 0) };
    let fails = Severity::WORST_FIRST.map(|severity| summary.fails(severity));
    // Scores have one decimal.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 100 with one decimal"
    )]
    let lost = summary.score.map_or(0, |score| ((100.0 - score).max(0.0) * 10.0) as u64);
    (failed, fails, lost, summary.verdicts(Outcome::Unknown))
}

impl<'a> OverviewDocument<'a> {
    /// The scans in the order given.
    pub fn new(records: &'a [ScanRecord]) -> Self {
        let tenants = records
            .iter()
            .map(|scan| TenantItem {
                tenant: &scan.meta.tenant,
                account_id: &scan.meta.account_id,
                scan: scan.meta.id.to_string(),
                status: scan.status.as_str(),
                started_at: scan.meta.started_at,
                summary: scan.summary.as_ref(),
            })
            .collect();
        Self { schema: SCHEMA, tenants }
    }
}

/// The overview as a table. A narrow one has the counts in one column.
pub fn overview(records: &[ScanRecord], layout: Layout) -> String {
    if layout.narrow() {
        let rows = records.iter().map(narrow_row).collect();
        let head = ["TENANT", "ACCOUNT", "LAST SCAN", "STATUS", "SCORE", "C/H/M/L", "UNKN"];
        return table(&head, rows, layout);
    }
    let rows = records.iter().map(row).collect();
    let head = [
        "TENANT",
        "ACCOUNT",
        "LAST SCAN",
        "STATUS",
        "SCORE",
        "CRITICAL",
        "HIGH",
        "MEDIUM",
        "LOW",
        "UNKNOWN",
    ];
    table(&head, rows, layout)
}

/// The end of a scan of several tenants: how they ended, worst first.
pub fn summary(reports: &[ScanReport<'_>], layout: Layout) -> String {
    let records = worst_first(reports.iter().map(|report| report.scan.clone()).collect());
    let ended = [ScanStatus::Completed, ScanStatus::Partial, ScanStatus::Failed].map(|status| {
        (status.as_str(), records.iter().filter(|scan| scan.status == status).count())
    });
    let ended: Vec<String> = ended
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(status, number)| format!("{number} {status}"))
        .collect();
    let tenants = count(records.len() as u64, "tenant");
    if records.is_empty() {
        return format!("{tenants}\n");
    }
    format!("\n{tenants}: {}\n{}", ended.join(", "), overview(&records, layout))
}

/// The severities that have a number here.
const COUNTED: [Severity; 4] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];

fn narrow_row(scan: &ScanRecord) -> Row {
    let mut row = row(scan);
    let counts = row.drain(SCORED..SCORED + COUNTED.len()).map(|(text, _)| text);
    let counts: Vec<String> = counts.collect();
    let worst =
        COUNTED.into_iter().find(|it| scan.numbers().is_some_and(|summary| summary.fails(*it) > 0));
    row.insert(SCORED, (counts.join("/"), worst.map_or(Tone::Plain, Tone::Severity)));
    row
}

/// How many columns stand before the counts.
const SCORED: usize = 5;

fn row(scan: &ScanRecord) -> Row {
    let tone = if scan.status == ScanStatus::Completed { Tone::Plain } else { Tone::Unknown };
    let mut row = vec![
        (scan.meta.tenant.clone(), Tone::Plain),
        (scan.meta.account_id.clone(), Tone::Dim),
        (scan.meta.started_at.strftime("%F %H:%M").to_string(), Tone::Plain),
        (scan.status.as_str().to_owned(), tone),
    ];
    let Some(summary) = scan.numbers() else {
        row.extend((0..6).map(|_| ("-".to_owned(), Tone::Dim)));
        return row;
    };
    row.push((summary.score.map_or("-".to_owned(), |score| format!("{score:.1}")), Tone::Plain));
    for severity in COUNTED {
        row.push((summary.fails(severity).to_string(), Tone::Severity(severity)));
    }
    row.push((summary.verdicts(Outcome::Unknown).to_string(), Tone::Unknown));
    row
}

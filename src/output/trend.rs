//! Score and counts over time.

use super::Layout;
use super::table::{Row, Tone, table};
use super::text::safe_line;
use crate::findings::Summary;
use crate::history::ScanRecord;
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use serde::Serialize;

/// The version of the JSON of `trend`.
pub const SCHEMA: &str = "cspm-trend/1";

/// The JSON of `trend`.
#[derive(Debug, Serialize)]
pub struct TrendDocument<'a> {
    schema: &'static str,
    tenants: Vec<TenantTrend<'a>>,
}

#[derive(Debug, Serialize)]
struct TenantTrend<'a> {
    tenant: &'a str,
    scans: Vec<Point<'a>>,
}

#[derive(Debug, Serialize)]
struct Point<'a> {
    scan: String,
    started_at: Timestamp,
    status: &'static str,
    summary: &'a Summary,
}

/// Scans of one tenant that have numbers, oldest first.
pub struct Series<'a> {
    tenant: &'a str,
    scans: Vec<(&'a ScanRecord, &'a Summary)>,
}

/// The series of each tenant, by name, from scans in any order.
pub fn series(records: &[ScanRecord]) -> Vec<Series<'_>> {
    let mut tenants: Vec<&str> = records.iter().map(|scan| scan.meta.tenant.as_str()).collect();
    tenants.sort_unstable();
    tenants.dedup();
    tenants
        .into_iter()
        .map(|tenant| {
            let mut scans: Vec<(&ScanRecord, &Summary)> = records
                .iter()
                .filter(|scan| scan.meta.tenant == tenant)
                .filter_map(|scan| Some((scan, scan.summary.as_ref()?)))
                .collect();
            scans.sort_by_key(|(scan, _)| (scan.meta.started_at, scan.meta.id));
            Series { tenant, scans }
        })
        .filter(|series| !series.scans.is_empty())
        .collect()
}

impl<'a> TrendDocument<'a> {
    /// The series in their order.
    pub fn new(series: &'a [Series<'a>]) -> Self {
        let tenants = series
            .iter()
            .map(|series| TenantTrend {
                tenant: series.tenant,
                scans: series
                    .scans
                    .iter()
                    .map(|(scan, summary)| Point {
                        scan: scan.meta.id.to_string(),
                        started_at: scan.meta.started_at,
                        status: scan.status.as_str(),
                        summary,
                    })
                    .collect(),
            })
            .collect();
        Self { schema: SCHEMA, tenants }
    }
}

/// The series as tables, each with a line of its scores.
pub fn trend(series: &[Series<'_>], layout: Layout) -> String {
    let parts: Vec<String> = series
        .iter()
        .map(|series| {
            let scores: Vec<Option<f64>> =
                series.scans.iter().map(|(_, summary)| summary.score).collect();
            let rows = series.scans.iter().map(|(scan, summary)| row(scan, summary)).collect();
            let head = [
                "STARTED", "STATUS", "SCORE", "CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO",
                "UNKNOWN",
            ];
            let line = sparkline(&scores);
            format!("{}  {line}\n{}", safe_line(series.tenant), table(&head, rows, layout))
        })
        .collect();
    parts.join("\n")
}

fn row(scan: &ScanRecord, summary: &Summary) -> Row {
    let mut row = vec![
        (scan.meta.started_at.strftime("%F %H:%M").to_string(), Tone::Plain),
        (scan.status.as_str().to_owned(), Tone::Dim),
        (summary.score.map_or("-".to_owned(), |score| format!("{score:.1}")), Tone::Plain),
    ];
    if scan.numbers().is_none() {
        row.extend((0..=Severity::WORST_FIRST.len()).map(|_| ("-".to_owned(), Tone::Dim)));
        return row;
    }
    row.extend(
        Severity::WORST_FIRST
            .map(|severity| (summary.fails(severity).to_string(), Tone::Severity(severity))),
    );
    row.push((summary.verdicts(Outcome::Unknown).to_string(), Tone::Unknown));
    row
}

/// Scores from 0 to 100 as bars; a gap where there is none.
pub fn sparkline(scores: &[Option<f64>]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    scores
        .iter()
        .map(|score| match score {
            None => ' ',
            Some(score) => BARS
                .into_iter()
                .zip([12.5, 25.0, 37.5, 50.0, 62.5, 75.0, 87.5, f64::INFINITY])
                .find(|(_, below)| score < below)
                .map_or('█', |(bar, _)| bar),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_goes_from_nothing_to_full() {
        assert_eq!(sparkline(&[Some(0.0), Some(50.0), None, Some(100.0)]), "▁▅ █");
    }
}

//! What the benchmark prints.

use super::lab::{Measured, cores, permits};
use std::time::Duration;

/// A figure to reach.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    /// What, the figure, and the limit.
    pub(crate) what: String,
    /// Whether it is reached.
    pub(crate) reached: bool,
}

/// What came of a scenario.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Its cells.
    pub(crate) cells: Vec<String>,
    /// What the cells stand on.
    pub(crate) notes: Vec<String>,
    /// Figures.
    pub(crate) goals: Vec<Goal>,
    /// What must not happen.
    pub(crate) wrong: Vec<String>,
    /// One line for each operation.
    pub(crate) trace: Vec<String>,
}

const HEADER: [&str; 15] = [
    "scenario",
    "wall s",
    "bound s",
    "ratio",
    "chain",
    "flight",
    "rate",
    "cpu/core",
    "CPU s",
    "peak MB",
    "requests",
    "throttled",
    "retries",
    "judged",
    "unknown",
];

/// Seconds with two digits.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64())
}

/// KiB as megabytes.
pub(crate) fn megabytes(kib: u64) -> f64 {
    Duration::from_micros(kib).as_secs_f64() * 1_000_000.0 / 1024.0
}

impl Row {
    /// The row of a scan.
    pub(crate) fn of(name: &str, measured: &Measured) -> Self {
        let Measured { ran, record, bound, verdicts, .. } = measured;
        let verdict = |kind: &str| verdicts.get(kind).copied().unwrap_or(0);
        let mut row = Self {
            cells: vec![
                name.to_owned(),
                seconds(ran.wall),
                seconds(bound.least()),
                format!("{:.2}", measured.ratio()),
                seconds(bound.chain_time),
                seconds(bound.flight_time),
                seconds(bound.rate_time),
                seconds(bound.cpu_time),
                seconds(ran.cpu),
                format!("{:.0}", megabytes(ran.peak)),
                record.requests().to_string(),
                record.throttled().to_string(),
                record.retries().to_string(),
                measured.judged().to_string(),
                verdict("unknown").to_string(),
            ],
            ..Self::default()
        };
        row.notes.push(format!(
            "{} ms a call; {} permits, at most {} in flight at once; chain of {} to {}; {} cores, \
             of which the server took {} s and other processes {} s",
            measured.latency.as_millis(),
            permits(),
            record.in_flight.1,
            bound.chain,
            bound.chain_end,
            cores(),
            seconds(ran.server_cpu),
            seconds(ran.others)
        ));
        if !bound.rate_lane.is_empty() {
            row.notes.push(format!("slowest lane: {}", bound.rate_lane));
        }
        row.notes.push(format!(
            "verdicts: {} pass, {} fail, {} unknown, {} error, {} not applicable; scans: {:?}",
            verdict("pass"),
            verdict("fail"),
            verdict("unknown"),
            verdict("error"),
            verdict("not_applicable"),
            measured.statuses
        ));
        if verdict("error") > 0 {
            row.wrong.push(format!("{} verdicts are errors", verdict("error")));
        }
        for (operation, count) in &record.unknown {
            row.wrong.push(format!("the laboratory does not know {operation} ({count} calls)"));
        }
        for (operation, counts) in &record.operations {
            row.trace.push(format!(
                "{operation:48} {:>7} requests {:>5} throttled {:>5} retries, from {:>7} to {:>7} s",
                counts.requests,
                counts.throttled,
                counts.retries,
                seconds(counts.first),
                seconds(counts.last)
            ));
        }
        row
    }

    /// A row without a scan: what, and the figure.
    pub(crate) fn plain(name: &str, note: String) -> Self {
        Self { cells: vec![name.to_owned()], notes: vec![note], ..Self::default() }
    }

    /// With a figure to reach.
    pub(crate) fn goal(mut self, what: &str, is: f64, at_most: f64) -> Self {
        let reached = is <= at_most;
        self.goals.push(Goal { what: format!("{what}: {is:.2}, at most {at_most}"), reached });
        self
    }
}

/// The whole text.
pub(crate) fn text(rows: &[Row], trace: bool) -> String {
    let header: Vec<String> = HEADER.map(str::to_owned).to_vec();
    let lines: Vec<&Vec<String>> = std::iter::once(&header)
        .chain(rows.iter().map(|row| &row.cells).filter(|cells| cells.len() > 1))
        .collect();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let mut out = String::new();
    for line in &lines {
        out.push('\n');
        for (column, cell) in line.iter().enumerate() {
            let wide = width(column);
            let text = match column {
                0 => format!("{cell:wide$}"),
                _ => format!("  {cell:>wide$}"),
            };
            out.push_str(&text);
        }
    }
    out.push('\n');
    for row in rows {
        out.push_str(&format!("\n{}\n", row.cells.first().map_or("", String::as_str)));
        for note in &row.notes {
            out.push_str(&format!("  {note}\n"));
        }
        for goal in &row.goals {
            let word = if goal.reached { "reached" } else { "MISSED" };
            out.push_str(&format!("  {word}: {}\n", goal.what));
        }
        for wrong in &row.wrong {
            out.push_str(&format!("  WRONG: {wrong}\n"));
        }
        for line in row.trace.iter().filter(|_| trace) {
            out.push_str(&format!("    {line}\n"));
        }
    }
    out
}

//! What was asked of AWS, for `--stats`: standard error only, because the
//! formats of a scan are frozen and these numbers differ each time.

use crate::output::Layout;
use crate::output::table::{Row, Tone, table};
use std::collections::BTreeMap;
use std::time::Duration;

/// Counts of one operation, over all tenants.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    /// Calls, each once however often it was tried.
    pub(super) calls: u64,
    /// Requests sent.
    pub(super) requests: u64,
    pub(super) retries: u64,
    pub(super) throttled: u64,
    pub(super) failed: u64,
    /// Spent on requests, added up.
    pub(super) time: Duration,
    /// Spent waiting for pace and turn, added up.
    pub(super) waited: Duration,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.requests += other.requests;
        self.retries += other.retries;
        self.throttled += other.throttled;
        self.failed += other.failed;
        self.time += other.time;
        self.waited += other.waited;
    }

    fn row(&self, name: &str, tone: Tone) -> Row {
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        [
            name.to_owned(),
            self.calls.to_string(),
            self.requests.to_string(),
            self.retries.to_string(),
            self.throttled.to_string(),
            self.failed.to_string(),
            seconds(self.time),
            seconds(self.waited),
        ]
        .into_iter()
        .map(|cell| (cell, tone))
        .collect()
    }
}

/// By operation, as `service:Name`.
pub(super) type Stats = BTreeMap<String, Counts>;

/// Each service with its operations, and all together.
pub(super) fn text(stats: &Stats, layout: Layout) -> String {
    if stats.is_empty() {
        return "AWS was not called\n".to_owned();
    }
    let service = |operation: &str| operation.split(':').next().unwrap_or(operation).to_owned();
    let mut services: BTreeMap<String, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    for (operation, counts) in stats {
        services.entry(service(operation)).or_default().add(counts);
        all.add(counts);
    }
    let mut rows = Vec::new();
    for (name, counts) in &services {
        rows.push(counts.row(name, Tone::Plain));
        let of_service = stats.iter().filter(|(operation, _)| service(operation) == *name);
        rows.extend(of_service.map(|(operation, counts)| counts.row(operation, Tone::Dim)));
    }
    rows.push(all.row("all", Tone::Plain));
    let head =
        ["OPERATION", "CALLS", "REQUESTS", "RETRIES", "THROTTLED", "FAILED", "TIME", "WAITED"];
    table(&head, rows, layout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_come_before_their_operations_and_all_at_the_end() {
        let counts = |calls| Counts {
            calls,
            requests: calls + 1,
            retries: 1,
            time: Duration::from_millis(1500),
            ..Counts::default()
        };
        let stats = [("s3:ListBuckets", 1), ("iam:GetUser", 2), ("s3:GetBucketAcl", 5)]
            .map(|(name, calls)| (name.to_owned(), counts(calls)));
        let layout = Layout { columns: 100, color: false };
        let text = text(&Stats::from(stats), layout);
        insta::assert_snapshot!(text, @r"
        OPERATION        CALLS  REQUESTS  RETRIES  THROTTLED  FAILED  TIME   WAITED
        iam              2      3         1        0          0       1.5 s  0.0 s
        iam:GetUser      2      3         1        0          0       1.5 s  0.0 s
        s3               6      8         2        0          0       3.0 s  0.0 s
        s3:GetBucketAcl  5      6         1        0          0       1.5 s  0.0 s
        s3:ListBuckets   1      2         1        0          0       1.5 s  0.0 s
        all              8      11        3        0          0       4.5 s  0.0 s
        ");
        assert_eq!(super::text(&Stats::new(), layout), "AWS was not called\n");
    }
}

//! The numbers of a scan.

use crate::rules::{Outcome, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The numbers of a scan. Every key is there, also with 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Fails that are not suppressed, by severity in capitals, worst first.
    pub by_severity: serde_json::Map<String, serde_json::Value>,
    /// Verdicts by outcome, suppressed ones included.
    pub by_verdict: serde_json::Map<String, serde_json::Value>,
    /// See [`score`](super::score()); null if nothing was decided.
    pub score: Option<f64>,
    /// See [`coverage`](super::coverage()); null if nothing applied.
    pub coverage: Option<f64>,
}

impl Summary {
    /// From counts; what is not in them is 0.
    pub fn new(
        severities: &BTreeMap<Severity, u64>,
        verdicts: &BTreeMap<Outcome, u64>,
        score: Option<f64>,
    ) -> Self {
        let count = |outcome| verdicts.get(&outcome).copied().unwrap_or(0);
        Self {
            by_severity: Severity::WORST_FIRST
                .iter()
                .map(|s| {
                    let count = severities.get(s).copied().unwrap_or(0);
                    (s.in_capitals().to_owned(), count.into())
                })
                .collect(),
            by_verdict: Outcome::ALL
                .iter()
                .map(|o| (o.as_str().to_owned(), count(*o).into()))
                .collect(),
            score,
            coverage: super::coverage(
                count(Outcome::Pass) + count(Outcome::Fail),
                count(Outcome::Unknown) + count(Outcome::Error),
            ),
        }
    }

    /// Fails of a severity that are not suppressed.
    pub fn fails(&self, severity: Severity) -> u64 {
        self.by_severity.get(severity.in_capitals()).and_then(|v| v.as_u64()).unwrap_or(0)
    }

    /// Verdicts of an outcome.
    pub fn verdicts(&self, outcome: Outcome) -> u64 {
        self.by_verdict.get(outcome.as_str()).and_then(|v| v.as_u64()).unwrap_or(0)
    }
}

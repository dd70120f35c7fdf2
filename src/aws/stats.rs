//! What was asked of AWS, and how it went.

use crate::inventory::ErrorClass;
use std::collections::BTreeMap;
use std::time::Duration;

/// Counts of one operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationStats {
    /// Calls, each counted once however often it was tried.
    pub calls: u64,
    /// Requests sent.
    pub attempts: u64,
    /// Requests sent again after one that failed.
    pub retries: u64,
    /// Requests that the service throttled.
    pub throttled: u64,
    /// Requests that failed, by class. An answer that says "there is none" is
    /// not a failure.
    pub failed: BTreeMap<ErrorClass, u64>,
    /// Time spent on requests, all of them added up.
    pub time: Duration,
    /// Time spent waiting for pace and permits, all of it added up.
    pub waited: Duration,
}

impl OperationStats {
    fn add(&mut self, other: &OperationStats) {
        self.calls += other.calls;
        self.attempts += other.attempts;
        self.retries += other.retries;
        self.throttled += other.throttled;
        for (class, count) in &other.failed {
            *self.failed.entry(*class).or_default() += count;
        }
        self.time += other.time;
        self.waited += other.waited;
    }
}

/// Counts by operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// By operation, as `service:Name`.
    pub operations: BTreeMap<String, OperationStats>,
}

impl Stats {
    /// Requests sent, over all operations.
    pub fn api_calls(&self) -> u64 {
        self.operations.values().map(|stats| stats.attempts).sum()
    }

    /// Counts by service, the part before the colon.
    pub fn by_service(&self) -> BTreeMap<String, OperationStats> {
        let mut services: BTreeMap<String, OperationStats> = BTreeMap::new();
        for (operation, stats) in &self.operations {
            let service = operation.split(':').next().unwrap_or(operation);
            services.entry(service.to_owned()).or_default().add(stats);
        }
        services
    }

    /// Both together.
    pub fn merge(&mut self, other: &Stats) {
        for (operation, stats) in &other.operations {
            self.operations.entry(operation.clone()).or_default().add(stats);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_by_service() {
        let mut stats = Stats::default();
        for (operation, attempts) in [("s3:ListBuckets", 2), ("s3:GetBucketAcl", 5), ("iam:X", 1)] {
            let one = OperationStats { attempts, ..OperationStats::default() };
            let one = Stats { operations: BTreeMap::from([(operation.to_owned(), one)]) };
            stats.merge(&one);
        }
        assert_eq!(stats.api_calls(), 8);
        assert_eq!(stats.by_service().get("s3").map(|s| s.attempts), Some(7));
    }
}

//! The options of a scan of many accounts.

use super::shard::Shard;
use clap::Args;
use std::time::Duration;

#[derive(Clone, Debug, Args)]
pub(super) struct FleetArgs {
    /// Every tenant of the tenants file
    #[arg(long, conflicts_with_all = ["tenants", "snapshot"], help_heading = "What to scan")]
    pub(super) all: bool,
    /// Only part I of N of the tenants; the parts are stable, and together all
    #[arg(long, value_name = "I/N", help_heading = "What to scan")]
    pub(super) shard: Option<Shard>,
    /// The same as --shard, with I from the array job that runs this
    /// ($AWS_BATCH_JOB_ARRAY_INDEX or $JOB_COMPLETION_INDEX)
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..),
        conflicts_with = "shard",
        help_heading = "What to scan"
    )]
    pub(super) shards: Option<u32>,
    /// Go on with the run that was interrupted last, with its options; tenants
    /// that were finished are not scanned again
    #[arg(
        long,
        conflicts_with_all = [
            "tenants", "all", "tenants_from", "snapshot", "regions", "shard", "shards", "rules",
            "services", "framework", "severity",
        ],
        help_heading = "What to scan"
    )]
    pub(super) resume: bool,
    /// How many tenants are scanned at once
    #[arg(
        long,
        value_name = "N",
        default_value_t = 32,
        value_parser = clap::value_parser!(u32).range(1..=1024),
        help_heading = "Pace"
    )]
    pub(super) jobs: u32,
    /// Requests a second at most, over all tenants and services
    #[arg(long, value_name = "N", value_parser = rate, help_heading = "Pace")]
    pub(super) max_rps: Option<f64>,
    /// End after this time, such as 90s, 30m or 2h; what AWS has not answered
    /// by then is unknown
    #[arg(long, value_name = "TIME", value_parser = super::super::time::interval,
          help_heading = "Pace")]
    pub(super) timeout: Option<Duration>,
    /// Say on standard error how often AWS was called, how often it throttled,
    /// and how long that took
    #[arg(long, help_heading = "Pace")]
    pub(super) stats: bool,
}

/// Requests a second.
fn rate(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|rate: &f64| rate.is_finite() && *rate >= 0.1)
        .ok_or_else(|| "a number of requests a second, 0.1 or more".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        assert_eq!(rate("20"), Ok(20.0));
        assert_eq!(rate("0.5"), Ok(0.5));
        for wrong in ["0", "-1", "inf", "NaN", "x", ""] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}

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
            "tenants", "all", "snapshot", "regions", "shard", "shards", "rules", "services",
            "framework", "severity",
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
    /// End after this time, such as 90s, 30m or 2h; what AWS has not answered
    /// by then is unknown
    #[arg(long, value_name = "TIME", value_parser = super::super::time::interval,
          help_heading = "Pace")]
    pub(super) timeout: Option<Duration>,
}

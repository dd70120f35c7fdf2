//! One run: from tenants to verdicts. Prints nothing.

mod demo;
mod judge;
#[cfg(feature = "aws")]
mod live;
mod narrow;
#[cfg(feature = "aws")]
mod probe;
mod record;
mod snapshot;

pub use demo::DEMO_SNAPSHOT;
pub use judge::{Account, Judge, Listed, Verdicts};
#[cfg(feature = "aws")]
pub use live::scan_live;
#[cfg(feature = "aws")]
pub use probe::{Probed, probe};
pub use record::{Request, record_failure};
pub use snapshot::scan_snapshot;

use crate::history::HistoryError;
use crate::inventory::ResourceType;
use crate::inventory::snapshot::SnapshotError;
use crate::rules::Outcome;
use std::collections::BTreeSet;

/// Told of what happens while a scan runs. Calls come from many tasks.
pub trait Progress: Send + Sync {
    /// Something else begins.
    fn phase(&self, what: &str);

    /// A verdict was reached.
    fn judged(&self, outcome: Outcome);
}

/// Why a scan ends before everything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Somebody interrupted it.
    Interrupted,
    /// Its time was up.
    TimedOut,
}

/// Why a scan could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The snapshot cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The snapshot cannot be written.
    #[error("the snapshot cannot be written: {0}")]
    Unwritten(SnapshotError),
    /// The snapshot is of another account.
    #[error("the snapshot {name} is of account {found}, not of {expected}")]
    WrongSnapshot {
        /// What people call it.
        name: String,
        /// The tenant's account.
        expected: String,
        /// The snapshot's.
        found: String,
    },
    /// A chosen region is not in the snapshot.
    #[error("the snapshot has nothing of {region}; it has {}", regions.join(", "))]
    RegionNotInSnapshot {
        /// The region.
        region: String,
        /// Those it has.
        regions: Vec<String>,
    },
    /// AWS does not have a chosen region.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    NoSuchRegion(#[from] crate::aws::NoSuchRegion),
    /// The history cannot be written.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// This build cannot talk to AWS.
    #[error("this build of cspm has no AWS; it judges snapshots only")]
    NoAws,
    /// There is no session for the account.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Session(Box<crate::aws::SessionError>),
    /// Interrupted before anything was read.
    #[error("interrupted before anything was read")]
    Interrupted,
    /// Its time was up before anything was read.
    #[error("the time was up before anything was read")]
    TimedOut,
    /// The scan broke off.
    #[error("cspm broke off; this is a fault of cspm")]
    Broken,
    /// The scan was ended twice.
    #[error("the scan has ended already; this is a fault of cspm")]
    Ended,
}

/// The types with these names, in the order of the register.
fn resource_types(names: &BTreeSet<&'static str>) -> Vec<&'static ResourceType> {
    crate::services::types().iter().filter(|kind| names.contains(kind.name)).copied().collect()
}

//! What each trail hands on, for services that work on its log group.

use super::Trail;
use super::events::{records_management, trails};
use crate::inventory::{Fact, Gaps, Shape};
use crate::services::{Asking, Decided};

/// A trail that others may build on.
pub(in crate::services) struct Delivery {
    /// Its name, and where it was made.
    pub(in crate::services) label: String,
    /// The account that it belongs to.
    pub(in crate::services) owner: Option<String>,
    /// The ARN of its log group.
    pub(in crate::services) log_group: Fact<String>,
    /// It logs all management events of all regions.
    pub(in crate::services) complete: Decided<bool>,
    /// What it lacks for that.
    pub(in crate::services) lacks: Vec<String>,
}

/// Every trail, and the gaps that may hide more.
pub(in crate::services) fn deliveries(asking: &dyn Asking) -> (Vec<Delivery>, Gaps) {
    let (known, missing) = trails(asking);
    let deliveries = known.iter().filter_map(|trail| {
        let document = Trail::from_value(&trail.resource.document)?;
        let (complete, lacks) = records_management(trail);
        Some(Delivery {
            label: trail.label(),
            owner: trail.resource.arn.split(':').nth(4).map(str::to_owned),
            log_group: document.log_group,
            complete,
            lacks,
        })
    });
    (deliveries.collect(), missing)
}

//! The collectors of the compute half.

mod images;
mod instances;
mod launch_templates;
mod moments;
mod snapshots;
mod spot_fleets;
#[cfg(test)]
mod tests;
mod user_data;
mod volumes;

pub(crate) use launch_templates::template_data;

use super::Entry;
use crate::inventory::Document;
use crate::services::ec2::compute::image::Image;
use crate::services::ec2::compute::instance::Instance;
use crate::services::ec2::compute::launch::{LaunchTemplate, SpotFleetRequest};
use crate::services::ec2::compute::storage::{Snapshot, Volume};

/// One for each type.
pub(super) static COLLECTORS: &[Entry] = &[
    (Instance::resource_type, |context, region| Box::pin(instances::collect(context, region))),
    (Image::resource_type, |context, region| Box::pin(images::collect(context, region))),
    (LaunchTemplate::resource_type, |context, region| {
        Box::pin(launch_templates::collect(context, region))
    }),
    (SpotFleetRequest::resource_type, |context, region| {
        Box::pin(spot_fleets::collect(context, region))
    }),
    (Volume::resource_type, |context, region| Box::pin(volumes::collect(context, region))),
    (Snapshot::resource_type, |context, region| Box::pin(snapshots::collect(context, region))),
];

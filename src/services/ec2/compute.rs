//! What runs: instances, images, launch templates and Spot Fleets, with their
//! volumes and snapshots.

pub mod image;
pub mod instance;
pub mod launch;
pub mod questions;
pub mod settings;
pub mod sharing;
pub mod storage;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, ResourceType};
use crate::services::Question;

/// The types of this half.
pub(super) fn types() -> Vec<&'static ResourceType> {
    vec![
        instance::Instance::resource_type(),
        image::Image::resource_type(),
        launch::LaunchTemplate::resource_type(),
        launch::SpotFleetRequest::resource_type(),
        storage::Volume::resource_type(),
        storage::Snapshot::resource_type(),
    ]
}

/// The questions of this half.
pub(super) static QUESTIONS: &[Question] = questions::QUESTIONS;

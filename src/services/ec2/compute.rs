//! What runs: instances, images, launch templates, volumes and snapshots.

use crate::inventory::ResourceType;
use crate::services::Question;

/// The types of this half.
pub(super) fn types() -> Vec<&'static ResourceType> {
    Vec::new()
}

/// The questions of this half.
pub(super) static QUESTIONS: &[Question] = &[];

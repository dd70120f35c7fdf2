//! A snapshot seen through chosen regions.

use crate::inventory::{GLOBAL, Gap, GapId, Gaps, Resource, ResourceType, Sink};
use std::sync::Arc;

/// Passes on what is global or in one of the regions.
pub(super) struct Narrowed {
    pub(super) inner: Arc<dyn Sink>,
    pub(super) regions: Vec<String>,
}

impl Narrowed {
    fn lets_through(&self, region: &str) -> bool {
        region == GLOBAL || self.regions.iter().any(|chosen| chosen == region)
    }
}

impl Sink for Narrowed {
    fn resource(&self, resource: Resource) {
        if self.lets_through(&resource.region) {
            self.inner.resource(resource);
        }
    }

    fn gap(&self, gap: Gap) -> GapId {
        self.inner.gap(gap)
    }

    fn done(&self, kind: &'static ResourceType, region: &str, missing: Gaps) {
        if self.lets_through(region) {
            self.inner.done(kind, region, missing);
        }
    }
}

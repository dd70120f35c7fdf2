//! A snapshot seen through chosen regions.

use crate::inventory::{Document, GLOBAL, Gap, GapId, Gaps, Resource, ResourceType, Sink};
use crate::services::Decided;
use crate::services::cloudtrail::{Trail, works_in};
use std::sync::Arc;

/// Passes on what is global or in one of the regions, and the trails that work
/// there.
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
        // A scan of these regions would have found the trails of all regions.
        let works_here = |region: &String| works_in(&resource, region) != Decided::Known(false);
        let trail = resource.kind == Trail::resource_type();
        if self.lets_through(&resource.region) || trail && self.regions.iter().any(works_here) {
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

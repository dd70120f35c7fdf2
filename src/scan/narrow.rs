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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::inventory::Fact;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Heard(Mutex<Vec<String>>);

    impl Sink for Heard {
        fn resource(&self, resource: Resource) {
            self.0.lock().unwrap().push(resource.id.to_string());
        }

        fn gap(&self, _gap: Gap) -> GapId {
            GapId(0)
        }

        fn done(&self, kind: &'static ResourceType, region: &str, _missing: Gaps) {
            self.0.lock().unwrap().push(format!("{} in {region}", kind.name));
        }
    }

    #[test]
    fn trails_that_work_in_a_chosen_region_are_passed_on() {
        let heard = Arc::new(Heard::default());
        let inner = Arc::clone(&heard) as Arc<dyn Sink>;
        let narrowed = Narrowed { inner, regions: vec!["eu-west-1".to_owned()] };
        for (id, region, multi_region) in [
            ("here", "eu-west-1", Fact::Known(false)),
            ("elsewhere", "us-east-1", Fact::Known(false)),
            ("everywhere", "us-east-1", Fact::Known(true)),
            ("perhaps", "us-east-1", Fact::Unknown(Gaps::one(GapId(0)))),
        ] {
            let trail = Trail { multi_region, ..Trail::not_collected() };
            let arn = format!("arn:aws:cloudtrail:{region}:1:trail/{id}");
            narrowed.resource(Resource::new(id, &arn, region, trail));
        }
        narrowed.done(Trail::resource_type(), GLOBAL, Gaps::NONE);
        narrowed.done(Trail::resource_type(), "us-east-1", Gaps::NONE);
        assert_eq!(
            *heard.0.lock().unwrap(),
            ["here", "everywhere", "perhaps", "cloudtrail.trail in global"]
        );
    }
}

//! The sink: the waist between those who talk to AWS and those who decide.

use super::gap::{Gap, GapId, Gaps};
use super::resource::Resource;
use super::schema::ResourceType;

/// What collectors feed. Calls come from many tasks at once, in any order.
pub trait Sink: Send + Sync {
    /// A resource, complete.
    fn resource(&self, resource: Resource);

    /// A call that got no answer. The number goes into the facts it hides;
    /// equal gaps get the same number.
    fn gap(&self, gap: Gap) -> GapId;

    /// Everything of a type in a region was fed. `missing` is empty if the
    /// list was read to its end; else these gaps may hide more of them.
    fn done(&self, kind: &'static ResourceType, region: &str, missing: Gaps);
}

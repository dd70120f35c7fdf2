//! Reads EC2, region by region.

mod compute;
mod network;
mod pages;

use crate::aws::Context;
use crate::inventory::ResourceType;
use std::future::Future;
use std::pin::Pin;

pub(crate) use compute::template_data;
pub(crate) use network::vpc_block_public_access;

/// Feeds one type in one region, and says `done` for both.
type Collector = fn(Context, String) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// A collector beside the type that it feeds.
type Entry = (fn() -> &'static ResourceType, Collector);

/// Feeds the types of EC2. Calls: in each region, those of the collectors of
/// the types that are read.
pub async fn collect(context: Context) {
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        for (kind, collector) in network::COLLECTORS.iter().chain(compute::COLLECTORS) {
            if context.plan().reads(kind()) {
                fan.add(collector(context.clone(), region.clone())).await;
            }
        }
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

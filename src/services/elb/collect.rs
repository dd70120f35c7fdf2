//! Reads load balancers, region by region.

mod balancers;
mod classic;
mod listeners;
mod target_groups;
#[cfg(test)]
mod tests;

use super::{
    ClassicLoadBalancer, DESCRIBE_CLASSIC, DESCRIBE_LOAD_BALANCERS, DESCRIBE_TARGET_GROUPS,
    Listener, LoadBalancer, TargetGroup,
};
use crate::aws::Context;
use crate::inventory::Document;

/// The most that one page holds.
const PAGE: i32 = 400;

/// Of how many load balancers one call tells the tags.
const TAGGED_AT_ONCE: usize = 20;

/// Feeds the types of Elastic Load Balancing. Calls in each region: those of
/// [`balancers`], [`target_groups`] and [`classic`], as far as they are read.
pub async fn collect(context: Context) {
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        let reads = |kind| context.plan().reads(kind);
        if (reads(LoadBalancer::resource_type()) || reads(Listener::resource_type()))
            && context.wants(&DESCRIBE_LOAD_BALANCERS)
        {
            fan.add(balancers::collect(context.clone(), region.clone())).await;
        }
        if reads(TargetGroup::resource_type()) && context.wants(&DESCRIBE_TARGET_GROUPS) {
            fan.add(target_groups::collect(context.clone(), region.clone())).await;
        }
        if reads(ClassicLoadBalancer::resource_type()) && context.wants(&DESCRIBE_CLASSIC) {
            fan.add(classic::collect(context.clone(), region.clone())).await;
        }
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

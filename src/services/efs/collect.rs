//! Reads file systems, access points and mount targets, region by region.

mod access_points;
mod file_systems;
#[cfg(test)]
mod tests;

use super::{AccessPoint, FileSystem, MountTarget};
use crate::aws::Context;
use crate::inventory::Document;
use aws_sdk_efs::types::Tag;
use std::collections::BTreeMap;

/// The most that EFS gives at once.
const PAGE: i32 = 100;

/// Feeds the types of EFS. Calls in each region: ceil(file systems / 100) and
/// ceil(access points / 100), at least one each; for each file system 1 for its
/// policy, 1 for its backup policy, and ceil(n / 100) for its mount targets, if it
/// has any.
pub async fn collect(context: Context) {
    let plan = context.plan();
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        if plan.reads(FileSystem::resource_type()) || plan.reads(MountTarget::resource_type()) {
            fan.add(file_systems::collect(context.clone(), region.clone())).await;
        }
        if plan.reads(AccessPoint::resource_type()) {
            fan.add(access_points::collect(context.clone(), region.clone())).await;
        }
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

fn tags(sent: &[Tag]) -> BTreeMap<String, String> {
    sent.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()
}

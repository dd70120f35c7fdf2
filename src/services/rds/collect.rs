//! Reads RDS, region by region; global databases once.

mod clusters;
mod events;
mod globals;
mod groups;
mod instances;
mod proxies;
mod snapshots;
#[cfg(test)]
mod tests;

use super::cluster::DbCluster;
use super::events::EventSubscription;
use super::global::GlobalCluster;
use super::instance::DbInstance;
use super::parameters::{DbClusterParameterGroup, DbParameterGroup};
use super::proxy::DbProxy;
use super::snapshot::{DbClusterSnapshot, DbSnapshot};
use crate::aws::Context;
use crate::inventory::{Document, Fact, ResourceType};
use aws_sdk_rds::types::Tag;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

/// The most that a list of RDS gives at once.
const PAGE: i32 = 100;

/// Feeds types in one region, and says `done` for each of them.
type Collector = fn(Context, String) -> Pin<Box<dyn Future<Output = ()> + Send>>;

type Kind = fn() -> &'static ResourceType;

/// Each collector, beside the types that it feeds.
static COLLECTORS: &[(&[Kind], Collector)] = &[
    (&[DbInstance::resource_type, DbParameterGroup::resource_type], |context, region| {
        Box::pin(instances::collect(context, region))
    }),
    (&[DbCluster::resource_type, DbClusterParameterGroup::resource_type], |context, region| {
        Box::pin(clusters::collect(context, region))
    }),
    (&[DbSnapshot::resource_type], |context, region| {
        Box::pin(snapshots::of_instances(context, region))
    }),
    (&[DbClusterSnapshot::resource_type], |context, region| {
        Box::pin(snapshots::of_clusters(context, region))
    }),
    (&[EventSubscription::resource_type], |context, region| {
        Box::pin(events::collect(context, region))
    }),
    (&[DbProxy::resource_type], |context, region| Box::pin(proxies::collect(context, region))),
];

/// Feeds the types of RDS. Calls for each region: ceil(n / 100) for each of
/// instances, clusters, snapshots, cluster snapshots, event subscriptions,
/// proxies and global databases, at least one for each list; 1 for each
/// parameter group in use of an engine that can force TLS, and for each cluster
/// parameter group of Aurora MySQL; 1 for each snapshot that is not automated, if
/// sharing is asked for; 1 for each version of an Aurora MySQL global database.
pub async fn collect(context: Context) {
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        for (kinds, collector) in COLLECTORS {
            if kinds.iter().any(|kind| context.plan().reads(kind())) {
                fan.add(collector(context.clone(), region.clone())).await;
            }
        }
    }
    if context.plan().reads(GlobalCluster::resource_type()) {
        fan.add(globals::collect(context.clone())).await;
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

/// Tags. RDS leaves them out where there are none.
fn tags(sent: Option<&Vec<Tag>>) -> Fact<BTreeMap<String, String>> {
    Fact::from_option(sent).map(|tags| {
        let pairs = tags
            .iter()
            .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())));
        pairs.collect()
    })
}

/// A number that may be absent.
fn number(sent: Option<i32>) -> Fact<i64> {
    Fact::from_option(sent.map(i64::from))
}

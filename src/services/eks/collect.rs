//! Reads clusters, node groups and add-ons.

mod addons;
mod clusters;
mod nodegroups;
mod place;
#[cfg(test)]
mod tests;

use super::{
    Addon, Cluster, DESCRIBE_ADDON, DESCRIBE_CLUSTER, DESCRIBE_NODEGROUP, LIST_ADDONS,
    LIST_CLUSTERS, LIST_NODEGROUPS, Nodegroup,
};
use crate::aws::{Asked, Context, Reply, RequiresEach};
use crate::inventory::{Document, Gaps};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use place::Place;
use std::sync::{Arc, Mutex, PoisonError};

/// The most that one page holds.
const PAGE: i32 = 100;

/// What of the parts of a region's clusters was not read.
#[derive(Default)]
struct Missing {
    nodegroups: Gaps,
    addons: Gaps,
}

/// Feeds `eks.cluster`, `eks.nodegroup` and `eks.addon`. Calls in each region:
/// ceil(clusters / 100); if there is a cluster, ceil(versions of Kubernetes /
/// 100); those of [`clusters`] for each cluster; those of [`nodegroups`] and
/// [`addons`] for each of theirs. Half of them or less where few are read.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    if !context.wants(&LIST_CLUSTERS) {
        return;
    }
    let asked = Asked { operation: &LIST_CLUSTERS, region: &region, about: None };
    let client = context.session().eks(&region);
    let mut pages = Pages::new(&context, asked);
    let mut names = Vec::new();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.list_clusters().max_results(PAGE).set_next_token(pages.token()).send()
            })
            .await;
        names.extend(pages.turn(
            reply.read(|reply| Ok((asked.must(reply.clusters, "clusters")?, reply.next_token))),
        ));
    }
    let listed = pages.missing().clone();
    let names = context.sample(names);
    let place = Place::new(context.clone(), region.clone(), !names.is_empty()).await;
    let place = Arc::new(place);
    let missing = Arc::new(Mutex::new(Missing::default()));
    let mut fan = context.fan_out();
    for name in names {
        fan.add(of_cluster(Arc::clone(&place), name, Arc::clone(&missing))).await;
    }
    if fan.finish().await.is_err() {
        return;
    }
    let parts = std::mem::take(&mut *missing.lock().unwrap_or_else(PoisonError::into_inner));
    for (kind, needed, missing) in [
        (Cluster::resource_type(), [&LIST_CLUSTERS, &LIST_CLUSTERS], Gaps::NONE),
        (Nodegroup::resource_type(), [&LIST_NODEGROUPS, &DESCRIBE_NODEGROUP], parts.nodegroups),
        (Addon::resource_type(), [&LIST_ADDONS, &DESCRIBE_ADDON], parts.addons),
    ] {
        if needed.into_iter().all(|operation| context.wants(operation)) {
            context.done(kind, &region, missing.union(&listed));
        }
    }
}

/// A cluster with its parts.
async fn of_cluster(place: Arc<Place>, name: String, missing: Arc<Mutex<Missing>>) {
    let context = &place.context;
    let arn = place.cluster_arn(&name);
    let asked =
        Asked { operation: &DESCRIBE_CLUSTER, region: &place.region, about: Some(arn.as_str()) };
    let switches = RequiresEach {
        list: "cluster",
        members: &[
            "resourcesVpcConfig.endpointPublicAccess",
            "resourcesVpcConfig.endpointPrivateAccess",
        ],
    };
    let reply = context
        .ask(asked, || {
            let request = place.client.describe_cluster().name(&name);
            request.customize().interceptor(switches).send()
        })
        .await
        .read(|reply| asked.must(reply.cluster, "cluster"));
    if reply.failed_with(GONE) {
        return;
    }
    // The version is what add-ons have to go with.
    let version = match &reply {
        Reply::Known(cluster) => {
            asked.must(cluster.version.clone(), "version").map_err(|gap| Some(context.gap(gap)))
        }
        Reply::Absent | Reply::NotWanted => Err(None),
        Reply::Gap(gap) => Err(Some(context.gap(gap.clone()))),
    };
    tokio::join!(
        async {
            if context.plan().reads(Cluster::resource_type()) {
                clusters::one(&place, &name, asked, reply).await;
            }
        },
        async {
            if context.plan().reads(Nodegroup::resource_type()) {
                let gaps = nodegroups::of_cluster(&place, &name).await;
                let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
                missing.nodegroups = missing.nodegroups.union(&gaps);
            }
        },
        async {
            if context.plan().reads(Addon::resource_type()) {
                let gaps = addons::of_cluster(&place, &name, version.clone()).await;
                let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
                missing.addons = missing.addons.union(&gaps);
            }
        },
    );
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["ResourceNotFoundException"];

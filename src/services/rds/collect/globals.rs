//! Aurora global databases. One that regions list more than once is read once,
//! by its ARN.

use super::{PAGE, tags};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Fact, GLOBAL, Gaps, Resource};
use crate::services::pages::Pages;
use crate::services::rds::global::{DbEngineVersion, GlobalCluster};
use crate::services::rds::{DESCRIBE_DB_ENGINE_VERSIONS, DESCRIBE_GLOBAL_CLUSTERS};
use aws_sdk_rds::types;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the regions listed: global databases by ARN, then by region.
#[derive(Default)]
struct Listed {
    clusters: BTreeMap<String, BTreeMap<String, types::GlobalCluster>>,
    missing: Gaps,
}

/// Feeds global databases. Calls: ceil(n / 100) in each region, and 1 for each
/// version of Aurora MySQL in use.
pub(super) async fn collect(context: Context) {
    let listed = Arc::new(Mutex::new(Listed::default()));
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        fan.add(list(context.clone(), region.clone(), Arc::clone(&listed))).await;
    }
    if fan.finish().await.is_err() || !context.wants(&DESCRIBE_GLOBAL_CLUSTERS) {
        return;
    }
    let Listed { clusters, mut missing } =
        std::mem::take(&mut *listed.lock().unwrap_or_else(PoisonError::into_inner));
    // Databases of regions that nobody could name are hidden.
    if let Some(gap) = &context.regions().gap {
        missing = missing.union(&context.gap(gap.clone()));
    }
    let mut versions: BTreeMap<String, Fact<Vec<DbEngineVersion>>> = BTreeMap::new();
    for (arn, mut by_region) in clusters {
        let Some((region, cluster)) = by_region.pop_first() else { continue };
        let engine_versions = match (cluster.engine(), cluster.engine_version()) {
            (Some(engine @ "aurora-mysql"), Some(version)) => match versions.get(version) {
                Some(known) => known.clone(),
                None => {
                    let known = context.fact(about(&context, &region, engine, version).await);
                    versions.insert(version.to_owned(), known.clone());
                    known
                }
            },
            _ => Fact::Absent,
        };
        let asked = Asked { operation: &DESCRIBE_GLOBAL_CLUSTERS, region: &region, about: None };
        let id = match asked.text(cluster.global_cluster_identifier(), "GlobalClusterIdentifier") {
            Ok(id) => id,
            Err(gap) => {
                missing = missing.union(&context.gap(gap));
                continue;
            }
        };
        let document = GlobalCluster {
            engine: Fact::from_option(cluster.engine.clone()),
            engine_version: Fact::from_option(cluster.engine_version.clone()),
            engine_versions,
        };
        let tags = tags(cluster.tag_list.as_ref());
        context.resource(Resource::new(&id, &arn, GLOBAL, document).with_tags(tags));
    }
    context.done(GlobalCluster::resource_type(), GLOBAL, missing);
}

async fn list(context: Context, region: String, listed: Arc<Mutex<Listed>>) {
    let asked = Asked { operation: &DESCRIBE_GLOBAL_CLUSTERS, region: &region, about: None };
    let client = context.session().rds(&region);
    let mut found = Vec::new();
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_global_clusters().max_records(PAGE).set_marker(pages.token()).send()
            })
            .await;
        let page = reply
            .read(|reply| Ok((asked.must(reply.global_clusters, "GlobalClusters")?, reply.marker)));
        for cluster in context.sample(pages.turn(page)) {
            match asked.text(cluster.global_cluster_arn(), "GlobalClusterArn") {
                Ok(arn) => found.push((arn, cluster)),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    let missing = pages.missing().clone();
    let mut listed = listed.lock().unwrap_or_else(PoisonError::into_inner);
    listed.missing = listed.missing.union(&missing);
    for (arn, cluster) in found {
        listed.clusters.entry(arn).or_default().insert(region.clone(), cluster);
    }
}

/// What RDS says of a version; nothing if it has it no more.
async fn about(
    context: &Context,
    region: &str,
    engine: &str,
    version: &str,
) -> Reply<Vec<DbEngineVersion>> {
    let asked = Asked { operation: &DESCRIBE_DB_ENGINE_VERSIONS, region, about: None };
    let client = context.session().rds(region);
    let reply = context
        .ask(asked, || {
            client
                .describe_db_engine_versions()
                .engine(engine)
                .engine_version(version)
                .include_all(true)
                .max_records(PAGE)
                .send()
        })
        .await;
    reply.read(|reply| {
        let versions = asked.must(reply.db_engine_versions, "DBEngineVersions")?;
        let read = versions
            .iter()
            .map(|it| Ok(DbEngineVersion { status: asked.text(it.status(), "Status")? }));
        read.collect()
    })
}

//! Reads DAX clusters.

#[cfg(test)]
mod tests;

use super::{Cluster, DESCRIBE_CLUSTERS, SseDescription};
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::feed;
use aws_sdk_dax::types;

/// The most that one page holds.
const PAGE: i32 = 100;

/// Feeds `dax.cluster`. Calls in each region: ceil(clusters / 100), at least one.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_CLUSTERS, region: &region, about: None };
    let client = context.session().dax(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client.describe_clusters().max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.clusters, "Clusters")?, reply.next_token)))
    };
    let one = |cluster: &types::Cluster| one(asked, cluster);
    feed(context, asked, Cluster::resource_type(), page, one).await;
}

fn one(asked: Asked<'_>, sent: &types::Cluster) -> Result<Resource, Box<Gap>> {
    let id = asked.must(sent.cluster_name(), "ClusterName")?;
    let arn = asked.must(sent.cluster_arn(), "ClusterArn")?;
    let document = Cluster {
        sse: Fact::from_option(sent.sse_description.as_ref()).map(|sse| SseDescription {
            status: sse.status.as_ref().map(|status| status.as_str().to_owned()),
        }),
        endpoint_encryption: Fact::from_option(
            sent.cluster_endpoint_encryption_type.as_ref().map(|kind| kind.as_str().to_owned()),
        ),
    };
    Ok(Resource::new(id, arn, asked.region, document))
}

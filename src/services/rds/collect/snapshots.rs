//! Snapshots of instances and clusters, and with whom they are shared.

use super::{PAGE, tags, text};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::pages::Pages;
use crate::services::rds::snapshot::{DbClusterSnapshot, DbSnapshot, SnapshotAttribute};
use crate::services::rds::{
    DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_CLUSTER_SNAPSHOTS,
    DESCRIBE_DB_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_SNAPSHOTS,
};
use aws_sdk_rds::Client;
use aws_sdk_rds::types;

/// Only manual snapshots can be shared
/// (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html>).
/// A type that is not known is asked about.
fn cannot_be_shared(snapshot_type: Option<&str>) -> bool {
    snapshot_type == Some("automated")
}

/// Snapshots of instances of one region. Calls: ceil(snapshots / 100), and 1 for
/// each that is not automated.
pub(super) async fn of_instances(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_DB_SNAPSHOTS, region: &region, about: None };
    let client = context.session().rds(&region);
    let asks = context.wants(&DESCRIBE_DB_SNAPSHOT_ATTRIBUTES);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_db_snapshots().max_records(PAGE).set_marker(pages.token()).send()
            })
            .await;
        let page =
            reply.read(|reply| Ok((asked.must(reply.db_snapshots, "DBSnapshots")?, reply.marker)));
        for snapshot in context.sample(pages.turn(page)) {
            let read = (
                text(asked, snapshot.db_snapshot_identifier(), "DBSnapshotIdentifier"),
                text(asked, snapshot.db_snapshot_arn(), "DBSnapshotArn"),
            );
            let (id, arn) = match read {
                (Ok(id), Ok(arn)) => (id, arn),
                (Err(gap), _) | (_, Err(gap)) => {
                    pages.hide(gap);
                    continue;
                }
            };
            let mut document = of_instance(&context, asked, &arn, &snapshot);
            let tags = tags(snapshot.tag_list.as_ref());
            if cannot_be_shared(snapshot.snapshot_type()) {
                document.attributes = Fact::Absent;
            } else if asks {
                let (context, client, region) = (context.clone(), client.clone(), region.clone());
                fan.add(async move {
                    let sharing = instance_sharing(&context, &client, &region, &id, &arn).await;
                    if sharing.failed_with(&["DBSnapshotNotFound"]) {
                        return;
                    }
                    document.attributes = context.fact(sharing);
                    context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
                })
                .await;
                continue;
            }
            context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(DbSnapshot::resource_type());
    }
}

fn of_instance(
    context: &Context,
    asked: Asked<'_>,
    arn: &str,
    sent: &types::DbSnapshot,
) -> DbSnapshot {
    let asked = Asked { about: Some(arn), ..asked };
    DbSnapshot {
        engine: context.member(text(asked, sent.engine(), "Engine")),
        snapshot_type: context.member(text(asked, sent.snapshot_type(), "SnapshotType")),
        encrypted: context.member(asked.must(sent.encrypted, "Encrypted")),
        ..DbSnapshot::not_collected()
    }
}

async fn instance_sharing(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<Vec<SnapshotAttribute>> {
    let asked = Asked { operation: &DESCRIBE_DB_SNAPSHOT_ATTRIBUTES, region, about: Some(arn) };
    let reply = context
        .ask(asked, || client.describe_db_snapshot_attributes().db_snapshot_identifier(id).send())
        .await;
    reply.read(|reply| {
        let result = reply.db_snapshot_attributes_result;
        let sent = result.and_then(|result| result.db_snapshot_attributes);
        let sent = asked.must(sent, "DBSnapshotAttributes")?;
        let pairs = sent.into_iter().map(|it| (it.attribute_name, it.attribute_values));
        pairs.map(|pair| attribute(asked, pair)).collect()
    })
}

/// Snapshots of clusters of one region. Calls: ceil(snapshots / 100), and 1 for
/// each that is not automated.
pub(super) async fn of_clusters(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_DB_CLUSTER_SNAPSHOTS, region: &region, about: None };
    let client = context.session().rds(&region);
    let asks = context.wants(&DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_db_cluster_snapshots()
                    .max_records(PAGE)
                    .set_marker(pages.token())
                    .send()
            })
            .await;
        let page = reply.read(|reply| {
            Ok((asked.must(reply.db_cluster_snapshots, "DBClusterSnapshots")?, reply.marker))
        });
        for snapshot in context.sample(pages.turn(page)) {
            let read = (
                text(
                    asked,
                    snapshot.db_cluster_snapshot_identifier(),
                    "DBClusterSnapshotIdentifier",
                ),
                text(asked, snapshot.db_cluster_snapshot_arn(), "DBClusterSnapshotArn"),
            );
            let (id, arn) = match read {
                (Ok(id), Ok(arn)) => (id, arn),
                (Err(gap), _) | (_, Err(gap)) => {
                    pages.hide(gap);
                    continue;
                }
            };
            let mut document = of_cluster(&context, asked, &arn, &snapshot);
            let tags = tags(snapshot.tag_list.as_ref());
            if cannot_be_shared(snapshot.snapshot_type()) {
                document.attributes = Fact::Absent;
            } else if asks {
                let (context, client, region) = (context.clone(), client.clone(), region.clone());
                fan.add(async move {
                    let sharing = cluster_sharing(&context, &client, &region, &id, &arn).await;
                    if sharing.failed_with(&["DBClusterSnapshotNotFoundFault"]) {
                        return;
                    }
                    document.attributes = context.fact(sharing);
                    context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
                })
                .await;
                continue;
            }
            context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(DbClusterSnapshot::resource_type());
    }
}

fn of_cluster(
    context: &Context,
    asked: Asked<'_>,
    arn: &str,
    sent: &types::DbClusterSnapshot,
) -> DbClusterSnapshot {
    let asked = Asked { about: Some(arn), ..asked };
    DbClusterSnapshot {
        engine: context.member(text(asked, sent.engine(), "Engine")),
        snapshot_type: context.member(text(asked, sent.snapshot_type(), "SnapshotType")),
        encrypted: context.member(asked.must(sent.storage_encrypted, "StorageEncrypted")),
        ..DbClusterSnapshot::not_collected()
    }
}

async fn cluster_sharing(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<Vec<SnapshotAttribute>> {
    let operation = &DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES;
    let asked = Asked { operation, region, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            client
                .describe_db_cluster_snapshot_attributes()
                .db_cluster_snapshot_identifier(id)
                .send()
        })
        .await;
    reply.read(|reply| {
        let result = reply.db_cluster_snapshot_attributes_result;
        let sent = result.and_then(|result| result.db_cluster_snapshot_attributes);
        let sent = asked.must(sent, "DBClusterSnapshotAttributes")?;
        let pairs = sent.into_iter().map(|it| (it.attribute_name, it.attribute_values));
        pairs.map(|pair| attribute(asked, pair)).collect()
    })
}

fn attribute(
    asked: Asked<'_>,
    (name, values): (Option<String>, Option<Vec<String>>),
) -> Result<SnapshotAttribute, Box<Gap>> {
    Ok(SnapshotAttribute {
        name: asked.must(name, "AttributeName")?,
        values: asked.must(values, "AttributeValues")?,
    })
}

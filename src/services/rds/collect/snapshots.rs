//! Snapshots of instances and clusters, and with whom they are shared.

use super::{PAGE, tags};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Gap, Resource};
use crate::services::pages::Pages;
use crate::services::rds::snapshot::{DbClusterSnapshot, DbSnapshot, SnapshotAttribute};
use crate::services::rds::{
    DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_CLUSTER_SNAPSHOTS,
    DESCRIBE_DB_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_SNAPSHOTS,
};
use aws_sdk_rds::Client;
use aws_sdk_rds::types;
use std::sync::Arc;

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
        for sent in context.sample(pages.turn(page)) {
            let id = asked.text(sent.db_snapshot_identifier(), "DBSnapshotIdentifier");
            let arn = asked.text(sent.db_snapshot_arn(), "DBSnapshotArn");
            match (id, arn) {
                (Ok(id), Ok(arn)) => {
                    let (context, client) = (context.clone(), Arc::clone(&client));
                    fan.add(of_instance(context, client, region.clone(), id, arn, sent)).await;
                }
                (Err(gap), _) | (_, Err(gap)) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(DbSnapshot::resource_type());
    }
}

async fn of_instance(
    context: Context,
    client: Arc<Client>,
    region: String,
    id: String,
    arn: String,
    sent: types::DbSnapshot,
) {
    let attributes = match cannot_be_shared(sent.snapshot_type()) {
        true => Reply::Absent,
        false => instance_sharing(&context, &client, &region, &id, &arn).await,
    };
    // Deleted since it was listed.
    if attributes.failed_with(&["DBSnapshotNotFound"]) {
        return;
    }
    let asked = Asked { operation: &DESCRIBE_DB_SNAPSHOTS, region: &region, about: Some(&arn) };
    let document = DbSnapshot {
        engine: context.member(asked.text(sent.engine(), "Engine")),
        snapshot_type: context.member(asked.text(sent.snapshot_type(), "SnapshotType")),
        encrypted: context.member(asked.must(sent.encrypted, "Encrypted")),
        attributes: context.fact(attributes),
    };
    let resource = Resource::new(&id, &arn, &region, document);
    context.resource(resource.with_tags(tags(sent.tag_list.as_ref())));
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
        let sent = asked.must(sent, "DBSnapshotAttributes")?.into_iter();
        sent.map(|it| attribute(asked, it.attribute_name, it.attribute_values)).collect()
    })
}

/// Snapshots of clusters of one region. Calls: ceil(snapshots / 100), and 1 for
/// each that is not automated.
pub(super) async fn of_clusters(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_DB_CLUSTER_SNAPSHOTS, region: &region, about: None };
    let client = context.session().rds(&region);
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
        for sent in context.sample(pages.turn(page)) {
            let id = sent.db_cluster_snapshot_identifier();
            let id = asked.text(id, "DBClusterSnapshotIdentifier");
            let arn = asked.text(sent.db_cluster_snapshot_arn(), "DBClusterSnapshotArn");
            match (id, arn) {
                (Ok(id), Ok(arn)) => {
                    let (context, client) = (context.clone(), Arc::clone(&client));
                    fan.add(of_cluster(context, client, region.clone(), id, arn, sent)).await;
                }
                (Err(gap), _) | (_, Err(gap)) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(DbClusterSnapshot::resource_type());
    }
}

async fn of_cluster(
    context: Context,
    client: Arc<Client>,
    region: String,
    id: String,
    arn: String,
    sent: types::DbClusterSnapshot,
) {
    let attributes = match cannot_be_shared(sent.snapshot_type()) {
        true => Reply::Absent,
        false => cluster_sharing(&context, &client, &region, &id, &arn).await,
    };
    // Deleted since it was listed.
    if attributes.failed_with(&["DBClusterSnapshotNotFoundFault"]) {
        return;
    }
    let operation = &DESCRIBE_DB_CLUSTER_SNAPSHOTS;
    let asked = Asked { operation, region: &region, about: Some(&arn) };
    let document = DbClusterSnapshot {
        engine: context.member(asked.text(sent.engine(), "Engine")),
        snapshot_type: context.member(asked.text(sent.snapshot_type(), "SnapshotType")),
        encrypted: context.member(asked.must(sent.storage_encrypted, "StorageEncrypted")),
        attributes: context.fact(attributes),
    };
    let resource = Resource::new(&id, &arn, &region, document);
    context.resource(resource.with_tags(tags(sent.tag_list.as_ref())));
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
        let sent = asked.must(sent, "DBClusterSnapshotAttributes")?.into_iter();
        sent.map(|it| attribute(asked, it.attribute_name, it.attribute_values)).collect()
    })
}

fn attribute(
    asked: Asked<'_>,
    name: Option<String>,
    values: Option<Vec<String>>,
) -> Result<SnapshotAttribute, Box<Gap>> {
    Ok(SnapshotAttribute {
        name: asked.must(name, "AttributeName")?,
        values: asked.must(values, "AttributeValues")?,
    })
}

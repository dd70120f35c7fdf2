//! EBS snapshots.

use super::super::pages::{Pages, arn, tags};
use crate::aws::{Asked, Context, Reply, timestamp};
use crate::inventory::{Document, Fact, Gap, Gaps, Resource};
use crate::services::ec2::compute::storage::{
    CreateVolumePermission, DESCRIBE_SNAPSHOT_ATTRIBUTE, DESCRIBE_SNAPSHOTS, Snapshot,
};
use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::SnapshotAttributeName;
use std::collections::BTreeSet;

/// Snapshots that everyone may restore, and what may hide more of them.
struct Restorable {
    ids: BTreeSet<String>,
    missing: Gaps,
}

/// Snapshots of one region. Calls: ceil(snapshots / 1000); if sharing is asked
/// for, also 1 for each snapshot (no list says with whom it is shared), and
/// ceil(n / 1000), where n are those that everyone may restore.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_SNAPSHOTS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let restorable = match context.wants(&DESCRIBE_SNAPSHOT_ATTRIBUTE) {
        true => Some(restorable_by_all(&context, asked, &client).await),
        false => None,
    };
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_snapshots()
                    .owner_ids("self")
                    .max_results(1000)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page =
            reply.read(|reply| Ok((asked.must(reply.snapshots, "Snapshots")?, reply.next_token)));
        for snapshot in context.sample(pages.turn(page)) {
            let Listed { id, arn, mut document, tags } = match one(&context, asked, snapshot) {
                Ok(listed) => listed,
                Err(gap) => {
                    pages.hide(gap);
                    continue;
                }
            };
            if let Some(restorable) = &restorable {
                let open = restorable.ids.contains(&id);
                document.restorable_by = match (open, restorable.missing.is_empty()) {
                    (true, _) => Fact::Known(vec!["all".to_owned()]),
                    (false, true) => Fact::Known(Vec::new()),
                    (false, false) => Fact::Unknown(restorable.missing.clone()),
                };
            }
            if restorable.is_none() {
                context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
                continue;
            }
            let (context, client, region) = (context.clone(), client.clone(), region.clone());
            fan.add(async move {
                let permissions = permissions(&context, &client, &region, &id, &arn).await;
                if permissions.failed_with(GONE) {
                    return;
                }
                document.create_volume_permissions = context.fact(permissions);
                context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
            })
            .await;
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Snapshot::resource_type());
    }
}

async fn restorable_by_all(context: &Context, asked: Asked<'_>, client: &Client) -> Restorable {
    let mut ids = BTreeSet::new();
    let mut pages = Pages::new(context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_snapshots()
                    .owner_ids("self")
                    .restorable_by_user_ids("all")
                    .max_results(1000)
                    .set_next_token(pages.token())
                    .send()
            })
            .await;
        let page =
            reply.read(|reply| Ok((asked.must(reply.snapshots, "Snapshots")?, reply.next_token)));
        for snapshot in pages.turn(page) {
            match asked.must(snapshot.snapshot_id, "SnapshotId") {
                Ok(id) => {
                    ids.insert(id);
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    Restorable { ids, missing: pages.missing().clone() }
}

/// A snapshot as it is listed.
struct Listed {
    id: String,
    arn: String,
    document: Snapshot,
    tags: Fact<std::collections::BTreeMap<String, String>>,
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    snapshot: aws_sdk_ec2::types::Snapshot,
) -> Result<Listed, Box<Gap>> {
    let id = asked.must(snapshot.snapshot_id, "SnapshotId")?;
    // The ARN of a snapshot has no account.
    let arn = arn(context, asked.region, "", "snapshot", &id);
    let about = Asked { about: Some(&arn), ..asked };
    let started = snapshot.start_time.as_ref().and_then(timestamp);
    let state = about.must(snapshot.state, "State").map(|state| state.as_str().to_owned());
    let document = Snapshot {
        state: context.member(state),
        encrypted: context.member(about.must(snapshot.encrypted, "Encrypted")),
        start_time: context.member(about.must(started, "StartTime")),
        volume: Fact::from_option(snapshot.volume_id),
        ..Snapshot::not_collected()
    };
    Ok(Listed { id, document, tags: tags(snapshot.tags.as_ref()), arn })
}

async fn permissions(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<Vec<CreateVolumePermission>> {
    let asked = Asked { operation: &DESCRIBE_SNAPSHOT_ATTRIBUTE, region, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            client
                .describe_snapshot_attribute()
                .snapshot_id(id)
                .attribute(SnapshotAttributeName::CreateVolumePermission)
                .send()
        })
        .await;
    reply.read(|reply| {
        let permissions = asked.must(reply.create_volume_permissions, "CreateVolumePermissions")?;
        Ok(permissions
            .into_iter()
            .map(|permission| CreateVolumePermission {
                group: permission.group.map(|group| group.as_str().to_owned()),
                user: permission.user_id,
            })
            .collect())
    })
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["InvalidSnapshot.NotFound"];

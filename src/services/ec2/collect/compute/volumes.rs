//! EBS volumes.

use super::super::pages::{arn, feed, tags};
use crate::aws::{Asked, Context, timestamp};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::compute::storage::{DESCRIBE_VOLUMES, Volume, VolumeAttachment};
use aws_sdk_ec2::types;

/// Volumes of one region. Calls: ceil(volumes / 500).
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_VOLUMES, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client.describe_volumes().max_results(500).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.volumes, "Volumes")?, reply.next_token)))
    };
    let one = |volume: &types::Volume| one(context, asked, volume);
    feed(context, asked, Volume::resource_type(), page, one).await;
}

fn one(context: &Context, asked: Asked<'_>, volume: &types::Volume) -> Result<Resource, Box<Gap>> {
    let id = asked.must(volume.volume_id(), "VolumeId")?;
    let arn = arn(context, asked.region, context.session().account(), "volume", id);
    let about = Asked { about: Some(&arn), ..asked };
    let attachments = about.must(volume.attachments.as_deref(), "Attachments");
    let state = about.must(volume.state(), "State").map(|state| state.as_str().to_owned());
    let created = volume.create_time().and_then(timestamp);
    let document = Volume {
        state: context.member(state),
        attachments: context.member(attachments.map(|all| all.iter().map(attachment).collect())),
        encrypted: context.member(about.must(volume.encrypted, "Encrypted")),
        kms_key: Fact::from_option(volume.kms_key_id.clone()),
        // EC2 sends an empty text for a volume that was made from nothing.
        snapshot: Fact::from_option(volume.snapshot_id.clone().filter(|id| !id.is_empty())),
        create_time: context.member(about.must(created, "CreateTime")),
    };
    let tags = tags(volume.tags.as_ref());
    Ok(Resource::new(id, &arn, asked.region, document).with_tags(tags))
}

fn attachment(attachment: &types::VolumeAttachment) -> VolumeAttachment {
    VolumeAttachment {
        instance: attachment.instance_id.clone(),
        state: attachment.state.as_ref().map(|state| state.as_str().to_owned()),
    }
}

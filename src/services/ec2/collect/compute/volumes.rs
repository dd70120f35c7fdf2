//! EBS volumes.

use super::lists::{Pages, arn, tags};
use crate::aws::{Asked, Context, timestamp};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::compute::storage::{DESCRIBE_VOLUMES, Volume, VolumeAttachment};

/// Volumes of one region. Calls: ceil(volumes / 500).
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_VOLUMES, region: &region, about: None };
    let client = context.session().ec2(&region);
    let mut pages = Pages::new(&context, asked);
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client.describe_volumes().max_results(500).set_next_token(pages.token()).send()
            })
            .await;
        let page =
            reply.read(|reply| Ok((asked.must(reply.volumes, "Volumes")?, reply.next_token)));
        for volume in context.sample(pages.turn(page)) {
            match one(&context, asked, volume) {
                Ok(resource) => context.resource(resource),
                Err(gap) => pages.hide(gap),
            }
        }
    }
    pages.done(Volume::resource_type());
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    volume: aws_sdk_ec2::types::Volume,
) -> Result<Resource, Box<Gap>> {
    let id = asked.must(volume.volume_id, "VolumeId")?;
    let arn = arn(context, asked.region, &format!("volume/{id}"));
    let about = Asked { about: Some(&arn), ..asked };
    let attachments = about.must(volume.attachments, "Attachments").map(|attachments| {
        let attachments = attachments.into_iter();
        attachments
            .map(|attachment| VolumeAttachment {
                instance: attachment.instance_id,
                state: attachment.state.map(|state| state.as_str().to_owned()),
            })
            .collect()
    });
    let state = about.must(volume.state, "State").map(|state| state.as_str().to_owned());
    let created = volume.create_time.as_ref().and_then(timestamp);
    let document = Volume {
        state: context.member(state),
        attachments: context.member(attachments),
        encrypted: context.member(about.must(volume.encrypted, "Encrypted")),
        kms_key: Fact::from_option(volume.kms_key_id),
        // EC2 sends an empty text for a volume that was made from nothing.
        snapshot: Fact::from_option(volume.snapshot_id.filter(|id| !id.is_empty())),
        create_time: context.member(about.must(created, "CreateTime")),
    };
    Ok(Resource::new(&id, &arn, asked.region, document).with_tags(tags(volume.tags)))
}

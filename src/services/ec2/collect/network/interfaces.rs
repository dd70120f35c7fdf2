//! Network interfaces.

use super::super::pages::{arn, feed, tags};
use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::network::DESCRIBE_NETWORK_INTERFACES;
use crate::services::ec2::network::interface::{
    GroupIdentifier, NetworkInterface, NetworkInterfaceAssociation, NetworkInterfaceAttachment,
};
use aws_sdk_ec2::types;

/// The network interfaces of one region.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_NETWORK_INTERFACES, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_network_interfaces().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.network_interfaces, "NetworkInterfaces")?, reply.next_token))
        })
    };
    feed(context, asked, NetworkInterface::resource_type(), page, |interface| {
        one(context, asked, interface)
    })
    .await;
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::NetworkInterface,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.network_interface_id(), "NetworkInterfaceId")?;
    let owner = asked.text(sent.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "network-interface", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let kind = sent.interface_type.as_ref().map(types::NetworkInterfaceType::as_str);
    let status = sent.status.as_ref().map(types::NetworkInterfaceStatus::as_str);
    let document = NetworkInterface {
        owner_id: Fact::Known(owner),
        vpc_id: context.member(asked.text(sent.vpc_id(), "VpcId")),
        subnet_id: context.member(asked.text(sent.subnet_id(), "SubnetId")),
        interface_type: context.member(asked.text(kind, "InterfaceType")),
        requester_managed: context.member(asked.must(sent.requester_managed, "RequesterManaged")),
        source_dest_check: context.member(asked.must(sent.source_dest_check, "SourceDestCheck")),
        status: context.member(asked.text(status, "Status")),
        groups: context.member(groups(asked, sent)),
        attachment: match &sent.attachment {
            None => Fact::Absent,
            Some(sent) => context.member(attachment(asked, sent)),
        },
        association: Fact::from_option(sent.association.as_ref()).map(|association| {
            NetworkInterfaceAssociation { public_ip: association.public_ip.clone() }
        }),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tag_set.as_ref())))
}

fn groups(
    asked: Asked<'_>,
    sent: &types::NetworkInterface,
) -> Result<Vec<GroupIdentifier>, Box<Gap>> {
    let groups = asked.must(sent.groups.as_ref(), "Groups")?.iter();
    groups
        .map(|group| Ok(GroupIdentifier { group_id: asked.text(group.group_id(), "GroupId")? }))
        .collect()
}

fn attachment(
    asked: Asked<'_>,
    sent: &types::NetworkInterfaceAttachment,
) -> Result<NetworkInterfaceAttachment, Box<Gap>> {
    let status = sent.status.as_ref().map(types::AttachmentStatus::as_str);
    Ok(NetworkInterfaceAttachment {
        status: asked.text(status, "Attachment.Status")?,
        instance_id: sent.instance_id.clone(),
    })
}

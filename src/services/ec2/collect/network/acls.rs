//! Network ACLs.

use super::super::pages::{arn, feed, tags};
use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::network::DESCRIBE_NETWORK_ACLS;
use crate::services::ec2::network::acl::{
    NetworkAcl, NetworkAclAssociation, NetworkAclEntry, PortRange,
};
use aws_sdk_ec2::types;

/// The network ACLs of one region.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_NETWORK_ACLS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_network_acls().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.network_acls, "NetworkAcls")?, reply.next_token)))
    };
    feed(context, asked, NetworkAcl::resource_type(), page, |acl| one(context, asked, acl)).await;
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::NetworkAcl,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.network_acl_id(), "NetworkAclId")?;
    let owner = asked.text(sent.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "network-acl", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let document = NetworkAcl {
        owner_id: Fact::Known(owner),
        vpc_id: context.member(asked.text(sent.vpc_id(), "VpcId")),
        is_default: context.member(asked.must(sent.is_default, "IsDefault")),
        associations: context.member(associations(asked, sent)),
        entries: context.member(entries(asked, sent)),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

fn associations(
    asked: Asked<'_>,
    sent: &types::NetworkAcl,
) -> Result<Vec<NetworkAclAssociation>, Box<Gap>> {
    let associations = asked.must(sent.associations.as_ref(), "Associations")?.iter();
    associations
        .map(|association| {
            let subnet_id = asked.text(association.subnet_id(), "Associations.SubnetId")?;
            Ok(NetworkAclAssociation { subnet_id })
        })
        .collect()
}

fn entries(asked: Asked<'_>, sent: &types::NetworkAcl) -> Result<Vec<NetworkAclEntry>, Box<Gap>> {
    asked
        .must(sent.entries.as_ref(), "Entries")?
        .iter()
        .map(|entry| one_entry(asked, entry))
        .collect()
}

fn one_entry(asked: Asked<'_>, sent: &types::NetworkAclEntry) -> Result<NetworkAclEntry, Box<Gap>> {
    if sent.cidr_block.is_none() && sent.ipv6_cidr_block.is_none() {
        asked.must(sent.cidr_block.as_ref(), "CidrBlock or Ipv6CidrBlock")?;
    }
    let action = sent.rule_action.as_ref().map(types::RuleAction::as_str);
    let port_range = match &sent.port_range {
        None => None,
        Some(range) => Some(PortRange {
            from: i64::from(asked.must(range.from, "PortRange.From")?),
            to: i64::from(asked.must(range.to, "PortRange.To")?),
        }),
    };
    Ok(NetworkAclEntry {
        rule_number: i64::from(asked.must(sent.rule_number, "RuleNumber")?),
        egress: asked.must(sent.egress, "Egress")?,
        rule_action: asked.text(action, "RuleAction")?,
        protocol: asked.text(sent.protocol(), "Protocol")?,
        port_range,
        cidr_block: sent.cidr_block.clone(),
        ipv6_cidr_block: sent.ipv6_cidr_block.clone(),
    })
}

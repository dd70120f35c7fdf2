//! Security groups.

use super::super::pages::{arn, feed, tags};
use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::network::DESCRIBE_SECURITY_GROUPS;
use crate::services::ec2::network::group::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, SecurityGroup, UserIdGroupPair,
};
use aws_sdk_ec2::types;

/// The security groups of one region.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_SECURITY_GROUPS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_security_groups().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| {
            Ok((asked.must(reply.security_groups, "SecurityGroups")?, reply.next_token))
        })
    };
    feed(context, asked, SecurityGroup::resource_type(), page, |group| one(context, asked, group))
        .await;
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    group: &types::SecurityGroup,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(group.group_id(), "GroupId")?;
    let owner = asked.text(group.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "security-group", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let document = SecurityGroup {
        group_name: context.member(asked.text(group.group_name(), "GroupName")),
        owner_id: Fact::Known(owner),
        vpc_id: context.member(asked.text(group.vpc_id(), "VpcId")),
        ip_permissions: context.member(permissions(
            asked,
            group.ip_permissions.as_ref(),
            "IpPermissions",
        )),
        ip_permissions_egress: context.member(permissions(
            asked,
            group.ip_permissions_egress.as_ref(),
            "IpPermissionsEgress",
        )),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(group.tags.as_ref())))
}

fn permissions(
    asked: Asked<'_>,
    sent: Option<&Vec<types::IpPermission>>,
    member: &str,
) -> Result<Vec<IpPermission>, Box<Gap>> {
    asked.must(sent, member)?.iter().map(|permission| one_permission(asked, permission)).collect()
}

fn one_permission(asked: Asked<'_>, sent: &types::IpPermission) -> Result<IpPermission, Box<Gap>> {
    let v4 = asked.must(sent.ip_ranges.as_ref(), "IpRanges")?;
    let v6 = asked.must(sent.ipv6_ranges.as_ref(), "Ipv6Ranges")?;
    let lists = asked.must(sent.prefix_list_ids.as_ref(), "PrefixListIds")?;
    let groups = asked.must(sent.user_id_group_pairs.as_ref(), "UserIdGroupPairs")?;
    Ok(IpPermission {
        ip_protocol: asked.text(sent.ip_protocol(), "IpProtocol")?,
        from_port: sent.from_port.map(i64::from),
        to_port: sent.to_port.map(i64::from),
        ip_ranges: v4
            .iter()
            .map(|range| Ok(IpRange { cidr_ip: asked.text(range.cidr_ip(), "CidrIp")? }))
            .collect::<Result<_, Box<Gap>>>()?,
        ipv6_ranges: v6
            .iter()
            .map(|range| Ok(Ipv6Range { cidr_ipv6: asked.text(range.cidr_ipv6(), "CidrIpv6")? }))
            .collect::<Result<_, Box<Gap>>>()?,
        prefix_list_ids: lists
            .iter()
            .map(|list| {
                let prefix_list_id = asked.text(list.prefix_list_id(), "PrefixListId")?;
                Ok(PrefixListId { prefix_list_id })
            })
            .collect::<Result<_, Box<Gap>>>()?,
        user_id_group_pairs: groups
            .iter()
            .map(|pair| UserIdGroupPair {
                group_id: pair.group_id.clone(),
                user_id: pair.user_id.clone(),
            })
            .collect(),
    })
}

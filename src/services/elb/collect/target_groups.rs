//! Target groups.

use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::elb::{DESCRIBE_TARGET_GROUPS, TargetGroup};
use crate::services::pages::feed;
use aws_sdk_elasticloadbalancingv2::types;

/// Target groups of one region. Calls: ceil(target groups / 400).
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_TARGET_GROUPS, region: &region, about: None };
    let client = context.session().elbv2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                client.describe_target_groups().page_size(PAGE).set_marker(token.clone()).send()
            })
            .await;
        reply
            .read(|reply| Ok((asked.must(reply.target_groups, "TargetGroups")?, reply.next_marker)))
    };
    feed(context, asked, TargetGroup::resource_type(), page, |group| one(context, asked, group))
        .await;
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    group: &types::TargetGroup,
) -> Result<Resource, Box<Gap>> {
    let arn = asked.must(group.target_group_arn.as_deref(), "TargetGroupArn")?;
    let about = Asked { about: Some(arn), ..asked };
    let protocol = |protocol: Option<&types::ProtocolEnum>| {
        Fact::from_option(protocol.map(|protocol| protocol.as_str().to_owned()))
    };
    let target_type = about.must(group.target_type.as_ref(), "TargetType");
    let document = TargetGroup {
        protocol: protocol(group.protocol.as_ref()),
        target_type: context.member(target_type.map(|kind| kind.as_str().to_owned())),
        health_check_enabled: Fact::from_option(group.health_check_enabled),
        health_check_protocol: protocol(group.health_check_protocol.as_ref()),
    };
    let name = group.target_group_name.as_deref().unwrap_or(arn);
    Ok(Resource::new(name, arn, asked.region, document))
}

//! VPCs, subnets, flow logs and endpoints.

use super::super::pages::{arn, feed, tags};
use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::network::{
    DESCRIBE_FLOW_LOGS, DESCRIBE_SUBNETS, DESCRIBE_VPC_ENDPOINTS, DESCRIBE_VPCS, FlowLog, Subnet,
    Vpc, VpcEndpoint,
};
use aws_sdk_ec2::types;

/// The VPCs of one region.
pub(super) async fn vpcs(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_VPCS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_vpcs().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.vpcs, "Vpcs")?, reply.next_token)))
    };
    feed(context, asked, Vpc::resource_type(), page, |vpc| one_vpc(context, asked, vpc)).await;
}

fn one_vpc(context: &Context, asked: Asked<'_>, sent: &types::Vpc) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.vpc_id(), "VpcId")?;
    let owner = asked.text(sent.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "vpc", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let state = sent.state.as_ref().map(types::VpcState::as_str);
    let document = Vpc {
        owner_id: Fact::Known(owner),
        is_default: context.member(asked.must(sent.is_default, "IsDefault")),
        state: context.member(asked.text(state, "State")),
        cidr_block: context.member(asked.text(sent.cidr_block(), "CidrBlock")),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

/// The subnets of one region.
pub(super) async fn subnets(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_SUBNETS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_subnets().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.subnets, "Subnets")?, reply.next_token)))
    };
    feed(context, asked, Subnet::resource_type(), page, |subnet| {
        one_subnet(context, asked, subnet)
    })
    .await;
}

fn one_subnet(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::Subnet,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.subnet_id(), "SubnetId")?;
    let owner = asked.text(sent.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "subnet", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let maps = asked.must(sent.map_public_ip_on_launch, "MapPublicIpOnLaunch");
    let document = Subnet {
        owner_id: Fact::Known(owner),
        vpc_id: context.member(asked.text(sent.vpc_id(), "VpcId")),
        zone: context.member(asked.text(sent.availability_zone(), "AvailabilityZone")),
        map_public_ip_on_launch: context.member(maps),
        assign_ipv6_address_on_creation: Fact::from_option(sent.assign_ipv6_address_on_creation),
        default_for_az: context.member(asked.must(sent.default_for_az, "DefaultForAz")),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

/// The flow logs of one region.
pub(super) async fn flow_logs(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_FLOW_LOGS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_flow_logs().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.flow_logs, "FlowLogs")?, reply.next_token)))
    };
    feed(context, asked, FlowLog::resource_type(), page, |log| one_flow_log(context, asked, log))
        .await;
}

fn one_flow_log(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::FlowLog,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.flow_log_id(), "FlowLogId")?;
    let owner = context.session().account();
    let arn = arn(context, asked.region, owner, "vpc-flow-log", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let traffic = sent.traffic_type.as_ref().map(|kind| kind.as_str().to_owned());
    let destination = sent.log_destination_type.as_ref().map(|kind| kind.as_str().to_owned());
    let document = FlowLog {
        resource_id: context.member(asked.text(sent.resource_id(), "ResourceId")),
        flow_log_status: context.member(asked.text(sent.flow_log_status(), "FlowLogStatus")),
        traffic_type: Fact::from_option(traffic),
        deliver_logs_status: Fact::from_option(sent.deliver_logs_status.clone()),
        deliver_logs_error_message: Fact::from_option(sent.deliver_logs_error_message.clone()),
        log_destination_type: Fact::from_option(destination),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

/// The VPC endpoints of one region.
pub(super) async fn endpoints(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_VPC_ENDPOINTS, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_vpc_endpoints().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.vpc_endpoints, "VpcEndpoints")?, reply.next_token)))
    };
    feed(context, asked, VpcEndpoint::resource_type(), page, |endpoint| {
        one_endpoint(context, asked, endpoint)
    })
    .await;
}

fn one_endpoint(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::VpcEndpoint,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.vpc_endpoint_id(), "VpcEndpointId")?;
    let owner = asked.text(sent.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "vpc-endpoint", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let kind = sent.vpc_endpoint_type.as_ref().map(types::VpcEndpointType::as_str);
    let state = sent.state.as_ref().map(types::State::as_str);
    let document = VpcEndpoint {
        owner_id: Fact::Known(owner),
        vpc_endpoint_type: context.member(asked.text(kind, "VpcEndpointType")),
        vpc_id: context.member(asked.text(sent.vpc_id(), "VpcId")),
        service_name: Fact::from_option(sent.service_name.clone()),
        state: context.member(asked.text(state, "State")),
        route_tables: Fact::from_option(sent.route_table_ids.clone().filter(|ids| !ids.is_empty())),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

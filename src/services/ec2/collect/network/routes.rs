//! Route tables and VPC peering connections.

use super::super::pages::{arn, feed, tags};
use super::PAGE;
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::network::route::{
    CidrBlock, Ipv6CidrBlock, Route, RouteTable, RouteTableAssociation, VpcPeeringConnection,
    VpcPeeringConnectionVpcInfo,
};
use crate::services::ec2::network::{DESCRIBE_ROUTE_TABLES, DESCRIBE_VPC_PEERING_CONNECTIONS};
use aws_sdk_ec2::types;

/// The most route tables that one page holds.
const TABLES: i32 = 100;

/// The route tables of one region.
pub(super) async fn tables(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_ROUTE_TABLES, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_route_tables().max_results(TABLES).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.route_tables, "RouteTables")?, reply.next_token)))
    };
    let one = |table: &types::RouteTable| one_table(context, asked, table);
    feed(context, asked, RouteTable::resource_type(), page, one).await;
}

fn one_table(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::RouteTable,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.route_table_id(), "RouteTableId")?;
    let owner = asked.text(sent.owner_id(), "OwnerId")?;
    let arn = arn(context, asked.region, &owner, "route-table", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let document = RouteTable {
        owner_id: Fact::Known(owner),
        vpc_id: context.member(asked.text(sent.vpc_id(), "VpcId")),
        routes: context.member(routes(asked, sent)),
        associations: context.member(associations(asked, sent)),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

/// The routes to internet gateways and over peering connections.
fn routes(asked: Asked<'_>, sent: &types::RouteTable) -> Result<Vec<Route>, Box<Gap>> {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut kept = Vec::new();
    for route in asked.must(sent.routes.as_ref(), "Routes")? {
        // Other gateways are the VPC itself, private ones and endpoints.
        let gateway = said(&route.gateway_id).filter(|id| id.starts_with("igw-"));
        let peering = said(&route.vpc_peering_connection_id);
        if gateway.is_none() && peering.is_none() {
            continue;
        }
        let state = route.state.as_ref().map(types::RouteState::as_str);
        kept.push(Route {
            cidr: said(&route.destination_cidr_block),
            ipv6_cidr: said(&route.destination_ipv6_cidr_block),
            prefix_list: said(&route.destination_prefix_list_id),
            gateway,
            peering,
            state: asked.text(state, "Routes.State")?,
        });
    }
    Ok(kept)
}

fn associations(
    asked: Asked<'_>,
    sent: &types::RouteTable,
) -> Result<Vec<RouteTableAssociation>, Box<Gap>> {
    let associations = asked.must(sent.associations.as_ref(), "Associations")?.iter();
    associations
        .map(|association| {
            Ok(RouteTableAssociation {
                main: asked.must(association.main, "Associations.Main")?,
                subnet: association.subnet_id.clone(),
            })
        })
        .collect()
}

/// The peering connections of one region.
pub(super) async fn peering_connections(context: Context, region: String) {
    let operation = &DESCRIBE_VPC_PEERING_CONNECTIONS;
    let asked = Asked { operation, region: &region, about: None };
    let client = context.session().ec2(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let request = client.describe_vpc_peering_connections();
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let connections = reply.vpc_peering_connections;
            Ok((asked.must(connections, "VpcPeeringConnections")?, reply.next_token))
        })
    };
    let one = |connection: &types::VpcPeeringConnection| one_connection(context, asked, connection);
    feed(context, asked, VpcPeeringConnection::resource_type(), page, one).await;
}

fn one_connection(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::VpcPeeringConnection,
) -> Result<Resource, Box<Gap>> {
    let id = asked.text(sent.vpc_peering_connection_id(), "VpcPeeringConnectionId")?;
    let account = context.session().account();
    let arn = arn(context, asked.region, account, "vpc-peering-connection", &id);
    let asked = Asked { about: Some(&arn), ..asked };
    let document = VpcPeeringConnection {
        requester: context.member(side(
            asked,
            sent.requester_vpc_info.as_ref(),
            "RequesterVpcInfo",
        )),
        accepter: context.member(side(asked, sent.accepter_vpc_info.as_ref(), "AccepterVpcInfo")),
    };
    let resource = Resource::new(&id, &arn, asked.region, document);
    Ok(resource.with_tags(tags(sent.tags.as_ref())))
}

fn side(
    asked: Asked<'_>,
    sent: Option<&types::VpcPeeringConnectionVpcInfo>,
    member: &str,
) -> Result<VpcPeeringConnectionVpcInfo, Box<Gap>> {
    let sent = asked.must(sent, member)?;
    let cidrs = sent.cidr_block_set.as_ref().map(|blocks| {
        let read = blocks.iter().map(|block| {
            Ok(CidrBlock { cidr: asked.text(block.cidr_block(), "CidrBlockSet.CidrBlock")? })
        });
        read.collect::<Result<Vec<_>, Box<Gap>>>()
    });
    let ipv6_cidrs = sent.ipv6_cidr_block_set.as_ref().map(|blocks| {
        let read = blocks.iter().map(|block| {
            let cidr = asked.text(block.ipv6_cidr_block(), "Ipv6CidrBlockSet.Ipv6CidrBlock")?;
            Ok(Ipv6CidrBlock { cidr })
        });
        read.collect::<Result<Vec<_>, Box<Gap>>>()
    });
    Ok(VpcPeeringConnectionVpcInfo {
        owner_id: sent.owner_id.clone(),
        vpc_id: sent.vpc_id.clone(),
        cidr: sent.cidr_block.clone().filter(|cidr| !cidr.is_empty()),
        cidrs: cidrs.transpose()?,
        ipv6_cidrs: ipv6_cidrs.transpose()?,
    })
}

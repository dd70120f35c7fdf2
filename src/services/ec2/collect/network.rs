//! The collectors of the network half. Calls for each region:
//! ceil(n / 1000) for each of security groups, network interfaces, network
//! ACLs, VPCs, subnets, peering connections, flow logs, VPC endpoints, Client VPN
//! endpoints and transit gateways; 1 for VPN connections; ceil(n / 100) for route
//! tables and for prefix lists, and ceil(ranges / 100) for each prefix list that
//! is not AWS's; at least one for each list.

mod acls;
mod block_public_access;
mod gateways;
mod groups;
mod interfaces;
mod prefix_lists;
mod routes;
#[cfg(test)]
mod tests;
mod vpcs;

use super::Entry;
use crate::inventory::Document;
use crate::services::ec2::network::{
    ClientVpnEndpoint, FlowLog, ManagedPrefixList, NetworkAcl, NetworkInterface, RouteTable,
    SecurityGroup, Subnet, TransitGateway, Vpc, VpcEndpoint, VpcPeeringConnection, VpnConnection,
};

pub(crate) use block_public_access::vpc_block_public_access;

/// The most that most lists give at once.
const PAGE: i32 = 1000;

/// One for each type.
pub(super) static COLLECTORS: &[Entry] = &[
    (SecurityGroup::resource_type, |context, region| Box::pin(groups::collect(context, region))),
    (NetworkInterface::resource_type, |context, region| {
        Box::pin(interfaces::collect(context, region))
    }),
    (NetworkAcl::resource_type, |context, region| Box::pin(acls::collect(context, region))),
    (Vpc::resource_type, |context, region| Box::pin(vpcs::vpcs(context, region))),
    (Subnet::resource_type, |context, region| Box::pin(vpcs::subnets(context, region))),
    (RouteTable::resource_type, |context, region| Box::pin(routes::tables(context, region))),
    (VpcPeeringConnection::resource_type, |context, region| {
        Box::pin(routes::peering_connections(context, region))
    }),
    (FlowLog::resource_type, |context, region| Box::pin(vpcs::flow_logs(context, region))),
    (VpcEndpoint::resource_type, |context, region| Box::pin(vpcs::endpoints(context, region))),
    (ManagedPrefixList::resource_type, |context, region| {
        Box::pin(prefix_lists::collect(context, region))
    }),
    (VpnConnection::resource_type, |context, region| {
        Box::pin(gateways::vpn_connections(context, region))
    }),
    (ClientVpnEndpoint::resource_type, |context, region| {
        Box::pin(gateways::client_vpn_endpoints(context, region))
    }),
    (TransitGateway::resource_type, |context, region| {
        Box::pin(gateways::transit_gateways(context, region))
    }),
];

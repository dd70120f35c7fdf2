//! The network: VPCs and what lets traffic in and out of them.

pub mod acl;
mod acl_traffic;
mod addresses;
pub mod gateway;
pub mod group;
pub mod group_questions;
mod group_traffic;
pub mod interface;
mod occupied;
pub mod prefix_list;
pub mod questions;
pub mod route;
pub mod route_questions;
mod routing;
#[cfg(test)]
mod tests;
pub mod vpc;

pub use acl::NetworkAcl;
pub(in crate::services) use addresses::covers_internet;
pub use gateway::{ClientVpnEndpoint, TransitGateway, VpnConnection};
pub use group::SecurityGroup;
pub use interface::NetworkInterface;
pub use prefix_list::ManagedPrefixList;
pub use route::{RouteTable, VpcPeeringConnection};
pub(in crate::services) use routing::{ROUTING, Routing};
pub use vpc::{FlowLog, Subnet, Vpc, VpcBlockPublicAccessOptions, VpcEndpoint};

use crate::inventory::{Document, Operation, ResourceType};
use crate::services::Question;
use std::sync::LazyLock;

/// Security groups with their rules.
pub static DESCRIBE_SECURITY_GROUPS: Operation =
    Operation::new("ec2", "DescribeSecurityGroups", &["ec2:DescribeSecurityGroups"]);
/// Network interfaces.
pub static DESCRIBE_NETWORK_INTERFACES: Operation =
    Operation::new("ec2", "DescribeNetworkInterfaces", &["ec2:DescribeNetworkInterfaces"]);
/// Network ACLs with their entries.
pub static DESCRIBE_NETWORK_ACLS: Operation =
    Operation::new("ec2", "DescribeNetworkAcls", &["ec2:DescribeNetworkAcls"]);
/// VPCs.
pub static DESCRIBE_VPCS: Operation = Operation::new("ec2", "DescribeVpcs", &["ec2:DescribeVpcs"]);
/// Subnets.
pub static DESCRIBE_SUBNETS: Operation =
    Operation::new("ec2", "DescribeSubnets", &["ec2:DescribeSubnets"]);
/// Route tables with their routes.
pub static DESCRIBE_ROUTE_TABLES: Operation =
    Operation::new("ec2", "DescribeRouteTables", &["ec2:DescribeRouteTables"]);
/// VPC peering connections.
pub static DESCRIBE_VPC_PEERING_CONNECTIONS: Operation =
    Operation::new("ec2", "DescribeVpcPeeringConnections", &["ec2:DescribeVpcPeeringConnections"]);
/// Flow logs.
pub static DESCRIBE_FLOW_LOGS: Operation =
    Operation::new("ec2", "DescribeFlowLogs", &["ec2:DescribeFlowLogs"]);
/// Prefix lists: the account's own, shared ones, and AWS's.
pub static DESCRIBE_MANAGED_PREFIX_LISTS: Operation =
    Operation::new("ec2", "DescribeManagedPrefixLists", &["ec2:DescribeManagedPrefixLists"]);
/// The ranges of one prefix list.
pub static GET_MANAGED_PREFIX_LIST_ENTRIES: Operation =
    Operation::new("ec2", "GetManagedPrefixListEntries", &["ec2:GetManagedPrefixListEntries"]);
/// VPC endpoints.
pub static DESCRIBE_VPC_ENDPOINTS: Operation =
    Operation::new("ec2", "DescribeVpcEndpoints", &["ec2:DescribeVpcEndpoints"]);
/// Site-to-Site VPN connections.
pub static DESCRIBE_VPN_CONNECTIONS: Operation =
    Operation::new("ec2", "DescribeVpnConnections", &["ec2:DescribeVpnConnections"]);
/// Client VPN endpoints.
pub static DESCRIBE_CLIENT_VPN_ENDPOINTS: Operation =
    Operation::new("ec2", "DescribeClientVpnEndpoints", &["ec2:DescribeClientVpnEndpoints"]);
/// Transit gateways.
pub static DESCRIBE_TRANSIT_GATEWAYS: Operation =
    Operation::new("ec2", "DescribeTransitGateways", &["ec2:DescribeTransitGateways"]);
/// Whether the region keeps the internet out of its VPCs.
pub static DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS: Operation = Operation::new(
    "ec2",
    "DescribeVpcBlockPublicAccessOptions",
    &["ec2:DescribeVpcBlockPublicAccessOptions"],
);

/// The types of this half.
pub(super) fn types() -> Vec<&'static ResourceType> {
    vec![
        SecurityGroup::resource_type(),
        NetworkInterface::resource_type(),
        NetworkAcl::resource_type(),
        Vpc::resource_type(),
        Subnet::resource_type(),
        RouteTable::resource_type(),
        VpcPeeringConnection::resource_type(),
        FlowLog::resource_type(),
        ManagedPrefixList::resource_type(),
        VpcEndpoint::resource_type(),
        VpnConnection::resource_type(),
        ClientVpnEndpoint::resource_type(),
        TransitGateway::resource_type(),
    ]
}

/// The questions of this half.
pub(super) static QUESTIONS: LazyLock<Vec<Question>> = LazyLock::new(|| {
    [group_questions::QUESTIONS, questions::QUESTIONS, route_questions::QUESTIONS].concat()
});

//! Route tables and VPC peering connections.

use super::{DESCRIBE_ROUTE_TABLES, DESCRIBE_VPC_PEERING_CONNECTIONS};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// A route to an internet gateway or over a peering connection.
    pub struct Route {
        /// To these IPv4 addresses.
        "DestinationCidrBlock" => cidr: Option<String>,
        /// Or to these IPv6 addresses.
        "DestinationIpv6CidrBlock" => ipv6_cidr: Option<String>,
        /// Or to those of a prefix list.
        "DestinationPrefixListId" => prefix_list: Option<String>,
        /// To this internet gateway.
        "GatewayId" => gateway: Option<String>,
        /// Or over this peering connection.
        "VpcPeeringConnectionId" => peering: Option<String>,
        /// active, blackhole (what it leads to is gone) or filtered.
        "State" => state: String,
    }
}

record! {
    /// What uses a route table.
    pub struct RouteTableAssociation {
        /// All subnets of the VPC that have no route table of their own.
        "Main" => main: bool,
        /// One subnet; absent for gateways.
        "SubnetId" => subnet: Option<String>,
    }
}

document! {
    /// A route table: the account's own, or one of a VPC that is shared with it.
    pub struct RouteTable: "ec2.route-table" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_ROUTE_TABLES]], tagged by [DESCRIBE_ROUTE_TABLES] {
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_ROUTE_TABLES],
        /// Its VPC.
        "VpcId" => always vpc_id: String = [DESCRIBE_ROUTE_TABLES],
        /// Its routes to internet gateways and over peering connections; no others are kept.
        "Routes" => always routes: Vec<Route> = [DESCRIBE_ROUTE_TABLES],
        /// What uses it.
        "Associations" => always associations: Vec<RouteTableAssociation> = [DESCRIBE_ROUTE_TABLES],
    }
}

record! {
    /// A range of IPv4 addresses.
    pub struct CidrBlock {
        /// In CIDR notation.
        "CidrBlock" => cidr: String,
    }
}

record! {
    /// A range of IPv6 addresses.
    pub struct Ipv6CidrBlock {
        /// In CIDR notation.
        "Ipv6CidrBlock" => cidr: String,
    }
}

record! {
    /// One side of a peering connection. Ranges are there while it is active.
    pub struct VpcPeeringConnectionVpcInfo {
        /// The account that owns the VPC.
        "OwnerId" => owner_id: Option<String>,
        /// The VPC.
        "VpcId" => vpc_id: Option<String>,
        /// Its first IPv4 range.
        "CidrBlock" => cidr: Option<String>,
        /// Its IPv4 ranges.
        "CidrBlockSet" => cidrs: Option<Vec<CidrBlock>>,
        /// Its IPv6 ranges.
        "Ipv6CidrBlockSet" => ipv6_cidrs: Option<Vec<Ipv6CidrBlock>>,
    }
}

document! {
    /// A VPC peering connection: every one with a VPC of the account on one of its sides.
    pub struct VpcPeeringConnection: "ec2.vpc-peering-connection" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_VPC_PEERING_CONNECTIONS]], tagged by [DESCRIBE_VPC_PEERING_CONNECTIONS] {
        /// The side that asked for it.
        "RequesterVpcInfo" => always requester: VpcPeeringConnectionVpcInfo = [DESCRIBE_VPC_PEERING_CONNECTIONS],
        /// The side that was asked.
        "AccepterVpcInfo" => always accepter: VpcPeeringConnectionVpcInfo = [DESCRIBE_VPC_PEERING_CONNECTIONS],
    }
}

//! VPCs, subnets, flow logs, endpoints, and what a region refuses as a whole.

use super::{DESCRIBE_FLOW_LOGS, DESCRIBE_SUBNETS, DESCRIBE_VPC_ENDPOINTS, DESCRIBE_VPCS};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// VPC Block Public Access of a region.
    pub struct VpcBlockPublicAccessOptions {
        /// `off`, `block-bidirectional` or `block-ingress`.
        "InternetGatewayBlockMode" => internet_gateway_block_mode: String,
        /// `default-state`, `update-in-progress` or `update-complete`.
        "State" => state: String,
        /// `account` or `declarative-policy`.
        "ManagedBy" => managed_by: Option<String>,
        /// `allowed` or `not-allowed`.
        "ExclusionsAllowed" => exclusions_allowed: Option<String>,
    }
}

document! {
    /// A VPC: the account's own, or one with a subnet that is shared with it.
    pub struct Vpc: "ec2.vpc" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_VPCS]], tagged by [DESCRIBE_VPCS] {
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_VPCS],
        /// AWS made it with the account.
        "IsDefault" => always is_default: bool = [DESCRIBE_VPCS],
        /// pending, available or deleting.
        "State" => always state: String = [DESCRIBE_VPCS],
        /// Its first IPv4 range.
        "CidrBlock" => always cidr_block: String = [DESCRIBE_VPCS],
    }
}

document! {
    /// A subnet: the account's own, or one that is shared with it.
    pub struct Subnet: "ec2.subnet" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_SUBNETS]], tagged by [DESCRIBE_SUBNETS] {
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_SUBNETS],
        /// Its VPC.
        "VpcId" => always vpc_id: String = [DESCRIBE_SUBNETS],
        /// The zone it is in.
        "AvailabilityZone" => always zone: String = [DESCRIBE_SUBNETS],
        /// What is launched in it gets a public IPv4 address.
        "MapPublicIpOnLaunch" => always map_public_ip_on_launch: bool = [DESCRIBE_SUBNETS],
        /// What is launched in it gets an IPv6 address.
        "AssignIpv6AddressOnCreation" => optional assign_ipv6_address_on_creation: bool = [DESCRIBE_SUBNETS],
        /// AWS made it with the default VPC.
        "DefaultForAz" => always default_for_az: bool = [DESCRIBE_SUBNETS],
    }
}

document! {
    /// A flow log of a VPC, a subnet, a network interface or a gateway.
    pub struct FlowLog: "ec2.flow-log" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_FLOW_LOGS]], tagged by [DESCRIBE_FLOW_LOGS] {
        /// What it is about.
        "ResourceId" => always resource_id: String = [DESCRIBE_FLOW_LOGS],
        /// ACTIVE.
        "FlowLogStatus" => always flow_log_status: String = [DESCRIBE_FLOW_LOGS],
        /// ACCEPT, REJECT or ALL; absent for gateways.
        "TrafficType" => optional traffic_type: String = [DESCRIBE_FLOW_LOGS],
        /// SUCCESS or FAILED.
        "DeliverLogsStatus" => optional deliver_logs_status: String = [DESCRIBE_FLOW_LOGS],
        /// Why it is not delivered.
        "DeliverLogsErrorMessage" => optional deliver_logs_error_message: String = [DESCRIBE_FLOW_LOGS],
        /// cloud-watch-logs, s3 or kinesis-data-firehose.
        "LogDestinationType" => optional log_destination_type: String = [DESCRIBE_FLOW_LOGS],
    }
}

document! {
    /// A VPC endpoint.
    pub struct VpcEndpoint: "ec2.vpc-endpoint" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_VPC_ENDPOINTS]], tagged by [DESCRIBE_VPC_ENDPOINTS] {
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_VPC_ENDPOINTS],
        /// Interface, Gateway, GatewayLoadBalancer and others.
        "VpcEndpointType" => always vpc_endpoint_type: String = [DESCRIBE_VPC_ENDPOINTS],
        /// Its VPC.
        "VpcId" => always vpc_id: String = [DESCRIBE_VPC_ENDPOINTS],
        /// The service behind it; absent for endpoints of resources and service networks.
        "ServiceName" => optional service_name: String = [DESCRIBE_VPC_ENDPOINTS],
        /// available, pendingAcceptance, rejected and others; AWS documents and sends different cases.
        "State" => always state: String = [DESCRIBE_VPC_ENDPOINTS],
        /// The route tables that lead to it, for gateways.
        "RouteTableIds" => optional route_tables: Vec<String> = [DESCRIBE_VPC_ENDPOINTS],
    }
}

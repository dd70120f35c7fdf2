//! Network ACLs.

use super::DESCRIBE_NETWORK_ACLS;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// A subnet under a network ACL.
    pub struct NetworkAclAssociation {
        /// The subnet.
        "SubnetId" => subnet_id: String,
    }
}

record! {
    /// A range of ports.
    pub struct PortRange {
        /// The first.
        "From" => from: i64,
        /// The last.
        "To" => to: i64,
    }
}

record! {
    /// One rule. The rule with the lowest number that matches decides.
    pub struct NetworkAclEntry {
        /// Its number; 32767 is AWS's last rule, which denies.
        "RuleNumber" => rule_number: i64,
        /// It is about what goes out.
        "Egress" => egress: bool,
        /// allow or deny.
        "RuleAction" => rule_action: String,
        /// The protocol's number, or -1 for all.
        "Protocol" => protocol: String,
        /// The ports; absent for protocols without.
        "PortRange" => port_range: Option<PortRange>,
        /// An IPv4 range; absent if the rule is about IPv6.
        "CidrBlock" => cidr_block: Option<String>,
        /// An IPv6 range; absent if the rule is about IPv4.
        "Ipv6CidrBlock" => ipv6_cidr_block: Option<String>,
    }
}

document! {
    /// A network ACL.
    pub struct NetworkAcl: "ec2.network-acl" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_NETWORK_ACLS]], tagged by [DESCRIBE_NETWORK_ACLS] {
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_NETWORK_ACLS],
        /// Its VPC.
        "VpcId" => always vpc_id: String = [DESCRIBE_NETWORK_ACLS],
        /// AWS made it with the VPC; it cannot be deleted.
        "IsDefault" => always is_default: bool = [DESCRIBE_NETWORK_ACLS],
        /// The subnets under it.
        "Associations" => always associations: Vec<NetworkAclAssociation> = [DESCRIBE_NETWORK_ACLS],
        /// Its rules.
        "Entries" => always entries: Vec<NetworkAclEntry> = [DESCRIBE_NETWORK_ACLS],
    }
}

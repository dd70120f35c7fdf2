//! Security groups.

use super::DESCRIBE_SECURITY_GROUPS;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// A rule of a security group, or several that differ only in whom they let through.
    pub struct IpPermission {
        /// tcp, udp, icmp, icmpv6, a protocol number, or -1 for all.
        "IpProtocol" => ip_protocol: String,
        /// The first port; for ICMP the type; absent where ports mean nothing.
        "FromPort" => from_port: Option<i64>,
        /// The last port; for ICMP the code; absent where ports mean nothing.
        "ToPort" => to_port: Option<i64>,
        /// IPv4 ranges.
        "IpRanges" => ip_ranges: Vec<IpRange>,
        /// IPv6 ranges.
        "Ipv6Ranges" => ipv6_ranges: Vec<Ipv6Range>,
        /// Prefix lists.
        "PrefixListIds" => prefix_list_ids: Vec<PrefixListId>,
        /// Security groups.
        "UserIdGroupPairs" => user_id_group_pairs: Vec<UserIdGroupPair>,
    }
}

record! {
    /// An IPv4 range.
    pub struct IpRange {
        /// In CIDR notation.
        "CidrIp" => cidr_ip: String,
    }
}

record! {
    /// An IPv6 range.
    pub struct Ipv6Range {
        /// In CIDR notation.
        "CidrIpv6" => cidr_ipv6: String,
    }
}

record! {
    /// A prefix list.
    pub struct PrefixListId {
        /// Its id.
        "PrefixListId" => prefix_list_id: String,
    }
}

record! {
    /// A security group, perhaps of another account.
    pub struct UserIdGroupPair {
        /// Its id.
        "GroupId" => group_id: Option<String>,
        /// The account that owns it.
        "UserId" => user_id: Option<String>,
    }
}

document! {
    /// A security group.
    pub struct SecurityGroup: "ec2.security-group" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_SECURITY_GROUPS]], tagged by [DESCRIBE_SECURITY_GROUPS] {
        /// Its name. Only the group that AWS makes with a VPC is called `default`.
        "GroupName" => always group_name: String = [DESCRIBE_SECURITY_GROUPS],
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_SECURITY_GROUPS],
        /// The VPC it was made in.
        "VpcId" => always vpc_id: String = [DESCRIBE_SECURITY_GROUPS],
        /// What may come in.
        "IpPermissions" => always ip_permissions: Vec<IpPermission> = [DESCRIBE_SECURITY_GROUPS],
        /// What may go out.
        "IpPermissionsEgress" => always ip_permissions_egress: Vec<IpPermission> = [DESCRIBE_SECURITY_GROUPS],
    }
}

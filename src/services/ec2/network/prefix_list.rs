//! Managed prefix lists.

use super::{DESCRIBE_MANAGED_PREFIX_LISTS, GET_MANAGED_PREFIX_LIST_ENTRIES};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// The owner of the lists with the addresses of AWS's own services
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html>).
pub const AWS_OWNER: &str = "AWS";

record! {
    /// One range of a prefix list.
    pub struct PrefixListEntry {
        /// In CIDR notation.
        "Cidr" => cidr: String,
    }
}

document! {
    /// A managed prefix list: the account's own, one that is shared with it, or AWS's.
    pub struct ManagedPrefixList: "ec2.managed-prefix-list" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_MANAGED_PREFIX_LISTS]], tagged by [DESCRIBE_MANAGED_PREFIX_LISTS] {
        /// The account that owns it; `AWS` for AWS's own.
        "OwnerId" => always owner_id: String = [DESCRIBE_MANAGED_PREFIX_LISTS],
        /// Its name.
        "PrefixListName" => always prefix_list_name: String = [DESCRIBE_MANAGED_PREFIX_LISTS],
        /// IPv4 or IPv6.
        "AddressFamily" => always address_family: String = [DESCRIBE_MANAGED_PREFIX_LISTS],
        /// Its ranges. Those of AWS's own lists are not asked for: they are addresses of
        /// AWS's services, never the whole internet.
        "Entries" => optional entries: Vec<PrefixListEntry> = [GET_MANAGED_PREFIX_LIST_ENTRIES],
    }
}

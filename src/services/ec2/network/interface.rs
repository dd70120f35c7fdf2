//! Network interfaces.

use super::DESCRIBE_NETWORK_INTERFACES;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// A security group by id.
    pub struct GroupIdentifier {
        /// Its id.
        "GroupId" => group_id: String,
    }
}

record! {
    /// To what an interface is attached.
    pub struct NetworkInterfaceAttachment {
        /// attaching, attached, detaching or detached.
        "Status" => status: String,
        /// The instance; absent for other things.
        "InstanceId" => instance_id: Option<String>,
    }
}

record! {
    /// The public address of an interface.
    pub struct NetworkInterfaceAssociation {
        /// The address.
        "PublicIp" => public_ip: Option<String>,
    }
}

document! {
    /// A network interface.
    pub struct NetworkInterface: "ec2.network-interface" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_NETWORK_INTERFACES]], tagged by [DESCRIBE_NETWORK_INTERFACES] {
        /// The account that owns it.
        "OwnerId" => always owner_id: String = [DESCRIBE_NETWORK_INTERFACES],
        /// The VPC it is in.
        "VpcId" => always vpc_id: String = [DESCRIBE_NETWORK_INTERFACES],
        /// The subnet it is in.
        "SubnetId" => always subnet_id: String = [DESCRIBE_NETWORK_INTERFACES],
        /// interface, natGateway, efa, lambda and others.
        "InterfaceType" => always interface_type: String = [DESCRIBE_NETWORK_INTERFACES],
        /// An AWS service made it and looks after it.
        "RequesterManaged" => always requester_managed: bool = [DESCRIBE_NETWORK_INTERFACES],
        /// Traffic that is neither from nor for the interface is dropped.
        "SourceDestCheck" => always source_dest_check: bool = [DESCRIBE_NETWORK_INTERFACES],
        /// available, associated, attaching, in-use or detaching.
        "Status" => always status: String = [DESCRIBE_NETWORK_INTERFACES],
        /// Its security groups.
        "Groups" => always groups: Vec<GroupIdentifier> = [DESCRIBE_NETWORK_INTERFACES],
        /// To what it is attached.
        "Attachment" => optional attachment: NetworkInterfaceAttachment = [DESCRIBE_NETWORK_INTERFACES],
        /// Its public address.
        "Association" => optional association: NetworkInterfaceAssociation = [DESCRIBE_NETWORK_INTERFACES],
    }
}

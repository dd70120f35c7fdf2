//! Instances.

use super::image::DESCRIBE_IMAGES;
use crate::inventory::Operation;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::secrets::FoundSecret;
use crate::{document, record};
use jiff::Timestamp;

/// All instances; those that ended are listed for about an hour.
pub static DESCRIBE_INSTANCES: Operation =
    Operation::new("ec2", "DescribeInstances", &["ec2:DescribeInstances"]);
/// One attribute of an instance: its user data.
pub static DESCRIBE_INSTANCE_ATTRIBUTE: Operation =
    Operation::new("ec2", "DescribeInstanceAttribute", &["ec2:DescribeInstanceAttribute"]);

record! {
    /// Where an instance stands in its life.
    pub struct InstanceState {
        /// pending, running, stopping, stopped, shutting-down or terminated.
        "Name" => name: String,
    }
}

record! {
    /// How the metadata service answers
    /// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html>).
    pub struct MetadataOptions {
        /// optional (IMDSv1 and IMDSv2) or required (IMDSv2 only).
        "HttpTokens" => http_tokens: String,
        /// enabled or disabled.
        "HttpEndpoint" => http_endpoint: String,
        /// How many network hops an answer may travel, 1 to 64.
        "HttpPutResponseHopLimit" => http_put_response_hop_limit: i64,
    }
}

record! {
    /// A public address of a network interface.
    pub struct InterfaceAssociation {
        /// The public IPv4 address.
        "PublicIp" => public_ip: Option<String>,
        /// Whose it is: `amazon`, or the account of an Elastic IP.
        "IpOwnerId" => ip_owner_id: Option<String>,
    }
}

record! {
    /// A private address of a network interface.
    pub struct InterfacePrivateIp {
        /// The address.
        "PrivateIpAddress" => private_ip_address: Option<String>,
        /// The public address in front of it.
        "Association" => association: Option<InterfaceAssociation>,
    }
}

record! {
    /// A network interface of an instance.
    pub struct InstanceNetworkInterface {
        /// Its id.
        "NetworkInterfaceId" => id: String,
        /// interface, efa, trunk and others.
        "InterfaceType" => interface_type: Option<String>,
        /// Its primary public address.
        "Association" => association: Option<InterfaceAssociation>,
        /// Its private addresses, each with the public one in front of it.
        "PrivateIpAddresses" => private_ip_addresses: Option<Vec<InterfacePrivateIp>>,
    }
}

record! {
    /// The instance profile, which holds the instance's role.
    pub struct IamInstanceProfile {
        /// The ARN of the profile, not of the role.
        "Arn" => arn: String,
    }
}

record! {
    /// The image that an instance was started from. Also images of others,
    /// which are no resources of the account.
    pub struct InstanceImage {
        /// Its name.
        "Name" => name: Option<String>,
        /// The account that owns it.
        "OwnerId" => owner: Option<String>,
        /// When it was made.
        "CreationDate" => creation_date: Option<Timestamp>,
        /// From when on its owner calls it out of date.
        "DeprecationTime" => deprecation_time: Option<Timestamp>,
    }
}

record! {
    /// What was found in user data. The text itself is not kept.
    pub struct SearchedUserData {
        /// Secrets, by place.
        "Secrets" => secrets: Vec<FoundSecret>,
    }
}

document! {
    /// An instance.
    pub struct Instance: "ec2.instance" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_INSTANCES]], tagged by [DESCRIBE_INSTANCES] {
        /// Where it stands in its life.
        "State" => always state: InstanceState = [DESCRIBE_INSTANCES],
        /// Why and when it came there: `User initiated (2026-01-01 00:00:00 GMT)`; empty or absent
        /// while it runs.
        "StateTransitionReason" => optional state_transition_reason: String = [DESCRIBE_INSTANCES],
        /// When it was started last.
        "LaunchTime" => always launch_time: Timestamp = [DESCRIBE_INSTANCES],
        /// Its size.
        "InstanceType" => always instance_type: String = [DESCRIBE_INSTANCES],
        /// hvm or paravirtual.
        "VirtualizationType" => always virtualization_type: String = [DESCRIBE_INSTANCES],
        /// The image that it was started from.
        "ImageId" => always image_id: String = [DESCRIBE_INSTANCES],
        /// Its public IPv4 address.
        "PublicIpAddress" => optional public_ip_address: String = [DESCRIBE_INSTANCES],
        /// Its network interfaces.
        "NetworkInterfaces" => always network_interfaces: Vec<InstanceNetworkInterface> = [DESCRIBE_INSTANCES],
        /// Its instance profile.
        "IamInstanceProfile" => optional iam_instance_profile: IamInstanceProfile = [DESCRIBE_INSTANCES],
        /// How its metadata service answers.
        "MetadataOptions" => always metadata_options: MetadataOptions = [DESCRIBE_INSTANCES],
        /// What EC2 says of its image; absent if there is no such image any more, or not for this
        /// account.
        "Image" => optional image: InstanceImage = [DESCRIBE_IMAGES],
        /// What was found in its user data; absent if it has none.
        "UserData" => optional user_data: SearchedUserData = [DESCRIBE_INSTANCE_ATTRIBUTE],
    }
}

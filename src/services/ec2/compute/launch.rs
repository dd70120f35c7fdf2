//! What instances are started by: launch templates and Spot Fleet requests.

use crate::inventory::Operation;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// All launch templates.
pub static DESCRIBE_LAUNCH_TEMPLATES: Operation =
    Operation::new("ec2", "DescribeLaunchTemplates", &["ec2:DescribeLaunchTemplates"]);
/// Versions of launch templates: the default version of all at once.
pub static DESCRIBE_LAUNCH_TEMPLATE_VERSIONS: Operation = Operation::new(
    "ec2",
    "DescribeLaunchTemplateVersions",
    &["ec2:DescribeLaunchTemplateVersions"],
);
/// All Spot Fleet requests; those that ended are listed for two days.
pub static DESCRIBE_SPOT_FLEET_REQUESTS: Operation =
    Operation::new("ec2", "DescribeSpotFleetRequests", &["ec2:DescribeSpotFleetRequests"]);

record! {
    /// How the metadata service of new instances answers. What a template leaves open, the
    /// region's default or the image decides.
    pub struct LaunchMetadataOptions {
        /// optional (IMDSv1 and IMDSv2) or required (IMDSv2 only).
        "HttpTokens" => http_tokens: Option<String>,
        /// enabled or disabled.
        "HttpEndpoint" => http_endpoint: Option<String>,
        /// How many network hops an answer may travel.
        "HttpPutResponseHopLimit" => http_put_response_hop_limit: Option<i64>,
    }
}

record! {
    /// A network interface of new instances.
    pub struct LaunchNetworkInterface {
        /// Its place; 0 is the primary one.
        "DeviceIndex" => device_index: Option<i64>,
        /// It gets a public IPv4 address; if absent, the subnet decides.
        "AssociatePublicIpAddress" => associate_public_ip_address: Option<bool>,
        /// An interface that exists already.
        "NetworkInterfaceId" => id: Option<String>,
    }
}

record! {
    /// A volume of new instances.
    pub struct LaunchEbs {
        /// It is encrypted; if absent, its snapshot and the region's default decide.
        "Encrypted" => encrypted: Option<bool>,
        /// The snapshot that it is made from.
        "SnapshotId" => snapshot: Option<String>,
        /// The KMS key.
        "KmsKeyId" => kms_key: Option<String>,
    }
}

record! {
    /// A block device of new instances.
    pub struct LaunchBlockDevice {
        /// Its name, such as /dev/xvda.
        "DeviceName" => device_name: Option<String>,
        /// The volume behind it; absent for instance storage and for devices that are left out.
        "Ebs" => ebs: Option<LaunchEbs>,
    }
}

record! {
    /// What a version of a launch template says.
    pub struct LaunchTemplateData {
        /// The image.
        "ImageId" => image_id: Option<String>,
        /// How the metadata service answers.
        "MetadataOptions" => metadata_options: Option<LaunchMetadataOptions>,
        /// Network interfaces.
        "NetworkInterfaces" => network_interfaces: Option<Vec<LaunchNetworkInterface>>,
        /// Block devices.
        "BlockDeviceMappings" => block_device_mappings: Option<Vec<LaunchBlockDevice>>,
    }
}

document! {
    /// A launch template. Its default version is the one that is judged, as AWS Config does
    /// (<https://docs.aws.amazon.com/config/latest/developerguide/ec2-launch-template-imdsv2-check.html>).
    pub struct LaunchTemplate: "ec2.launch-template" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_LAUNCH_TEMPLATES]], tagged by [DESCRIBE_LAUNCH_TEMPLATES] {
        /// Its name.
        "LaunchTemplateName" => always name: String = [DESCRIBE_LAUNCH_TEMPLATES],
        /// The version that is used where none is named.
        "DefaultVersionNumber" => always default_version: i64 = [DESCRIBE_LAUNCH_TEMPLATES],
        /// The newest version.
        "LatestVersionNumber" => always latest_version: i64 = [DESCRIBE_LAUNCH_TEMPLATES],
        /// What the default version says.
        "LaunchTemplateData" => always data: LaunchTemplateData = [DESCRIBE_LAUNCH_TEMPLATE_VERSIONS],
    }
}

record! {
    /// Launch parameters of a Spot Fleet request.
    pub struct SpotFleetLaunchSpecification {
        /// The image.
        "ImageId" => image_id: Option<String>,
        /// Block devices.
        "BlockDeviceMappings" => block_device_mappings: Option<Vec<LaunchBlockDevice>>,
    }
}

record! {
    /// What a Spot Fleet request asks for.
    pub struct SpotFleetRequestConfigData {
        /// Launch parameters; absent if launch templates are named instead.
        "LaunchSpecifications" => launch_specifications: Option<Vec<SpotFleetLaunchSpecification>>,
    }
}

document! {
    /// A Spot Fleet request.
    pub struct SpotFleetRequest: "ec2.spot-fleet-request" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_SPOT_FLEET_REQUESTS]], tagged by [DESCRIBE_SPOT_FLEET_REQUESTS] {
        /// submitted, active, modifying, cancelled, cancelled_running, cancelled_terminating or failed.
        "SpotFleetRequestState" => always state: String = [DESCRIBE_SPOT_FLEET_REQUESTS],
        /// What it asks for.
        "SpotFleetRequestConfig" => always config: SpotFleetRequestConfigData = [DESCRIBE_SPOT_FLEET_REQUESTS],
    }
}

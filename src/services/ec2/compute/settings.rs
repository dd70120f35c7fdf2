//! Settings of a whole region, which stand in `aws.region`.

use crate::inventory::Operation;
use crate::record;

/// Whether new volumes are encrypted.
pub static GET_EBS_ENCRYPTION_BY_DEFAULT: Operation =
    Operation::new("ec2", "GetEbsEncryptionByDefault", &["ec2:GetEbsEncryptionByDefault"]);
/// The KMS key that new volumes are encrypted with.
pub static GET_EBS_DEFAULT_KMS_KEY_ID: Operation =
    Operation::new("ec2", "GetEbsDefaultKmsKeyId", &["ec2:GetEbsDefaultKmsKeyId"]);
/// Whether snapshots may be public.
pub static GET_SNAPSHOT_BLOCK_PUBLIC_ACCESS_STATE: Operation = Operation::new(
    "ec2",
    "GetSnapshotBlockPublicAccessState",
    &["ec2:GetSnapshotBlockPublicAccessState"],
);
/// What new instances answer on the metadata service if nothing else is said.
pub static GET_INSTANCE_METADATA_DEFAULTS: Operation =
    Operation::new("ec2", "GetInstanceMetadataDefaults", &["ec2:GetInstanceMetadataDefaults"]);
/// Whether the serial console can be used.
pub static GET_SERIAL_CONSOLE_ACCESS_STATUS: Operation =
    Operation::new("ec2", "GetSerialConsoleAccessStatus", &["ec2:GetSerialConsoleAccessStatus"]);

record! {
    /// Block public access for snapshots
    /// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetSnapshotBlockPublicAccessState.html>).
    pub struct SnapshotBlockPublicAccess {
        /// block-all-sharing (public snapshots are closed, too), block-new-sharing or unblocked.
        "State" => state: String,
        /// account or declarative-policy.
        "ManagedBy" => managed_by: Option<String>,
    }
}

record! {
    /// What new instances get if launch parameters say nothing. What is absent has no default
    /// here: the image decides.
    pub struct InstanceMetadataDefaults {
        /// optional or required.
        "HttpTokens" => http_tokens: Option<String>,
        /// enabled or disabled.
        "HttpEndpoint" => http_endpoint: Option<String>,
        /// How many network hops an answer may travel.
        "HttpPutResponseHopLimit" => http_put_response_hop_limit: Option<i64>,
    }
}

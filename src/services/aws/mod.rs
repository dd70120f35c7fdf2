//! The account and its regions: settings that belong to no single resource.

#[cfg(feature = "aws")]
pub mod collect;

use crate::document;
use crate::inventory::{Document, Operation};
use crate::services::Service;
use crate::services::accessanalyzer::{AnalyzerSummary, LIST_ANALYZERS};
use crate::services::account::{
    AlternateContact, ContactInformation, GET_ALTERNATE_CONTACT, GET_CONTACT_INFORMATION,
};
use crate::services::config::{
    ConfigurationRecorder, ConfigurationRecorderStatus, DESCRIBE_CONFIGURATION_RECORDER_STATUS,
    DESCRIBE_CONFIGURATION_RECORDERS, DESCRIBE_DELIVERY_CHANNEL_STATUS, DESCRIBE_DELIVERY_CHANNELS,
    DeliveryChannel, DeliveryChannelStatus,
};
use crate::services::ec2::compute::settings::{
    GET_EBS_DEFAULT_KMS_KEY_ID, GET_EBS_ENCRYPTION_BY_DEFAULT, GET_INSTANCE_METADATA_DEFAULTS,
    GET_SERIAL_CONSOLE_ACCESS_STATUS, GET_SNAPSHOT_BLOCK_PUBLIC_ACCESS_STATE,
    InstanceMetadataDefaults, SnapshotBlockPublicAccess,
};
use crate::services::ec2::network::{
    DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, VpcBlockPublicAccessOptions,
};
use crate::services::iam::{
    AccountSummary, GET_ACCOUNT_PASSWORD_POLICY, GET_ACCOUNT_SUMMARY, LIST_VIRTUAL_MFA_DEVICES,
    PasswordPolicy, VirtualMfaDevice,
};
use crate::services::inspector::{BATCH_GET_ACCOUNT_STATUS, InspectorState};
use crate::services::macie::{
    AutomatedDiscovery, GET_AUTOMATED_DISCOVERY_CONFIGURATION, GET_MACIE_SESSION, MacieSession,
};
use crate::services::organizations::{DESCRIBE_ORGANIZATION, Membership};
use crate::services::s3::{GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, PublicAccessBlock};
use crate::services::securityhub::{DESCRIBE_HUB, Hub};
use crate::services::ssm::{GET_SERVICE_SETTING, ServiceSetting};

/// Who we are; needs no permission.
pub static GET_CALLER_IDENTITY: Operation = Operation::new("sts", "GetCallerIdentity", &[]);
/// Which regions are enabled.
pub static DESCRIBE_REGIONS: Operation =
    Operation::new("ec2", "DescribeRegions", &["ec2:DescribeRegions"]);

document! {
    /// The account.
    pub struct Account: "aws.account" in Global,
    listed by [[GET_CALLER_IDENTITY]], tagged by [] {
        /// Counts and switches of IAM.
        "SummaryMap" => always summary: AccountSummary = [GET_ACCOUNT_SUMMARY],
        /// The password policy; absent if the account has none of its own.
        "PasswordPolicy" => optional password_policy: PasswordPolicy = [GET_ACCOUNT_PASSWORD_POLICY],
        /// The virtual MFA devices that are assigned, the root user's among them.
        "VirtualMFADevices" => always virtual_mfa_devices: Vec<VirtualMfaDevice> = [LIST_VIRTUAL_MFA_DEVICES],
        /// S3 block public access of the account; absent if never set.
        "PublicAccessBlockConfiguration" => optional public_access_block: PublicAccessBlock = [GET_ACCOUNT_PUBLIC_ACCESS_BLOCK],
        /// The alternate contact of type SECURITY; absent if none is set.
        "AlternateContact" => optional security_contact: AlternateContact = [GET_ALTERNATE_CONTACT],
        /// The primary contact.
        "ContactInformation" => optional contact_information: ContactInformation = [GET_CONTACT_INFORMATION],
        /// The organization that the account belongs to; absent if to none.
        "Organization" => optional organization: Membership = [DESCRIBE_ORGANIZATION],
    }
}

document! {
    /// A region that is enabled for the account.
    pub struct Region: "aws.region" in Regional,
    listed by [[DESCRIBE_REGIONS]], tagged by [] {
        /// opt-in-not-required or opted-in.
        "OptInStatus" => optional opt_in_status: String = [DESCRIBE_REGIONS],
        /// What VPC Block Public Access refuses in the whole region.
        "VpcBlockPublicAccessOptions" => always vpc_block_public_access: VpcBlockPublicAccessOptions = [DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS],
        /// New EBS volumes and copies of snapshots are encrypted, whatever the request says.
        "EbsEncryptionByDefault" => always ebs_encryption_by_default: bool = [GET_EBS_ENCRYPTION_BY_DEFAULT],
        /// The KMS key that they are encrypted with: `alias/aws/ebs` is AWS's own.
        "EbsDefaultKmsKeyId" => always ebs_default_kms_key: String = [GET_EBS_DEFAULT_KMS_KEY_ID],
        /// Whether EBS snapshots may be public.
        "SnapshotBlockPublicAccess" => always snapshot_block_public_access: SnapshotBlockPublicAccess = [GET_SNAPSHOT_BLOCK_PUBLIC_ACCESS_STATE],
        /// What new instances answer on the metadata service if launch parameters say nothing.
        "InstanceMetadataDefaults" => optional instance_metadata_defaults: InstanceMetadataDefaults = [GET_INSTANCE_METADATA_DEFAULTS],
        /// The EC2 serial console can be used.
        "SerialConsoleAccessEnabled" => always serial_console_access_enabled: bool = [GET_SERIAL_CONSOLE_ACCESS_STATUS],
        /// The analyzers of IAM Access Analyzer.
        "analyzers" => always analyzers: Vec<AnalyzerSummary> = [LIST_ANALYZERS],
        /// The recorder of AWS Config; empty if there is none.
        "ConfigurationRecorders" => always recorders: Vec<ConfigurationRecorder> = [DESCRIBE_CONFIGURATION_RECORDERS],
        /// Amazon Macie; absent if it is off.
        "MacieSession" => optional macie: MacieSession = [GET_MACIE_SESSION],
        /// Macie's automated discovery; absent if Macie is off.
        "AutomatedDiscoveryConfiguration" => optional macie_discovery: AutomatedDiscovery = [GET_AUTOMATED_DISCOVERY_CONFIGURATION],
        /// AWS Security Hub; absent if it is off.
        "Hub" => optional hub: Hub = [DESCRIBE_HUB],
        /// What Amazon Inspector scans.
        "resourceState" => always inspector: InspectorState = [BATCH_GET_ACCOUNT_STATUS],
        /// Whether the recorder records.
        "ConfigurationRecordersStatus" => always recorder_statuses: Vec<ConfigurationRecorderStatus> = [DESCRIBE_CONFIGURATION_RECORDER_STATUS],
        /// The delivery channel of AWS Config; empty if there is none.
        "DeliveryChannels" => always channels: Vec<DeliveryChannel> = [DESCRIBE_DELIVERY_CHANNELS],
        /// How the delivery channel delivers.
        "DeliveryChannelsStatus" => always channel_statuses: Vec<DeliveryChannelStatus> = [DESCRIBE_DELIVERY_CHANNEL_STATUS],
        /// Settings of Systems Manager: where Automation writes its logs, and whether documents
        /// may be public.
        "ServiceSettings" => always service_settings: Vec<ServiceSetting> = [GET_SERVICE_SETTING],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "aws",
        types: vec![Account::resource_type(), Region::resource_type()],
        questions: &[],
    }
}

//! AWS Config: the recorder of a region, and where it delivers to.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorders.html>,
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorderStatus.html>,
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeDeliveryChannelStatus.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{ErrorEntry, Meaning, Operation};
use crate::record;

/// What both operations answer where the recorder is gone.
const NONE: &[ErrorEntry] = &[ErrorEntry {
    code: "NoSuchConfigurationRecorderException",
    message: None,
    means: Meaning::Absent,
}];

/// The recorder that the customer manages; those of other services are not listed.
pub static DESCRIBE_CONFIGURATION_RECORDERS: Operation = Operation::new(
    "config",
    "DescribeConfigurationRecorders",
    &["config:DescribeConfigurationRecorders"],
)
.with_errors(NONE);
/// Whether it records.
pub static DESCRIBE_CONFIGURATION_RECORDER_STATUS: Operation = Operation::new(
    "config",
    "DescribeConfigurationRecorderStatus",
    &["config:DescribeConfigurationRecorderStatus"],
)
.with_errors(NONE);

/// What both operations answer where the delivery channel is gone.
const NO_CHANNEL: &[ErrorEntry] =
    &[ErrorEntry { code: "NoSuchDeliveryChannelException", message: None, means: Meaning::Absent }];

/// The delivery channel.
pub static DESCRIBE_DELIVERY_CHANNELS: Operation =
    Operation::new("config", "DescribeDeliveryChannels", &["config:DescribeDeliveryChannels"])
        .with_errors(NO_CHANNEL);
/// Whether it delivers.
pub static DESCRIBE_DELIVERY_CHANNEL_STATUS: Operation = Operation::new(
    "config",
    "DescribeDeliveryChannelStatus",
    &["config:DescribeDeliveryChannelStatus"],
)
.with_errors(NO_CHANNEL);

record! {
    /// A recorder.
    pub struct ConfigurationRecorder {
        /// Its name.
        "name" => name: String,
        /// The role that it reads the account with.
        "roleARN" => role_arn: Option<String>,
        /// What it records.
        "recordingGroup" => recording_group: Option<RecordingGroup>,
    }
}

record! {
    /// What a recorder records.
    pub struct RecordingGroup {
        /// Every type of resource, today's and tomorrow's, but for IAM's global ones.
        "allSupported" => all_supported: bool,
        /// IAM's users, groups, roles and policies, too.
        "includeGlobalResourceTypes" => include_global_resource_types: bool,
        /// The only types, for the strategy INCLUSION_BY_RESOURCE_TYPES.
        "resourceTypes" => resource_types: Option<Vec<String>>,
        /// All but these, for the strategy EXCLUSION_BY_RESOURCE_TYPES.
        "exclusionByResourceTypes" => exclusion: Option<ExclusionByResourceTypes>,
        /// Which of the members counts.
        "recordingStrategy" => strategy: Option<RecordingStrategy>,
    }
}

record! {
    /// Types that a recorder leaves out.
    pub struct ExclusionByResourceTypes {
        /// The types.
        "resourceTypes" => resource_types: Option<Vec<String>>,
    }
}

record! {
    /// How a recorder chooses.
    pub struct RecordingStrategy {
        /// ALL_SUPPORTED_RESOURCE_TYPES, INCLUSION_BY_RESOURCE_TYPES or
        /// EXCLUSION_BY_RESOURCE_TYPES.
        "useOnly" => use_only: Option<String>,
    }
}

record! {
    /// Whether a recorder records.
    pub struct ConfigurationRecorderStatus {
        /// The recorder's name.
        "name" => name: String,
        /// It is switched on.
        "recording" => recording: bool,
        /// Pending, Success, Failure or NotApplicable; the CLI's examples have capitals.
        "lastStatus" => last_status: Option<String>,
        /// Why it failed.
        "lastErrorCode" => last_error_code: Option<String>,
    }
}

record! {
    /// A delivery channel.
    pub struct DeliveryChannel {
        /// Its name.
        "name" => name: String,
        /// The bucket that it delivers to.
        "s3BucketName" => bucket: Option<String>,
        /// The topic that it writes to.
        "snsTopicARN" => topic: Option<String>,
    }
}

record! {
    /// How a delivery channel delivers.
    pub struct DeliveryChannelStatus {
        /// The channel's name.
        "name" => name: String,
        /// Snapshots to the bucket; absent until there was one.
        "configSnapshotDeliveryInfo" => snapshot: Option<DeliveryInfo>,
        /// History to the bucket; absent until there was some.
        "configHistoryDeliveryInfo" => history: Option<DeliveryInfo>,
        /// Changes to the topic.
        "configStreamDeliveryInfo" => stream: Option<DeliveryInfo>,
    }
}

record! {
    /// How the last delivery went.
    pub struct DeliveryInfo {
        /// Success, Failure or Not_Applicable; the CLI's examples have capitals.
        "lastStatus" => last_status: Option<String>,
        /// Why it failed.
        "lastErrorCode" => last_error_code: Option<String>,
    }
}

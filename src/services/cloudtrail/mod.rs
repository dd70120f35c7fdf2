//! AWS CloudTrail: trails.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html>.

pub mod bucket;
#[cfg(feature = "aws")]
pub mod collect;
mod coverage;
pub(in crate::services) mod delivery;
mod events;
pub mod questions;
mod selectors;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, Fact, Operation, Resource, Shape};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::{Decided, Service};
use crate::{document, record};

/// The trails of a region, and those of other regions and of the organization
/// that work there.
pub static DESCRIBE_TRAILS: Operation =
    Operation::new("cloudtrail", "DescribeTrails", &["cloudtrail:DescribeTrails"]);
/// Whether a trail logs, and what it delivered last.
pub static GET_TRAIL_STATUS: Operation =
    Operation::new("cloudtrail", "GetTrailStatus", &["cloudtrail:GetTrailStatus"]);
/// Which events a trail logs. A member account is refused the selectors of its
/// organization's trail.
pub static GET_EVENT_SELECTORS: Operation =
    Operation::new("cloudtrail", "GetEventSelectors", &["cloudtrail:GetEventSelectors"]);

record! {
    /// A basic event selector.
    pub struct EventSelector {
        /// All, ReadOnly or WriteOnly; All if left out.
        "ReadWriteType" => read_write_type: Option<String>,
        /// Management events are logged; they are if this is left out.
        "IncludeManagementEvents" => include_management_events: Option<bool>,
        /// The data events that are logged.
        "DataResources" => data_resources: Option<Vec<DataResource>>,
        /// Services whose management events are not logged.
        "ExcludeManagementEventSources" => exclude_management_event_sources: Option<Vec<String>>,
    }
}

record! {
    /// Resources of one type whose data events are logged.
    pub struct DataResource {
        /// AWS::S3::Object, AWS::Lambda::Function or AWS::DynamoDB::Table.
        "Type" => kind: Option<String>,
        /// ARNs, or what ARNs begin with.
        "Values" => values: Option<Vec<String>>,
    }
}

record! {
    /// An advanced event selector: an event has to meet all its conditions.
    pub struct AdvancedEventSelector {
        /// A description.
        "Name" => name: Option<String>,
        /// The conditions.
        "FieldSelectors" => field_selectors: Vec<AdvancedFieldSelector>,
    }
}

record! {
    /// A condition on one field of an event. It holds if one of the operators
    /// that select holds (if there is any) and none of those that deselect.
    pub struct AdvancedFieldSelector {
        /// eventCategory, readOnly, eventSource, eventName, resources.type,
        /// resources.ARN and others.
        "Field" => field: String,
        /// Is one of these.
        "Equals" => equals: Option<Vec<String>>,
        /// Begins with one of these.
        "StartsWith" => starts_with: Option<Vec<String>>,
        /// Ends with one of these.
        "EndsWith" => ends_with: Option<Vec<String>>,
        /// Is none of these.
        "NotEquals" => not_equals: Option<Vec<String>>,
        /// Begins with none of these.
        "NotStartsWith" => not_starts_with: Option<Vec<String>>,
        /// Ends with none of these.
        "NotEndsWith" => not_ends_with: Option<Vec<String>>,
    }
}

document! {
    /// A trail, listed once, in the region where it was made. One of another
    /// region or account is here as far as it works in a region that is read.
    pub struct Trail: "cloudtrail.trail" in GlobalList,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_TRAILS]], tagged by [] {
        /// The bucket that it delivers to.
        "S3BucketName" => always bucket: String = [DESCRIBE_TRAILS],
        /// It works in all regions.
        "IsMultiRegionTrail" => always multi_region: bool = [DESCRIBE_TRAILS],
        /// It works in all accounts of the organization.
        "IsOrganizationTrail" => optional organization: bool = [DESCRIBE_TRAILS],
        /// It delivers digests, which show whether a log file was changed.
        "LogFileValidationEnabled" => always log_file_validation: bool = [DESCRIBE_TRAILS],
        /// The log group that it delivers to, beside the bucket.
        "CloudWatchLogsLogGroupArn" => optional log_group: String = [DESCRIBE_TRAILS],
        /// The KMS key of its log files.
        "KmsKeyId" => optional kms_key: String = [DESCRIBE_TRAILS],
        /// It logs at the moment.
        "IsLogging" => always logging: bool = [GET_TRAIL_STATUS],
        /// Why the last delivery to CloudWatch Logs failed.
        "LatestCloudWatchLogsDeliveryError" => optional log_group_error: String = [GET_TRAIL_STATUS],
        /// Which events it logs; absent if advanced selectors say so.
        "EventSelectors" => optional selectors: Vec<EventSelector> = [GET_EVENT_SELECTORS],
        /// Which events it logs; absent if basic selectors say so.
        "AdvancedEventSelectors" => optional advanced_selectors: Vec<AdvancedEventSelector> = [GET_EVENT_SELECTORS],
    }
}

/// Whether a trail works in a region: it was made there, or works in all.
pub(crate) fn works_in(trail: &Resource, region: &str) -> Decided<bool> {
    if trail.region.as_ref() == region {
        return Decided::Known(true);
    }
    match Trail::from_value(&trail.document).map(|trail| trail.multi_region) {
        Some(Fact::Known(multi_region)) => Decided::Known(multi_region),
        Some(Fact::Unknown(gaps)) => Decided::Unknown(gaps),
        Some(Fact::Absent) | None => Decided::Known(false),
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "cloudtrail",
        types: vec![Trail::resource_type()],
        questions: questions::QUESTIONS,
    }
}

//! Amazon CloudWatch: alarms; and CloudWatch Logs: log groups and their metric
//! filters.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html>,
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricFilter.html>,
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html>.

#[cfg(feature = "aws")]
pub mod collect;
mod event;
mod pattern;
pub mod questions;
mod recommended;
mod watch;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation, Partial};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// The log groups of a region.
pub static DESCRIBE_LOG_GROUPS: Operation =
    Operation::new("logs", "DescribeLogGroups", &["logs:DescribeLogGroups"]);
/// The metric filters of all log groups of a region.
pub static DESCRIBE_METRIC_FILTERS: Operation =
    Operation::new("logs", "DescribeMetricFilters", &["logs:DescribeMetricFilters"]);
/// The alarms of a region.
pub static DESCRIBE_ALARMS: Operation =
    Operation::new("cloudwatch", "DescribeAlarms", &["cloudwatch:DescribeAlarms"]);
/// Who has subscribed to a topic that an alarm publishes to. A topic that is not
/// there has nobody.
pub static LIST_SUBSCRIPTIONS_BY_TOPIC: Operation =
    Operation::new("sns", "ListSubscriptionsByTopic", &["sns:ListSubscriptionsByTopic"])
        .with_errors(&[ErrorEntry { code: "NotFound", message: None, means: Meaning::Absent }]);

record! {
    /// The metric that a filter counts into.
    pub struct MetricTransformation {
        /// The metric.
        "metricName" => name: String,
        /// Its namespace.
        "metricNamespace" => namespace: String,
        /// The metric's dimensions, with the fields that give their values.
        "dimensions" => dimensions: Option<std::collections::BTreeMap<String, String>>,
    }
}

record! {
    /// A dimension of a metric.
    pub struct Dimension {
        /// Its name.
        "Name" => name: String,
        /// Its value.
        "Value" => value: String,
    }
}

record! {
    /// A metric in an alarm that computes with several.
    pub struct Metric {
        /// The namespace.
        "Namespace" => namespace: Option<String>,
        /// The metric.
        "MetricName" => name: Option<String>,
    }
}

record! {
    /// A subscription to a topic.
    pub struct Subscription {
        /// The topic.
        "TopicArn" => topic: String,
        /// An ARN once it is confirmed; before and after it is a word.
        "SubscriptionArn" => arn: String,
    }
}

document! {
    /// A log group.
    pub struct LogGroup: "cloudwatch.log-group" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_LOG_GROUPS]], tagged by [] {
        /// How many days its events are kept; absent if forever.
        "retentionInDays" => optional retention: i64 = [DESCRIBE_LOG_GROUPS],
        /// The KMS key that encrypts it.
        "kmsKeyId" => optional kms_key: String = [DESCRIBE_LOG_GROUPS],
        /// STANDARD, INFREQUENT_ACCESS or DELIVERY; events of the last are always
        /// kept for a day.
        "logGroupClass" => optional class: String = [DESCRIBE_LOG_GROUPS],
    }
}

document! {
    /// A metric filter of a log group.
    pub struct MetricFilter: "cloudwatch.metric-filter" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_METRIC_FILTERS]], tagged by [] {
        /// The log group.
        "logGroupName" => always log_group: String = [DESCRIBE_METRIC_FILTERS],
        /// Which events it counts; an empty one counts all.
        "filterPattern" => optional pattern: String = [DESCRIBE_METRIC_FILTERS],
        /// The metrics that it counts into.
        "metricTransformations" => always transformations: Vec<MetricTransformation> = [DESCRIBE_METRIC_FILTERS],
        /// It looks at what a transformer made of the events.
        "applyOnTransformedLogs" => optional transformed: bool = [DESCRIBE_METRIC_FILTERS],
        /// From which accounts and regions the events are that it looks at.
        "fieldSelectionCriteria" => optional selection: String = [DESCRIBE_METRIC_FILTERS],
        /// Further dimensions of its metrics.
        "emitSystemFieldDimensions" => optional system_dimensions: Vec<String> = [DESCRIBE_METRIC_FILTERS],
    }
}

document! {
    /// An alarm on a metric.
    pub struct Alarm: "cloudwatch.alarm" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_ALARMS]], tagged by [] {
        /// Its actions are carried out.
        "ActionsEnabled" => always actions_enabled: bool = [DESCRIBE_ALARMS],
        /// What it does when it goes off, as ARNs; may be absent if it does nothing.
        "AlarmActions" => optional alarm_actions: Vec<String> = [DESCRIBE_ALARMS],
        /// The namespace of its metric; absent if it computes with several.
        "Namespace" => optional namespace: String = [DESCRIBE_ALARMS],
        /// Its metric; absent if it computes with several.
        "MetricName" => optional metric: String = [DESCRIBE_ALARMS],
        /// The dimensions of its metric.
        "Dimensions" => optional dimensions: Vec<Dimension> = [DESCRIBE_ALARMS],
        /// The metrics that it computes with.
        "Metrics" => optional metrics: Vec<Metric> = [DESCRIBE_ALARMS],
        /// The subscriptions to the topics that it publishes to; only read of alarms
        /// on metrics that a metric filter counts into.
        "Subscriptions" => always subscriptions: Partial<Subscription> = [LIST_SUBSCRIPTIONS_BY_TOPIC],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "cloudwatch",
        types: vec![
            Alarm::resource_type(),
            LogGroup::resource_type(),
            MetricFilter::resource_type(),
        ],
        questions: questions::QUESTIONS,
    }
}

//! Amazon DynamoDB: tables, and how Application Auto Scaling scales them.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html>,
//! <https://docs.aws.amazon.com/autoscaling/application/APIReference/API_Operations.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod questions;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};
use jiff::Timestamp;

/// The names of all tables.
pub static LIST_TABLES: Operation =
    Operation::new("dynamodb", "ListTables", &["dynamodb:ListTables"]);
/// One table.
pub static DESCRIBE_TABLE: Operation =
    Operation::new("dynamodb", "DescribeTable", &["dynamodb:DescribeTable"]);
/// Point-in-time recovery of a table.
pub static DESCRIBE_CONTINUOUS_BACKUPS: Operation = Operation::new(
    "dynamodb",
    "DescribeContinuousBackups",
    &["dynamodb:DescribeContinuousBackups"],
);
/// The policy of a table.
pub static GET_RESOURCE_POLICY: Operation =
    Operation::new("dynamodb", "GetResourcePolicy", &["dynamodb:GetResourcePolicy"]).with_errors(
        &[ErrorEntry { code: "PolicyNotFoundException", message: None, means: Meaning::Absent }],
    );
/// What Application Auto Scaling may scale, of tables and their indexes.
pub static DESCRIBE_SCALABLE_TARGETS: Operation = Operation::new(
    "application-autoscaling",
    "DescribeScalableTargets",
    &["application-autoscaling:DescribeScalableTargets"],
);
/// By which rules it does so.
pub static DESCRIBE_SCALING_POLICIES: Operation = Operation::new(
    "application-autoscaling",
    "DescribeScalingPolicies",
    &["application-autoscaling:DescribeScalingPolicies"],
);

record! {
    /// How a table is paid for. Absent on tables that were always provisioned.
    pub struct BillingModeSummary {
        /// PROVISIONED or PAY_PER_REQUEST.
        "BillingMode" => billing_mode: Option<String>,
    }
}

record! {
    /// A global secondary index, which has a capacity of its own.
    pub struct GlobalSecondaryIndex {
        /// Its name.
        "IndexName" => name: String,
    }
}

record! {
    /// Point-in-time recovery.
    pub struct PointInTimeRecovery {
        /// ENABLED or DISABLED.
        "PointInTimeRecoveryStatus" => status: Option<String>,
        /// How many days back a table can be restored, 1 to 35.
        "RecoveryPeriodInDays" => recovery_period: Option<i64>,
    }
}

record! {
    /// Continuous backups.
    pub struct ContinuousBackups {
        /// Point-in-time recovery.
        "PointInTimeRecoveryDescription" => recovery: Option<PointInTimeRecovery>,
    }
}

record! {
    /// What is suspended of a scalable target.
    pub struct SuspendedState {
        /// The capacity is not raised.
        "DynamicScalingOutSuspended" => out: Option<bool>,
    }
}

record! {
    /// A capacity that Application Auto Scaling may change.
    pub struct ScalableTarget {
        /// table/NAME, or table/NAME/index/NAME.
        "ResourceId" => resource: String,
        /// dynamodb:table:ReadCapacityUnits and others.
        "ScalableDimension" => dimension: String,
        /// What is suspended.
        "SuspendedState" => suspended: Option<SuspendedState>,
    }
}

record! {
    /// A rule by which a capacity is changed.
    pub struct ScalingPolicy {
        /// table/NAME, or table/NAME/index/NAME.
        "ResourceId" => resource: String,
        /// dynamodb:table:ReadCapacityUnits and others.
        "ScalableDimension" => dimension: String,
    }
}

document! {
    /// A table.
    pub struct Table: "dynamodb.table" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_TABLES]], tagged by [] {
        /// CREATING, UPDATING, DELETING, ACTIVE, ARCHIVING, ARCHIVED and others.
        "TableStatus" => always status: String = [DESCRIBE_TABLE],
        /// When it was made.
        "CreationDateTime" => always created: Timestamp = [DESCRIBE_TABLE],
        /// How it is paid for.
        "BillingModeSummary" => optional billing_mode: BillingModeSummary = [DESCRIBE_TABLE],
        /// Its global secondary indexes.
        "GlobalSecondaryIndexes" => optional indexes: Vec<GlobalSecondaryIndex> = [DESCRIBE_TABLE],
        /// It cannot be deleted before this is switched off.
        "DeletionProtectionEnabled" => always deletion_protection: bool = [DESCRIBE_TABLE],
        /// Its backups.
        "ContinuousBackupsDescription" => always continuous_backups: ContinuousBackups = [DESCRIBE_CONTINUOUS_BACKUPS],
        /// Its policy, as JSON text.
        "Policy" => optional policy: String = [GET_RESOURCE_POLICY],
        /// What may be scaled of it and its indexes; empty if nothing.
        "ScalableTargets" => always scalable_targets: Vec<ScalableTarget> = [DESCRIBE_SCALABLE_TARGETS],
        /// By which rules.
        "ScalingPolicies" => always scaling_policies: Vec<ScalingPolicy> = [DESCRIBE_SCALING_POLICIES],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "dynamodb",
        types: vec![Table::resource_type()],
        questions: questions::QUESTIONS,
    }
}

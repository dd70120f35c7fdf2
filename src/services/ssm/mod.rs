//! AWS Systems Manager: managed nodes with their patches, and documents.
//!
//! Names and presence:
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InstanceInformation.html>,
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_InstancePatchState.html>,
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ResourceComplianceSummaryItem.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::{Decided, Service};
use crate::{document, record};
use jiff::Timestamp;

/// The managed nodes of a region: EC2 instances, and machines elsewhere.
pub static DESCRIBE_INSTANCE_INFORMATION: Operation =
    Operation::new("ssm", "DescribeInstanceInformation", &["ssm:DescribeInstanceInformation"]);
/// What the last patch operation found on nodes, up to 50 at a time.
pub static DESCRIBE_INSTANCE_PATCH_STATES: Operation =
    Operation::new("ssm", "DescribeInstancePatchStates", &["ssm:DescribeInstancePatchStates"]);
/// Whether nodes comply, by patches, associations and custom types, all nodes at once.
pub static LIST_RESOURCE_COMPLIANCE_SUMMARIES: Operation = Operation::new(
    "ssm",
    "ListResourceComplianceSummaries",
    &["ssm:ListResourceComplianceSummaries"],
);
/// The account's own documents.
pub static LIST_DOCUMENTS: Operation =
    Operation::new("ssm", "ListDocuments", &["ssm:ListDocuments"]);
/// With whom a document is shared.
pub static DESCRIBE_DOCUMENT_PERMISSION: Operation =
    Operation::new("ssm", "DescribeDocumentPermission", &["ssm:DescribeDocumentPermission"]);
/// One setting of the service in a region.
pub static GET_SERVICE_SETTING: Operation =
    Operation::new("ssm", "GetServiceSetting", &["ssm:GetServiceSetting"]).with_errors(&[
        ErrorEntry { code: "ServiceSettingNotFound", message: None, means: Meaning::Absent },
    ]);

record! {
    /// What the last patch operation found.
    pub struct InstancePatchState {
        /// Scan or Install.
        "Operation" => operation: String,
        /// When it ended.
        "OperationEndTime" => operation_end_time: Timestamp,
        /// Patches that the baseline calls critical and that are not in force.
        "CriticalNonCompliantCount" => critical: Decided<i64>,
        /// Patches that an advisory calls security and that are not in force.
        "SecurityNonCompliantCount" => security: Decided<i64>,
        /// Patches that were installed since the node was started last.
        "InstalledPendingRebootCount" => pending_reboot: Decided<i64>,
    }
}

record! {
    /// Whether a node complies, by one type of compliance.
    pub struct ComplianceSummary {
        /// Patch or Association.
        "ComplianceType" => kind: String,
        /// COMPLIANT or NON_COMPLIANT.
        "Status" => status: String,
        /// CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL or UNSPECIFIED.
        "OverallSeverity" => severity: Option<String>,
    }
}

document! {
    /// A managed node. One that is an EC2 instance has the instance's id and ARN.
    pub struct ManagedInstance: "ssm.managed-instance" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_INSTANCE_INFORMATION]], tagged by [] {
        /// Online, ConnectionLost or Inactive.
        "PingStatus" => always ping_status: String = [DESCRIBE_INSTANCE_INFORMATION],
        /// The version of the agent.
        "AgentVersion" => optional agent_version: String = [DESCRIBE_INSTANCE_INFORMATION],
        /// It is the latest. Says nothing on Windows.
        "IsLatestVersion" => always is_latest_version: bool = [DESCRIBE_INSTANCE_INFORMATION],
        /// Windows, Linux or MacOS.
        "PlatformType" => always platform_type: String = [DESCRIBE_INSTANCE_INFORMATION],
        /// What the last patch operation found; absent if there was none.
        "InstancePatchState" => optional patch_state: InstancePatchState = [DESCRIBE_INSTANCE_PATCH_STATES],
        /// Whether it complies, by patches and associations; a type without data is missing.
        "ResourceComplianceSummaryItems" => always summaries: Vec<ComplianceSummary> = [LIST_RESOURCE_COMPLIANCE_SUMMARIES],
    }
}

document! {
    /// A document of the account.
    pub struct SsmDocument: "ssm.document" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_DOCUMENTS]], tagged by [LIST_DOCUMENTS] {
        /// Command, Automation, Session and others.
        "DocumentType" => optional document_type: String = [LIST_DOCUMENTS],
        /// The accounts that may use it; `all` is every account.
        "AccountIds" => always account_ids: Vec<String> = [DESCRIBE_DOCUMENT_PERMISSION],
    }
}

record! {
    /// A setting of the service in a region.
    pub struct ServiceSetting {
        /// Which.
        "SettingId" => id: String,
        /// What it is set to.
        "SettingValue" => value: Option<String>,
        /// Default, Customized or PendingUpdate.
        "Status" => status: Option<String>,
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "ssm",
        types: vec![ManagedInstance::resource_type(), SsmDocument::resource_type()],
        questions: &[],
    }
}

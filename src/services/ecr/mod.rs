//! Amazon Elastic Container Registry: private repositories.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html>,
//! <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRegistryScanningConfiguration.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod questions;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// All repositories.
pub static DESCRIBE_REPOSITORIES: Operation =
    Operation::new("ecr", "DescribeRepositories", &["ecr:DescribeRepositories"]);
/// How the registry scans images.
pub static GET_REGISTRY_SCANNING_CONFIGURATION: Operation = Operation::new(
    "ecr",
    "GetRegistryScanningConfiguration",
    &["ecr:GetRegistryScanningConfiguration"],
);
/// When images of a repository are deleted.
pub static GET_LIFECYCLE_POLICY: Operation =
    Operation::new("ecr", "GetLifecyclePolicy", &["ecr:GetLifecyclePolicy"]).with_errors(&[
        ErrorEntry {
            code: "LifecyclePolicyNotFoundException",
            message: None,
            means: Meaning::Absent,
        },
    ]);
/// Who may use a repository.
pub static GET_REPOSITORY_POLICY: Operation =
    Operation::new("ecr", "GetRepositoryPolicy", &["ecr:GetRepositoryPolicy"]).with_errors(&[
        ErrorEntry {
            code: "RepositoryPolicyNotFoundException",
            message: None,
            means: Meaning::Absent,
        },
    ]);

record! {
    /// How a repository scans images by itself.
    pub struct ImageScanningConfiguration {
        /// Each image is scanned when it is pushed.
        "scanOnPush" => scan_on_push: bool,
    }
}

record! {
    /// Tags that a setting leaves out.
    pub struct ExclusionFilter {
        /// A name with wildcards.
        "filter" => filter: String,
    }
}

record! {
    /// What images are encrypted with.
    pub struct EncryptionConfiguration {
        /// AES256, KMS or KMS_DSSE.
        "encryptionType" => kind: String,
        /// The KMS key: AWS's own if nobody named one.
        "kmsKey" => kms_key: Option<String>,
    }
}

record! {
    /// How the registry scans images.
    pub struct ScanningConfiguration {
        /// BASIC or ENHANCED.
        "scanType" => kind: String,
        /// Which repositories it scans, and when.
        "rules" => rules: Vec<ScanningRule>,
    }
}

record! {
    /// When the registry scans images of some repositories.
    pub struct ScanningRule {
        /// SCAN_ON_PUSH, CONTINUOUS_SCAN or MANUAL.
        "scanFrequency" => frequency: String,
        /// Which repositories.
        "repositoryFilters" => filters: Vec<RepositoryFilter>,
    }
}

record! {
    /// Repositories by name.
    pub struct RepositoryFilter {
        /// A name with wildcards.
        "filter" => filter: String,
    }
}

document! {
    /// A private repository.
    pub struct Repository: "ecr.repository" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_REPOSITORIES]], tagged by [] {
        /// MUTABLE, IMMUTABLE, or one of them WITH_EXCLUSION.
        "imageTagMutability" => always mutability: String = [DESCRIBE_REPOSITORIES],
        /// Tags that this leaves out.
        "imageTagMutabilityExclusionFilters" => optional exclusions: Vec<ExclusionFilter> = [DESCRIBE_REPOSITORIES],
        /// How it scans images by itself.
        "imageScanningConfiguration" => optional image_scanning: ImageScanningConfiguration = [DESCRIBE_REPOSITORIES],
        /// What images are encrypted with; AES256 if absent.
        "encryptionConfiguration" => optional encryption: EncryptionConfiguration = [DESCRIBE_REPOSITORIES],
        /// How the registry scans images, of this repository and others.
        "scanningConfiguration" => always registry_scanning: ScanningConfiguration = [GET_REGISTRY_SCANNING_CONFIGURATION],
        /// When images are deleted, as JSON text; absent if never.
        "lifecyclePolicyText" => optional lifecycle_policy: String = [GET_LIFECYCLE_POLICY],
        /// Who may use it, as JSON text; absent if only its own account.
        "policyText" => optional policy: String = [GET_REPOSITORY_POLICY],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "ecr",
        types: vec![Repository::resource_type()],
        questions: questions::QUESTIONS,
    }
}

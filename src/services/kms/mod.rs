//! AWS Key Management Service: keys, their policies and their grants.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html>.

#[cfg(feature = "aws")]
pub mod collect;
mod decrypt;
pub mod questions;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// The keys of a region, AWS managed ones among them.
pub static LIST_KEYS: Operation = Operation::new("kms", "ListKeys", &["kms:ListKeys"]);
/// What a key is.
pub static DESCRIBE_KEY: Operation = Operation::new("kms", "DescribeKey", &["kms:DescribeKey"]);
/// Who may use a key.
pub static GET_KEY_POLICY: Operation = Operation::new("kms", "GetKeyPolicy", &["kms:GetKeyPolicy"]);
/// Whether a key's material is renewed by itself. What cannot rotate has no answer.
pub static GET_KEY_ROTATION_STATUS: Operation =
    Operation::new("kms", "GetKeyRotationStatus", &["kms:GetKeyRotationStatus"]).with_errors(&[
        ErrorEntry { code: "UnsupportedOperationException", message: None, means: Meaning::Absent },
    ]);
/// The grants of a key.
pub static LIST_GRANTS: Operation = Operation::new("kms", "ListGrants", &["kms:ListGrants"]);

record! {
    /// A grant: who may use the key beside its policy.
    pub struct Grant {
        /// Its identifier.
        "GrantId" => id: String,
        /// Who may use the key: a user or role, or an AWS service.
        "GranteePrincipal" => grantee: Option<String>,
        /// The AWS service that may use the key.
        "GranteeServicePrincipal" => grantee_service: Option<String>,
        /// For what.
        "Operations" => operations: Option<Vec<String>>,
    }
}

document! {
    /// A KMS key. Only keys that the account manages itself are asked for more
    /// than what they are.
    pub struct Key: "kms.key" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_KEYS]], tagged by [] {
        /// CUSTOMER or AWS.
        "KeyManager" => always manager: String = [DESCRIBE_KEY],
        /// Enabled, Disabled, PendingDeletion, PendingReplicaDeletion and others.
        "KeyState" => always state: String = [DESCRIBE_KEY],
        /// SYMMETRIC_DEFAULT, RSA_2048, HMAC_256 and others.
        "KeySpec" => always spec: String = [DESCRIBE_KEY],
        /// Where the material comes from: AWS_KMS, EXTERNAL (imported), AWS_CLOUDHSM
        /// or EXTERNAL_KEY_STORE.
        "Origin" => always origin: String = [DESCRIBE_KEY],
        /// When it is deleted; absent if it is not.
        "DeletionDate" => optional deletion_date: jiff::Timestamp = [DESCRIBE_KEY],
        /// The key policy, as JSON text.
        "Policy" => always policy: String = [GET_KEY_POLICY],
        /// New material is made by itself.
        "KeyRotationEnabled" => optional rotation: bool = [GET_KEY_ROTATION_STATUS],
        /// How many days pass between two rotations.
        "RotationPeriodInDays" => optional rotation_period: i64 = [GET_KEY_ROTATION_STATUS],
        /// The grants.
        "Grants" => always grants: Vec<Grant> = [LIST_GRANTS],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "kms", types: vec![Key::resource_type()], questions: questions::QUESTIONS }
}

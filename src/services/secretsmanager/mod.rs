//! AWS Secrets Manager: secrets, never their values.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_SecretListEntry.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{Document, Operation, Shape};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Question, Service};
use crate::{document, record};
use jiff::Timestamp;

/// The secrets of a region, without those that are being deleted.
pub static LIST_SECRETS: Operation =
    Operation::new("secretsmanager", "ListSecrets", &["secretsmanager:ListSecrets"]);
/// Who may read a secret.
pub static GET_RESOURCE_POLICY: Operation =
    Operation::new("secretsmanager", "GetResourcePolicy", &["secretsmanager:GetResourcePolicy"]);

record! {
    /// When a secret is rotated.
    pub struct RotationRules {
        /// How many days pass between two rotations.
        "AutomaticallyAfterDays" => after_days: Option<i64>,
    }
}

document! {
    /// A secret. Its value is never read.
    pub struct Secret: "secretsmanager.secret" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_SECRETS]], tagged by [LIST_SECRETS] {
        /// When it was made.
        "CreatedDate" => always created: Timestamp = [LIST_SECRETS],
        /// Rotation is switched on; absent if it never was.
        "RotationEnabled" => optional rotation: bool = [LIST_SECRETS],
        /// The schedule of the rotation.
        "RotationRules" => optional rules: RotationRules = [LIST_SECRETS],
        /// The last rotation that went well.
        "LastRotatedDate" => optional last_rotated: Timestamp = [LIST_SECRETS],
        /// The day by which it has to be rotated next; in the past if rotation fails.
        "NextRotationDate" => optional next_rotation: Timestamp = [LIST_SECRETS],
        /// The last day on which its value was read in the region.
        "LastAccessedDate" => optional last_accessed: Timestamp = [LIST_SECRETS],
        /// Where the original of a replicated secret is.
        "PrimaryRegion" => optional primary_region: String = [LIST_SECRETS],
        /// The resource policy, as JSON text.
        "ResourcePolicy" => optional policy: String = [GET_RESOURCE_POLICY],
    }
}

/// The questions about secrets.
static QUESTIONS: &[Question] = &[Question {
    name: "secretsmanager.open_policy",
    doc: "Whether strangers get through the secret's resource policy.",
    subjects: &["secretsmanager.secret"],
    reads: &[("secretsmanager.secret", &["ResourcePolicy"])],
    looks_up: &[],
    returns: PolicyExposure::shape,
    answer: |secret, asking| {
        let policy = Secret::from_value(&secret.document).map(|secret| secret.policy);
        exposure(policy.as_ref(), "secretsmanager", secret, asking)
    },
}];

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "secretsmanager", types: vec![Secret::resource_type()], questions: QUESTIONS }
}

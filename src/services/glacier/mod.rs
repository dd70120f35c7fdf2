//! Amazon S3 Glacier: vaults. Accounts without vaults cannot use it any more.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-access-policy.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::document;
use crate::inventory::{Document, ErrorEntry, Meaning, Operation, Shape};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Question, Service};

/// The vaults of a region. An account that never had one is told that the service
/// takes no new customers.
pub static LIST_VAULTS: Operation =
    Operation::new("glacier", "ListVaults", &["glacier:ListVaults"]).with_errors(&[ErrorEntry {
        code: "NoLongerSupportedException",
        message: None,
        means: Meaning::Absent,
    }]);
/// The access policy of a vault. The same code says that there is none and that
/// there is no such vault; nobody gets in either way.
pub static GET_VAULT_ACCESS_POLICY: Operation =
    Operation::new("glacier", "GetVaultAccessPolicy", &["glacier:GetVaultAccessPolicy"])
        .with_errors(&[ErrorEntry {
            code: "ResourceNotFoundException",
            message: None,
            means: Meaning::Absent,
        }]);

document! {
    /// A vault.
    pub struct Vault: "glacier.vault" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_VAULTS]], tagged by [] {
        /// Who may use it, as JSON text.
        "Policy" => optional policy: String = [GET_VAULT_ACCESS_POLICY],
    }
}

/// The questions about vaults.
static QUESTIONS: &[Question] = &[Question {
    name: "glacier.open_policy",
    doc: "Whether strangers get through the vault's access policy.",
    subjects: &["glacier.vault"],
    reads: &[("glacier.vault", &["Policy"])],
    looks_up: &[],
    returns: PolicyExposure::shape,
    answer: |vault, asking| {
        let policy = Vault::from_value(&vault.document).map(|vault| vault.policy);
        exposure(policy.as_ref(), "glacier", vault, asking)
    },
}];

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "glacier", types: vec![Vault::resource_type()], questions: QUESTIONS }
}

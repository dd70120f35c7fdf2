//! The tenants file: which AWS accounts to scan, and how to get into them.
//!
//! Pure: text in, tenants or a list of all problems out. Reading files and the
//! environment, and drawing random numbers, is up to the caller.

mod add;
mod aws_id;
mod check;
mod credential;
mod keys;
mod parameter;
mod place;
mod problem;
mod read;
mod read_parameters;
mod read_tenant;
mod reader;
mod secret;
mod secret_places;
mod severity;
mod suppressions;
mod syntax;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "tests")]
mod tests;
mod trust;

use std::path::Path;

pub use add::{NewTenant, add_tenant};
pub use aws_id::{AccountId, Partition, RoleArn, RoleArnFault, is_region_shaped};
pub use keys::nearest;
pub use parameter::{ParameterOverride, ParameterValue};
pub use place::{Candidates, ConfigFile, ConfigSource, NoConfigFile, user_config_file};
pub use problem::{Position, Problem, ProblemKind, Problems};
pub use read::parse;
pub use secret::Secret;
pub use severity::Severity;
pub use suppressions::{EntryTarget, SuppressionEntry, parse_suppressions};
pub use trust::{TrustedPrincipal, TrustedPrincipalFault, trust_policy};

/// The built-in tenant, which exists without any file.
pub const DEMO: &str = "demo";

/// A tenants file that was read and found right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tenants {
    /// The tenants, in the order of the file.
    pub tenants: Vec<Tenant>,
    /// `[defaults]`, which the tenants above have already taken in.
    pub defaults: Defaults,
    /// `[severity]`, in the order of the file.
    pub severities: Vec<SeverityOverride>,
    /// The `[parameters.RULE]` tables, in the order of the file.
    pub parameters: Vec<ParameterOverride>,
}

impl Tenants {
    /// The tenant of that name. The built-in [`DEMO`] is never among them.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.name == name)
    }
}

/// One AWS account to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// What people call it; unique. ASCII letters, digits, `.`, `_`, `-`.
    pub name: String,
    /// The account; in one tenant only.
    pub account_id: AccountId,
    /// The role to assume in it.
    pub role_arn: Option<RoleArn>,
    /// What the role's trust policy asks for; unique; only with a role.
    pub external_id: Option<Secret>,
    /// The profile of the AWS configuration whose credentials to start from;
    /// `None` is the default chain.
    pub profile: Option<String>,
    /// The regions to scan; empty means every enabled region.
    pub regions: Vec<String>,
    /// A snapshot file to judge in place of the live account, as written:
    /// relative to the folder of the tenants file.
    pub snapshot: Option<String>,
    /// Accounts that are no strangers to this one: its own list and that of
    /// `[defaults]`, sorted, each once.
    pub known_accounts: Vec<AccountId>,
}

/// Where a tenant's resources come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access<'t> {
    /// From a snapshot file. Nothing talks to AWS.
    Snapshot(&'t Path),
    /// From AWS, with a role assumed.
    Role {
        /// The role.
        arn: &'t RoleArn,
        /// What its trust policy asks for.
        external_id: Option<&'t Secret>,
    },
    /// From AWS, with the credentials of the profile or the default chain as they are.
    Direct,
}

impl Tenant {
    /// Where the resources come from: the snapshot if there is one, else the
    /// role, else the credentials as they are.
    #[must_use]
    pub fn access(&self) -> Access<'_> {
        match (&self.snapshot, &self.role_arn) {
            (Some(path), _) => Access::Snapshot(Path::new(path)),
            (None, Some(arn)) => Access::Role { arn, external_id: self.external_id.as_ref() },
            (None, None) => Access::Direct,
        }
    }
}

/// What every tenant takes over unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// For tenants without `profile`.
    pub profile: Option<String>,
    /// For tenants without `regions`.
    pub regions: Vec<String>,
    /// Added to every tenant's own list.
    pub known_accounts: Vec<AccountId>,
    /// The history file; with [`TENANT_PLACE`] one for each tenant. Relative
    /// to the folder of the tenants file.
    pub db: Option<String>,
    /// The suppressions file. Relative to the folder of the tenants file.
    pub suppressions: Option<String>,
}

/// What stands for a tenant's name in [`Defaults::db`].
pub const TENANT_PLACE: &str = "{tenant}";

/// One line of `[severity]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeverityOverride {
    /// A rule's id or alias. Whether there is such a rule, the caller checks.
    pub rule: String,
    /// The severity that the rule's findings get.
    pub severity: Severity,
    /// Where the rule stands in the file.
    pub at: Position,
}

impl SeverityOverride {
    /// The problem to report if no rule has this id or alias; `nearest` is the
    /// id that was most likely meant.
    #[must_use]
    pub fn unknown_rule(&self, nearest: Option<&str>) -> Problem {
        Problem::unknown_rule("severity", &self.rule, self.at, nearest)
    }
}

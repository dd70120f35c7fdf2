//! AWS Organizations: the organization of the account, as far as the account may
//! read it. Only the management account and delegated administrators may read
//! more than that there is one.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html>,
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod delegation;
pub mod guardrails;
pub mod questions;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::Service;
use crate::{document, record};

/// An error code that says: there is none.
const fn absent(code: &'static str) -> ErrorEntry {
    ErrorEntry { code, message: None, means: Meaning::Absent }
}

/// What is answered to an account without an organization.
const NO_ORGANIZATION: ErrorEntry = absent("AWSOrganizationsNotInUseException");

/// What is answered to a member account that is no delegated administrator,
/// whatever its own policies allow. A missing permission has another message.
const NOT_FOR_MEMBERS: ErrorEntry = ErrorEntry {
    code: "AccessDeniedException",
    message: Some("You don't have permissions to access this resource"),
    means: Meaning::Absent,
};

const ERRORS: &[ErrorEntry] = &[NO_ORGANIZATION, NOT_FOR_MEMBERS];

/// The organization; every account in it may ask.
pub static DESCRIBE_ORGANIZATION: Operation = Operation::new(
    "organizations",
    "DescribeOrganization",
    &["organizations:DescribeOrganization"],
)
.with_errors(&[NO_ORGANIZATION]);
/// The root above all units and accounts.
pub static LIST_ROOTS: Operation =
    Operation::new("organizations", "ListRoots", &["organizations:ListRoots"]).with_errors(ERRORS);
/// The units directly below a root or unit.
pub static LIST_ORGANIZATIONAL_UNITS_FOR_PARENT: Operation = Operation::new(
    "organizations",
    "ListOrganizationalUnitsForParent",
    &["organizations:ListOrganizationalUnitsForParent"],
)
.with_errors(ERRORS);
/// The accounts directly below a root or unit.
pub static LIST_ACCOUNTS_FOR_PARENT: Operation = Operation::new(
    "organizations",
    "ListAccountsForParent",
    &["organizations:ListAccountsForParent"],
)
.with_errors(ERRORS);
/// The policies of one type.
pub static LIST_POLICIES: Operation =
    Operation::new("organizations", "ListPolicies", &["organizations:ListPolicies"]).with_errors(
        &[NO_ORGANIZATION, NOT_FOR_MEMBERS, absent("UnsupportedAPIEndpointException")],
    );
/// One policy with its text.
pub static DESCRIBE_POLICY: Operation =
    Operation::new("organizations", "DescribePolicy", &["organizations:DescribePolicy"])
        .with_errors(ERRORS);
/// What a policy is attached to.
pub static LIST_TARGETS_FOR_POLICY: Operation = Operation::new(
    "organizations",
    "ListTargetsForPolicy",
    &["organizations:ListTargetsForPolicy"],
)
.with_errors(ERRORS);
/// The policy of the organization itself, by which policies are administered from
/// member accounts.
pub static DESCRIBE_RESOURCE_POLICY: Operation = Operation::new(
    "organizations",
    "DescribeResourcePolicy",
    &["organizations:DescribeResourcePolicy"],
)
.with_errors(&[NO_ORGANIZATION, NOT_FOR_MEMBERS, absent("ResourcePolicyNotFoundException")]);
/// The AWS services that may act in all accounts.
pub static LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION: Operation = Operation::new(
    "organizations",
    "ListAWSServiceAccessForOrganization",
    &["organizations:ListAWSServiceAccessForOrganization"],
)
.with_errors(ERRORS);
/// The accounts that administer a service for the organization.
pub static LIST_DELEGATED_ADMINISTRATORS: Operation = Operation::new(
    "organizations",
    "ListDelegatedAdministrators",
    &["organizations:ListDelegatedAdministrators"],
)
.with_errors(ERRORS);
/// The services that an account administers.
pub static LIST_DELEGATED_SERVICES_FOR_ACCOUNT: Operation = Operation::new(
    "organizations",
    "ListDelegatedServicesForAccount",
    &["organizations:ListDelegatedServicesForAccount"],
)
.with_errors(ERRORS);
/// Which of the features for central root access are on.
pub static LIST_ORGANIZATIONS_FEATURES: Operation =
    Operation::new("iam", "ListOrganizationsFeatures", &["iam:ListOrganizationsFeatures"])
        .with_errors(&[
            absent("AccountNotManagementOrDelegatedAdministratorException"),
            absent("OrganizationNotFoundException"),
        ]);

record! {
    /// The organization that an account belongs to.
    pub struct Membership {
        /// Its id: `o-...`.
        "Id" => id: String,
        /// Its ARN.
        "Arn" => arn: String,
        /// ALL or CONSOLIDATED_BILLING.
        "FeatureSet" => feature_set: Option<String>,
        /// The management account.
        "MasterAccountId" => management_account: String,
    }
}

record! {
    /// A root.
    pub struct Root {
        /// Its id: `r-...`.
        "Id" => id: String,
    }
}

record! {
    /// An organizational unit.
    pub struct OrganizationalUnit {
        /// Its id: `ou-...`.
        "Id" => id: String,
        /// Its name.
        "Name" => name: Option<String>,
        /// The root or unit that it is in.
        "ParentId" => parent: String,
    }
}

record! {
    /// An account of the organization, by the place that it has there.
    pub struct PlacedAccount {
        /// Twelve digits.
        "Id" => id: String,
        /// The root or unit that it is in.
        "ParentId" => parent: String,
        /// ACTIVE, SUSPENDED, PENDING_CLOSURE and others.
        "State" => state: Option<String>,
    }
}

record! {
    /// What a policy is attached to.
    pub struct PolicyTarget {
        /// A root, a unit or an account.
        "TargetId" => id: String,
    }
}

record! {
    /// A service or resource control policy.
    pub struct ControlPolicy {
        /// Its id: `p-...`.
        "Id" => id: String,
        /// Its name.
        "Name" => name: Option<String>,
        /// SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY.
        "Type" => kind: String,
        /// Its text; absent for AWS's own, which allow everything.
        "Content" => content: Option<String>,
        /// What it is attached to.
        "Targets" => targets: Vec<PolicyTarget>,
    }
}

record! {
    /// A service that may act in all accounts.
    pub struct EnabledServicePrincipal {
        /// Its principal: `guardduty.amazonaws.com`.
        "ServicePrincipal" => principal: String,
    }
}

record! {
    /// An account that administers services.
    pub struct DelegatedAdministrator {
        /// Twelve digits.
        "Id" => id: String,
        /// The services.
        "DelegatedServices" => services: Vec<EnabledServicePrincipal>,
    }
}

document! {
    /// An organization. What an account may not read, because it is neither the
    /// management account nor a delegated administrator, is absent.
    pub struct Organization: "organizations.organization" in Global,
    listed by [[DESCRIBE_ORGANIZATION]], tagged by [] {
        /// The management account.
        "MasterAccountId" => always management_account: String = [DESCRIBE_ORGANIZATION],
        /// ALL or CONSOLIDATED_BILLING.
        "FeatureSet" => optional feature_set: String = [DESCRIBE_ORGANIZATION],
        /// Its root.
        "Roots" => optional roots: Vec<Root> = [LIST_ROOTS],
        /// Its units, all of them.
        "OrganizationalUnits" => optional units: Vec<OrganizationalUnit> = [LIST_ROOTS, LIST_ORGANIZATIONAL_UNITS_FOR_PARENT],
        /// Its accounts, all of them.
        "Accounts" => optional accounts: Vec<PlacedAccount> = [LIST_ROOTS, LIST_ORGANIZATIONAL_UNITS_FOR_PARENT, LIST_ACCOUNTS_FOR_PARENT],
        /// Its service and resource control policies; of AWS's own only FullAWSAccess, and
        /// that only if another policy allows without denying.
        "Policies" => optional policies: Vec<ControlPolicy> = [LIST_POLICIES, DESCRIBE_POLICY, LIST_TARGETS_FOR_POLICY],
        /// The text of its own policy; absent, too, if it has none.
        "ResourcePolicy" => optional resource_policy: String = [DESCRIBE_RESOURCE_POLICY],
        /// The services that may act in all accounts.
        "EnabledServicePrincipals" => optional service_access: Vec<EnabledServicePrincipal> = [LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION],
        /// The accounts that administer services.
        "DelegatedAdministrators" => optional administrators: Vec<DelegatedAdministrator> = [LIST_DELEGATED_ADMINISTRATORS, LIST_DELEGATED_SERVICES_FOR_ACCOUNT],
        /// RootCredentialsManagement and RootSessions, if they are on.
        "EnabledFeatures" => optional features: Vec<String> = [LIST_ORGANIZATIONS_FEATURES],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "organizations",
        types: vec![Organization::resource_type()],
        questions: questions::QUESTIONS,
    }
}

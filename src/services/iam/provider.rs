//! Roles that AWS or the organization puts into an account, and that cannot be
//! changed there.

use super::Role;
use crate::inventory::{Fact, Gaps, Resource, Shape};
use crate::policy::{Effect, Kind, Policy, Principal, Principals};
use crate::services::Decided;

/// Paths that only AWS can give: service-linked roles, and those of IAM Identity Center.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
/// and <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html>
const RESERVED_PATHS: [&str; 2] = ["/aws-service-role/", "/aws-reserved/sso.amazonaws.com/"];

/// Roles by which another account manages this one, and whom their trust
/// policy then names. Anybody can give a role such a name: only with that
/// trust it is one.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html>
/// and <https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html>
const MANAGERS: [(&str, &str); 3] = [
    ("OrganizationAccountAccessRole", "root"),
    ("AWSControlTowerExecution", "root"),
    ("aws-controltower-AdministratorExecutionRole", "role/aws-controltower-AuditAdministratorRole"),
];

/// Whether a resource is one of those roles.
pub(super) fn is_provider_role(resource: &Resource, own_account: &str) -> Decided<bool> {
    if resource.kind.name != "iam.role" {
        return Decided::Known(false);
    }
    let Some(role) = Role::from_value(&resource.document) else {
        return Decided::Unknown(Gaps::NONE);
    };
    match &role.path {
        Fact::Known(path) if RESERVED_PATHS.iter().any(|reserved| path.starts_with(reserved)) => {
            return Decided::Known(true);
        }
        Fact::Unknown(gaps) => return Decided::Unknown(gaps.clone()),
        _ => {}
    }
    let Some((_, manager)) = MANAGERS.iter().find(|(name, _)| *name == resource.id.as_ref()) else {
        return Decided::Known(false);
    };
    role.trust_policy.map(|text| trusts_only(&text, manager, own_account)).decided_or(false)
}

/// Whether a trust policy lets in this manager of one other account, and nobody else.
fn trusts_only(text: &str, manager: &str, own_account: &str) -> bool {
    let Ok(policy) = Policy::parse(text, Kind::Trust) else { return false };
    let mut allows = policy.statements.iter().filter(|s| s.effect == Effect::Allow).peekable();
    let mut accounts = std::collections::BTreeSet::new();
    allows.peek().is_some()
        && allows.all(|statement| match &statement.principals {
            Some(Principals { negated: false, list }) => list.iter().all(|principal| {
                let account = account_of_manager(principal, manager);
                accounts.extend(account.clone());
                account.is_some_and(|account| account != own_account)
            }),
            _ => false,
        })
        && accounts.len() == 1
}

/// The account of a principal, if it is the manager.
fn account_of_manager(principal: &Principal, manager: &str) -> Option<String> {
    match principal {
        Principal::Account(account) if manager == "root" => {
            Some(account.split(':').nth(4).unwrap_or(account).to_owned())
        }
        Principal::Arn(arn) => {
            let mut parts = arn.splitn(6, ':').skip(4);
            let account = parts.next()?;
            (parts.next()? == manager).then(|| account.to_owned())
        }
        _ => None,
    }
}

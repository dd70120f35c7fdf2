//! Who administers policies beside the management account.

use super::Organization;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{Effect, Kind, Policy, Principal, Principals, Service, Statement, Style};
use crate::record;
use crate::services::{Asking, Decided};
use std::collections::BTreeSet;

record! {
    /// Whether member accounts administer policies.
    pub struct PolicyDelegation {
        /// One can change policies and attach them.
        "delegated" => delegated: Decided<bool>,
        /// Which.
        "principals" => principals: Vec<String>,
        /// What is missing, or why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

/// What administering policies takes at least.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>
const ACTIONS: [&str; 2] = ["organizations:UpdatePolicy", "organizations:AttachPolicy"];

/// Answers `organizations.policy_delegation`.
pub(super) fn policy_delegation(subject: &Resource, _: &dyn Asking) -> Value {
    let organization = Organization::from_value(&subject.document);
    let text = match organization.map(|organization| organization.resource_policy) {
        Some(Fact::Known(text)) => text,
        Some(Fact::Unknown(gaps)) => return unknown(gaps, Vec::new()),
        Some(Fact::Absent) => {
            let reason = "the organization has no policy of its own".to_owned();
            let (principals, reasons) = (Vec::new(), vec![reason]);
            let delegated = Decided::Known(false);
            return PolicyDelegation { delegated, principals, reasons }.into_value();
        }
        None => return unknown(Gaps::NONE, Vec::new()),
    };
    let kind = Kind::Resource(Service::from_prefix("organizations"));
    let policy = match Policy::parse(&text, kind) {
        Ok(policy) => policy,
        Err(error) => {
            let reason = format!("the organization's policy cannot be read: {error}");
            return unknown(Gaps::NONE, vec![reason]);
        }
    };
    let allowed = |action: &str| -> BTreeSet<String> {
        let allows = policy.statements.iter().filter(|s| s.effect == Effect::Allow);
        allows.filter(|statement| allows_action(statement, action)).flat_map(names).collect()
    };
    let mut who = ACTIONS.iter().map(|action| allowed(action));
    let first = who.next().unwrap_or_default();
    let both: BTreeSet<String> =
        who.fold(first, |all, more| all.intersection(&more).cloned().collect());
    let reasons = ACTIONS
        .iter()
        .filter(|action| allowed(action).is_empty())
        .map(|action| format!("no statement allows {action} to a member account"))
        .collect();
    let delegated = Decided::Known(!both.is_empty());
    let principals = both.into_iter().collect();
    PolicyDelegation { delegated, principals, reasons }.into_value()
}

fn unknown(gaps: Gaps, reasons: Vec<String>) -> Value {
    let delegated = Decided::Unknown(gaps);
    PolicyDelegation { delegated, principals: Vec::new(), reasons }.into_value()
}

fn allows_action(statement: &Statement, action: &str) -> bool {
    let none = |_: &str| None;
    let named = statement.actions.patterns.iter().any(|pattern| {
        pattern.compile(Style::Action, &none).is_some_and(|pattern| pattern.matches(action))
    });
    named != statement.actions.negated
}

/// The accounts, users and roles that a statement names.
fn names(statement: &Statement) -> Vec<String> {
    let Some(Principals { negated: false, list }) = &statement.principals else {
        return Vec::new();
    };
    let named = list
        .iter()
        .filter(|it| matches!(it, Principal::Account(_) | Principal::Arn(_) | Principal::Anyone));
    named.map(ToString::to_string).collect()
}

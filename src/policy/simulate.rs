//! The reference evaluator: one concrete request against policies, straight from
//! the documented rules.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::ast::{Effect, Matcher, Policy, Principal, Principals, Statement};
use super::keys;
use super::pattern::Style;
use super::request::{Caller, Request};

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// An Allow matches and no Deny does.
    Allowed,
    /// A Deny matches.
    ExplicitDeny,
    /// Nothing matches.
    ImplicitDeny,
    /// It depends on a key that every such request has and that was not given.
    Undecided,
}

/// A decision and what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The decision.
    pub decision: Decision,
    /// The statement that decided: its policy's place in the list, and its number from 1.
    pub statement: Option<(usize, usize)>,
    /// The keys whose values would be needed, if undecided.
    pub missing: Vec<String>,
}

/// Decides a request by one policy alone.
#[must_use]
pub fn simulate(policy: &Policy, request: &Request) -> Outcome {
    simulate_all(&[policy], request)
}

/// Decides a request by several policies of one layer: any Allow, no Deny.
#[must_use]
pub fn simulate_all(policies: &[&Policy], request: &Request) -> Outcome {
    let weight = weigh(policies, request, &|_| true);
    let outcome = |decision, statement| Outcome { decision, statement, missing: Vec::new() };
    match (weight.deny, weight.allow) {
        (Some(place), _) => outcome(Decision::ExplicitDeny, Some(place)),
        (None, None) if !weight.open_allow => outcome(Decision::ImplicitDeny, None),
        (None, Some(place)) if !weight.open_deny => outcome(Decision::Allowed, Some(place)),
        _ => Outcome { missing: weight.missing, ..outcome(Decision::Undecided, None) },
    }
}

/// What the statements of a layer say to a request.
#[derive(Debug, Default)]
pub(super) struct Weight {
    /// The first Allow that applies: its policy's place in the list, and its number.
    pub(super) allow: Option<(usize, usize)>,
    /// The first Deny that applies.
    pub(super) deny: Option<(usize, usize)>,
    /// Whether an Allow hangs on a missing key.
    pub(super) open_allow: bool,
    /// Whether a Deny does.
    pub(super) open_deny: bool,
    /// The missing keys, in order.
    pub(super) missing: Vec<String>,
}

/// Weighs the statements of some kind.
pub(super) fn weigh(
    policies: &[&Policy],
    request: &Request,
    kind: &dyn Fn(&Statement) -> bool,
) -> Weight {
    let mut weight = Weight::default();
    for (index, policy) in policies.iter().enumerate() {
        for statement in policy.statements.iter().filter(|s| kind(s)) {
            let place = Some((index, statement.number));
            let applies = matches_statement(statement, request, &mut weight.missing);
            match (applies, statement.effect) {
                (Some(true), Effect::Deny) => weight.deny = weight.deny.or(place),
                (Some(true), Effect::Allow) => weight.allow = weight.allow.or(place),
                (None, Effect::Allow) => weight.open_allow = true,
                (None, Effect::Deny) => weight.open_deny = true,
                (Some(false), _) => {}
            }
        }
    }
    weight.missing.sort();
    weight.missing.dedup();
    weight
}

/// Whether a statement applies to a request; `None` if that hangs on a missing key.
fn matches_statement(
    statement: &Statement,
    request: &Request,
    missing: &mut Vec<String>,
) -> Option<bool> {
    let value_of = |key: &str| request.variable(key);
    if !matches_principal(statement, &request.caller)
        || !matches_action(&statement.actions, &request.action)
        || !statement
            .resources
            .as_ref()
            .is_none_or(|m| matches_resource(m, &request.resource, &value_of))
    {
        return Some(false);
    }
    let mut open = Vec::new();
    for condition in &statement.conditions {
        let values = request.key(&condition.key);
        if values.is_empty() && keys::is_always_present(&condition.key) {
            open.push(condition.key.clone());
        } else if !condition.holds(&values, &value_of) {
            return Some(false);
        }
    }
    if open.is_empty() {
        return Some(true);
    }
    missing.append(&mut open);
    None
}

/// Whether the statement names the caller. Statements without principals name everyone.
#[must_use]
pub(super) fn matches_principal(statement: &Statement, caller: &Caller) -> bool {
    match &statement.principals {
        None => true,
        Some(principals) if principals.negated => !is_excepted(principals, caller, statement),
        Some(principals) => principals.list.iter().any(|p| names(p, caller)),
    }
}

/// Whether `NotPrincipal` leaves the caller out. A Deny leaves out only a caller whose
/// account is listed beside its own ARN (and for a session the role's and the session's);
/// an Allow leaves out everyone who is named in any way.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
fn is_excepted(principals: &Principals, caller: &Caller, statement: &Statement) -> bool {
    let listed = |wanted: &str| {
        principals.list.iter().any(|p| matches!(p, Principal::Arn(arn) if arn == wanted))
    };
    let account_listed = caller.account().is_some_and(|account| {
        principals.list.iter().any(|p| matches!(p, Principal::Account(a) if a == account))
    });
    if principals.list.contains(&Principal::Anyone) {
        return true;
    }
    if statement.effect == Effect::Allow {
        return principals.list.iter().any(|p| names(p, caller));
    }
    match caller {
        Caller::Root(_) => account_listed,
        Caller::User(arn) | Caller::FederatedUser(arn) => account_listed && listed(arn),
        Caller::RoleSession { role, .. } => {
            account_listed && listed(role) && caller.session_arn().is_some_and(|s| listed(&s))
        }
        _ => principals.list.iter().any(|p| names(p, caller)),
    }
}

/// Whether a principal element covers the caller.
fn names(principal: &Principal, caller: &Caller) -> bool {
    match principal {
        Principal::Anyone => true,
        Principal::Account(account) => caller.account() == Some(account.as_str()),
        Principal::Arn(arn) => {
            caller.principal_arn().as_deref() == Some(arn.as_str())
                || caller.session_arn().as_deref() == Some(arn.as_str())
        }
        Principal::DeletedId(_) => false,
        Principal::Canonical(id) => matches!(caller, Caller::Canonical(c) if c == id),
        Principal::Service(name) => matches!(caller, Caller::Service(c) if c == name),
        Principal::Federated(provider) => {
            matches!(caller, Caller::Federated(c) if provider == "*" || c == provider)
        }
    }
}

pub(super) fn matches_action(matcher: &Matcher, action: &str) -> bool {
    matcher.compile(Style::Action, &|_| None).matches(action)
}

pub(super) fn matches_resource(
    matcher: &Matcher,
    resource: &str,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> bool {
    matcher.compile(Style::Resource, value_of).matches(resource)
}

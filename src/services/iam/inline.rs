//! Inline policies that allow far too much.

use super::holder::parse;
use super::questions::PermissiveInline;
use super::{Group, InlinePolicy, Role, User};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{self, Caller, Context, Decision, Effect, Policy, Request};
use crate::services::{Asking, Decided, Witness};

/// Answers `iam.permissive_inline`.
pub(super) fn permissive_inline(subject: &Resource, asking: &dyn Asking) -> Value {
    let policies: Option<Fact<Vec<InlinePolicy>>> = match subject.kind.name {
        "iam.user" => User::from_value(&subject.document).map(|user| user.inline_policies),
        "iam.group" => Group::from_value(&subject.document).map(|group| group.inline_policies),
        _ => Role::from_value(&subject.document).map(|role| role.inline_policies),
    };
    let policies = match policies {
        Some(Fact::Known(policies)) => policies,
        Some(Fact::Absent) => Vec::new(),
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    let mut found = Vec::new();
    let mut unread = Vec::new();
    for inline in &policies {
        match parse(&inline.document, &format!("inline policy {}", inline.name)) {
            Ok(policy) => {
                found.extend(permissive(&policy, asking).map(|grant| (&inline.name, grant)));
            }
            Err(error) => unread.push(error),
        }
    }
    let always = found.iter().any(|(_, grant)| grant.conditions.is_empty());
    // A policy that was not read can add a grant, never take one away.
    let decided = |answer: bool, settled: bool| {
        if settled || unread.is_empty() {
            Decided::Known(answer)
        } else {
            Decided::Unknown(Gaps::NONE)
        }
    };
    PermissiveInline {
        permissive: decided(!found.is_empty(), !found.is_empty()),
        conditional: decided(!always && !found.is_empty(), always),
        policies: found
            .iter()
            .map(|(name, grant)| {
                format!("{name} allows {} (statement {})", grant.what, grant.statement)
            })
            .collect(),
        witness: found.iter().find_map(|(_, grant)| grant.witness.clone()),
        conditions: found.into_iter().flat_map(|(_, grant)| grant.conditions).collect(),
        unread,
    }
    .into_value()
}

/// What makes a policy permissive.
struct Grant {
    what: String,
    statement: usize,
    conditions: Vec<String>,
    /// A request that is allowed; none where that takes a condition.
    witness: Option<Witness>,
}

/// The worst that a policy allows on all resources: everything, else a whole
/// service; without conditions before with.
fn permissive(policy: &Policy, asking: &dyn Asking) -> Option<Grant> {
    let full = policy::full_admin(policy);
    if let Some(witness) = &full.witness {
        return Some(Grant {
            what: "everything".to_owned(),
            statement: witness.statement,
            conditions: full.conditions,
            witness: Some(Witness::from(witness)),
        });
    }
    let named = policy::service_wildcards(policy).into_iter().filter(|found| found.all_resources);
    let services: Vec<String> = named.map(|found| found.service).collect();
    let widest = without_conditions(policy);
    let mut best: Option<Grant> = None;
    for service in &services {
        let request = unheard_of(service, asking);
        let strict = policy::simulate(policy, &request);
        let always = strict.decision == Decision::Allowed;
        let outcome = if always { strict } else { policy::simulate(&widest, &request) };
        let (Decision::Allowed, Some((_, statement))) = (outcome.decision, outcome.statement)
        else {
            continue;
        };
        if best.as_ref().is_none_or(|best| always && !best.conditions.is_empty()) {
            let what =
                if service == "*" { "whole services".into() } else { format!("{service}:*") };
            let conditions = if always { Vec::new() } else { conditions_of(policy) };
            let witness =
                always.then(|| Witness::from(&policy::Witness { request, statement, policy: 0 }));
            best = Some(Grant { what, statement, conditions, witness });
        }
    }
    best
}

/// A request for an action of the service, on a resource, that no policy names.
fn unheard_of(service: &str, asking: &dyn Asking) -> Request {
    let service = if service.contains(['*', '?']) { "unheard-of" } else { service };
    let (partition, account) = (asking.partition(), asking.account());
    Request {
        caller: Caller::User(format!("arn:{partition}:iam::{account}:user/any-name-at-all")),
        action: format!("{service}:AnyNameAtAll"),
        resource: format!("arn:{partition}:{service}:any:{account}:any-name-at-all"),
        context: Context::default(),
    }
}

/// The policy at its widest: every Allow without its conditions, and only the
/// Denies that have none.
fn without_conditions(policy: &Policy) -> Policy {
    let mut widest = policy.clone();
    widest.statements.retain(|s| s.effect == Effect::Allow || s.conditions.is_empty());
    widest.statements.iter_mut().for_each(|statement| statement.conditions.clear());
    widest
}

/// All conditions of a policy, as text.
fn conditions_of(policy: &Policy) -> Vec<String> {
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
    conditions.map(ToString::to_string).collect()
}

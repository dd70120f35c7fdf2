//! Which identity policies let their holder decrypt with every key.
//!
//! As in AWS's own controls conditions do not matter:
//! <https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-1>.

use super::questions::DecryptAll;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{self, Caller, Context, Decision, Effect, Kind, Policy, Request};
use crate::services::iam::{Group, ManagedPolicy, Role, User};
use crate::services::{Asking, Decided, Witness};
use std::collections::BTreeSet;

/// The actions that turn what a key encrypted into something that can be read.
const ACTIONS: [&str; 2] = ["kms:Decrypt", "kms:ReEncryptFrom"];

/// A policy's name for people, and its text.
type Named = (String, String);

/// Answers `kms.decrypts_all`.
pub(super) fn decrypts_all(subject: &Resource, asking: &dyn Asking) -> Value {
    let policies = match policies(subject) {
        Some(Fact::Known(policies)) => policies,
        Some(Fact::Absent) => Vec::new(),
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    let mut allows = Vec::new();
    let mut witness = None;
    let mut unread = Vec::new();
    for (name, text) in &policies {
        match Policy::parse(text, Kind::Identity) {
            Ok(policy) => {
                if let Some(found) = found(&policy, asking) {
                    let Request { action, resource, .. } = &found.request;
                    let statement = found.statement;
                    allows.push(format!(
                        "{name} allows {action} on {resource} (statement {statement})"
                    ));
                    let always = policy::simulate(&policy, &found.request).decision;
                    if always == Decision::Allowed && witness.is_none() {
                        witness = Some(Witness::from(&found));
                    }
                }
            }
            Err(error) => unread.push(format!("{name} cannot be read: {error}")),
        }
    }
    let allowed = if allows.is_empty() && !unread.is_empty() {
        Decided::Unknown(Gaps::NONE)
    } else {
        Decided::Known(!allows.is_empty())
    };
    DecryptAll { allowed, allows, witness, unread }.into_value()
}

fn policies(subject: &Resource) -> Option<Fact<Vec<Named>>> {
    let inline = match subject.kind.name {
        "iam.policy" => {
            let version = ManagedPolicy::from_value(&subject.document)?.default_version;
            let name = format!("policy {}", subject.id);
            return Some(match version {
                Fact::Known(version) => Fact::Known(vec![(name, version.document)]),
                Fact::Absent => Fact::Absent,
                Fact::Unknown(gaps) => Fact::Unknown(gaps),
            });
        }
        "iam.user" => User::from_value(&subject.document)?.inline_policies,
        "iam.group" => Group::from_value(&subject.document)?.inline_policies,
        _ => Role::from_value(&subject.document)?.inline_policies,
    };
    Some(match inline {
        Fact::Known(inline) => Fact::Known(
            inline
                .into_iter()
                .map(|policy| (format!("inline policy {}", policy.name), policy.document))
                .collect(),
        ),
        Fact::Absent => Fact::Absent,
        Fact::Unknown(gaps) => Fact::Unknown(gaps),
    })
}

/// A request to decrypt with a key that no policy names: whoever may make it may
/// make it for every key, at least of a region.
fn found(policy: &Policy, asking: &dyn Asking) -> Option<policy::Witness> {
    let (partition, account) = (asking.partition(), asking.account());
    let widest = without_conditions(policy);
    let regions = regions(policy);
    for action in ACTIONS {
        for region in regions.iter().map(String::as_str) {
            let request = Request {
                caller: Caller::User(format!(
                    "arn:{partition}:iam::{account}:user/any-name-at-all"
                )),
                action: action.to_owned(),
                resource: format!("arn:{partition}:kms:{region}:{account}:key/any-name-at-all"),
                context: Context::default(),
            };
            let outcome = policy::simulate(&widest, &request);
            if let (Decision::Allowed, Some((_, statement))) = (outcome.decision, outcome.statement)
            {
                return Some(policy::Witness { request, statement, policy: 0 });
            }
        }
    }
    None
}

/// Any region, and each that the policy names in a resource.
fn regions(policy: &Policy) -> BTreeSet<String> {
    let resources = policy.statements.iter().flat_map(|statement| &statement.resources);
    let texts = resources.flat_map(|matcher| &matcher.patterns).map(policy::Template::text);
    let named = texts.filter_map(|text| text.split(':').nth(3));
    let plain = |region: &&str| !region.is_empty() && !region.contains(['*', '?', '$']);
    std::iter::once("any-region").chain(named.filter(plain)).map(str::to_owned).collect()
}

/// The policy at its widest: every Allow without its conditions, and only the
/// Denies that have none.
fn without_conditions(policy: &Policy) -> Policy {
    let mut widest = policy.clone();
    widest.statements.retain(|s| s.effect == Effect::Allow || s.conditions.is_empty());
    widest.statements.iter_mut().for_each(|statement| statement.conditions.clear());
    widest
}

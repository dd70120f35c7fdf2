//! Which accounts a service or resource control policy limits.
//!
//! How policies of roots, units and accounts come together:
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>.

use super::{ControlPolicy, Organization, OrganizationalUnit};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{Admin, Kind, Policy, full_admin};
use crate::record;
use crate::services::{Asking, Decided};
use std::collections::{BTreeMap, BTreeSet};

record! {
    /// Which accounts are limited.
    pub struct Guardrails {
        /// Every active member account is.
        "all" => all: Decided<bool>,
        /// There are member accounts.
        "members" => members: Decided<bool>,
        /// Those that are not.
        "unlimited" => unlimited: Vec<String>,
        /// The policies that limit, or why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

const SERVICE_CONTROL: &str = "SERVICE_CONTROL_POLICY";

/// What a policy does where it is attached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It denies something.
    Limits,
    /// It only allows, and not everything: it limits where nothing else allows more.
    Allows,
    /// It changes nothing.
    Everything,
}

/// Answers `organizations.guardrails`.
pub(super) fn guardrails(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(organization) = Organization::from_value(&subject.document) else {
        return unknown(Gaps::NONE, Vec::new());
    };
    let mut gaps = None;
    let units = known(organization.units, &mut gaps);
    let accounts = known(organization.accounts, &mut gaps);
    let policies = known(organization.policies, &mut gaps);
    let management = match organization.management_account {
        Fact::Known(account) => account,
        Fact::Unknown(hidden) => return unknown(hidden, Vec::new()),
        Fact::Absent => asking.account().to_owned(),
    };
    if let Some(gaps) = gaps {
        return unknown(gaps, Vec::new());
    }
    let limited = match Limited::by(&policies) {
        Ok(limited) => limited,
        Err(reason) => return unknown(Gaps::NONE, vec![reason]),
    };
    let above: BTreeMap<&str, &str> = units
        .iter()
        .map(|OrganizationalUnit { id, parent, .. }| (id.as_str(), parent.as_str()))
        .collect();
    // No policy limits the management account.
    let members: Vec<_> = accounts.iter().filter(|account| account.id != management).collect();
    let is_active = |state: &Option<String>| state.as_deref().is_none_or(|it| it == "ACTIVE");
    let unlimited: Vec<String> = members
        .iter()
        .filter(|account| is_active(&account.state))
        .filter(|account| !limited.reaches(&account.id, &account.parent, &above))
        .map(|account| account.id.clone())
        .collect();
    Guardrails {
        all: Decided::Known(unlimited.is_empty()),
        members: Decided::Known(!members.is_empty()),
        unlimited,
        reasons: limited.policies,
    }
    .into_value()
}

fn unknown(gaps: Gaps, reasons: Vec<String>) -> Value {
    let members = Decided::Unknown(gaps.clone());
    Guardrails { all: Decided::Unknown(gaps), members, unlimited: Vec::new(), reasons }.into_value()
}

/// A list, empty where the account may not read it; what hides it is kept.
fn known<T>(fact: Fact<Vec<T>>, gaps: &mut Option<Gaps>) -> Vec<T> {
    match fact {
        Fact::Known(list) => list,
        Fact::Absent => Vec::new(),
        Fact::Unknown(more) => {
            *gaps = Some(gaps.take().map_or_else(|| more.clone(), |all| all.union(&more)));
            Vec::new()
        }
    }
}

/// Where policies limit.
struct Limited {
    targets: BTreeSet<String>,
    /// The policies that do, and where.
    policies: Vec<String>,
}

impl Limited {
    /// Gathers the targets, or says which policy cannot be read.
    fn by(policies: &[ControlPolicy]) -> Result<Self, String> {
        let effects: Vec<(&ControlPolicy, Effect)> = policies
            .iter()
            .map(|policy| effect(policy).map(|effect| (policy, effect)))
            .collect::<Result<_, _>>()?;
        let open = effects.iter().filter(|(policy, effect)| {
            policy.kind == SERVICE_CONTROL && *effect == Effect::Everything
        });
        let open: BTreeSet<&str> =
            open.flat_map(|(policy, _)| &policy.targets).map(|target| target.id.as_str()).collect();
        let mut limited = Self { targets: BTreeSet::new(), policies: Vec::new() };
        for (policy, effect) in effects {
            let places: Vec<&str> = policy
                .targets
                .iter()
                .map(|target| target.id.as_str())
                .filter(|target| match effect {
                    Effect::Limits => true,
                    Effect::Allows => !open.contains(target),
                    Effect::Everything => false,
                })
                .collect();
            if !places.is_empty() {
                let name = policy.name.as_deref().unwrap_or(&policy.id);
                limited.policies.push(format!("{name} limits {}", places.join(", ")));
            }
            limited.targets.extend(places.into_iter().map(str::to_owned));
        }
        Ok(limited)
    }

    /// Whether one of the policies limits an account: its own, or one above it.
    fn reaches(&self, account: &str, parent: &str, above: &BTreeMap<&str, &str>) -> bool {
        if self.targets.contains(account) {
            return true;
        }
        let mut place = parent;
        let mut seen = BTreeSet::new();
        while seen.insert(place) {
            if self.targets.contains(place) {
                return true;
            }
            match above.get(place) {
                Some(next) => place = next,
                None => return false,
            }
        }
        false
    }
}

/// What a policy does, by its text.
fn effect(policy: &ControlPolicy) -> Result<Effect, String> {
    let Some(content) = &policy.content else { return Ok(Effect::Everything) };
    let unreadable = |why: String| format!("policy {} cannot be read: {why}", policy.id);
    let text: serde_json::Value =
        serde_json::from_str(content).map_err(|error| unreadable(error.to_string()))?;
    let statements = match text.get("Statement") {
        Some(serde_json::Value::Array(list)) => list.iter().collect(),
        Some(one @ serde_json::Value::Object(_)) => vec![one],
        _ => return Err(unreadable("it has no statement".to_owned())),
    };
    let denies = |statement: &&serde_json::Value| {
        statement.get("Effect").and_then(serde_json::Value::as_str) == Some("Deny")
    };
    if statements.iter().any(denies) {
        return Ok(Effect::Limits);
    }
    if policy.kind != SERVICE_CONTROL {
        return Ok(Effect::Everything);
    }
    let policy =
        Policy::parse(content, Kind::Identity).map_err(|error| unreadable(error.to_string()))?;
    Ok(if full_admin(&policy).admin == Admin::Yes { Effect::Everything } else { Effect::Allows })
}

//! How the pods of a cluster get roles of their own.

use super::Cluster;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{Effect, Kind, Policy, Principal, oidc};
use crate::record;
use crate::services::iam::Role;
use crate::services::{Asking, Decided};
use std::sync::Arc;

record! {
    /// How the pods of a cluster can get roles of their own.
    pub struct WorkloadIdentity {
        /// A pod identity association exists, or a role trusts the cluster's issuer.
        "adopted" => adopted: Decided<bool>,
        /// Service accounts with a pod identity association, and roles that trust the issuer.
        "uses" => uses: Vec<String>,
    }
}

/// The address of the cluster's issuer, without https://; none if it has none.
fn issuer(cluster: &Cluster) -> Result<Option<String>, Gaps> {
    match &cluster.identity {
        Fact::Known(identity) => {
            let issuer = identity.oidc.as_ref().and_then(|oidc| oidc.issuer.as_ref());
            Ok(issuer.map(|url| url.trim_start_matches("https://").to_ascii_lowercase()))
        }
        Fact::Absent => Ok(None),
        Fact::Unknown(gaps) => Err(gaps.clone()),
    }
}

/// Answers `eks.issuer_in_iam`.
pub(super) fn issuer_in_iam(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(cluster) = Cluster::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let issuer = match issuer(&cluster) {
        Ok(Some(issuer)) => issuer,
        Ok(None) => return Value::Bool(false),
        Err(gaps) => return Value::Unknown(gaps),
    };
    let (providers, hidden) = asking.all("iam.oidc-provider");
    let is_it = |provider: &Resource| oidc::address(&provider.arn).eq_ignore_ascii_case(&issuer);
    match (providers.into_iter().any(is_it), hidden.is_empty()) {
        (true, _) => Value::Bool(true),
        (false, true) => Value::Bool(false),
        (false, false) => Value::Unknown(hidden),
    }
}

/// Answers `eks.workload_identity`.
pub(super) fn workload_identity(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(cluster) = Cluster::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let mut uses = Vec::new();
    let mut hidden = Vec::new();
    match &cluster.associations {
        Fact::Known(associations) => uses.extend(associations.iter().map(|association| {
            format!("service account {}/{}", association.namespace, association.service_account)
        })),
        Fact::Absent => {}
        Fact::Unknown(gaps) => hidden.push(Decided::Unknown(gaps.clone())),
    }
    match issuer(&cluster) {
        Ok(Some(issuer)) => {
            let roles = asking.memo().of("", || FederatedTrusts::read(asking));
            if !roles.missing.is_empty() {
                hidden.push(Decided::Unknown(roles.missing.clone()));
            }
            for (role, trust) in &roles.trusts {
                match trusts(trust, &issuer) {
                    Decided::Known(true) => uses.push(format!("role {role}")),
                    Decided::Known(false) => {}
                    unknown @ Decided::Unknown(_) => hidden.push(unknown),
                }
            }
        }
        Ok(None) => {}
        Err(gaps) => hidden.push(Decided::Unknown(gaps)),
    }
    let adopted =
        if uses.is_empty() { Decided::any(&hidden, &Gaps::NONE) } else { Decided::Known(true) };
    WorkloadIdentity { adopted, uses }.into_value()
}

/// The trust policies of the account's roles that may name an issuer.
struct FederatedTrusts {
    /// What people call the role, and the policy's text or the gaps that hide it.
    trusts: Vec<(Arc<str>, Result<String, Gaps>)>,
    /// What may hide more roles.
    missing: Gaps,
}

impl FederatedTrusts {
    fn read(asking: &dyn Asking) -> Self {
        let (roles, missing) = asking.all("iam.role");
        // Without escapes the word stands there as it is.
        let may_federate =
            |text: &str| text.contains('\\') || text.to_ascii_lowercase().contains("federated");
        let trust = |role: &&Resource| {
            let trust = match Role::from_value(&role.document)?.trust_policy {
                Fact::Known(text) if may_federate(&text) => Ok(text),
                Fact::Known(_) | Fact::Absent => return None,
                Fact::Unknown(gaps) => Err(gaps),
            };
            Some((Arc::clone(&role.id), trust))
        };
        Self { trusts: roles.iter().filter_map(trust).collect(), missing }
    }
}

/// Whether a role's trust policy names the issuer.
fn trusts(trust: &Result<String, Gaps>, issuer: &str) -> Decided<bool> {
    let text = match trust {
        Ok(text) => text,
        Err(gaps) => return Decided::Unknown(gaps.clone()),
    };
    // The text of a policy that does not name it need not be understood.
    if !text.to_ascii_lowercase().contains(issuer) {
        return Decided::Known(false);
    }
    let Ok(policy) = Policy::parse(text, Kind::Trust) else {
        return Decided::Unknown(Gaps::NONE);
    };
    let allows = policy.statements.iter().filter(|s| s.effect == Effect::Allow);
    let mut principals = allows.filter_map(|s| s.principals.as_ref()).flat_map(|p| &p.list);
    Decided::Known(principals.any(|principal| match principal {
        Principal::Federated(name) => oidc::address(name).eq_ignore_ascii_case(issuer),
        _ => false,
    }))
}

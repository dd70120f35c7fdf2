//! Answers about who may assume a role.

use super::questions::{ClusterTrust, OpenTrust, TrustLimits};
use super::{OidcProvider, Role};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::oidc;
use crate::policy::{
    self, Answer, Exposure, Kind, OutsideClass, Policy, Setting, Trust, TrustIssue,
};
use crate::services::{Asking, Decided, Witness};
use std::sync::Arc;

/// What the trust policy says, as the engine reads it.
struct Read {
    whole: Exposure,
    trust: Trust,
}

/// A text of a trust policy that was read before. Most roles of an account have one of a
/// few: that of a service.
enum Known {
    /// It says the same for every role of the account, but for the role's name in a witness.
    Alike(Arc<Read>),
    /// It has conditions, which may look at the role.
    Own(Policy),
    /// Why it is no policy.
    Unreadable(String),
}

impl Known {
    fn of(text: &str, subject: &Resource, asking: &dyn Asking) -> Self {
        match Policy::parse(text, Kind::Trust) {
            Ok(policy) if policy.statements.iter().any(|s| !s.conditions.is_empty()) => {
                Self::Own(policy)
            }
            Ok(policy) => Self::Alike(Arc::new(Read::of(&policy, subject, asking))),
            Err(error) => Self::Unreadable(format!("the trust policy cannot be read: {error}")),
        }
    }
}

impl Read {
    fn of(policy: &Policy, subject: &Resource, asking: &dyn Asking) -> Self {
        let setting = Setting {
            account: Some(asking.account().to_owned()),
            resource: Some(subject.arn.to_string()),
            now: Some(asking.now().as_second()),
        };
        let trust = policy::trust(policy, &setting);
        Self { whole: policy::exposure(policy, &setting), trust }
    }
}

/// Reads a role's trust policy, or says what hides it.
fn read(subject: &Resource, asking: &dyn Asking) -> Result<Arc<Read>, (Gaps, Vec<String>)> {
    let role = Role::from_value(&subject.document).map(|role| role.trust_policy);
    let text = match role {
        Some(Fact::Known(text)) => text,
        Some(Fact::Unknown(gaps)) => return Err((gaps, Vec::new())),
        Some(Fact::Absent) | None => return Err((Gaps::NONE, Vec::new())),
    };
    match &*asking.memo().lately(&text, || Known::of(&text, subject, asking)) {
        Known::Alike(read) => Ok(Arc::clone(read)),
        Known::Own(policy) => Ok(Arc::new(Read::of(policy, subject, asking))),
        Known::Unreadable(why) => Err((Gaps::NONE, vec![why.clone()])),
    }
}

/// A witness for this role: what was read may have been read for another.
fn witness(found: &policy::Witness, subject: &Resource) -> Witness {
    Witness { resource: subject.arn.to_string(), ..Witness::from(found) }
}

/// Answers `iam.trust`.
pub(super) fn open(subject: &Resource, asking: &dyn Asking) -> Value {
    let answer = match read(subject, asking) {
        Err((gaps, reasons)) => OpenTrust { open: Decided::Unknown(gaps), witness: None, reasons },
        Ok(read) => OpenTrust {
            open: match read.trust.open_principal {
                Answer::Yes => Decided::Known(true),
                Answer::No => Decided::Known(false),
                Answer::Unknown => Decided::Unknown(Gaps::NONE),
            },
            witness: read.trust.witness.as_ref().map(|found| witness(found, subject)),
            reasons: read.trust.reasons.clone(),
        },
    };
    answer.into_value()
}

/// Answers `iam.trust_accounts`.
pub(super) fn accounts(subject: &Resource, asking: &dyn Asking) -> Value {
    limits(subject, asking, |read| {
        let known = asking.known_accounts();
        let issues = read.trust.without_external_id.iter();
        let issues =
            issues.filter(|i| !known.iter().any(|known| known == account_of(&i.principal)));
        let concerned = read.whole.outside.iter().any(|o| o.class == OutsideClass::Account);
        Limits { concerned, issues: issues.cloned().collect(), undecided: Vec::new() }
    })
}

/// Answers `iam.trust_federation`. An issuer of an EKS cluster admits its own
/// cluster's service accounts, no strangers: another rule's subject.
pub(super) fn federation(subject: &Resource, asking: &dyn Asking) -> Value {
    limits(subject, asking, |read| {
        let mut providers =
            read.whole.outside.iter().filter(|o| o.class == OutsideClass::Federated);
        let beside = |issue: &TrustIssue| {
            let mut issue = issue.clone();
            issue.reason.extend(account_says(&issue.principal, asking));
            issue
        };
        Limits {
            concerned: providers.any(|o| !is_cluster(&o.principal)),
            issues: read.trust.federation_open.iter().map(beside).collect(),
            undecided: read.trust.federation_unknown.iter().map(beside).collect(),
        }
    })
}

/// What the account itself says of a provider that a trust policy names: for whom its
/// tokens may be, or that it has no such provider, and the statement lets in nobody as
/// long as that is so. Nothing where it could not be read.
fn account_says(principal: &str, asking: &dyn Asking) -> Option<String> {
    let address = principal.split_once(":oidc-provider/").map(|(_, address)| address)?;
    let (providers, hidden) = asking.all("iam.oidc-provider");
    let Some(provider) = providers.iter().find(|p| *p.arn == *principal) else {
        return hidden
            .is_empty()
            .then(|| format!("; the account has no provider {address} at present"));
    };
    let audiences = OidcProvider::from_value(&provider.document)?.audiences;
    match audiences {
        Fact::Known(list) => Some(format!("; its tokens are for {}", list.join(", "))),
        Fact::Absent | Fact::Unknown(_) => None,
    }
}

/// Answers `iam.trust_services`.
pub(super) fn services(subject: &Resource, asking: &dyn Asking) -> Value {
    limits(subject, asking, |read| {
        let mut services = read.whole.outside.iter().filter(|o| o.class == OutsideClass::Service);
        Limits {
            concerned: services.any(|o| policy::sends_source(&o.principal).is_some()),
            issues: read.trust.service_without_source.clone(),
            undecided: Vec::new(),
        }
    })
}

/// Answers `iam.trust_clusters`.
pub(super) fn clusters(subject: &Resource, asking: &dyn Asking) -> Value {
    let read = match read(subject, asking) {
        Ok(read) => read,
        Err((gaps, reasons)) => {
            return ClusterTrust {
                concerned: Decided::Unknown(gaps.clone()),
                subject: Decided::Unknown(gaps.clone()),
                audience: Decided::Unknown(gaps),
                issuers: Vec::new(),
                reasons,
            }
            .into_value();
        }
    };
    let Read { whole, trust } = &*read;
    let clusters = whole
        .outside
        .iter()
        .filter(|o| o.class == OutsideClass::Federated && is_cluster(&o.principal));
    let mut issuers: Vec<String> = clusters.map(|o| o.principal.clone()).collect();
    issuers.sort_unstable();
    issuers.dedup();
    let width = match (trust.cluster_wide.as_slice(), trust.cluster_namespace.as_slice()) {
        ([], []) => "service account",
        ([], _) => "several",
        _ => "cluster",
    };
    let audiences: Vec<Decided<bool>> =
        trust.cluster_audience.iter().map(|issue| one_audience(&issue.principal, asking)).collect();
    let issues = trust.cluster_wide.iter().chain(&trust.cluster_namespace);
    let reasons = issues.chain(&trust.cluster_audience);
    ClusterTrust {
        concerned: Decided::Known(!issuers.is_empty()),
        subject: Decided::Known(width.to_owned()),
        audience: Decided::all(&audiences),
        issuers,
        reasons: reasons
            .map(|i| format!("statement {}: {}: {}", i.statement, i.principal, i.reason))
            .collect(),
    }
    .into_value()
}

/// Whether STS takes tokens of a provider for one audience only: then a trust
/// policy need not say which
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html>).
fn one_audience(principal: &str, asking: &dyn Asking) -> Decided<bool> {
    let (providers, hidden) = asking.all("iam.oidc-provider");
    let Some(provider) = providers.iter().find(|p| *p.arn == *principal) else {
        let known = hidden.is_empty();
        return if known { Decided::Known(false) } else { Decided::Unknown(hidden) };
    };
    match OidcProvider::from_value(&provider.document) {
        Some(provider) => provider.audiences.map(|audiences| audiences.len() == 1).decided(),
        None => Decided::Unknown(Gaps::NONE),
    }
}

/// What is said of one kind of outsider.
struct Limits {
    concerned: bool,
    issues: Vec<TrustIssue>,
    undecided: Vec<TrustIssue>,
}

fn limits(subject: &Resource, asking: &dyn Asking, ask: impl FnOnce(&Read) -> Limits) -> Value {
    let Limits { concerned, issues, undecided } = match read(subject, asking) {
        Ok(read) => ask(&read),
        Err((gaps, reasons)) => {
            return TrustLimits {
                concerned: Decided::Unknown(gaps.clone()),
                limited: Decided::Unknown(gaps),
                principals: Vec::new(),
                witness: None,
                reasons,
            }
            .into_value();
        }
    };
    let limited = match (issues.as_slice(), undecided.as_slice()) {
        ([], []) => Decided::Known(true),
        ([], _) => Decided::Unknown(Gaps::NONE),
        _ => Decided::Known(false),
    };
    let shown = if issues.is_empty() { undecided } else { issues };
    TrustLimits {
        concerned: Decided::Known(concerned),
        limited,
        principals: shown.iter().map(|issue| issue.principal.clone()).collect(),
        witness: shown
            .iter()
            .find_map(|issue| issue.witness.as_ref())
            .map(|found| witness(found, subject)),
        reasons: shown
            .iter()
            .map(|i| format!("statement {}: {}: {}", i.statement, i.principal, i.reason))
            .collect(),
    }
    .into_value()
}

/// The account of a principal: twelve digits, or in an ARN.
fn account_of(principal: &str) -> &str {
    principal.split(':').nth(4).unwrap_or(principal)
}

fn is_cluster(provider: &str) -> bool {
    oidc::is_cluster(oidc::address(provider))
}

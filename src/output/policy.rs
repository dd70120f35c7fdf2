//! What a policy allows: the answers of `policy check` and `policy simulate`.

mod page;

use crate::policy::{
    self, AdminAnswer, Answer, Decision, Escalations, Exposure, Kind, Policy, Trust,
};
use serde::Serialize;
use std::collections::BTreeMap;

pub use page::{check_page, simulate_page};

/// The version of the JSON of `policy check`.
pub const CHECK_SCHEMA: &str = "cspm-policy-check/1";
/// The version of the JSON of `policy simulate`.
pub const SIMULATE_SCHEMA: &str = "cspm-policy-simulate/1";

/// The answers about a policy.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Check {
    /// About a resource or trust policy.
    Opening(OpeningCheck),
    /// About an identity policy.
    Identity(IdentityCheck),
}

/// The answers about a resource or trust policy.
#[derive(Debug, Serialize)]
pub struct OpeningCheck {
    schema: &'static str,
    kind: &'static str,
    public: &'static str,
    reachable: &'static str,
    public_write: &'static str,
    outside: Vec<Outside>,
    witness: Option<Witness>,
    reasons: Vec<String>,
    /// What the policy is for, in words.
    #[serde(skip)]
    subject: String,
}

/// To whom outside the account a policy opens.
#[derive(Debug, Serialize)]
struct Outside {
    principal: String,
    actions: Vec<String>,
    statement: usize,
    #[serde(skip)]
    conditions: Vec<String>,
}

/// The answers about an identity policy.
#[derive(Debug, Serialize)]
pub struct IdentityCheck {
    schema: &'static str,
    kind: &'static str,
    admin: &'static str,
    escalation: Vec<Escalation>,
    witness: Option<Witness>,
    reasons: Vec<String>,
    /// The conditions of the statement that makes administrator.
    #[serde(skip)]
    conditions: Vec<String>,
    /// Whether a way to raise privileges could not be decided.
    #[serde(skip)]
    undecided: bool,
    #[serde(skip)]
    subject: String,
}

/// One way to raise privileges.
#[derive(Debug, Serialize)]
struct Escalation {
    method: &'static str,
    actions: Vec<String>,
    statements: Vec<usize>,
    conditional: bool,
    #[serde(skip)]
    summary: &'static str,
    #[serde(skip)]
    reference: &'static str,
    #[serde(skip)]
    conditions: Vec<String>,
}

/// One request that a policy lets through.
#[derive(Debug, Serialize)]
struct Witness {
    principal: String,
    action: String,
    resource: String,
    context: BTreeMap<String, Vec<String>>,
    statement: usize,
}

impl From<&policy::Witness> for Witness {
    fn from(witness: &policy::Witness) -> Self {
        let request = &witness.request;
        let context = request.context.iter();
        Self {
            principal: request.caller.to_string(),
            action: request.action.clone(),
            resource: request.resource.clone(),
            context: context.map(|(key, values)| (key.to_owned(), values.to_vec())).collect(),
            statement: witness.statement,
        }
    }
}

impl Check {
    /// The answers about a resource or trust policy; with those that only trust
    /// policies have.
    pub fn opening(policy: &Policy, exposure: Exposure, trust: Option<&Trust>) -> Self {
        let mut reasons = exposure.reasons;
        let issues = trust.into_iter().flat_map(|trust| {
            [
                &trust.without_external_id,
                &trust.federation_open,
                &trust.federation_unknown,
                &trust.cluster_wide,
                &trust.service_without_source,
            ]
        });
        for issue in issues.flatten() {
            let statement = issue.statement;
            reasons.push(format!("statement {statement}: {}: {}", issue.principal, issue.reason));
        }
        Self::Opening(OpeningCheck {
            schema: CHECK_SCHEMA,
            kind: kind(policy),
            public: exposure.public.as_str(),
            reachable: exposure.reachable.as_str(),
            public_write: exposure.public_write.as_str(),
            outside: exposure
                .outside
                .into_iter()
                .map(|entry| Outside {
                    principal: entry.principal,
                    actions: entry.actions,
                    statement: entry.statement,
                    conditions: entry.conditions,
                })
                .collect(),
            witness: exposure.witness.as_ref().map(Witness::from),
            reasons: unique(reasons),
            subject: subject(policy),
        })
    }

    /// The answers about an identity policy.
    pub fn identity(policy: &Policy, admin: AdminAnswer, escalations: Escalations) -> Self {
        let found = &escalations.found;
        let first = found.iter().find(|way| !way.conditional).or(found.first());
        let shown = admin.witness.as_ref().or(first.and_then(|way| way.witnesses.first()));
        let mut reasons = admin.reasons;
        for (method, why) in &escalations.undecided {
            reasons.push(format!("{method} is not decided: {why}"));
        }
        Self::Identity(IdentityCheck {
            schema: CHECK_SCHEMA,
            kind: kind(policy),
            admin: admin.admin.as_str(),
            witness: shown.map(Witness::from),
            escalation: escalations
                .found
                .into_iter()
                .map(|way| {
                    let mut statements: Vec<usize> =
                        way.statements.iter().map(|(_, statement)| *statement).collect();
                    statements.sort_unstable();
                    statements.dedup();
                    Escalation {
                        method: way.method,
                        actions: way.actions,
                        statements,
                        conditional: way.conditional,
                        summary: way.summary,
                        reference: way.reference,
                        conditions: way.conditions,
                    }
                })
                .collect(),
            reasons: unique(reasons),
            conditions: admin.conditions,
            undecided: !escalations.undecided.is_empty(),
            subject: subject(policy),
        })
    }

    /// Adds a reason in front of the others.
    #[must_use]
    pub fn noting(mut self, note: Option<String>) -> Self {
        let reasons = match &mut self {
            Self::Opening(check) => &mut check.reasons,
            Self::Identity(check) => &mut check.reasons,
        };
        if let Some(note) = note {
            reasons.insert(0, note);
        }
        self
    }

    /// Whether every question has an answer. That AWS does not define public for a
    /// service is one; an administrator needs no way to raise its privileges.
    pub fn is_decided(&self) -> bool {
        let unknown = Answer::Unknown.as_str();
        match self {
            Self::Opening(check) => check.reachable != unknown,
            Self::Identity(check) => {
                check.admin == "yes" || (check.admin != unknown && !check.undecided)
            }
        }
    }
}

/// What becomes of one request.
#[derive(Debug, Serialize)]
pub struct Simulation {
    schema: &'static str,
    kind: &'static str,
    decision: &'static str,
    statement: Option<usize>,
    /// Which policy that statement is of.
    policy: Option<String>,
    /// The kinds of policies that would have to allow it and do not.
    lacking: Vec<&'static str>,
    missing: Vec<String>,
    #[serde(skip)]
    outcome: Decision,
    /// Decided by this policy and no other.
    #[serde(skip)]
    alone: bool,
}

impl Simulation {
    /// The decision of a policy alone.
    pub fn alone(policy: &Policy, outcome: policy::Outcome) -> Self {
        let own = match policy.kind {
            Kind::Identity => "identity policy",
            Kind::Resource(_) | Kind::Trust => "resource policy",
        };
        let denied = outcome.decision == Decision::ImplicitDeny;
        Self {
            schema: SIMULATE_SCHEMA,
            kind: kind(policy),
            decision: decision(outcome.decision),
            statement: outcome.statement.map(|(_, statement)| statement),
            policy: outcome.statement.map(|_| own.to_owned()),
            lacking: denied.then_some(own).into_iter().collect(),
            missing: outcome.missing,
            outcome: outcome.decision,
            alone: true,
        }
    }

    /// The decision of all policies that apply; `by` names the one that decided.
    pub fn together(policy: &Policy, ruling: policy::Ruling, by: Option<String>) -> Self {
        Self {
            schema: SIMULATE_SCHEMA,
            kind: kind(policy),
            decision: decision(ruling.decision),
            statement: ruling.by.map(|(_, _, statement)| statement),
            policy: by,
            lacking: ruling.lacking.iter().map(|layer| layer.as_str()).collect(),
            missing: ruling.missing,
            outcome: ruling.decision,
            alone: false,
        }
    }

    /// Whether there is a decision.
    pub fn is_decided(&self) -> bool {
        self.outcome != Decision::Undecided
    }
}

fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::ExplicitDeny => "explicit_deny",
        Decision::ImplicitDeny => "implicit_deny",
        Decision::Undecided => "undecided",
    }
}

fn kind(policy: &Policy) -> &'static str {
    match policy.kind {
        Kind::Resource(_) => "resource",
        Kind::Identity => "identity",
        Kind::Trust => "trust",
    }
}

fn subject(policy: &Policy) -> String {
    let count = u64::try_from(policy.statements.len()).unwrap_or(u64::MAX);
    let statements = super::text::count(count, "statement");
    match &policy.kind {
        Kind::Resource(service) => format!("resource policy of {service}, {statements}"),
        Kind::Identity => format!("identity policy, {statements}"),
        Kind::Trust => format!("trust policy of a role, {statements}"),
    }
}

fn unique(mut reasons: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    reasons.retain(|reason| seen.insert(reason.clone()));
    reasons
}

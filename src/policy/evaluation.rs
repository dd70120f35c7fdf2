//! All policies that decide about one request, combined as AWS combines them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>

use super::ast::{Effect, Policy, Principal, Statement, arn_parts};
use super::exposure::Answer;
use super::request::{Caller, Request};
use super::simulate::{self, Decision};

/// The kinds of policies that decide together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Attached to the caller, or to its groups.
    Identity,
    /// The caller's permissions boundary.
    Boundary,
    /// The caller's session policy.
    Session,
    /// Service control policies of the caller's organization.
    ServiceControl,
    /// Resource control policies of the resource's organization.
    ResourceControl,
    /// Attached to the resource.
    Resource,
}

impl Layer {
    /// What people call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
            Self::Resource => "resource policy",
        }
    }
}

/// The policies that apply to a request. What is not there does not limit.
#[derive(Debug, Clone, Default)]
pub struct Applicable<'a> {
    /// Of the caller and its groups.
    pub identity: Vec<&'a Policy>,
    /// The permissions boundary, if there is one.
    pub boundary: Option<&'a Policy>,
    /// The session policy, if there is one.
    pub session: Option<&'a Policy>,
    /// Service control policies of one level of the organization; none: no limit.
    pub service_control: Vec<&'a Policy>,
    /// Resource control policies, beside the one that AWS attaches everywhere.
    pub resource_control: Vec<&'a Policy>,
    /// Of the resource: also a trust policy or the policy of a key.
    pub resource: Option<&'a Policy>,
    /// The account that owns the resource, if its ARN does not say.
    pub resource_account: Option<String>,
}

/// What becomes of the request, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The decision.
    pub decision: Decision,
    /// The statement that decided: the kind of policy, its place among those, its number.
    pub by: Option<(Layer, usize, usize)>,
    /// The layers that do not allow it, if it is denied implicitly.
    pub lacking: Vec<Layer>,
    /// The keys whose values would be needed, if undecided.
    pub missing: Vec<String>,
}

/// How far a resource policy goes that names a caller of its own account.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// A user, a session, or everyone: nothing else need allow.
    Itself,
    /// Its role: boundary and session policy have to allow.
    Role,
    /// Its account: its own policies have to allow.
    Account,
}

/// Decides a request by all policies that apply to it.
#[must_use]
pub fn evaluate(applicable: &Applicable<'_>, request: &Request) -> Ruling {
    let court = Court { applicable, request, caller: &request.caller };
    let denies = court.denies();
    if let Some(by) = denies.0 {
        return Ruling { by: Some(by), ..ruling(Decision::ExplicitDeny) };
    }
    let own = court.resource_account();
    let (same, across) = (court.within_account(), court.across_accounts());
    let verdict = match (request.caller.account(), own.as_deref()) {
        (None, _) => court.resource_alone(),
        (Some(account), Some(owner)) if account == owner => same,
        (Some(_), Some(_)) => across,
        (Some(_), None) if same.answer == across.answer => same,
        (Some(_), None) => {
            let missing = vec!["aws:ResourceAccount".to_owned()];
            return Ruling { missing, ..ruling(Decision::Undecided) };
        }
    };
    let verdict = verdict.and(court.organization());
    match verdict.answer {
        Answer::Yes if denies.1.is_empty() => {
            Ruling { by: verdict.by, ..ruling(Decision::Allowed) }
        }
        Answer::No => {
            let mut lacking = verdict.lacking;
            lacking.sort();
            lacking.dedup();
            Ruling { lacking, ..ruling(Decision::ImplicitDeny) }
        }
        _ => {
            let mut missing = verdict.missing;
            missing.extend(denies.1);
            missing.sort();
            missing.dedup();
            Ruling { missing, ..ruling(Decision::Undecided) }
        }
    }
}

fn ruling(decision: Decision) -> Ruling {
    Ruling { decision, by: None, lacking: Vec::new(), missing: Vec::new() }
}

/// Whether something allows, and what.
struct Verdict {
    answer: Answer,
    by: Option<(Layer, usize, usize)>,
    lacking: Vec<Layer>,
    missing: Vec<String>,
}

impl Verdict {
    fn yes() -> Self {
        Self { answer: Answer::Yes, by: None, lacking: Vec::new(), missing: Vec::new() }
    }

    fn and(mut self, other: Self) -> Self {
        self.answer = self.answer.and(other.answer);
        self.by = self.by.or(other.by);
        self.lacking.extend(other.lacking);
        self.missing.extend(other.missing);
        self
    }

    /// Either is enough: what the other lacks then does not matter.
    fn or(mut self, other: Self) -> Self {
        match (self.answer, other.answer) {
            (Answer::Yes, _) => self,
            (_, Answer::Yes) => other,
            (answer, also) => {
                self.answer = answer.or(also);
                self.lacking.extend(other.lacking);
                self.missing.extend(other.missing);
                self
            }
        }
    }
}

struct Court<'c, 'a> {
    applicable: &'c Applicable<'a>,
    request: &'c Request,
    caller: &'c Caller,
}

impl<'a> Court<'_, 'a> {
    fn layers(&self) -> [(Layer, Vec<&'a Policy>); 6] {
        let all = self.applicable;
        [
            (Layer::ServiceControl, all.service_control.clone()),
            (Layer::ResourceControl, all.resource_control.clone()),
            (Layer::Resource, all.resource.into_iter().collect()),
            (Layer::Identity, all.identity.clone()),
            (Layer::Boundary, all.boundary.into_iter().collect()),
            (Layer::Session, all.session.into_iter().collect()),
        ]
    }

    /// The first Deny that applies, and the keys that others hang on.
    fn denies(&self) -> (Option<(Layer, usize, usize)>, Vec<String>) {
        let mut missing = Vec::new();
        for (layer, policies) in self.layers() {
            let weight = simulate::weigh(&policies, self.request, &|s| s.effect == Effect::Deny);
            if let Some((policy, statement)) = weight.deny {
                return (Some((layer, policy, statement)), Vec::new());
            }
            missing.extend(weight.missing.into_iter().filter(|_| weight.open_deny));
        }
        (None, missing)
    }

    /// Whether an Allow of these policies applies, of the statements of some kind.
    fn allows(
        &self,
        layer: Layer,
        policies: &[&Policy],
        kind: &dyn Fn(&Statement) -> bool,
    ) -> Verdict {
        let allow = |s: &Statement| s.effect == Effect::Allow && kind(s);
        let weight = simulate::weigh(policies, self.request, &allow);
        let by = weight.allow.map(|(policy, statement)| (layer, policy, statement));
        let answer = match (by, weight.open_allow) {
            (Some(_), _) => Answer::Yes,
            (None, true) => Answer::Unknown,
            (None, false) => Answer::No,
        };
        let lacking = if answer == Answer::Yes { Vec::new() } else { vec![layer] };
        let missing = if answer == Answer::Unknown { weight.missing } else { Vec::new() };
        Verdict { answer, by, lacking, missing }
    }

    /// Whether a policy that only limits lets the request pass.
    fn within(&self, layer: Layer, policies: &[&Policy]) -> Verdict {
        if policies.is_empty() {
            return Verdict::yes();
        }
        Verdict { by: None, ..self.allows(layer, policies, &|_| true) }
    }

    fn boundary(&self) -> Verdict {
        let boundary: Vec<&Policy> = self.applicable.boundary.into_iter().collect();
        self.within(Layer::Boundary, &boundary)
    }

    fn session(&self) -> Verdict {
        let session: Vec<&Policy> = self.applicable.session.into_iter().collect();
        self.within(Layer::Session, &session)
    }

    /// What the caller's own policies allow, within its boundary and session policy. A
    /// root user needs none.
    fn identity(&self) -> Verdict {
        let own = match self.caller {
            Caller::Root(_) => Verdict::yes(),
            _ => self.allows(Layer::Identity, &self.applicable.identity, &|_| true),
        };
        own.and(self.boundary()).and(self.session())
    }

    /// What the resource policy allows by statements that name the caller in some way.
    fn resource(&self, named: &dyn Fn(Named) -> bool) -> Verdict {
        let policy: Vec<&Policy> = self.applicable.resource.into_iter().collect();
        let of_kind = |s: &Statement| how_named(s, self.caller).is_some_and(named);
        self.allows(Layer::Resource, &policy, &of_kind)
    }

    fn resource_alone(&self) -> Verdict {
        self.resource(&|_| true)
    }

    /// In one account: the resource policy or the caller's own, whichever allows.
    fn within_account(&self) -> Verdict {
        let assumes = self.service() == "sts";
        let mut itself = self.resource(&|n| n == Named::Itself);
        if assumes {
            // Assuming a role is always within the boundary.
            itself = itself.and(self.boundary());
        }
        let role = self.resource(&|n| n == Named::Role).and(self.boundary()).and(self.session());
        let mut own = self.identity();
        if assumes || self.service() == "kms" {
            // Trust policies and the policies of keys have to allow, too.
            own = own.and(self.resource_alone());
        }
        own.or(itself).or(role)
    }

    /// Across accounts: the caller's own policies and the resource policy.
    fn across_accounts(&self) -> Verdict {
        self.identity().and(self.resource_alone())
    }

    /// Within what the organizations of caller and resource leave. Service control
    /// policies do not act on service-linked roles, nor on whom the account does not own.
    fn organization(&self) -> Verdict {
        let linked =
            self.caller.principal_arn().is_some_and(|arn| arn.contains(":role/aws-service-role/"));
        if linked || self.caller.account().is_none() {
            return Verdict::yes();
        }
        self.within(Layer::ServiceControl, &self.applicable.service_control)
    }

    fn service(&self) -> &str {
        self.request.action.split(':').next().unwrap_or_default()
    }

    fn resource_account(&self) -> Option<String> {
        let known = self.request.context.get("aws:ResourceAccount");
        let in_arn = arn_parts(&self.request.resource).map(|arn| arn.account.to_owned());
        known
            .and_then(|values| values.first().cloned())
            .or_else(|| self.applicable.resource_account.clone())
            .or(in_arn)
            .filter(|account| super::ast::is_account_id(account))
    }
}

/// How a statement names a caller, if it does: the way that gives it most.
fn how_named(statement: &Statement, caller: &Caller) -> Option<Named> {
    if !simulate::matches_principal(statement, caller) {
        return None;
    }
    let principals = statement.principals.as_ref()?;
    if principals.negated {
        return Some(Named::Itself);
    }
    let role = match caller {
        Caller::RoleSession { role, .. } => Some(role.as_str()),
        _ => None,
    };
    let session = caller.session_arn();
    let ways = principals.list.iter().filter_map(|principal| match principal {
        Principal::Account(account) => {
            (caller.account() == Some(account.as_str())).then_some(Named::Account)
        }
        Principal::Arn(arn) if Some(arn.as_str()) == role => Some(Named::Role),
        Principal::Arn(arn) => {
            let own = session
                .as_deref()
                .map_or(caller.principal_arn().as_deref() == Some(arn), |s| s == arn);
            own.then_some(Named::Itself)
        }
        Principal::DeletedId(_) => None,
        _ => Some(Named::Itself),
    });
    let mut best = None;
    for way in ways {
        best = match (best, way) {
            (_, Named::Itself) | (Some(Named::Itself), _) => Some(Named::Itself),
            (_, Named::Role) | (Some(Named::Role), _) => Some(Named::Role),
            _ => Some(Named::Account),
        };
    }
    best
}

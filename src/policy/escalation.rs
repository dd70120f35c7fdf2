//! The known ways to raise one's own privileges, tried over all policies of a principal.

use std::collections::BTreeMap;

use super::ast::arn_parts;
use super::bench::Bench;
use super::escalation_data::{METHODS, Method, On, Step, Who};
use super::identity::Holder;
use super::request::Caller;
use super::s3_parts::Part;
use super::solve::{Solution, Witness};
use super::world::Standing;

/// One way that is open to a principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// The method's name.
    pub method: &'static str,
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// Where it was published.
    pub reference: &'static str,
    /// The actions it takes.
    pub actions: Vec<String>,
    /// For each action that a policy has to allow: the policy (its place in the list) and
    /// the statement's number.
    pub statements: Vec<(usize, usize)>,
    /// Whether a step works only under a condition that the principal does not control.
    pub conditional: bool,
    /// The conditions of the statements, as text.
    pub conditions: Vec<String>,
    /// For each action: one request that is allowed.
    pub witnesses: Vec<Witness>,
}

/// What was found, and what could not be decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Escalations {
    /// The ways that are open.
    pub found: Vec<Escalation>,
    /// The methods that could not be decided, with the reason.
    pub undecided: Vec<(&'static str, String)>,
}

/// The privilege-escalation steps that a user or role holds.
#[must_use]
pub fn escalations(holder: &Holder<'_>) -> Escalations {
    let bench = Bench::new(holder);
    let mut answer = Escalations::default();
    let caller = holder.arn.as_deref().and_then(Caller::parse);
    for method in METHODS {
        match open(&bench, method, caller.as_ref()) {
            Ok(Some(found)) => answer.found.push(found),
            Ok(None) => {}
            Err(why) => answer.undecided.push((method.name, why)),
        }
    }
    if holder.boundary == Part::Unknown || !holder.unread.is_empty() {
        let why = "a policy or the permissions boundary was not read";
        answer.undecided.extend(answer.found.drain(..).map(|f| (f.method, why.to_owned())));
        if !holder.unread.is_empty() && answer.undecided.is_empty() {
            answer.undecided.push(("any", why.to_owned()));
        }
    }
    answer
}

fn open(
    bench: &Bench<'_>,
    method: &Method,
    caller: Option<&Caller>,
) -> Result<Option<Escalation>, String> {
    let is_user = matches!(caller, None | Some(Caller::User(_)));
    let is_role = matches!(caller, None | Some(Caller::RoleSession { .. }));
    let fits = match method.who {
        Who::Any => true,
        Who::User => is_user,
        Who::Role => is_role,
        Who::Bounded => matches!(bench.holder.boundary, Part::Known(Some(_))),
    };
    let possible = |step: &Step| step.only_not_denied || bench.may_allow(step.action);
    if !fits || !method.steps.iter().all(possible) {
        return Ok(None);
    }
    let mut found = Escalation {
        method: method.name,
        summary: method.summary,
        reference: method.reference,
        actions: method.steps.iter().map(|s| s.action.to_owned()).collect(),
        statements: Vec::new(),
        conditional: false,
        conditions: Vec::new(),
        witnesses: Vec::new(),
    };
    for step in method.steps {
        if (step.on == On::SelfUser && !is_user) || (step.on == On::SelfRole && !is_role) {
            return Ok(None);
        }
        let forms = forms(bench, step, caller);
        if step.only_not_denied {
            let free = |standing| forms.iter().any(|f| bench.not_denied(step.action, f, standing));
            if !free(Standing::Loose) {
                return Ok(None);
            }
            found.conditional |= !free(Standing::Strict);
            continue;
        }
        let Some((witness, conditional)) = with_choices(bench, step, &forms)? else {
            return Ok(None);
        };
        found.conditional |= conditional;
        if conditional {
            found.conditions.extend(bench.conditions_of(&witness));
        }
        found.statements.push((witness.policy, witness.statement));
        found.witnesses.push(witness);
    }
    found.conditions.sort();
    found.conditions.dedup();
    Ok(Some(found))
}

/// A request for the step that is allowed, and whether only conditionally, with the values
/// that make it a step: the service that a role is passed to, the policy that is attached.
fn with_choices(
    bench: &Bench<'_>,
    step: &Step,
    forms: &[String],
) -> Result<Option<(Witness, bool)>, String> {
    let one = |key: &str, value: String| BTreeMap::from([(key.to_owned(), Some(value))]);
    if let Some(service) = step.passed_to {
        return allowed(bench, step, forms, &one("iam:passedtoservice", service.to_owned()));
    }
    let asks = |key: &str| bench.holder.policies.iter().any(|p| p.asks_for(key));
    let administrator = format!("arn:{}:iam::aws:policy/AdministratorAccess", bench.partition);
    if step.action.ends_with("PermissionsBoundary") && step.action.starts_with("iam:Put") {
        // To have a boundary that somebody else wrote is no step.
        return allowed(bench, step, forms, &one("iam:permissionsboundary", administrator));
    }
    let attaches = step.action.starts_with("iam:Attach");
    if !attaches || !asks(POLICY_ARN) {
        return allowed(bench, step, forms, &BTreeMap::new());
    }
    let found = allowed(bench, step, forms, &one(POLICY_ARN, administrator))?;
    if found.is_some() {
        return Ok(found);
    }
    // Any other policy of AWS gives less; what the account's own give is not known here.
    for arn in own_policies(bench) {
        if let Some((witness, _)) = allowed(bench, step, forms, &one(POLICY_ARN, arn))? {
            return Ok(Some((witness, true)));
        }
    }
    Ok(None)
}

/// The condition key of the policy that is attached.
const POLICY_ARN: &str = "iam:policyarn";

/// The account's own policies that the conditions name, one of each pattern.
fn own_policies(bench: &Bench<'_>) -> Vec<String> {
    let statements = bench.holder.policies.iter().flat_map(|p| &p.statements);
    let values = statements
        .flat_map(|s| &s.conditions)
        .filter(|c| c.key.eq_ignore_ascii_case(POLICY_ARN))
        .flat_map(|c| &c.values);
    let own = values.filter_map(|value| {
        let arn = arn_parts(value.text()).filter(|arn| arn.account != "aws")?;
        let name = arn.resource.replace(['*', '?'], "x");
        Some(format!("arn:{}:iam::{}:{name}", bench.partition, bench.account))
    });
    own.chain([bench.iam_arn("policy", "any-name-at-all")]).collect()
}

/// A request for the action that is allowed, and whether only conditionally.
fn allowed(
    bench: &Bench<'_>,
    step: &Step,
    forms: &[String],
    chosen: &BTreeMap<String, Option<String>>,
) -> Result<Option<(Witness, bool)>, String> {
    for (standing, conditional) in [(Standing::Strict, false), (Standing::Loose, true)] {
        for form in forms {
            let not_self = matches!(step.on, On::OtherUser | On::OtherRole);
            match bench.allowed(step.action, form, standing, chosen, not_self) {
                Solution::Found(witness) => return Ok(Some((*witness, conditional))),
                Solution::Undecided(why) => return Err(why),
                Solution::None(_) => {}
            }
        }
    }
    Ok(None)
}

/// The resources that a step has to work on.
fn forms(bench: &Bench<'_>, step: &Step, caller: Option<&Caller>) -> Vec<String> {
    let own = match caller {
        Some(Caller::User(arn) | Caller::RoleSession { role: arn, .. }) => Some(arn.clone()),
        _ => None,
    };
    let any = |class: &str| bench.iam_arn(class, "?*");
    match step.on {
        On::SelfUser => vec![own.unwrap_or_else(|| any("user"))],
        On::SelfRole => vec![own.unwrap_or_else(|| any("role"))],
        On::OtherUser => vec![any("user")],
        On::Role | On::OtherRole => vec![any("role")],
        On::Policy => vec![any("policy")],
        On::OwnGroup => bench.holder.groups.clone().unwrap_or_else(|| vec![any("group")]),
        On::Group => vec![any("group")],
        On::OwnPolicy => match &bench.holder.attached {
            // Nobody but AWS writes versions of the policies that AWS manages.
            Some(arns) => arns.iter().filter(|a| !a.contains("::aws:policy/")).cloned().collect(),
            None => vec![any("policy")],
        },
        On::Any => {
            let (partition, account) = (&bench.partition, &bench.account);
            let service = step.action.split_once(':').map_or("*", |(service, _)| service);
            // The usual form first: it makes the request that is shown a likely one.
            vec![
                format!("arn:{partition}:{service}:us-east-1:{account}:?*"),
                format!("arn:{partition}:?*"),
                "*".to_owned(),
            ]
        }
    }
}

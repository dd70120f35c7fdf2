//! Whether a user or role can raise its own privileges: by what its policies
//! allow, or over roles that it can assume.

use super::Role;
use super::holder::{Gathered, everything};
use super::questions::Escalation;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{
    self, Admin, Chain, Effect, Holder, Kind, MAX_DEPTH, Policy, RoleGraph, escalations,
};
use crate::services::{Asking, Decided, Witness};

/// Answers `iam.escalation`.
pub(super) fn escalation(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(gathered) = Gathered::of(subject, asking) else { return Value::Unknown(Gaps::NONE) };
    let all = everything();
    let start = gathered.at_most(all.as_ref());
    let own = escalations(&start);
    let reached = Reached::from(subject, &gathered, &start, asking);
    let chains = reached.chains(&start);

    let found = !own.found.is_empty() || !chains.is_empty();
    let always = own.found.iter().any(|way| !way.conditional) || chains.iter().any(is_free);
    let open = !own.undecided.is_empty() || reached.is_open();
    let mut reasons: Vec<String> = own
        .undecided
        .iter()
        .map(|(method, why)| format!("{method} is not decided: {why}"))
        .collect();
    reasons.extend(reached.reasons.iter().cloned());
    let gaps = gathered.gaps().union(&reached.gaps);
    if !gathered.is_complete() && (found || open) {
        // What was not read may allow it or forbid it.
        return Escalation {
            escalates: Decided::Unknown(gaps.clone()),
            conditional: Decided::Unknown(gaps),
            steps: Vec::new(),
            conditions: Vec::new(),
            witness: None,
            reasons: gathered.unread(),
        }
        .into_value();
    }
    reasons.push("organization policies not seen".to_owned());
    let decided = |answer: bool, settled: bool| {
        if settled || !open { Decided::Known(answer) } else { Decided::Unknown(gaps.clone()) }
    };
    let mut steps: Vec<String> = own.found.iter().map(|way| way_in_words(way, &gathered)).collect();
    steps.extend(chains.iter().map(|chain| chain_in_words(chain, &gathered)));
    let mut conditions: Vec<String> =
        own.found.iter().flat_map(|way| way.conditions.iter().cloned()).collect();
    conditions.sort();
    conditions.dedup();
    // The first unconditional way is the one to show.
    let first = own.found.iter().find(|way| !way.conditional).or(own.found.first());
    Escalation {
        escalates: decided(found, found),
        conditional: decided(found && !always, always),
        steps,
        conditions,
        witness: first.and_then(|way| way.witnesses.first()).map(Witness::from),
        reasons,
    }
    .into_value()
}

/// Whether no condition is in a chain's way.
fn is_free(chain: &Chain) -> bool {
    chain.reaches == Admin::Yes && chain.links.iter().all(|link| !link.conditional)
}

fn way_in_words(way: &policy::Escalation, gathered: &Gathered<'_>) -> String {
    let mut statements: Vec<String> = Vec::new();
    for (policy, statement) in &way.statements {
        let place = format!("{}, statement {statement}", gathered.label(*policy));
        if !statements.contains(&place) {
            statements.push(place);
        }
    }
    let condition = if way.conditional { ", under a condition" } else { "" };
    format!("{}: {} ({}){condition}", way.method, way.actions.join(" + "), statements.join("; "))
}

fn chain_in_words(chain: &Chain, gathered: &Gathered<'_>) -> String {
    let mut words = Vec::new();
    for (place, link) in chain.links.iter().enumerate() {
        let by = match link.identity_statement {
            Some((policy, statement)) if place == 0 => {
                format!("{}, statement {statement}, and ", gathered.label(policy))
            }
            Some((_, statement)) => format!("its own statement {statement}, and "),
            None => String::new(),
        };
        let condition = if link.conditional { ", under a condition" } else { "" };
        words.push(format!(
            "assume {} ({by}trust statement {}{condition})",
            link.to, link.trust_statement
        ));
    }
    let last = match chain.reaches {
        Admin::Conditional => "an administrator under a condition",
        _ => "an administrator",
    };
    format!("{}: {last}", words.join(", then "))
}

/// The roles that a principal can get to.
struct Reached<'a> {
    roles: Vec<(Gathered<'a>, &'a Resource, Policy)>,
    /// What may lead to more.
    reasons: Vec<String>,
    gaps: Gaps,
}

impl<'a> Reached<'a> {
    /// Walks over trust policies, at most [`MAX_DEPTH`] roles deep. Only roles
    /// that are got to are gathered.
    fn from(
        subject: &Resource,
        gathered: &Gathered<'_>,
        start: &Holder<'_>,
        asking: &'a dyn Asking,
    ) -> Self {
        let (all, missing) = asking.all("iam.role");
        let mut reached = Self { roles: Vec::new(), reasons: Vec::new(), gaps: missing };
        if !reached.gaps.is_empty() {
            reached.reasons.push("not all roles could be listed".to_owned());
        }
        let mut rest: Vec<(&Resource, String)> = Vec::new();
        for role in all.into_iter().filter(|role| role.arn != subject.arn) {
            match Role::from_value(&role.document).map(|role| role.trust_policy) {
                Some(Fact::Known(text)) => rest.push((role, text)),
                Some(Fact::Unknown(gaps)) => {
                    reached
                        .open(format!("the trust policy of {} could not be read", role.id), &gaps);
                }
                _ => {}
            }
        }
        let mut first = 0;
        reached.step(start, asks_to_assume(gathered), &mut rest, asking);
        for _ in 1..MAX_DEPTH {
            let last = reached.roles.len();
            if first == last {
                break;
            }
            for index in first..last {
                let Some((gathered, _, _)) = reached.roles.get(index) else { break };
                let asks = asks_to_assume(gathered);
                let all = everything();
                // Found once, kept apart: the list grows while the holder looks at it.
                let mut found = Self { roles: Vec::new(), reasons: Vec::new(), gaps: Gaps::NONE };
                found.step(&gathered.at_most(all.as_ref()), asks, &mut rest, asking);
                reached.roles.append(&mut found.roles);
                reached.reasons.append(&mut found.reasons);
                reached.gaps = reached.gaps.union(&found.gaps);
            }
            first = last;
        }
        reached
    }

    /// One step further: takes the roles that the holder can assume out of the rest.
    fn step(
        &mut self,
        from: &Holder<'_>,
        asks: bool,
        rest: &mut Vec<(&'a Resource, String)>,
        asking: &'a dyn Asking,
    ) {
        let arn = from.arn.as_deref().unwrap_or_default();
        let mut left = Vec::with_capacity(rest.len());
        for (role, text) in rest.drain(..) {
            if !may_name(&text, arn, asks, asking.account()) {
                left.push((role, text));
                continue;
            }
            let trust = match Policy::parse(&text, Kind::Trust) {
                Ok(trust) => trust,
                Err(error) => {
                    let what = format!("the trust policy of {} cannot be read: {error}", role.id);
                    self.open(what, &Gaps::NONE);
                    continue;
                }
            };
            let Some(gathered) = Gathered::of(role, asking) else { continue };
            let candidate = policy::Role { holder: gathered.at_most(None), trust: &trust };
            if policy::assume(from, &candidate).is_none() {
                left.push((role, text));
                continue;
            }
            if !gathered.is_complete() {
                let what = format!("the policies of role {} could not all be read", role.id);
                self.open(what, &gathered.gaps());
            } else if gathered.decide().0.admin == Admin::Unknown {
                let what = format!("it is not decided whether role {} is administrator", role.id);
                self.open(what, &Gaps::NONE);
            }
            self.roles.push((gathered, role, trust));
        }
        *rest = left;
    }

    fn open(&mut self, reason: String, gaps: &Gaps) {
        self.reasons.push(reason);
        self.gaps = self.gaps.union(gaps);
    }

    /// Whether more may be reached than was found.
    fn is_open(&self) -> bool {
        !self.reasons.is_empty()
    }

    /// The chains to administrators.
    fn chains(&self, start: &Holder<'_>) -> Vec<Chain> {
        let complete = self.roles.iter().filter(|(gathered, _, _)| gathered.is_complete());
        let roles: Vec<policy::Role<'_>> = complete
            .map(|(gathered, _, trust)| policy::Role { holder: gathered.at_most(None), trust })
            .collect();
        if roles.is_empty() { Vec::new() } else { RoleGraph::new(roles).chains(start) }
    }
}

/// Whether a trust policy may be about a principal, told by its text: accounts
/// have hundreds of roles, and most are for services.
fn may_name(text: &str, arn: &str, asks: bool, account: &str) -> bool {
    let written_otherwise = text.contains(['*', '\\']);
    written_otherwise || text.contains(arn) || (asks && text.contains(account))
}

/// Whether a policy may allow sts:AssumeRole. Who is not named by a trust
/// policy needs it.
fn asks_to_assume(gathered: &Gathered<'_>) -> bool {
    let mut allows = gathered
        .policies()
        .flat_map(|policy| &policy.statements)
        .filter(|statement| statement.effect == Effect::Allow);
    !gathered.is_complete()
        || allows.any(|statement| {
            let mut patterns = statement.actions.patterns.iter().map(policy::Template::text);
            statement.actions.negated
                || patterns.any(|text| {
                    let (service, _) = text.split_once(':').unwrap_or((text, ""));
                    service.contains(['*', '?']) || service.eq_ignore_ascii_case("sts")
                })
        })
}

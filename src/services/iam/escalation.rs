//! Whether a user or role can raise its own privileges: by what its policies
//! allow, or over roles that it can assume.

use super::Role;
use super::holder::{Gathered, everything};
use super::questions::Escalation;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{self, Admin, Effect, Kind, MAX_DEPTH, Part, Policy, escalations};
use crate::services::{Asking, Decided, Witness};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// Answers `iam.escalation`.
pub(super) fn escalation(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(gathered) = Gathered::of(subject, asking) else { return Value::Unknown(Gaps::NONE) };
    let start = gathered.at_most(everything());
    let own = escalations(&start);
    let reached = Reached::from(subject, &gathered, asking);
    let chains: Vec<&Stop<'_>> = reached.administrators().collect();

    let found = !own.found.is_empty() || !chains.is_empty();
    let always =
        own.found.iter().any(|way| !way.conditional) || chains.iter().any(|stop| stop.is_free());
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
    reasons.extend(start.organization_not_seen().map(str::to_owned));
    let decided = |answer: bool, settled: bool| {
        if settled || !open { Decided::Known(answer) } else { Decided::Unknown(gaps.clone()) }
    };
    let mut steps: Vec<String> = own.found.iter().map(|way| way_in_words(way, &gathered)).collect();
    steps.extend(chains.iter().map(|stop| stop.in_words()));
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

/// A role that can be got to, and how.
struct Stop<'a> {
    gathered: Gathered<'a>,
    admin: Admin,
    /// The steps to it, in words.
    steps: Vec<String>,
    /// No step has a condition outside the principal's control.
    unconditional: bool,
    /// Everything on the way was read.
    sure: bool,
}

impl Stop<'_> {
    /// Whether it is an administrator, with no condition anywhere.
    fn is_free(&self) -> bool {
        self.unconditional && self.admin == Admin::Yes
    }

    fn in_words(&self) -> String {
        let last = match self.admin {
            Admin::Conditional => "an administrator under a condition",
            _ => "an administrator",
        };
        format!("{}: {last}", self.steps.join(", then "))
    }
}

/// The trust policies of the account's roles.
struct Trusts {
    /// Those that may let in a principal of the account: the text has its
    /// number, or something that may stand for it.
    known: Vec<Trust>,
    /// The places of those that may name anybody, whatever their text.
    open: Vec<usize>,
    /// The places of the others by the ARNs that stand in them.
    naming: HashMap<String, Vec<usize>>,
    /// The roles whose trust policy could not be read, and the gaps behind that.
    hidden: Vec<(RoleName, Gaps)>,
    /// What may hide more roles.
    missing: Gaps,
}

struct RoleName {
    id: Arc<str>,
    arn: Arc<str>,
}

/// A role's trust policy.
struct Trust {
    role: RoleName,
    policy: Arc<TrustPolicy>,
}

/// A trust policy, which many roles may share.
struct TrustPolicy {
    text: String,
    /// Parsed when it is first needed.
    parsed: OnceLock<Result<Policy, String>>,
}

impl Trusts {
    fn read(asking: &dyn Asking) -> Self {
        let (all, missing) = asking.all("iam.role");
        let mut trusts = Self {
            known: Vec::new(),
            open: Vec::new(),
            naming: HashMap::new(),
            hidden: Vec::new(),
            missing,
        };
        let mut shared: HashMap<String, Arc<TrustPolicy>> = HashMap::new();
        for role in all {
            let name = RoleName { id: Arc::clone(&role.id), arn: Arc::clone(&role.arn) };
            match Role::from_value(&role.document).map(|role| role.trust_policy) {
                Some(Fact::Known(text))
                    if is_open_text(&text) || text.contains(asking.account()) =>
                {
                    let policy = shared.entry(text).or_insert_with_key(|text| {
                        let text = text.clone();
                        Arc::new(TrustPolicy { text, parsed: OnceLock::new() })
                    });
                    trusts.add(Trust { role: name, policy: Arc::clone(policy) });
                }
                Some(Fact::Unknown(gaps)) => trusts.hidden.push((name, gaps)),
                _ => {}
            }
        }
        trusts
    }

    fn add(&mut self, trust: Trust) {
        let place = self.known.len();
        if is_open_text(&trust.policy.text) {
            self.open.push(place);
        } else {
            // Without escapes a text stands between quotes as it is.
            for arn in trust.policy.text.split('"').filter(|part| part.starts_with("arn:")) {
                let naming = self.naming.entry(arn.to_owned()).or_default();
                if naming.last() != Some(&place) {
                    naming.push(place);
                }
            }
        }
        self.known.push(trust);
    }

    /// The places of those that may be about a principal, in order: accounts
    /// have hundreds of roles, and most are for services. Who may ask for roles
    /// needs not be named: his account may be.
    fn about(&self, arn: &str, asks: bool) -> Vec<usize> {
        if asks {
            return (0..self.known.len()).collect();
        }
        let named = self.naming.get(arn).into_iter().flatten();
        let mut places: Vec<usize> = self.open.iter().chain(named).copied().collect();
        places.sort_unstable();
        places
    }
}

fn parse_trust(text: &str) -> Result<Policy, String> {
    Policy::parse(text, Kind::Trust).map_err(|error| error.to_string())
}

/// The roles that a principal can get to, each by a shortest way.
struct Reached<'a> {
    stops: Vec<Stop<'a>>,
    /// What may lead to more.
    reasons: Vec<String>,
    gaps: Gaps,
}

/// From where a step is taken.
struct Place<'s, 'g> {
    gathered: &'s Gathered<'g>,
    steps: &'s [String],
    unconditional: bool,
    sure: bool,
}

impl<'a> Reached<'a> {
    /// Walks over trust policies, at most [`MAX_DEPTH`] roles deep. Only roles
    /// that are got to are gathered.
    fn from(subject: &Resource, start: &Gathered<'_>, asking: &'a dyn Asking) -> Self {
        let trusts = asking.memo().of("", || Trusts::read(asking));
        let mut reached = Self { stops: Vec::new(), reasons: Vec::new(), gaps: Gaps::NONE };
        if !trusts.missing.is_empty() {
            reached.open("not all roles could be listed".to_owned(), &trusts.missing);
        }
        for (role, gaps) in trusts.hidden.iter().filter(|(role, _)| *role.arn != *subject.arn) {
            let what = format!("the trust policy of {} could not be read", role.id);
            reached.open(what, gaps);
        }
        // The places of roles that are done with: nobody goes there twice.
        let itself = trusts.known.iter().position(|trust| trust.role.arn == subject.arn);
        let mut done: BTreeSet<usize> = itself.into_iter().collect();
        let from = Place { gathered: start, steps: &[], unconditional: true, sure: true };
        let mut found = reached.step(&from, &trusts, &mut done, asking);
        for _ in 1..MAX_DEPTH {
            let mut further = Vec::new();
            for stop in &found {
                let from = Place {
                    gathered: &stop.gathered,
                    steps: &stop.steps,
                    unconditional: stop.unconditional,
                    sure: stop.sure,
                };
                further.extend(reached.step(&from, &trusts, &mut done, asking));
            }
            reached.stops.append(&mut found);
            found = further;
        }
        reached.stops.append(&mut found);
        reached
    }

    /// One step further: to the roles that can be assumed and are not done with.
    fn step(
        &mut self,
        from: &Place<'_, '_>,
        trusts: &Trusts,
        done: &mut BTreeSet<usize>,
        asking: &'a dyn Asking,
    ) -> Vec<Stop<'a>> {
        let arn = from.gathered.arn();
        let mut places = trusts.about(arn, asks_to_assume(from.gathered));
        places.retain(|place| !done.contains(place));
        if places.is_empty() {
            return Vec::new();
        }
        let holder = from.gathered.at_most(everything());
        let Some(assuming) = policy::Assuming::new(&holder) else { return Vec::new() };
        let mut found = Vec::new();
        for place in places {
            let Some(trust) = trusts.known.get(place) else { continue };
            let TrustPolicy { text, parsed } = &*trust.policy;
            let policy = match parsed.get_or_init(|| parse_trust(text)) {
                Ok(policy) => policy,
                Err(error) => {
                    let id = &trust.role.id;
                    self.open(
                        format!("the trust policy of {id} cannot be read: {error}"),
                        &Gaps::NONE,
                    );
                    done.insert(place);
                    continue;
                }
            };
            let candidate = policy::Role {
                arn: &trust.role.arn,
                trust: policy,
                resource_control: Part::Unknown,
                now: Some(asking.now().as_second()),
            };
            let link = match assuming.assume(&candidate) {
                Ok(Some(link)) => link,
                Ok(None) => continue,
                Err(why) => {
                    let id = &trust.role.id;
                    let what = format!("it is not decided whether {arn} can assume {id}: {why}");
                    self.open(what, &Gaps::NONE);
                    continue;
                }
            };
            let (found_role, _) = asking.find("iam.role", &trust.role.arn);
            let Some(role) = found_role else { continue };
            let Some(gathered) = Gathered::of(role, asking) else { continue };
            done.insert(place);
            let admin = gathered.decided_once().0.admin;
            if !gathered.is_complete() {
                let what = format!("the policies of role {} could not all be read", role.id);
                self.open(what, &gathered.gaps());
            } else if admin == Admin::Unknown {
                let what = format!("it is not decided whether role {} is administrator", role.id);
                self.open(what, &Gaps::NONE);
            }
            let mut steps = from.steps.to_vec();
            steps.push(link_in_words(&link, from.gathered));
            found.push(Stop {
                admin,
                steps,
                unconditional: from.unconditional && !link.conditional,
                sure: from.sure && gathered.is_complete(),
                gathered,
            });
        }
        found
    }

    fn open(&mut self, reason: String, gaps: &Gaps) {
        self.reasons.push(reason);
        self.gaps = self.gaps.union(gaps);
    }

    /// Whether more may be reached than was found.
    fn is_open(&self) -> bool {
        !self.reasons.is_empty()
    }

    /// The administrators among them.
    fn administrators(&self) -> impl Iterator<Item = &Stop<'a>> {
        let stops = self.stops.iter().filter(|stop| stop.sure);
        stops.filter(|stop| matches!(stop.admin, Admin::Yes | Admin::Conditional))
    }
}

fn link_in_words(link: &policy::Link, from: &Gathered<'_>) -> String {
    let own = link
        .identity_statement
        .map(|(policy, statement)| format!("{}, statement {statement}, and ", from.label(policy)));
    let condition = if link.conditional { ", under a condition" } else { "" };
    format!(
        "assume {} ({}trust statement {}{condition})",
        link.to,
        own.unwrap_or_default(),
        link.trust_statement
    )
}

/// Whether a policy's text may name somebody without his ARN standing in it.
fn is_open_text(text: &str) -> bool {
    text.contains(['*', '\\'])
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

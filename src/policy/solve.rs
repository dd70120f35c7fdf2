//! The symbolic decision: is there any request, of callers in some worlds, that gets
//! through? The request space is cut into classes that no statement tells apart, and
//! one request of each class is tried.
//!
//! The work is bounded: [`MAX_TRIALS`] trials a question, and the bound on the texts of
//! one key in [`super::partition`]. Beyond it the answer is "undecided".

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::actions::Target;
use super::ast::{Effect, Policy, Statement};
use super::classes::{Actions, ResourceClass, Resources, statements};
use super::keys;
use super::pattern::Template;
use super::prepare::{Cache, KeyColumn, Ready, prepare, with_variables};
use super::request::{Context, Request};
use super::simulate::{self, Decision};
use super::world::{Standing, World};

/// The most trials of a combination of statements and values in one question.
pub const MAX_TRIALS: usize = 100_000;

/// A request that gets through, and the statement that lets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The request.
    pub request: Request,
    /// The number of the statement in the first layer's policy.
    pub statement: usize,
    /// Which policy of the first layer.
    pub policy: usize,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Solution {
    /// This request gets through.
    Found(Box<Witness>),
    /// None does; what stands in the way.
    None(BTreeSet<String>),
    /// Cannot be said; why.
    Undecided(String),
}

/// What is asked.
pub(super) struct Question<'q, 'a> {
    /// A request needs an Allow in each layer and no Deny in any.
    pub(super) layers: &'q [Vec<&'a Policy>],
    /// From which place on the first layer's policies are resource control policies.
    pub(super) controls_from: usize,
    pub(super) worlds: &'q [World],
    /// The actions to try.
    pub(super) actions: &'q Actions,
    /// The resources to try.
    pub(super) resources: &'q Resources,
    /// Whether the caller itself is left out as a resource.
    pub(super) not_self: bool,
    /// Only this statement of the first layer's first policy may allow.
    pub(super) focus: Option<usize>,
    /// Where worlds are kept ready for further questions on the same policies.
    pub(super) cache: Option<&'q Cache<'a>>,
}

struct Trial<'q, 'a> {
    question: &'q Question<'q, 'a>,
    world: &'q World,
    ready: &'q [Ready<'a>],
    columns: &'q [KeyColumn],
    /// Whether a condition on a key that is not in the table counts for the caller.
    favour_unknown: bool,
    left: &'q mut usize,
    reasons: &'q mut BTreeSet<String>,
}

/// Answers a question.
pub(super) fn solve(question: &Question<'_, '_>) -> Solution {
    let mut reasons = BTreeSet::new();
    let mut left = MAX_TRIALS;
    let mut unknown: Option<String> = None;
    for world in question.worlds {
        let variants = match with_variables(question, world) {
            Ok(variants) => variants,
            Err(why) => return Solution::Undecided(why),
        };
        for world in variants.iter() {
            match try_world(question, world, &mut left, &mut reasons) {
                Ok(None) => {}
                Ok(Some((witness, keys))) if keys.is_empty() => {
                    return Solution::Found(Box::new(witness));
                }
                Ok(Some((_, keys))) => {
                    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                    unknown.get_or_insert(format!(
                        "it depends on condition keys whose meaning is not known here: {}",
                        keys.join(", ")
                    ));
                }
                Err(why) => return Solution::Undecided(why),
            }
        }
    }
    match unknown {
        Some(why) => Solution::Undecided(why),
        None => Solution::None(reasons),
    }
}

type Hit = (Witness, BTreeSet<String>);

fn try_world(
    question: &Question<'_, '_>,
    world: &World,
    left: &mut usize,
    reasons: &mut BTreeSet<String>,
) -> Result<Option<Hit>, String> {
    let able = statements(question.layers).enumerate().any(|(i, (layer, policy, s))| {
        allows(question, s, layer, policy)
            && layer == 0
            && question.actions.concern(i)
            && simulate::matches_principal(s, &world.caller)
    });
    if !able {
        return Ok(None);
    }
    let prepared = prepare(question, world)?;
    let (ready, columns) = (&prepared.ready, &prepared.columns);
    let all_known = columns.iter().all(|c| c.known);
    let classes = question.resources.in_world(question.layers, world);
    let resources = match &*classes {
        Ok(resources) => resources.as_slice(),
        Err(why) => return Err(why.clone()),
    };
    let mut trial = Trial { question, world, ready, columns, favour_unknown: false, left, reasons };
    let hit = trial.run(resources)?;
    if hit.is_some() || all_known {
        return Ok(hit);
    }
    trial.favour_unknown = true;
    trial.run(resources)
}

fn allows(question: &Question<'_, '_>, s: &Statement, layer: usize, policy: usize) -> bool {
    s.effect == Effect::Allow
        && (layer != 0 || question.focus.is_none_or(|n| policy == 0 && s.number == n))
}

impl Trial<'_, '_> {
    fn run(&mut self, resources: &[ResourceClass]) -> Result<Option<Hit>, String> {
        let question = self.question;
        let mut failed: HashSet<Vec<usize>> = HashSet::new();
        let focus = self
            .ready
            .iter()
            .find(|r| question.focus == Some(r.statement.number) && r.layer == 0 && r.policy == 0)
            .map(|r| r.index);
        for action in question.actions.classes() {
            if focus.is_some_and(|index| !action.matches(index)) {
                continue;
            }
            for resource in resources {
                if focus.is_some_and(|index| !resource.matches(index)) {
                    continue;
                }
                let apart = action.target != Target::Any && resource.target != Target::Any;
                if apart && action.target != resource.target {
                    continue;
                }
                let own = self.world.caller.principal_arn();
                if question.not_self && own.as_ref() == Some(&resource.text) {
                    continue;
                }
                let matched: Vec<usize> = self
                    .ready
                    .iter()
                    .enumerate()
                    .filter(|(_, r)| action.matches(r.index) && resource.matches(r.index))
                    .map(|(i, _)| i)
                    .collect();
                if failed.contains(&matched) {
                    continue;
                }
                if let Some(hit) = self.with_statements(&matched, &action.name, &resource.text)? {
                    return Ok(Some(hit));
                }
                failed.insert(matched);
            }
        }
        Ok(None)
    }

    /// Whether these matching statements let any request through.
    fn with_statements(
        &mut self,
        matched: &[usize],
        action: &str,
        resource: &str,
    ) -> Result<Option<Hit>, String> {
        let mut layers: Vec<Vec<usize>> = vec![Vec::new(); self.question.layers.len()];
        let mut denies = Vec::new();
        for i in matched {
            let Some(ready) = self.ready.get(*i) else { continue };
            if ready.statement.effect == Effect::Deny {
                if ready.conditions.is_empty() {
                    self.reasons.insert(self.deny_text(ready));
                    return Ok(None);
                }
                denies.push(*i);
            } else if allows(self.question, ready.statement, ready.layer, ready.policy)
                && let Some(layer) = layers.get_mut(ready.layer)
            {
                layer.push(*i);
            }
        }
        if layers.iter().any(Vec::is_empty) {
            return Ok(None);
        }
        self.choose(&layers, &mut Vec::new(), &denies, action, resource)
    }

    /// Picks one Allow of each layer.
    fn choose(
        &mut self,
        layers: &[Vec<usize>],
        chosen: &mut Vec<usize>,
        denies: &[usize],
        action: &str,
        resource: &str,
    ) -> Result<Option<Hit>, String> {
        let Some((first, rest)) = layers.split_first() else {
            return self.assign(chosen, denies, action, resource);
        };
        for i in first {
            chosen.push(*i);
            let hit = self.choose(rest, chosen, denies, action, resource)?;
            chosen.pop();
            if hit.is_some() {
                return Ok(hit);
            }
        }
        Ok(None)
    }

    /// Looks for values that meet the chosen Allows and escape every Deny.
    fn assign(
        &mut self,
        chosen: &[usize],
        denies: &[usize],
        action: &str,
        resource: &str,
    ) -> Result<Option<Hit>, String> {
        let mut unknown: BTreeSet<String> = BTreeSet::new();
        let mut options: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in chosen {
            let Some(ready) = self.ready.get(*i) else { continue };
            for (place, (key, slot)) in ready.conditions.iter().enumerate() {
                let Some(column) = self.columns.get(*key) else { continue };
                let candidates = column.candidates()?;
                let holds =
                    |c: &usize| candidates.get(*c).and_then(|c| c.truth.get(*slot)) == Some(&true);
                let mut list =
                    options.get(key).cloned().unwrap_or_else(|| (0..candidates.len()).collect());
                let always = (0..candidates.len()).all(|c| holds(&c));
                list.retain(holds);
                let mut limited =
                    self.world.standing == Standing::Strict && !column.free && !always;
                if limited && column.can_be_left_out {
                    let left_out =
                        |c: &usize| candidates.get(*c).is_some_and(|c| c.values.is_empty());
                    list.retain(left_out);
                    limited = list.is_empty();
                }
                if !column.known {
                    unknown.insert(column.name.clone());
                    if !self.favour_unknown {
                        return Ok(None);
                    }
                }
                if list.is_empty() || limited {
                    if let Some(condition) = ready.statement.conditions.get(place) {
                        self.reasons.insert(format!(
                            "statement {} asks for {condition}",
                            ready.statement.number
                        ));
                    }
                    return Ok(None);
                }
                options.insert(*key, list);
            }
        }
        let mut values: BTreeMap<usize, usize> = BTreeMap::new();
        if !self.escape(denies, &options, &mut values, &mut unknown)? {
            for i in denies {
                if let Some(ready) = self.ready.get(*i) {
                    self.reasons.insert(self.deny_text(ready));
                }
            }
            return Ok(None);
        }
        for (key, list) in &options {
            if let Some(first) = list.first() {
                values.entry(*key).or_insert(*first);
            }
        }
        Ok(self.request(chosen, &values, action, resource).map(|w| (w, unknown)))
    }

    /// Makes each Deny fail in one of its conditions.
    fn escape(
        &mut self,
        denies: &[usize],
        options: &BTreeMap<usize, Vec<usize>>,
        values: &mut BTreeMap<usize, usize>,
        unknown: &mut BTreeSet<String>,
    ) -> Result<bool, String> {
        *self.left = self.left.saturating_sub(1);
        if *self.left == 0 {
            return Err(format!("more than {MAX_TRIALS} combinations would have to be tried"));
        }
        let truth = |key: usize, candidate: usize, slot: usize| {
            let candidates = self.columns.get(key).and_then(|c| c.candidates().ok());
            candidates
                .and_then(|c| c.get(candidate))
                .and_then(|c| c.truth.get(slot))
                .copied()
                .unwrap_or(true)
        };
        let Some((first, rest)) = denies.split_first() else { return Ok(true) };
        let conditions = self.ready.get(*first).map(|r| r.conditions.clone()).unwrap_or_default();
        let escaped =
            conditions.iter().any(|(k, s)| values.get(k).is_some_and(|c| !truth(*k, *c, *s)));
        if escaped {
            return self.escape(rest, options, values, unknown);
        }
        let mut branches = Vec::new();
        for (key, slot) in &conditions {
            let Some(column) = self.columns.get(*key) else { continue };
            if values.contains_key(key) || (!column.known && !self.favour_unknown) {
                continue;
            }
            let candidates = column.candidates()?;
            let all: Vec<usize>;
            let list = match options.get(key) {
                Some(list) => list,
                None => {
                    all = (0..candidates.len()).collect();
                    &all
                }
            };
            let good = list.iter().filter(|c| !truth(*key, **c, *slot));
            branches.extend(good.map(|c| (*key, *c)));
        }
        for (key, candidate) in branches {
            values.insert(key, candidate);
            let added = self.columns.get(key).filter(|c| !c.known).map(|c| c.name.clone());
            if let Some(name) = &added {
                unknown.insert(name.clone());
            }
            if self.escape(rest, options, values, unknown)? {
                return Ok(true);
            }
            values.remove(&key);
            if let Some(name) = &added {
                unknown.remove(name);
            }
        }
        Ok(false)
    }

    /// The request as data, if the reference evaluator lets it through.
    fn request(
        &self,
        chosen: &[usize],
        values: &BTreeMap<usize, usize>,
        action: &str,
        resource: &str,
    ) -> Option<Witness> {
        let mut context = Context::default();
        for (key, value) in &self.world.chosen {
            context.set(&keys::spelled(key), value.iter().cloned().collect());
        }
        for (key, candidate) in values {
            let column = self.columns.get(*key)?;
            let candidates = column.candidates().ok()?;
            context.set(&column.name, candidates.get(*candidate)?.values.clone());
        }
        let used = |key: &str| {
            self.ready.iter().any(|r| {
                let texts = r.statement.resources.iter().flat_map(|m| &m.patterns);
                let values = r.statement.conditions.iter().flat_map(|c| &c.values);
                texts
                    .chain(values)
                    .flat_map(Template::variables)
                    .any(|v| v.eq_ignore_ascii_case(key))
            })
        };
        for key in ["aws:ResourceAccount", "s3:ResourceAccount"] {
            if let Some(value) = self.world.owners_value(key).filter(|_| used(key)) {
                context.set(key, vec![value]);
            }
        }
        let request = Request {
            caller: self.world.caller.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            context,
        };
        let passes = self.question.layers.iter().all(|layer| {
            let outcome = simulate::simulate_all(layer, &request);
            outcome.decision == Decision::Allowed
        });
        let ready = self.ready.get(*chosen.first()?)?;
        passes.then_some(Witness {
            request,
            statement: ready.statement.number,
            policy: ready.policy,
        })
    }

    fn deny_text(&self, ready: &Ready<'_>) -> String {
        let of = match ready.layer == 0 && ready.policy >= self.question.controls_from {
            true => "a resource control policy's ",
            false => "",
        };
        let number = ready.statement.number;
        let conditions: Vec<String> =
            ready.statement.conditions.iter().map(ToString::to_string).collect();
        if conditions.is_empty() {
            format!("{of}statement {number} denies it")
        } else {
            format!("{of}statement {number} denies it where {}", conditions.join(" and "))
        }
    }
}

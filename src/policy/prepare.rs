//! A question made ready for one world: the statements that concern the caller, and the
//! values that its requests can have.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::ast::{Condition, Statement};
use super::candidates::{Candidate, candidates};
use super::classes::statements;
use super::keys::{self, Control, Presence};
use super::pattern::Template;
use super::simulate;
use super::solve::Question;
use super::world::{Standing, World};

/// Worlds made ready, for the questions on one policy.
#[derive(Default)]
pub(super) struct Cache<'a> {
    ready: RefCell<Vec<(World, Rc<Prepared<'a>>)>>,
    variants: RefCell<Vec<(World, Rc<Vec<World>>)>>,
}

/// The statements that concern a caller, with what it can have under their keys.
pub(super) struct Prepared<'a> {
    pub(super) ready: Vec<Ready<'a>>,
    pub(super) columns: Vec<KeyColumn>,
}

/// One statement, ready for one world.
pub(super) struct Ready<'a> {
    pub(super) statement: &'a Statement,
    pub(super) layer: usize,
    pub(super) policy: usize,
    /// Its place among all statements.
    pub(super) index: usize,
    /// For each condition: which key, and which place in that key's list.
    pub(super) conditions: Vec<(usize, usize)>,
}

/// A key of the conditions, with what a request may have under it.
pub(super) struct KeyColumn {
    pub(super) name: String,
    pub(super) known: bool,
    pub(super) free: bool,
    /// Whether the caller can leave the key out, though it cannot choose its value.
    pub(super) can_be_left_out: bool,
    pub(super) candidates: Vec<Candidate>,
}

/// The worlds that differ in the values of policy variables which do not follow from
/// the caller.
pub(super) fn with_variables(
    question: &Question<'_, '_>,
    world: &World,
) -> Result<Rc<Vec<World>>, String> {
    let Some(cache) = question.cache else { return variants(question, world).map(Rc::new) };
    if let Some((_, found)) = cache.variants.borrow().iter().find(|(w, _)| w == world) {
        return Ok(Rc::clone(found));
    }
    let found = Rc::new(variants(question, world)?);
    cache.variants.borrow_mut().push((world.clone(), Rc::clone(&found)));
    Ok(found)
}

fn variants(question: &Question<'_, '_>, world: &World) -> Result<Vec<World>, String> {
    const MOST: usize = 256;
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut conditions: Vec<&Condition> = Vec::new();
    for (_, _, statement) in statements(question.layers) {
        let resources = statement.resources.iter().flat_map(|m| &m.patterns);
        let values = statement.conditions.iter().flat_map(|c| &c.values);
        let variables = resources.chain(values).flat_map(Template::variables);
        keys.extend(variables.map(str::to_ascii_lowercase).filter(|k| world.variable(k).is_none()));
        conditions.extend(&statement.conditions);
    }
    let mut worlds = vec![world.clone()];
    for key in keys {
        let on_key: Vec<&Condition> =
            conditions.iter().copied().filter(|c| c.key.eq_ignore_ascii_case(&key)).collect();
        let (presence, control) = world.lookup(&key);
        let mut options: Vec<Option<String>> = candidates(&key, &on_key, world, None)
            .map_err(|_| too_many(&format!("the values of `{key}`")))?
            .into_iter()
            .filter(|c| c.values.len() < 2)
            .map(|c| c.values.into_iter().next())
            .collect();
        if presence != Presence::Never && !matches!(control, Control::Assigned(_)) {
            options.push(Some("x1".to_owned()));
            options.extend(world.caller.account().map(|a| Some(a.to_owned())));
        }
        if presence != Presence::Always {
            options.push(None);
        }
        options.sort();
        options.dedup();
        if worlds.len() * options.len() > MOST {
            return Err(too_many("the values of policy variables"));
        }
        worlds = worlds
            .into_iter()
            .flat_map(|w| {
                let choose = |value: &Option<String>| {
                    let mut world = w.clone();
                    world.chosen.insert(key.clone(), value.clone());
                    world
                };
                options.iter().map(choose).collect::<Vec<_>>()
            })
            .collect();
    }
    Ok(worlds)
}

/// Makes a world ready, or finds it so.
pub(super) fn prepare<'a>(
    question: &Question<'_, 'a>,
    world: &World,
) -> Result<Rc<Prepared<'a>>, String> {
    if let Some(cache) = question.cache
        && let Some((_, found)) = cache.ready.borrow().iter().find(|(w, _)| w == world)
    {
        return Ok(Rc::clone(found));
    }
    let mut ready = Vec::new();
    let mut by_key: BTreeMap<String, (String, Vec<&Condition>)> = BTreeMap::new();
    let mut slots: Vec<Vec<(String, usize)>> = Vec::new();
    for (index, (layer, policy, statement)) in statements(question.layers).enumerate() {
        let concerned = question.cache.is_some() || question.actions.concern(index);
        if !concerned || !simulate::matches_principal(statement, &world.caller) {
            continue;
        }
        let mut places = Vec::new();
        for condition in &statement.conditions {
            let folded = condition.key.to_ascii_lowercase();
            let entry = by_key.entry(folded.clone()).or_insert((condition.key.clone(), Vec::new()));
            places.push((folded, entry.1.len()));
            entry.1.push(condition);
        }
        slots.push(places);
        ready.push(Ready { statement, layer, policy, index, conditions: Vec::new() });
    }
    let mut columns = Vec::new();
    let mut index_of: BTreeMap<String, usize> = BTreeMap::new();
    for (folded, (name, conditions)) in by_key {
        let found = candidates(&name, &conditions, world, world.chosen.get(&folded))
            .map_err(|_| too_many(&format!("the values of `{name}`")))?;
        let (_, control) = world.lookup(&name);
        index_of.insert(folded, columns.len());
        columns.push(KeyColumn {
            can_be_left_out: keys::can_be_left_out(&name, world.kind),
            name,
            known: control != Control::NotKnown
                || matches!(world.standing, Standing::Loose | Standing::Strict),
            free: matches!(control, Control::Caller | Control::Identity),
            candidates: found,
        });
    }
    for (ready, places) in ready.iter_mut().zip(slots) {
        ready.conditions = places
            .into_iter()
            .filter_map(|(key, slot)| Some((*index_of.get(&key)?, slot)))
            .collect();
    }
    let prepared = Rc::new(Prepared { ready, columns });
    if let Some(cache) = question.cache {
        cache.ready.borrow_mut().push((world.clone(), Rc::clone(&prepared)));
    }
    Ok(prepared)
}

pub(super) fn too_many(what: &str) -> String {
    format!("{what} overlap in more ways than are tried out")
}

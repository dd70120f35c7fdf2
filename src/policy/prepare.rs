//! A question made ready for one world: the statements that concern the caller, and the
//! values that its requests can have.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::ast::{Condition, Statement};
use super::candidates::{Candidate, candidates};
use super::classes::statements;
use super::keys::{self, CallerKind, Control, Presence};
use super::operators::{StringTest, Test};
use super::partition::TooMany;
use super::pattern::Template;
use super::simulate;
use super::solve::Question;
use super::world::{Path, Standing, World};

/// Worlds made ready, for the questions on the same policies.
#[derive(Default)]
pub(super) struct Cache<'a> {
    ready: RefCell<HashMap<World, Rc<Prepared<'a>>>>,
    variants: RefCell<HashMap<World, Rc<Vec<World>>>>,
    columns: RefCell<HashMap<ColumnKey, Column>>,
}

type Column = Rc<Result<Vec<Candidate>, TooMany>>;

/// What the candidates of a key hang on where no variable and no identity is in play: the
/// key, its conditions by their place, and what worlds differ in.
type ColumnKey =
    (String, Vec<(usize, usize)>, (Presence, Control, Path, Standing, CallerKind), String);

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
    /// What a request may have under the key; too many ways to try, if not.
    candidates: Column,
}

/// The worlds that differ in the values of policy variables which do not follow from
/// the caller.
pub(super) fn with_variables(
    question: &Question<'_, '_>,
    world: &World,
) -> Result<Rc<Vec<World>>, String> {
    let Some(cache) = question.cache else { return variants(question, world).map(Rc::new) };
    if let Some(found) = cache.variants.borrow().get(world) {
        return Ok(Rc::clone(found));
    }
    let found = Rc::new(variants(question, world)?);
    cache.variants.borrow_mut().insert(world.clone(), Rc::clone(&found));
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
        // Whoever owns the resource, it is no stranger.
        let of_owner = ["aws:resourceaccount", "s3:resourceaccount"].contains(&key.as_str());
        if of_owner && world.standing == Standing::Stranger {
            let strangers = [Some(world.stranger.as_str()), world.caller.account()];
            options.retain(|v| v.is_none() || !strangers.contains(&v.as_deref()));
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

impl KeyColumn {
    /// What a request may have under the key.
    pub(super) fn candidates(&self) -> Result<&[Candidate], String> {
        match &*self.candidates {
            Ok(candidates) => Ok(candidates),
            Err(TooMany) => Err(too_many(&format!("the values of `{}`", self.name))),
        }
    }
}

/// The conditions on one key.
struct OnKey<'a> {
    /// As the first of them spells it.
    name: String,
    conditions: Vec<&'a Condition>,
    /// Where they stand: statement and place in it.
    places: Vec<(usize, usize)>,
}

/// Makes a world ready, or finds it so.
pub(super) fn prepare<'a>(
    question: &Question<'_, 'a>,
    world: &World,
) -> Result<Rc<Prepared<'a>>, String> {
    if let Some(cache) = question.cache
        && let Some(found) = cache.ready.borrow().get(world)
    {
        return Ok(Rc::clone(found));
    }
    let mut ready = Vec::new();
    let mut by_key: BTreeMap<String, OnKey<'_>> = BTreeMap::new();
    let mut slots: Vec<Vec<(String, usize)>> = Vec::new();
    for (index, (layer, policy, statement)) in statements(question.layers).enumerate() {
        let concerned = question.cache.is_some() || question.actions.concern(index);
        if !concerned || !simulate::matches_principal(statement, &world.caller) {
            continue;
        }
        let mut places = Vec::new();
        for (place, condition) in statement.conditions.iter().enumerate() {
            let folded = condition.key.to_ascii_lowercase();
            let entry = by_key.entry(folded.clone()).or_insert_with(|| OnKey {
                name: condition.key.clone(),
                conditions: Vec::new(),
                places: Vec::new(),
            });
            places.push((folded, entry.conditions.len()));
            entry.conditions.push(condition);
            entry.places.push((index, place));
        }
        slots.push(places);
        ready.push(Ready { statement, layer, policy, index, conditions: Vec::new() });
    }
    let mut columns = Vec::new();
    let mut index_of: BTreeMap<String, usize> = BTreeMap::new();
    for (folded, OnKey { name, conditions, places }) in by_key {
        let (presence, control) = world.lookup(&name);
        let fixed = world.chosen.get(&folded);
        let same_for_all = fixed.is_none()
            && control != Control::Identity
            && conditions.iter().all(|c| !c.has_variables());
        let cache = question.cache.filter(|_| same_for_all);
        let marks = (presence, control, world.path, world.standing, world.kind);
        let mark = (folded.clone(), places, marks, world.stranger.clone());
        let known = cache.and_then(|c| c.columns.borrow().get(&mark).map(Rc::clone));
        let found = match known {
            Some(found) => found,
            None => {
                let found = Rc::new(candidates(&name, &conditions, world, fixed));
                if let Some(cache) = cache {
                    cache.columns.borrow_mut().insert(mark, Rc::clone(&found));
                }
                found
            }
        };
        index_of.insert(folded, columns.len());
        columns.push(KeyColumn {
            can_be_left_out: keys::can_be_left_out(&name, world.kind),
            free: matches!(control, Control::Caller | Control::Identity)
                || anybody_meets(&name, &conditions),
            name,
            known: control != Control::NotKnown
                || matches!(world.standing, Standing::Loose | Standing::Strict),
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
        cache.ready.borrow_mut().insert(world.clone(), Rc::clone(&prepared));
    }
    Ok(prepared)
}

/// Whether conditions on a key that the caller does not control limit nobody all the same:
/// every address of the internet, or a session without multi-factor authentication.
fn anybody_meets(key: &str, conditions: &[&Condition]) -> bool {
    if key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent") {
        return conditions.iter().all(|c| c.holds(&["false".to_owned()], &|_| None));
    }
    let every_address = |c: &Condition| {
        let mut texts = c.values.iter().map(Template::text);
        !c.operator.negated
            && match c.operator.test {
                Test::IpAddress => texts
                    .filter_map(super::values::parse_net)
                    .any(|net| net.prefix_len() == 0 && net.addr().is_ipv4()),
                Test::String(StringTest::Like) => {
                    texts.any(|t| !t.is_empty() && t.bytes().all(|b| b == b'*'))
                }
                _ => false,
            }
    };
    key.eq_ignore_ascii_case("aws:SourceIp") && conditions.iter().copied().all(every_address)
}

pub(super) fn too_many(what: &str) -> String {
    format!("{what} overlap in more ways than are tried out")
}

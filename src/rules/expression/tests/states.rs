//! States of an account: random ones, with holes, and what may be in the holes.

use super::account::{NOW, STATE};
use super::generate::{FLOATS, INTS, Random, TEXTS};
use crate::inventory::{GapId, Gaps, List, Presence, RecordType, Type, Value};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// More completions than this are not enumerated.
const MOST: usize = 3_000;

fn time(days: i64) -> Value {
    Value::Time(Timestamp::from_second(NOW - days * 86_400).unwrap())
}

/// A random value without holes.
fn value(random: &mut Random, ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(random.percent(50)),
        Type::Int => Value::Int(random.pick(&INTS)),
        Type::Float => Value::Float(random.pick(&FLOATS)),
        Type::Text => Value::text(random.pick(&TEXTS)),
        Type::Time => time(i64::try_from(random.below(4)).unwrap()),
        Type::List(item) => {
            let count = random.below(4);
            Value::list((0..count).map(|_| value(random, item)).collect())
        }
        Type::Map(item) => {
            let count = random.below(3);
            let entry = |_| (random.pick(&TEXTS).to_owned(), value(random, item));
            Value::Map(Arc::new((0..count).map(entry).collect()))
        }
        Type::Record(record) => record_value(random, record, 30),
    }
}

fn record_value(random: &mut Random, record: &RecordType, absent: usize) -> Value {
    let member = |field: &crate::inventory::Field| {
        if field.presence == Presence::Optional && random.percent(absent) {
            Value::Absent
        } else {
            value(random, &field.ty)
        }
    };
    Value::record(record.fields.iter().map(member).collect())
}

/// A random state without holes. No two resources have one id.
pub(super) fn state(random: &mut Random) -> Value {
    loop {
        let state = record_value(random, &STATE, 0);
        if has_distinct_ids(&state) {
            return state;
        }
    }
}

fn has_distinct_ids(state: &Value) -> bool {
    let ids: Vec<Arc<str>> = others(state).items.iter().map(id).collect();
    ids.iter().enumerate().all(|(position, id)| !ids[..position].contains(id))
}

/// The list of other resources.
pub(super) fn others(state: &Value) -> &List {
    let Value::Record(parts) = state else { panic!("a state is a record") };
    let [.., Value::List(others)] = parts.as_ref() else { panic!("a state ends with a list") };
    others
}

/// The id of another resource: its first member.
pub(super) fn id(other: &Value) -> Arc<str> {
    match other {
        Value::Record(fields) => match fields.as_ref() {
            [Value::Text(id), ..] => Arc::clone(id),
            _ => panic!("an id is text"),
        },
        _ => panic!("a resource is a record"),
    }
}

/// A state in which nothing optional is absent.
pub(super) fn full_state(random: &mut Random) -> Value {
    fn fill(random: &mut Random, value: Value, ty: &Type) -> Value {
        match (value, ty) {
            (Value::Absent, ty) => {
                let found = self::value(random, ty);
                fill(random, found, ty)
            }
            (Value::Record(fields), Type::Record(record)) => Value::record(
                fields
                    .iter()
                    .zip(&record.fields)
                    .map(|(value, field)| fill(random, value.clone(), &field.ty))
                    .collect(),
            ),
            (Value::List(list), Type::List(item)) => Value::list(
                list.items.iter().map(|value| fill(random, value.clone(), item)).collect(),
            ),
            (value, _) => value,
        }
    }
    let state = state(random);
    fill(random, state, &Type::Record(&STATE))
}

/// Where holes may be made: the ways to values, in positions. `wanted` chooses
/// among the parts of a state, and the fields of its document.
pub(super) fn places(state: &Value, wanted: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    for (part, value) in parts(state).enumerate() {
        if part == 0 {
            // The document as a whole is never in doubt.
            for (field, value) in parts(value).enumerate().filter(|(field, _)| wanted(0, *field)) {
                walk(value, &mut vec![0, field], &mut found);
            }
        } else if wanted(part, 0) {
            walk(value, &mut vec![part], &mut found);
        }
    }
    // Nor are other resources, and their ids.
    found.retain(|way| !matches!(way.as_slice(), [2, _] | [2, _, 0]));
    found
}

fn parts(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Record(fields) => Box::new(fields.iter()),
        Value::List(list) => Box::new(list.items.iter()),
        Value::Map(map) => Box::new(map.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn walk(value: &Value, way: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    found.push(way.clone());
    for (position, part) in parts(value).enumerate() {
        way.push(position);
        walk(part, way, found);
        way.pop();
    }
}

/// A state with a hole at one place.
pub(super) fn punch(random: &mut Random, state: &Value, way: &[usize], gaps: &Gaps) -> Value {
    if let ([2], Value::Record(parts)) = (way, state) {
        // The list of other resources is read in full or by half.
        let mut parts = parts.to_vec();
        parts[2] = half(random, others(state), gaps);
        return Value::record(parts);
    }
    hole(random, state, way, gaps)
}

fn hole(random: &mut Random, value: &Value, way: &[usize], gaps: &Gaps) -> Value {
    let Some((first, rest)) = way.split_first() else {
        return match value {
            Value::List(list) if random.percent(60) => half(random, list, gaps),
            _ => Value::Unknown(gaps.clone()),
        };
    };
    let mut change = |position: usize, value: &Value| {
        if position == *first { hole(random, value, rest, gaps) } else { value.clone() }
    };
    match value {
        Value::Record(fields) => {
            Value::record(fields.iter().enumerate().map(|(i, v)| change(i, v)).collect())
        }
        Value::List(list) => Value::List(Arc::new(List {
            items: list.items.iter().enumerate().map(|(i, v)| change(i, v)).collect(),
            missing: list.missing.clone(),
        })),
        Value::Map(map) => Value::Map(Arc::new(
            map.iter().enumerate().map(|(i, (k, v))| (k.clone(), change(i, v))).collect(),
        )),
        other => other.clone(),
    }
}

/// The first items of a list; the others are missing.
fn half(random: &mut Random, list: &List, gaps: &Gaps) -> Value {
    let kept = random.below(list.items.len() + 1);
    let items = list.items.iter().take(kept).cloned().collect();
    Value::List(Arc::new(List { items, missing: list.missing.union(gaps) }))
}

/// Every state that this one may turn out to be once `closed` gaps are
/// answered; `None` if these are too many. What other gaps hide stays hidden.
pub(super) fn completions(state: &Value, closed: &dyn Fn(GapId) -> bool) -> Option<Vec<Value>> {
    let mut states = complete(state, &Type::Record(&STATE), Presence::Always, closed)?;
    states.retain(has_distinct_ids);
    Some(states)
}

fn has_holes(value: &Value) -> bool {
    match value {
        Value::Unknown(_) => true,
        Value::Record(fields) => fields.iter().any(has_holes),
        Value::List(list) => !list.missing.is_empty() || list.items.iter().any(has_holes),
        Value::Map(map) => map.values().any(has_holes),
        _ => false,
    }
}

fn complete(
    value: &Value,
    ty: &Type,
    presence: Presence,
    closed: &dyn Fn(GapId) -> bool,
) -> Option<Vec<Value>> {
    if !has_holes(value) {
        return Some(vec![value.clone()]);
    }
    let left = |gaps: &Gaps| -> Gaps { gaps.iter().filter(|gap| !closed(*gap)).collect() };
    match (value, ty) {
        (Value::Unknown(gaps), _) => {
            let left = left(gaps);
            let mut values =
                if left.is_empty() { domain(ty) } else { vec![Value::Unknown(left.clone())] };
            if left.is_empty() && presence == Presence::Optional {
                values.push(Value::Absent);
            }
            Some(values)
        }
        (Value::Record(fields), Type::Record(record)) => {
            let each = fields
                .iter()
                .zip(&record.fields)
                .map(|(value, field)| complete(value, &field.ty, field.presence, closed));
            Some(product(each)?.into_iter().map(Value::record).collect())
        }
        (Value::Map(map), Type::Map(item)) => {
            let each = map.values().map(|value| complete(value, item, Presence::Always, closed));
            let maps = product(each)?.into_iter().map(|values| {
                let map: BTreeMap<_, _> = map.keys().cloned().zip(values).collect();
                Value::Map(Arc::new(map))
            });
            Some(maps.collect())
        }
        (Value::List(list), Type::List(item)) => {
            let each =
                list.items.iter().map(|value| complete(value, item, Presence::Always, closed));
            let read = product(each)?;
            let missing = left(&list.missing);
            let lists = read.into_iter().flat_map(|items| {
                if !missing.is_empty() || list.missing.is_empty() {
                    let missing = missing.clone();
                    return vec![Value::List(Arc::new(List { items, missing }))];
                }
                extended(&items, item)
            });
            let lists: Vec<Value> = lists.collect();
            (lists.len() <= MOST).then_some(lists)
        }
        (value, _) => Some(vec![value.clone()]),
    }
}

/// A list with none, one, or two items more, at its ends.
fn extended(items: &[Value], item: &Type) -> Vec<Value> {
    let mut lists = vec![items.to_vec()];
    for more in domain(item) {
        let (mut before, mut after) = (vec![more.clone()], items.to_vec());
        before.extend_from_slice(items);
        after.push(more.clone());
        let mut both = before.clone();
        both.push(more);
        if !items.is_empty() {
            lists.push(before);
        }
        lists.extend([after, both]);
    }
    lists.into_iter().map(Value::list).collect()
}

/// What a hole of a type may hide: the values of expressions, and others.
fn domain(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Type::Int => [0, 1, 2, 9].map(Value::Int).to_vec(),
        Type::Float => [1.0, 1.5, -7.0].map(Value::Float).to_vec(),
        Type::Text => ["a", "b", "aB", ""].map(Value::text).to_vec(),
        Type::Time => [-1, 0, 3].map(time).to_vec(),
        Type::Record(record) => (0..4_usize)
            .map(|number| {
                // Four records in which the first members, the second and third
                // with them, come in all combinations.
                let choices = [number & 1, number >> 1, number >> 1, (number & 1) ^ (number >> 1)];
                let member = |(field, choice): (&crate::inventory::Field, &usize)| {
                    let absent = field.presence == Presence::Optional && number == 3;
                    if absent { Value::Absent } else { domain(&field.ty)[*choice].clone() }
                };
                Value::record(
                    record.fields.iter().zip(choices.iter().cycle()).map(member).collect(),
                )
            })
            .collect(),
        Type::List(item) => {
            let items = domain(item);
            let few = [items[0].clone(), items[1].clone()].to_vec();
            let ones = few.iter().chain(items.last()).map(|item| vec![item.clone()]);
            ones.chain([Vec::new(), few.clone()]).map(Value::list).collect()
        }
        Type::Map(item) => {
            let values = domain(item);
            let map = |entries: &[(&str, usize)]| {
                let entry =
                    |(key, value): &(&str, usize)| ((*key).to_owned(), values[*value].clone());
                Value::Map(Arc::new(entries.iter().map(entry).collect()))
            };
            vec![map(&[]), map(&[("a", 1)]), map(&[("a", 2), ("b", 1), ("aB", 0)])]
        }
    }
}

/// Every way of taking one value from each.
fn product(each: impl Iterator<Item = Option<Vec<Value>>>) -> Option<Vec<Vec<Value>>> {
    let mut rows = vec![Vec::new()];
    for values in each {
        let values = values?;
        if rows.len() * values.len() > MOST {
            return None;
        }
        if let [one] = values.as_slice() {
            rows.iter_mut().for_each(|row| row.push(one.clone()));
            continue;
        }
        rows = rows
            .into_iter()
            .flat_map(|row| {
                values.iter().map(move |value| {
                    let mut row = row.clone();
                    row.push(value.clone());
                    row
                })
            })
            .collect();
    }
    Some(rows)
}

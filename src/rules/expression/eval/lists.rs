//! Lists: membership, indexing and comprehensions, also over lists half read.

use super::{Evaluation, Fault, Outcome};
use crate::inventory::{Gaps, List, Value};
use crate::rules::expression::code::{Code, Node, Over};
use crate::rules::expression::kleene::{Truth, equal};
use std::sync::Arc;

/// A body with the slot of its variable.
type Body<'n> = (usize, &'n Node);

impl Evaluation<'_> {
    pub(super) fn index(&mut self, node: &Node, list: &Node, key: &Node) -> Outcome {
        match (self.present(list)?, self.present(key)?) {
            (Value::Unknown(a), Value::Unknown(b)) => Ok(Value::Unknown(a.union(&b))),
            (Value::Unknown(gaps), _) | (_, Value::Unknown(gaps)) => Ok(Value::Unknown(gaps)),
            // What was not read may stand anywhere in the list.
            (Value::List(list), Value::Int(_)) if !list.missing.is_empty() => {
                Ok(Value::Unknown(list.missing.clone()))
            }
            (Value::List(list), Value::Int(index)) => {
                let found = usize::try_from(index).ok().and_then(|index| list.items.get(index));
                found.cloned().ok_or_else(|| {
                    let size = list.items.len();
                    Fault::new(node.at, format!("there is no item {index} in a list of {size}"))
                })
            }
            (Value::Map(map), Value::Text(key)) => map
                .get(key.as_ref())
                .cloned()
                .ok_or_else(|| Fault::new(node.at, format!("there is no key `{key}`"))),
            _ => Err(Fault::shape("an index")),
        }
    }

    pub(super) fn membership(&mut self, node: &Node, needle: &Node, hay: &Node) -> Outcome {
        let found = match (self.present(needle)?, self.present(hay)?) {
            (Value::Unknown(a), Value::Unknown(b)) => Truth::Unknown(a.union(&b)),
            (_, Value::Unknown(gaps)) => Truth::Unknown(gaps),
            (needle, Value::List(list)) => {
                self.charge(node, list.items.len())?;
                let start = incomplete(&list, Truth::False);
                list.items.iter().fold(start, |so_far, item| so_far.or(equal(&needle, item)))
            }
            // Nothing is in an empty map, whatever it is.
            (Value::Unknown(gaps), Value::Map(map)) if !map.is_empty() => Truth::Unknown(gaps),
            (Value::Unknown(_), Value::Map(_)) => Truth::False,
            (Value::Text(key), Value::Map(map)) => map.contains_key(key.as_ref()).into(),
            _ => return Err(Fault::shape("in")),
        };
        Ok(found.into())
    }

    pub(super) fn comprehension(
        &mut self,
        node: &Node,
        over: Over,
        list: &Node,
        body: Body<'_>,
    ) -> Outcome {
        let mut filters = Vec::new();
        let list = match self.unfiltered(list, &mut filters)? {
            Value::List(list) => list,
            Value::Map(map) => Arc::new(List {
                items: map.keys().map(|key| Value::text(key)).collect(),
                missing: Gaps::NONE,
            }),
            Value::Unknown(gaps) => return Ok(Value::Unknown(gaps)),
            _ => return Err(Fault::shape("a comprehension")),
        };
        self.charge(node, list.items.len())?;
        match over {
            Over::All => self.all(&list, &filters, body),
            Over::Exists => self.exists(&list, &filters, body),
            Over::ExistsOne => self.exists_one(&list, &filters, body),
            Over::Filter => {
                filters.push(body);
                self.keep(&list, &filters, None)
            }
            Over::Map => self.keep(&list, &filters, Some(body)),
        }
    }

    /// The list behind filters, and the filters. An item that a filter may or
    /// may not keep would be lost in a list; here it is still there to be asked.
    fn unfiltered<'n>(&mut self, list: &'n Node, filters: &mut Vec<Body<'n>>) -> Outcome {
        match &list.code {
            Code::Comprehension { over: Over::Filter, list: inner, slot, body } => {
                self.charge(list, 1)?;
                let inner = self.unfiltered(inner, filters)?;
                filters.push((*slot, body));
                Ok(inner)
            }
            _ => self.present(list),
        }
    }

    /// What a body says of an item.
    fn says(&mut self, (slot, body): Body<'_>, item: &Value) -> Result<Truth, Fault> {
        if let Some(local) = self.locals.get_mut(slot) {
            *local = item.clone();
        }
        self.truth(body)
    }

    /// Whether all filters keep an item.
    fn kept(&mut self, filters: &[Body<'_>], item: &Value) -> Result<Truth, Fault> {
        let mut so_far = Truth::True;
        for filter in filters {
            so_far = so_far.and(self.says(*filter, item)?);
            if so_far == Truth::False {
                break;
            }
        }
        Ok(so_far)
    }

    fn all(&mut self, list: &List, filters: &[Body<'_>], body: Body<'_>) -> Outcome {
        let mut so_far = incomplete(list, Truth::True);
        for item in &list.items {
            let kept = self.kept(filters, item)?;
            if kept == Truth::False {
                continue;
            }
            so_far = so_far.and((!kept).or(self.says(body, item)?));
            if so_far == Truth::False {
                break;
            }
        }
        Ok(so_far.into())
    }

    fn exists(&mut self, list: &List, filters: &[Body<'_>], body: Body<'_>) -> Outcome {
        let mut so_far = incomplete(list, Truth::False);
        for item in &list.items {
            let kept = self.kept(filters, item)?;
            if kept == Truth::False {
                continue;
            }
            so_far = so_far.or(kept.and(self.says(body, item)?));
            if so_far == Truth::True {
                break;
            }
        }
        Ok(so_far.into())
    }

    fn exists_one(&mut self, list: &List, filters: &[Body<'_>], body: Body<'_>) -> Outcome {
        let mut sure = 0;
        let mut unknown = list.missing.clone();
        for item in &list.items {
            let kept = self.kept(filters, item)?;
            if kept == Truth::False {
                continue;
            }
            match kept.and(self.says(body, item)?) {
                Truth::True => sure += 1,
                Truth::False => {}
                Truth::Unknown(gaps) => unknown = unknown.union(&gaps),
            }
        }
        Ok(match (sure, unknown.is_empty()) {
            (2.., _) => Value::Bool(false),
            (count, true) => Value::Bool(count == 1),
            (_, false) => Value::Unknown(unknown),
        })
    }

    /// The items that the filters keep, or what `map` makes of them. What they
    /// may keep is missing.
    fn keep(&mut self, list: &List, filters: &[Body<'_>], map: Option<Body<'_>>) -> Outcome {
        let mut items = Vec::new();
        let mut missing = list.missing.clone();
        for item in &list.items {
            match self.kept(filters, item)? {
                Truth::True => match map {
                    None => items.push(item.clone()),
                    Some((slot, body)) => {
                        if let Some(local) = self.locals.get_mut(slot) {
                            *local = item.clone();
                        }
                        items.push(self.present(body)?);
                    }
                },
                Truth::False => {}
                Truth::Unknown(gaps) => missing = missing.union(&gaps),
            }
        }
        Ok(half_read(items, missing))
    }
}

pub(super) fn half_read(items: Vec<Value>, missing: Gaps) -> Value {
    Value::List(Arc::new(List { items, missing }))
}

/// Where a fold over a list begins: what was not read is unknown.
fn incomplete(list: &List, start: Truth) -> Truth {
    if list.missing.is_empty() { start } else { Truth::Unknown(list.missing.clone()) }
}

//! Comparisons, and the sizes that half-read lists still allow to compare.

use super::{Evaluation, Fault, Outcome};
use crate::inventory::{Gaps, Value};
use crate::rules::expression::code::{Code, Node, Relation};
use crate::rules::expression::kleene::{Truth, equal, order};
use std::cmp::Ordering;

/// One side of a comparison.
enum Side {
    Value(Value),
    /// A size of which only the lower bound is known.
    AtLeast(i64, Gaps),
}

impl Evaluation<'_> {
    pub(super) fn compare(
        &mut self,
        node: &Node,
        relation: Relation,
        a: &Node,
        b: &Node,
    ) -> Outcome {
        let truth = match (self.side(a)?, self.side(b)?) {
            (Side::Value(a), Side::Value(b)) => {
                self.charge(node, weight(&a).min(weight(&b)))?;
                return values(node, relation, &a, &b);
            }
            (Side::AtLeast(least, gaps), Side::Value(b)) => at_least(relation, least, gaps, &b),
            (Side::Value(a), Side::AtLeast(least, gaps)) => {
                at_least(relation.mirrored(), least, gaps, &a)
            }
            (Side::AtLeast(_, a), Side::AtLeast(_, b)) => Truth::Unknown(a.union(&b)),
        };
        Ok(truth.into())
    }

    fn side(&mut self, node: &Node) -> Result<Side, Fault> {
        match &node.code {
            Code::Size(of) => {
                self.charge(node, 1)?;
                let (least, gaps) = self.measure(of)?;
                let exact = gaps.is_empty();
                Ok(if exact { Side::Value(Value::Int(least)) } else { Side::AtLeast(least, gaps) })
            }
            _ => self.present(node).map(Side::Value),
        }
    }

    pub(super) fn size(&mut self, of: &Node) -> Outcome {
        let (least, gaps) = self.measure(of)?;
        Ok(if gaps.is_empty() { Value::Int(least) } else { Value::Unknown(gaps) })
    }

    /// How many there are at least, and the gaps that may hide more.
    fn measure(&mut self, of: &Node) -> Result<(i64, Gaps), Fault> {
        let (size, gaps) = match self.present(of)? {
            Value::Unknown(gaps) => (0, gaps),
            Value::List(list) => (list.items.len(), list.missing.clone()),
            Value::Map(map) => (map.len(), Gaps::NONE),
            Value::Text(text) => (text.chars().count(), Gaps::NONE),
            _ => return Err(Fault::shape("size")),
        };
        Ok((i64::try_from(size).unwrap_or(i64::MAX), gaps))
    }
}

/// How many values there are inside of a value.
fn weight(value: &Value) -> usize {
    match value {
        Value::List(list) => list.items.iter().map(|item| 1 + weight(item)).sum(),
        Value::Record(fields) => fields.iter().map(|field| 1 + weight(field)).sum(),
        Value::Map(map) => map.values().map(|value| 1 + weight(value)).sum(),
        _ => 0,
    }
}

fn values(node: &Node, relation: Relation, a: &Value, b: &Value) -> Outcome {
    let truth = match (relation, a, b) {
        (Relation::Equal, _, _) => equal(a, b),
        (Relation::NotEqual, _, _) => !equal(a, b),
        (_, Value::Unknown(a), Value::Unknown(b)) => Truth::Unknown(a.union(b)),
        (_, Value::Unknown(gaps), _) | (_, _, Value::Unknown(gaps)) => Truth::Unknown(gaps.clone()),
        _ => match order(a, b) {
            Some(ordering) => relation.holds(ordering).into(),
            None => return Err(Fault::new(node.at, "these have no order")),
        },
    };
    Ok(truth.into())
}

/// A size that is at least `least`, compared with a value.
fn at_least(relation: Relation, least: i64, gaps: Gaps, with: &Value) -> Truth {
    if let Value::Unknown(more) = with {
        return Truth::Unknown(gaps.union(more));
    }
    let possible: &[Ordering] = match order(&Value::Int(least), with) {
        Some(Ordering::Greater) => &[Ordering::Greater],
        Some(Ordering::Equal) => &[Ordering::Equal, Ordering::Greater],
        _ => &[Ordering::Less, Ordering::Equal, Ordering::Greater],
    };
    let mut answers = possible.iter().map(|ordering| relation.holds(*ordering));
    let first = answers.next().unwrap_or_default();
    if answers.all(|answer| answer == first) { first.into() } else { Truth::Unknown(gaps) }
}

//! Three-valued logic over values, with the gaps that decide.

use crate::inventory::{Gaps, List, Value};

/// True, false, or unknown because of these gaps.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Truth {
    True,
    False,
    Unknown(Gaps),
}

impl From<bool> for Truth {
    fn from(b: bool) -> Self {
        if b { Self::True } else { Self::False }
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Value::Bool(true),
            Truth::False => Value::Bool(false),
            Truth::Unknown(gaps) => Value::Unknown(gaps),
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown => unknown,
        }
    }
}

impl Truth {
    pub(crate) fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(a.union(&b)),
            (Self::Unknown(gaps), Self::True) | (Self::True, Self::Unknown(gaps)) => {
                Self::Unknown(gaps)
            }
            (Self::True, Self::True) => Self::True,
        }
    }

    pub(crate) fn or(self, other: Truth) -> Truth {
        !(!self).and(!other)
    }
}

/// Whether two values of one type are equal.
pub(crate) fn equal(a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Unknown(gaps), Value::Unknown(more)) => Truth::Unknown(gaps.union(more)),
        (Value::Unknown(gaps), _) | (_, Value::Unknown(gaps)) => Truth::Unknown(gaps.clone()),
        (Value::Absent, Value::Absent) => Truth::True,
        (Value::Bool(a), Value::Bool(b)) => (a == b).into(),
        (Value::Int(a), Value::Int(b)) => (a == b).into(),
        (Value::Text(a), Value::Text(b)) => (a == b).into(),
        (Value::Time(a), Value::Time(b)) => (a == b).into(),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            (order(a, b) == Some(std::cmp::Ordering::Equal)).into()
        }
        (Value::Record(a), Value::Record(b)) if a.len() == b.len() => all_equal(a, b),
        (Value::List(a), Value::List(b)) => lists_equal(a, b),
        (Value::Map(a), Value::Map(b)) => {
            if a.len() != b.len() || a.keys().ne(b.keys()) {
                return Truth::False;
            }
            a.values().zip(b.values()).fold(Truth::True, |so_far, (a, b)| so_far.and(equal(a, b)))
        }
        _ => Truth::False,
    }
}

fn all_equal(a: &[Value], b: &[Value]) -> Truth {
    a.iter().zip(b).fold(Truth::True, |so_far, (a, b)| so_far.and(equal(a, b)))
}

fn lists_equal(a: &List, b: &List) -> Truth {
    let missing = a.missing.union(&b.missing);
    if missing.is_empty() {
        return if a.items.len() == b.items.len() {
            all_equal(&a.items, &b.items)
        } else {
            Truth::False
        };
    }
    // What was read of one has to be found, in order, in a complete other.
    let never = (a.missing.is_empty() && !may_hold(&a.items, &b.items))
        || (b.missing.is_empty() && !may_hold(&b.items, &a.items));
    if never {
        return Truth::False;
    }
    let items = a.items.iter().chain(&b.items);
    Truth::Unknown(items.fold(missing, |so_far, item| so_far.union(&gaps_within(item))))
}

/// Whether `some` may stand within `all` in this order.
fn may_hold(all: &[Value], some: &[Value]) -> bool {
    let mut rest = all.iter();
    some.iter().all(|item| rest.any(|other| equal(item, other) != Truth::False))
}

/// All gaps in a value.
fn gaps_within(value: &Value) -> Gaps {
    let of_all = |values: &mut dyn Iterator<Item = &Value>| {
        values.fold(Gaps::NONE, |so_far, value| so_far.union(&gaps_within(value)))
    };
    match value {
        Value::Unknown(gaps) => gaps.clone(),
        Value::List(list) => of_all(&mut list.items.iter()).union(&list.missing),
        Value::Record(fields) => of_all(&mut fields.iter()),
        Value::Map(map) => of_all(&mut map.values()),
        _ => Gaps::NONE,
    }
}

/// One of two values, not known which because of `gaps`: known where both are
/// the same; of records, member by member. If they may turn out to be the same,
/// what hides that decides, too.
pub(crate) fn either(gaps: &Gaps, yes: Value, no: Value) -> Value {
    match (equal(&yes, &no), yes, no) {
        (Truth::True, yes, _) => yes,
        (_, Value::Record(yes), Value::Record(no)) if yes.len() == no.len() => {
            let members = yes.iter().zip(no.iter());
            let members = members.map(|(yes, no)| either(gaps, yes.clone(), no.clone()));
            Value::Record(members.collect())
        }
        (Truth::Unknown(more), _, _) => Value::Unknown(gaps.union(&more)),
        (Truth::False, _, _) => Value::Unknown(gaps.clone()),
    }
}

/// The order of two known scalars of one type; numbers of both kinds together.
pub(crate) fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        #[expect(clippy::cast_precision_loss, reason = "numbers of both kinds compare as numbers")]
        (Value::Int(a), Value::Float(b)) => (*a as f64).partial_cmp(b),
        #[expect(clippy::cast_precision_loss, reason = "numbers of both kinds compare as numbers")]
        (Value::Float(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
        _ => None,
    }
}

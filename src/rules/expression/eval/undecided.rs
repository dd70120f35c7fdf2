//! What a question could not decide although AWS answered everything has no gap.
//! Inside an expression it gets one, so that no list or count takes it for known.

use crate::inventory::{GapId, List, Value};
use std::sync::Arc;

/// The answer, in which every unknown has a reason.
pub(super) fn with_reasons(answer: Value) -> Value {
    if all_have_reasons(&answer) { answer } else { give_reasons(answer) }
}

fn all_have_reasons(value: &Value) -> bool {
    match value {
        Value::Unknown(gaps) => !gaps.is_empty(),
        Value::List(list) => list.items.iter().all(all_have_reasons),
        Value::Record(values) => values.iter().all(all_have_reasons),
        Value::Map(values) => values.values().all(all_have_reasons),
        _ => true,
    }
}

fn give_reasons(value: Value) -> Value {
    match value {
        Value::Unknown(gaps) if gaps.is_empty() => Value::Unknown(GapId::UNDECIDED.into()),
        Value::List(list) => Value::List(Arc::new(List {
            items: list.items.iter().cloned().map(give_reasons).collect(),
            missing: list.missing.clone(),
        })),
        Value::Record(values) => Value::Record(values.iter().cloned().map(give_reasons).collect()),
        Value::Map(values) => Value::Map(Arc::new(
            values.iter().map(|(key, value)| (key.clone(), give_reasons(value.clone()))).collect(),
        )),
        known => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Gaps;

    #[test]
    fn no_unknown_stays_without_a_reason() {
        let bare = Value::Unknown(Gaps::NONE);
        let named = Value::Unknown(GapId::UNDECIDED.into());
        let of_a_gap = Value::Unknown(GapId(7).into());
        let record = |value: &Value| Value::Record([Value::Bool(true), value.clone()].into());
        let list = |value: &Value| {
            Value::List(Arc::new(List {
                items: vec![record(value), of_a_gap.clone()],
                missing: Gaps::NONE,
            }))
        };
        assert_eq!(with_reasons(bare.clone()), named);
        assert_eq!(with_reasons(list(&bare)), list(&named));
        assert_eq!(with_reasons(list(&of_a_gap)), list(&of_a_gap));
    }
}

//! Whether selectors cover a kind of events. Exact: an event that no selector
//! matches is looked for among representatives. The values that selectors name
//! divide the texts of a field into cells; in a cell all events fare alike, so
//! one of each is enough.
//!
//! How conditions are combined:
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>.

use super::{AdvancedEventSelector, AdvancedFieldSelector};
use std::collections::{BTreeMap, BTreeSet};

/// What nobody names, in the middle of a representative.
const ANY: &str = "…";

/// More representatives than this are not looked at. CloudTrail allows 500
/// values on a trail, and filters on more than two fields are rare.
const MOST: usize = 100_000;

/// A kind of events.
pub(super) struct Kind<'a> {
    /// The fields that make the kind, with their values.
    pub(super) fixed: &'a [(&'a str, &'a str)],
    /// What `resources.ARN` of all of them begins with.
    pub(super) arns: &'a str,
}

/// Fields of an event beside the fixed ones; those that are not here may have
/// any value.
pub(super) type Event<'a> = BTreeMap<&'a str, String>;

/// There are too many combinations of filters to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// An event of this kind that no selector matches, if there is one.
pub(super) fn missed<'a>(
    selectors: &'a [&'a AdvancedEventSelector],
    kind: &Kind<'_>,
) -> Result<Option<Event<'a>>, TooMany> {
    // What is left of each selector: its conditions on other fields.
    let left: Vec<Vec<&AdvancedFieldSelector>> = selectors
        .iter()
        .filter(|selector| kind.fixed.iter().all(|(field, value)| allows(selector, field, value)))
        .map(|selector| {
            let conditions = selector.field_selectors.iter();
            let is_fixed = |field: &str| kind.fixed.iter().any(|(fixed, _)| *fixed == field);
            conditions.filter(|condition| !is_fixed(&condition.field)).collect()
        })
        .collect();
    if left.iter().any(Vec::is_empty) {
        return Ok(None);
    }
    let mut by_field: BTreeMap<&str, Vec<&AdvancedFieldSelector>> = BTreeMap::new();
    for condition in left.iter().flatten() {
        by_field.entry(&condition.field).or_default().push(condition);
    }
    let cells: Vec<(&str, Vec<String>)> = by_field
        .into_iter()
        .map(|(field, conditions)| (field, representatives(field, &conditions, kind.arns)))
        .collect();
    let count = cells.iter().try_fold(1_usize, |n, (_, values)| n.checked_mul(values.len()));
    let Some(count) = count.filter(|count| *count <= MOST) else { return Err(TooMany) };
    let mut events = (0..count).map(|number| nth_event(&cells, number));
    Ok(events.find(|event| {
        !left.iter().any(|conditions| {
            conditions.iter().all(|condition| {
                event.get(condition.field.as_str()).is_some_and(|value| holds(condition, value))
            })
        })
    }))
}

/// One combination of values: `number` in mixed radix.
fn nth_event<'a>(cells: &[(&'a str, Vec<String>)], number: usize) -> Event<'a> {
    let mut rest = number;
    let mut event = Event::new();
    for (field, values) in cells {
        let value = values.get(rest % values.len().max(1));
        event.extend(value.map(|value| (*field, value.clone())));
        rest /= values.len().max(1);
    }
    event
}

/// Whether a selector's conditions on a field, if any, hold for a value.
fn allows(selector: &AdvancedEventSelector, field: &str, value: &str) -> bool {
    selector
        .field_selectors
        .iter()
        .filter(|condition| condition.field == field)
        .all(|condition| holds(condition, value))
}

fn holds(condition: &AdvancedFieldSelector, value: &str) -> bool {
    let one = |values: &Option<Vec<String>>, test: fn(&str, &str) -> bool| {
        values.iter().flatten().any(|named| test(value, named))
    };
    let selects = [&condition.equals, &condition.starts_with, &condition.ends_with];
    let selected = selects.iter().all(|values| values.iter().flatten().next().is_none())
        || one(&condition.equals, |value, named| value == named)
        || one(&condition.starts_with, |value, named| value.starts_with(named))
        || one(&condition.ends_with, |value, named| value.ends_with(named));
    let deselected = one(&condition.not_equals, |value, named| value == named)
        || one(&condition.not_starts_with, |value, named| value.starts_with(named))
        || one(&condition.not_ends_with, |value, named| value.ends_with(named));
    selected && !deselected
}

/// One value for each cell of a field: every value that is named, and for every
/// beginning and every ending that is named (or none) a text that has these and
/// nothing else.
fn representatives(field: &str, conditions: &[&AdvancedFieldSelector], arns: &str) -> Vec<String> {
    if field == "readOnly" {
        return vec!["true".to_owned(), "false".to_owned()];
    }
    let within = if field == "resources.ARN" { arns } else { "" };
    let named = |lists: fn(&AdvancedFieldSelector) -> [&Option<Vec<String>>; 2]| {
        let values = conditions.iter().flat_map(move |condition| lists(condition));
        values.flatten().flatten().map(String::as_str).collect::<BTreeSet<&str>>()
    };
    let values = named(|condition| [&condition.equals, &condition.not_equals]);
    let beginnings = named(|condition| [&condition.starts_with, &condition.not_starts_with]);
    let endings = named(|condition| [&condition.ends_with, &condition.not_ends_with]);
    let mut cells: BTreeSet<String> =
        values.into_iter().filter(|value| value.starts_with(within)).map(str::to_owned).collect();
    // A beginning that is shorter holds for all of them.
    let beginnings = beginnings.into_iter().filter(|beginning| beginning.starts_with(within));
    for beginning in beginnings.chain([within]) {
        for ending in endings.iter().copied().chain([""]) {
            cells.insert(format!("{beginning}{ANY}{ending}"));
        }
    }
    cells.into_iter().collect()
}

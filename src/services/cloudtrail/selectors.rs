//! Event selectors of both kinds as one: basic ones are written as the
//! advanced ones that mean the same.
//!
//! Sources: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>,
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>.

use super::{AdvancedEventSelector, AdvancedFieldSelector, EventSelector, Trail};
use crate::inventory::{Fact, Gaps};
use crate::services::Decided;

/// What a trail logs. Not decided if its selectors were not read, or say
/// something that AWS has not documented.
pub(super) fn of_trail(trail: &Trail) -> Decided<Vec<AdvancedEventSelector>> {
    if let Fact::Unknown(gaps) = &trail.selectors {
        return Decided::Unknown(gaps.clone());
    }
    let mut all = match &trail.advanced_selectors {
        Fact::Unknown(gaps) => return Decided::Unknown(gaps.clone()),
        Fact::Known(advanced) => advanced.clone(),
        Fact::Absent => Vec::new(),
    };
    if let Fact::Known(basic) = &trail.selectors {
        for selector in basic {
            match as_advanced(selector) {
                Some(selectors) => all.extend(selectors),
                None => return Decided::Unknown(Gaps::NONE),
            }
        }
    }
    Decided::Known(all)
}

fn as_advanced(basic: &EventSelector) -> Option<Vec<AdvancedEventSelector>> {
    let half = match basic.read_write_type.as_deref() {
        None | Some("All") => None,
        Some("ReadOnly") => Some("true"),
        Some("WriteOnly") => Some("false"),
        Some(_) => return None,
    };
    let with_half = |mut conditions: Vec<AdvancedFieldSelector>| {
        conditions.extend(half.map(|half| equals("readOnly", &[half.to_owned()])));
        AdvancedEventSelector { name: None, field_selectors: conditions }
    };
    let mut advanced = Vec::new();
    if basic.include_management_events.unwrap_or(true) {
        let mut conditions = vec![equals("eventCategory", &["Management".to_owned()])];
        let excluded = basic.exclude_management_event_sources.iter().flatten();
        let excluded: Vec<String> = excluded.cloned().collect();
        if !excluded.is_empty() {
            let not_equals = Some(excluded);
            conditions.push(AdvancedFieldSelector { not_equals, ..condition("eventSource") });
        }
        advanced.push(with_half(conditions));
    }
    for data in basic.data_resources.iter().flatten() {
        // Without values it names no resource.
        let starts_with = data.values.clone().filter(|values| !values.is_empty());
        if starts_with.is_none() {
            continue;
        }
        advanced.push(with_half(vec![
            equals("eventCategory", &["Data".to_owned()]),
            equals("resources.type", data.kind.as_slice()),
            AdvancedFieldSelector { starts_with, ..condition("resources.ARN") },
        ]));
    }
    Some(advanced)
}

fn equals(field: &str, values: &[String]) -> AdvancedFieldSelector {
    AdvancedFieldSelector { equals: Some(values.to_vec()), ..condition(field) }
}

/// A condition on a field, as yet without operators.
pub(super) fn condition(field: &str) -> AdvancedFieldSelector {
    AdvancedFieldSelector {
        field: field.to_owned(),
        equals: None,
        starts_with: None,
        ends_with: None,
        not_equals: None,
        not_starts_with: None,
        not_ends_with: None,
    }
}

//! What rules may ask about tables.

use super::Table;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Asking, Decided, Question};

record! {
    /// Whether a table grows with its load.
    pub struct Capacity {
        /// It is on demand, or reads and writes of the table and of each index are scaled.
        "scales" => scales: Decided<bool>,
        /// What is not scaled.
        "fixed" => fixed: Vec<String>,
    }
}

/// The questions.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "dynamodb.capacity",
        doc: "Whether the table is on demand, or Application Auto Scaling scales reads and writes \
              of the table and of each of its global secondary indexes.",
        subjects: &["dynamodb.table"],
        reads: &[(
            "dynamodb.table",
            &["BillingModeSummary", "GlobalSecondaryIndexes", "ScalableTargets", "ScalingPolicies"],
        )],
        looks_up: &[],
        returns: Capacity::shape,
        answer: capacity,
    },
    Question {
        name: "dynamodb.open_policy",
        doc: "Whether strangers get through the table's policy.",
        subjects: &["dynamodb.table"],
        reads: &[("dynamodb.table", &["Policy"])],
        looks_up: &[],
        returns: PolicyExposure::shape,
        answer: |subject, asking| {
            let table = Table::from_value(&subject.document);
            exposure(table.as_ref().map(|table| &table.policy), "dynamodb", subject, asking)
        },
    },
];

fn capacity(subject: &Resource, _: &dyn Asking) -> Value {
    let Some(table) = Table::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let undecided =
        |gaps: Gaps| Capacity { scales: Decided::Unknown(gaps), fixed: Vec::new() }.into_value();
    let on_demand = match &table.billing_mode {
        Fact::Known(summary) => summary.billing_mode.as_deref() == Some("PAY_PER_REQUEST"),
        Fact::Absent => false,
        Fact::Unknown(gaps) => return undecided(gaps.clone()),
    };
    if on_demand {
        return Capacity { scales: Decided::Known(true), fixed: Vec::new() }.into_value();
    }
    let mut capacities = dimensions("table", format!("table/{}", subject.id));
    let mut hidden = Gaps::NONE;
    match &table.indexes {
        Fact::Known(indexes) => capacities.extend(indexes.iter().flat_map(|index| {
            dimensions("index", format!("table/{}/index/{}", subject.id, index.name))
        })),
        Fact::Absent => {}
        Fact::Unknown(gaps) => hidden = gaps.clone(),
    }
    let (targets, policies) = match (&table.scalable_targets, &table.scaling_policies) {
        (Fact::Known(targets), Fact::Known(policies)) => (targets, policies),
        (targets, policies) => {
            return undecided(hidden.union(&behind(targets)).union(&behind(policies)));
        }
    };
    let scaled = |(resource, dimension): &(String, String)| {
        let raised = |suspended: Option<bool>| suspended != Some(true);
        let target = targets.iter().any(|target| {
            target.resource == *resource
                && target.dimension == *dimension
                && raised(target.suspended.as_ref().and_then(|suspended| suspended.out))
        });
        target && policies.iter().any(|it| it.resource == *resource && it.dimension == *dimension)
    };
    let fixed: Vec<String> = capacities
        .iter()
        .filter(|capacity| !scaled(capacity))
        .map(|(resource, dimension)| format!("{dimension} of {resource}"))
        .collect();
    let scales = match (fixed.is_empty(), hidden.is_empty()) {
        (false, _) => Decided::Known(false),
        (true, true) => Decided::Known(true),
        (true, false) => Decided::Unknown(hidden),
    };
    Capacity { scales, fixed }.into_value()
}

fn behind<T>(fact: &Fact<T>) -> Gaps {
    match fact {
        Fact::Unknown(gaps) => gaps.clone(),
        _ => Gaps::NONE,
    }
}

/// The two capacities of a table or an index
/// (<https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-dynamodb.html>).
fn dimensions(noun: &str, resource: String) -> Vec<(String, String)> {
    ["ReadCapacityUnits", "WriteCapacityUnits"]
        .map(|what| (resource.clone(), format!("dynamodb:{noun}:{what}")))
        .to_vec()
}

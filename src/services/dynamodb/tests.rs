//! Answers that no example of a rule can show.

use super::{BillingModeSummary, ScalableTarget, ScalingPolicy, Table};
use crate::inventory::{Fact, Gaps, Resource, Value};
use crate::services::testing::{World, ask, gaps};

fn table(change: impl FnOnce(&mut Table)) -> Resource {
    let dimension = |what: &str| format!("dynamodb:table:{what}CapacityUnits");
    let target = |what: &str| ScalableTarget {
        resource: "table/t".to_owned(),
        dimension: dimension(what),
        suspended: None,
    };
    let policy =
        |what: &str| ScalingPolicy { resource: "table/t".to_owned(), dimension: dimension(what) };
    let mut document = Table {
        billing_mode: Fact::Absent,
        indexes: Fact::Absent,
        scalable_targets: Fact::Known(vec![target("Read"), target("Write")]),
        scaling_policies: Fact::Known(vec![policy("Read"), policy("Write")]),
        ..Table::not_collected()
    };
    change(&mut document);
    Resource::new("t", "arn:aws:dynamodb:eu-west-1:111122223333:table/t", "eu-west-1", document)
}

fn scales(change: impl FnOnce(&mut Table)) -> Value {
    ask("dynamodb.capacity", &table(change), &World::default()).member("scales")
}

#[test]
fn what_hides_a_capacity_leaves_it_open() {
    assert_eq!(scales(|_| {}), Value::Bool(true));
    let hidden = || gaps(&[1]);
    assert_eq!(scales(|it| it.indexes = Fact::Unknown(hidden())), Value::Unknown(hidden()));
    assert_eq!(scales(|it| it.billing_mode = Fact::Unknown(hidden())), Value::Unknown(hidden()));
    assert_eq!(
        scales(|it| it.scalable_targets = Fact::Unknown(hidden())),
        Value::Unknown(hidden())
    );
    // What is fixed for sure decides, whatever the indexes are.
    let fixed = scales(|it| {
        it.indexes = Fact::Unknown(hidden());
        it.scaling_policies = Fact::Known(Vec::new());
    });
    assert_eq!(fixed, Value::Bool(false));
    // On demand nothing else matters.
    let on_demand = scales(|it| {
        let mode = Some("PAY_PER_REQUEST".to_owned());
        it.billing_mode = Fact::Known(BillingModeSummary { billing_mode: mode });
        it.scalable_targets = Fact::Unknown(hidden());
    });
    assert_eq!(on_demand, Value::Bool(true));
    let both = scales(|it| {
        it.scalable_targets = Fact::Unknown(gaps(&[1]));
        it.scaling_policies = Fact::Unknown(gaps(&[2]));
    });
    assert_eq!(both, Value::Unknown(gaps(&[1, 2])));
    assert_eq!(scales(|it| it.scalable_targets = Fact::Absent), Value::Unknown(Gaps::NONE));
}

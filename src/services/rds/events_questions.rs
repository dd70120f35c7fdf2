//! What rules may ask about event subscriptions. Those of a region count
//! together: one may be about failures, another about maintenance.

use super::events::EventSubscription;
use crate::inventory::{Fact, Gaps, Partial, Resource, Shape, Type, Value};
use crate::record;
use crate::services::{Asking, Question};

record! {
    /// The categories of events that somebody is told of, by what they are about.
    /// `all` stands for every category.
    pub struct EventCoverage {
        /// Of clusters.
        "clusters" => clusters: Partial<String>,
        /// Of instances.
        "instances" => instances: Partial<String>,
        /// Of parameter groups.
        "parameter_groups" => parameter_groups: Partial<String>,
        /// Of database security groups.
        "security_groups" => security_groups: Partial<String>,
    }
}

/// The questions.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "rds.has_instances",
        doc: "Whether the region has a database instance of RDS or Aurora.",
        subjects: &["aws.region"],
        reads: &[],
        looks_up: &[("rds.db-instance", &[])],
        returns: || Type::Bool,
        answer: |region, asking| any(region, asking, "rds.db-instance"),
    },
    Question {
        name: "rds.has_clusters",
        doc: "Whether the region has a database cluster of RDS or Aurora.",
        subjects: &["aws.region"],
        reads: &[],
        looks_up: &[("rds.db-cluster", &[])],
        returns: || Type::Bool,
        answer: |region, asking| any(region, asking, "rds.db-cluster"),
    },
    Question {
        name: "rds.event_coverage",
        doc: "Which categories of events are sent to somebody, for all sources of a type: by \
              subscriptions that are on, work, and are not about certain sources only.",
        subjects: &["aws.region"],
        reads: &[],
        looks_up: &[(
            "rds.event-subscription",
            &["Enabled", "Status", "SourceType", "SourceIdsList", "EventCategoriesList"],
        )],
        returns: EventCoverage::shape,
        answer: coverage,
    },
    Question {
        name: "rds.has_security_group_events",
        doc: "Whether the region has a subscription to events of database security groups, \
              whatever its state.",
        subjects: &["aws.region"],
        reads: &[],
        looks_up: &[("rds.event-subscription", &["SourceType"])],
        returns: || Type::Bool,
        answer: has_security_group_events,
    },
];

fn any(region: &Resource, asking: &dyn Asking, kind: &str) -> Value {
    let (found, missing) = asking.all_in(kind, &region.region);
    match (found.is_empty(), missing.is_empty()) {
        (false, _) => Value::Bool(true),
        (true, true) => Value::Bool(false),
        (true, false) => Value::Unknown(missing),
    }
}

fn has_security_group_events(region: &Resource, asking: &dyn Asking) -> Value {
    let (subscriptions, mut missing) = asking.all_in("rds.event-subscription", &region.region);
    let mut undecided = !missing.is_empty();
    for resource in subscriptions {
        let subscription = EventSubscription::from_value(&resource.document);
        match subscription.map(|subscription| subscription.source_type) {
            Some(Fact::Known(kind)) if kind == "db-security-group" => return Value::Bool(true),
            Some(Fact::Unknown(gaps)) => {
                undecided = true;
                missing = missing.union(&gaps);
            }
            _ => {}
        }
    }
    if undecided { Value::Unknown(missing) } else { Value::Bool(false) }
}

/// The categories of one type of source.
struct Told {
    kind: &'static str,
    categories: Partial<String>,
}

fn coverage(region: &Resource, asking: &dyn Asking) -> Value {
    let (subscriptions, missing) = asking.all_in("rds.event-subscription", &region.region);
    let told = |kind| {
        let categories = Partial { items: Vec::new(), missing: missing.clone() };
        let mut told = Told { kind, categories };
        for resource in &subscriptions {
            if let Some(subscription) = EventSubscription::from_value(&resource.document) {
                told.hear(&subscription);
            }
        }
        told.categories
    };
    EventCoverage {
        clusters: told("db-cluster"),
        instances: told("db-instance"),
        parameter_groups: told("db-parameter-group"),
        security_groups: told("db-security-group"),
    }
    .into_value()
}

impl Told {
    fn hear(&mut self, subscription: &EventSubscription) {
        let mut gaps = Gaps::NONE;
        // Of a type that is not known, it may be about this one.
        let about = match &subscription.source_type {
            Fact::Known(kind) => kind == self.kind,
            Fact::Absent => true,
            Fact::Unknown(hidden) => {
                gaps = gaps.union(hidden);
                true
            }
        };
        let works = match (&subscription.enabled, &subscription.status) {
            (Fact::Known(false), _) => false,
            (_, Fact::Known(status)) if status != "active" && status != "modifying" => false,
            (enabled, status) => {
                gaps = gaps.union(&hidden(enabled)).union(&hidden(status));
                true
            }
        };
        let of_all = match &subscription.source_ids {
            Fact::Known(ids) => ids.is_empty(),
            Fact::Absent => true,
            Fact::Unknown(hidden) => {
                gaps = gaps.union(hidden);
                true
            }
        };
        if !(about && works && of_all) {
            return;
        }
        gaps = gaps.union(&hidden(&subscription.categories));
        if !gaps.is_empty() {
            self.categories.missing = self.categories.missing.union(&gaps);
            return;
        }
        match &subscription.categories {
            Fact::Known(categories) if !categories.is_empty() => {
                self.categories.items.extend(categories.iter().cloned());
            }
            _ => self.categories.items.push("all".to_owned()),
        }
    }
}

fn hidden<T>(fact: &Fact<T>) -> Gaps {
    match fact {
        Fact::Unknown(gaps) => gaps.clone(),
        _ => Gaps::NONE,
    }
}

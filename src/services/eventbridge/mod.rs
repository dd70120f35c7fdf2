//! Amazon EventBridge: event buses.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EventBus.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::document;
use crate::inventory::{Document, Operation, Shape};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Question, Service};

/// The event buses of a region, with their policies.
pub static LIST_EVENT_BUSES: Operation =
    Operation::new("events", "ListEventBuses", &["events:ListEventBuses"]);

document! {
    /// An event bus.
    pub struct EventBus: "eventbridge.event-bus" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_EVENT_BUSES]], tagged by [] {
        /// Who else may send events to it, as JSON text.
        "Policy" => optional policy: String = [LIST_EVENT_BUSES],
    }
}

/// The questions about event buses.
static QUESTIONS: &[Question] = &[Question {
    name: "eventbridge.open_policy",
    doc: "Whether strangers get through the event bus's policy.",
    subjects: &["eventbridge.event-bus"],
    reads: &[("eventbridge.event-bus", &["Policy"])],
    looks_up: &[],
    returns: PolicyExposure::shape,
    answer: |bus, asking| {
        let policy = EventBus::from_value(&bus.document).map(|bus| bus.policy);
        exposure(policy.as_ref(), "events", bus, asking)
    },
}];

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "eventbridge", types: vec![EventBus::resource_type()], questions: QUESTIONS }
}

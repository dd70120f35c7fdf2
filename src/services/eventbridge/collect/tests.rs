//! The collector of event buses, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::eventbridge::EventBus;
use serde_json::json;

const ARN: &str = "arn:aws:events:eu-west-1:123456789012:event-bus/";

/// Two buses in eu-west-1 on two pages, none elsewhere.
fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "ListEventBuses" if request.region() != "eu-west-1" => ok("{\"EventBuses\":[]}"),
        "ListEventBuses" if !request.body.contains("NextToken") => ok(&json!({
            "EventBuses": [{
                "Name": "default", "Arn": format!("{ARN}default"), "Policy": "{\"Statement\":[]}",
            }],
            "NextToken": "2",
        })
        .to_string()),
        "ListEventBuses" => {
            ok(&json!({ "EventBuses": [{ "Name": "own", "Arn": format!("{ARN}own") }] })
                .to_string())
        }
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([EventBus::resource_type()]), &["eu-west-1", "us-east-1"]).await
}

#[tokio::test]
async fn buses_of_all_pages_are_read() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("eventbridge.event-bus", "us-east-1").is_empty());
    assert_eq!(collected.ids("eventbridge.event-bus"), ["default", "own"]);
    let bus: EventBus = collected.document("eventbridge.event-bus", "default");
    assert_eq!(known(bus.policy), "{\"Statement\":[]}");
    let bus: EventBus = collected.document("eventbridge.event-bus", "own");
    assert_eq!(bus.policy, Fact::Absent);
    // GetCallerIdentity, and three pages.
    assert_eq!(wire.requests().len(), 1 + 3);
    let list = wire.requests().into_iter().find(|it| it.operation() == "ListEventBuses").unwrap();
    assert!(list.body.contains("\"Limit\":100"), "{}", list.body);
}

#[tokio::test]
async fn what_is_refused_or_malformed_is_a_gap() {
    for (answer, class) in [
        (json_error(400, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
        (ok("{}"), ErrorClass::Malformed),
        (ok("{\"EventBuses\":[{\"Name\":\"x\"}]}"), ErrorClass::Malformed),
        (ok("{\"EventBuses\":[],\"NextToken\":\"x\"}"), ErrorClass::Malformed),
    ] {
        let wire = Wire::start(move |request| {
            (request.operation() == "ListEventBuses").then(|| answer.clone())
        });
        let collected = collect(&wire).await;
        let missing = collected.missing("eventbridge.event-bus", "us-east-1");
        assert_eq!(missing.first().unwrap().class, class);
    }
    let odd = ok(&json!({ "EventBuses": [
        { "Name": "odd", "Arn": format!("{ARN}odd"), "Policy": "no policy" },
    ]})
    .to_string());
    let wire =
        Wire::start(move |request| (request.operation() == "ListEventBuses").then(|| odd.clone()));
    let plan = Plan::everything([EventBus::resource_type()]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    let bus: EventBus = collected.document("eventbridge.event-bus", "odd");
    assert_eq!(collected.why(&bus.policy).class, ErrorClass::Malformed);
}

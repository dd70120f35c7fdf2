//! The collector of queues, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::sqs::Queue;
use serde_json::json;

const URL: &str = "https://sqs.eu-west-1.amazonaws.com/123456789012/";

/// Two queues in eu-west-1 on two pages, none elsewhere.
fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "ListQueues" if request.region() != "eu-west-1" => ok("{}"),
        "ListQueues" if !request.body.contains("NextToken") => {
            ok(&json!({ "QueueUrls": [format!("{URL}open")], "NextToken": "2" }).to_string())
        }
        "ListQueues" => ok(&json!({ "QueueUrls": [format!("{URL}plain")] }).to_string()),
        "GetQueueAttributes" if request.body.contains("open") => ok(&json!({ "Attributes": {
            "Policy": "{\"Statement\":[]}",
            "KmsMasterKeyId": "alias/orders",
            "SqsManagedSseEnabled": "false",
        }})
        .to_string()),
        "GetQueueAttributes" => ok("{}"),
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Queue::resource_type()]), &["eu-west-1", "us-east-1"]).await
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn queues_of_all_pages_are_read() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("sqs.queue", "us-east-1").is_empty());
    assert_eq!(collected.ids("sqs.queue"), ["open", "plain"]);
    let resource = collected.resource("sqs.queue", "open");
    assert_eq!(resource.arn.as_ref(), "arn:aws:sqs:eu-west-1:123456789012:open");
    let queue: Queue = collected.document("sqs.queue", "open");
    assert_eq!(known(queue.policy), "{\"Statement\":[]}");
    assert_eq!(known(queue.kms_key), "alias/orders");
    assert_eq!(known(queue.managed_encryption), "false");
    let queue: Queue = collected.document("sqs.queue", "plain");
    let nothing =
        Queue { policy: Fact::Absent, kms_key: Fact::Absent, managed_encryption: Fact::Absent };
    assert_eq!(queue, nothing);
    // GetCallerIdentity, three pages, two queues.
    assert_eq!(wire.requests().len(), 1 + 3 + 2);
    for request in wire.requests() {
        match request.operation().as_str() {
            "ListQueues" => assert!(request.body.contains("\"MaxResults\":1000")),
            "GetQueueAttributes" => assert!(!request.body.contains("All"), "{}", request.body),
            _ => {}
        }
    }
}

#[tokio::test]
async fn refusals_hide_the_list_or_the_queue() {
    let refused = || json_error(403, "AccessDeniedException", "no");
    let collected = collect(&but("ListQueues", refused())).await;
    let missing = collected.missing("sqs.queue", "us-east-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let collected = collect(&but("GetQueueAttributes", refused())).await;
    let queue: Queue = collected.document("sqs.queue", "open");
    let gap = collected.why(&queue.policy);
    assert_eq!(gap.class, ErrorClass::AccessDenied);
    assert_eq!(gap.resource.as_deref(), Some("arn:aws:sqs:eu-west-1:123456789012:open"));
    assert_eq!(collected.why(&queue.managed_encryption), gap);
}

#[tokio::test]
async fn a_queue_that_is_gone_is_left_out() {
    for code in ["com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"] {
        let gone = json_error(400, code, "The specified queue does not exist.");
        let collected = collect(&but("GetQueueAttributes", gone)).await;
        assert!(collected.ids("sqs.queue").is_empty());
        assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_gap() {
    // Without queues there is a document, too.
    for body in ["{\"QueueUrls\":[\"nothing\"]}", "{\"QueueUrls\":[],\"NextToken\":\"x\"}", ""] {
        let collected = collect(&but("ListQueues", ok(body))).await;
        let missing = collected.missing("sqs.queue", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    let odd = ok("{\"Attributes\":{\"Policy\":\"no policy\"}}");
    let collected = collect(&but("GetQueueAttributes", odd)).await;
    let queue: Queue = collected.document("sqs.queue", "open");
    assert_eq!(collected.why(&queue.policy).class, ErrorClass::Malformed);
    assert_eq!(queue.kms_key, Fact::Absent);
    let collected = collect(&but("GetQueueAttributes", ok(""))).await;
    let queue: Queue = collected.document("sqs.queue", "plain");
    assert_eq!(collected.why(&queue.managed_encryption).class, ErrorClass::Malformed);
}

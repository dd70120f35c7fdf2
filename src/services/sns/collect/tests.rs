//! The collector of topics, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, known, query, query_error};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::sns::Topic;

const ARN: &str = "arn:aws:sns:eu-west-1:123456789012:";

fn topics(names: &[&str], next: &str) -> Answer {
    let member = |name: &&str| format!("<member><TopicArn>{ARN}{name}</TopicArn></member>");
    let members: String = names.iter().map(member).collect();
    query("ListTopics", &format!("<Topics>{members}</Topics>{next}"))
}

/// Two topics in eu-west-1 on two pages, none elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let arn = request.parameter("TopicArn").unwrap_or_default();
    Some(match request.operation().as_str() {
        "ListTopics" if request.region() != "eu-west-1" => topics(&[], ""),
        "ListTopics" if request.parameter("NextToken").is_none() => {
            topics(&["open"], "<NextToken>2</NextToken>")
        }
        "ListTopics" => topics(&["plain"], ""),
        "GetTopicAttributes" if arn.ends_with("open") => query(
            "GetTopicAttributes",
            "<Attributes><entry><key>Policy</key><value>{\"Statement\":[]}</value></entry>\
             <entry><key>KmsMasterKeyId</key><value>alias/aws/sns</value></entry></Attributes>",
        ),
        "GetTopicAttributes" => query(
            "GetTopicAttributes",
            "<Attributes><entry><key>Owner</key><value>123456789012</value></entry></Attributes>",
        ),
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Topic::resource_type()]), &["eu-west-1", "us-east-1"]).await
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn topics_of_all_pages_are_read() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("sns.topic", "us-east-1").is_empty());
    assert_eq!(collected.ids("sns.topic"), ["open", "plain"]);
    assert_eq!(collected.resource("sns.topic", "open").arn.as_ref(), format!("{ARN}open"));
    let topic: Topic = collected.document("sns.topic", "open");
    assert_eq!(known(topic.policy), "{\"Statement\":[]}");
    assert_eq!(known(topic.kms_key), "alias/aws/sns");
    let topic: Topic = collected.document("sns.topic", "plain");
    assert_eq!(topic, Topic { policy: Fact::Absent, kms_key: Fact::Absent });
    // GetCallerIdentity, three pages, two topics.
    assert_eq!(wire.requests().len(), 1 + 3 + 2);
}

#[tokio::test]
async fn refusals_hide_the_list_or_the_topic() {
    let refused =
        || query_error(403, "AuthorizationError", "is not authorized to perform: SNS:Any");
    let collected = collect(&but("ListTopics", refused())).await;
    let missing = collected.missing("sns.topic", "us-east-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let collected = collect(&but("GetTopicAttributes", refused())).await;
    let topic: Topic = collected.document("sns.topic", "open");
    let gap = collected.why(&topic.policy);
    assert_eq!(
        (gap.class, gap.resource.as_deref()),
        (ErrorClass::AccessDenied, Some(&*format!("{ARN}open")))
    );
    assert_eq!(collected.why(&topic.kms_key), gap);
}

#[tokio::test]
async fn a_topic_that_is_gone_is_left_out() {
    let gone = query_error(404, "NotFound", "Topic does not exist");
    let collected = collect(&but("GetTopicAttributes", gone)).await;
    assert!(collected.ids("sns.topic").is_empty());
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_gap() {
    for result in [
        "",
        "<Topics><member/></Topics>",
        "<Topics><member><TopicArn>x</TopicArn></member></Topics>",
    ] {
        let collected = collect(&but("ListTopics", query("ListTopics", result))).await;
        let missing = collected.missing("sns.topic", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{result}");
    }
    let collected = collect(&but("ListTopics", topics(&[], "<NextToken>x</NextToken>"))).await;
    assert!(!collected.missing("sns.topic", "eu-west-1").is_empty(), "a circle");
    for (result, both) in [
        ("", true),
        (
            "<Attributes><entry><key>Policy</key><value>no policy</value></entry></Attributes>",
            false,
        ),
    ] {
        let collected =
            collect(&but("GetTopicAttributes", query("GetTopicAttributes", result))).await;
        let topic: Topic = collected.document("sns.topic", "open");
        assert_eq!(collected.why(&topic.policy).class, ErrorClass::Malformed, "{result}");
        assert_eq!(matches!(topic.kms_key, Fact::Unknown(_)), both);
    }
}

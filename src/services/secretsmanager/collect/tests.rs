//! The collector of secrets, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact, Value};
use crate::services::secretsmanager::{LIST_SECRETS, RotationRules, Secret};
use serde_json::json;

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";

/// Two secrets in eu-west-1 on two pages, none elsewhere.
fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "ListSecrets" if request.region() != "eu-west-1" => ok("{\"SecretList\":[]}"),
        "ListSecrets" if !request.body.contains("NextToken") => ok(&json!({
            "SecretList": [{
                "ARN": format!("{ARN}database-AbCdEf"),
                "Name": "database",
                "CreatedDate": 1_700_000_000,
                "RotationEnabled": true,
                "RotationRules": { "AutomaticallyAfterDays": 30, "ScheduleExpression": "rate(30 days)" },
                "LastRotatedDate": 1_700_000_001,
                "NextRotationDate": 1_700_000_002,
                "LastAccessedDate": 1_700_000_003,
                "PrimaryRegion": "us-east-1",
                "Tags": [{ "Key": "team", "Value": "data" }],
            }],
            "NextToken": "2",
        })
        .to_string()),
        "ListSecrets" => ok(&json!({ "SecretList": [
            { "ARN": format!("{ARN}plain-AbCdEf"), "Name": "plain", "CreatedDate": 1_700_000_000 },
        ]})
        .to_string()),
        "GetResourcePolicy" if request.body.contains("database") => {
            ok(&json!({ "Name": "database", "ResourcePolicy": "{\"Statement\":[]}" }).to_string())
        }
        "GetResourcePolicy" => ok("{\"Name\":\"plain\"}"),
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Secret::resource_type()]), &["eu-west-1", "us-east-1"]).await
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn secrets_of_all_pages_are_read() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("secretsmanager.secret", "us-east-1").is_empty());
    assert_eq!(collected.ids("secretsmanager.secret"), ["database", "plain"]);
    let resource = collected.resource("secretsmanager.secret", "database");
    assert_eq!(resource.arn.as_ref(), format!("{ARN}database-AbCdEf"));
    let Value::Map(tags) = &resource.tags else { panic!("{:?}", resource.tags) };
    assert_eq!(tags.get("team"), Some(&Value::text("data")));
    let secret: Secret = collected.document("secretsmanager.secret", "database");
    assert_eq!(known(secret.created).as_second(), 1_700_000_000);
    assert_eq!(known(secret.last_rotated).as_second(), 1_700_000_001);
    assert_eq!(known(secret.next_rotation).as_second(), 1_700_000_002);
    assert_eq!(known(secret.last_accessed).as_second(), 1_700_000_003);
    assert!(known(secret.rotation));
    assert_eq!(known(secret.rules), RotationRules { after_days: Some(30) });
    assert_eq!(known(secret.primary_region), "us-east-1");
    assert_eq!(known(secret.policy), "{\"Statement\":[]}");
    let secret: Secret = collected.document("secretsmanager.secret", "plain");
    assert_eq!(secret.rotation, Fact::Absent);
    assert_eq!(secret.rules, Fact::Absent);
    assert_eq!(secret.last_accessed, Fact::Absent);
    assert_eq!(secret.policy, Fact::Absent);
    // GetCallerIdentity, three pages, two policies.
    assert_eq!(wire.requests().len(), 1 + 3 + 2);
    let lists = wire.requests().into_iter().filter(|it| it.operation() == "ListSecrets");
    for list in lists {
        assert!(list.body.contains("\"MaxResults\":100"), "{}", list.body);
    }
}

#[tokio::test]
async fn policies_are_asked_for_only_if_a_rule_reads_them() {
    let wire = Wire::start(full);
    let plan = Plan::new([Secret::resource_type()], [&LIST_SECRETS]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("secretsmanager.secret").len(), 2);
    assert_eq!(wire.count("GetResourcePolicy"), 0);
}

#[tokio::test]
async fn refusals_hide_the_list_or_the_policy() {
    let refused = || json_error(400, "AccessDeniedException", "no");
    let collected = collect(&but("ListSecrets", refused())).await;
    let missing = collected.missing("secretsmanager.secret", "us-east-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let collected = collect(&but("GetResourcePolicy", refused())).await;
    let secret: Secret = collected.document("secretsmanager.secret", "database");
    let gap = collected.why(&secret.policy);
    let about = format!("{ARN}database-AbCdEf");
    assert_eq!((gap.class, gap.resource.as_deref()), (ErrorClass::AccessDenied, Some(&*about)));
    assert!(known(secret.rotation));
}

#[tokio::test]
async fn a_secret_that_is_gone_is_left_out() {
    for (code, message, gone) in [
        ("ResourceNotFoundException", "Secrets Manager can't find the specified secret.", true),
        (
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
            true,
        ),
        ("InvalidRequestException", "something else", false),
    ] {
        let collected = collect(&but("GetResourcePolicy", json_error(400, code, message))).await;
        assert_eq!(collected.ids("secretsmanager.secret").is_empty(), gone, "{message}");
        assert_eq!(collected.gaps.is_empty(), gone);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_gap() {
    for body in [
        "{}",
        "{\"SecretList\":[{\"Name\":\"x\"}]}",
        "{\"SecretList\":[{\"ARN\":\"x\"}]}",
        "{\"SecretList\":[],\"NextToken\":\"x\"}",
    ] {
        let collected = collect(&but("ListSecrets", ok(body))).await;
        let missing = collected.missing("secretsmanager.secret", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    let bare = format!("{{\"SecretList\":[{{\"Name\":\"bare\",\"ARN\":\"{ARN}bare-AbCdEf\"}}]}}");
    let plan = Plan::everything([Secret::resource_type()]);
    let collected = but("ListSecrets", ok(&bare)).collect(plan, &["eu-west-1"]).await;
    let secret: Secret = collected.document("secretsmanager.secret", "bare");
    assert_eq!(collected.why(&secret.created).class, ErrorClass::Malformed);
    let odd = ok("{\"ResourcePolicy\":\"no policy\"}");
    let collected = collect(&but("GetResourcePolicy", odd)).await;
    let secret: Secret = collected.document("secretsmanager.secret", "database");
    assert_eq!(collected.why(&secret.policy).class, ErrorClass::Malformed);
}

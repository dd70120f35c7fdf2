//! The collector of keys, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::kms::{DESCRIBE_KEY, Key, LIST_KEYS};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:kms:eu-west-1:123456789012:key/";

fn keys(ids: &[&str]) -> Value {
    let key = |id: &&str| json!({ "KeyId": id, "KeyArn": format!("{ARN}{id}") });
    json!({ "Keys": ids.iter().map(key).collect::<Vec<_>>(), "Truncated": false })
}

fn of<'a>(request: &Request, ids: &[&'a str]) -> &'a str {
    ids.iter().find(|id| request.body.contains(&format!("\"{id}\""))).copied().unwrap_or("")
}

/// A key of the account, one of AWS and one that cannot rotate in eu-west-1, none
/// elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let id = of(request, &["own", "aws", "rsa"]);
    Some(match request.operation().as_str() {
        "ListKeys" if request.region() == "eu-west-1" => ok(&keys(&["own", "aws", "rsa"]).to_string()),
        "ListKeys" => ok(&keys(&[]).to_string()),
        "DescribeKey" => ok(&json!({ "KeyMetadata": {
            "KeyId": id,
            "KeyManager": if id == "aws" { "AWS" } else { "CUSTOMER" },
            "KeyState": if id == "rsa" { "PendingDeletion" } else { "Enabled" },
            "KeySpec": if id == "rsa" { "RSA_2048" } else { "SYMMETRIC_DEFAULT" },
            "Origin": "AWS_KMS",
            "Enabled": true,
            "DeletionDate": if id == "rsa" { json!(1_700_000_000) } else { Value::Null },
        }})
        .to_string()),
        "GetKeyPolicy" => ok(&json!({ "Policy": "{\"Statement\":[]}", "PolicyName": "default" }).to_string()),
        "GetKeyRotationStatus" => {
            ok(&json!({ "KeyRotationEnabled": true, "RotationPeriodInDays": 365 }).to_string())
        }
        "ListGrants" if id == "own" && !request.body.contains("Marker") => ok(&json!({
            "Grants": [{ "GrantId": "g1", "GranteePrincipal": "arn:aws:iam::123456789012:role/r", "Operations": ["Decrypt"] }],
            "Truncated": true,
            "NextMarker": "more",
        })
        .to_string()),
        "ListGrants" if id == "own" => ok(&json!({
            "Grants": [{ "GrantId": "g2", "GranteeServicePrincipal": "backup.amazonaws.com" }],
            "Truncated": false,
        })
        .to_string()),
        "ListGrants" => ok(&json!({ "Grants": [], "Truncated": false }).to_string()),
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Key::resource_type()]), &["eu-west-1", "us-east-1"]).await
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn keys_are_read_and_those_of_aws_only_described() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("kms.key", "us-east-1").is_empty());
    assert_eq!(collected.ids("kms.key"), ["aws", "own", "rsa"]);
    let resource = collected.resource("kms.key", "own");
    assert_eq!(
        (resource.arn.as_ref(), resource.region.as_ref()),
        (&*format!("{ARN}own"), "eu-west-1")
    );
    let own: Key = collected.document("kms.key", "own");
    assert_eq!(known(own.manager), "CUSTOMER");
    assert_eq!(known(own.policy), "{\"Statement\":[]}");
    assert_eq!((own.rotation, own.rotation_period), (Fact::Known(true), Fact::Known(365)));
    assert_eq!(own.deletion_date, Fact::Absent);
    let grants = known(own.grants);
    let ids: Vec<&str> = grants.iter().map(|grant| grant.id.as_str()).collect();
    assert_eq!(ids, ["g1", "g2"]);
    assert_eq!(grants.first().unwrap().operations.as_deref(), Some(&["Decrypt".to_owned()][..]));
    let aws: Key = collected.document("kms.key", "aws");
    assert_eq!(known(aws.manager), "AWS");
    let rsa: Key = collected.document("kms.key", "rsa");
    assert_eq!(rsa.rotation, Fact::Absent);
    assert_eq!(known(rsa.deletion_date).to_string(), "2023-11-14T22:13:20Z");
    // GetCallerIdentity; a list in each region; three descriptions; of two keys the
    // policy, of one the rotation, and three pages of grants.
    assert_eq!(wire.requests().len(), 1 + 2 + 3 + 2 + 1 + 3);
    assert_eq!(wire.count("GetKeyRotationStatus"), 1);
    for request in wire.requests() {
        match request.operation().as_str() {
            "ListKeys" => assert!(request.body.contains("\"Limit\":1000"), "{}", request.body),
            "ListGrants" => assert!(request.body.contains("\"Limit\":100"), "{}", request.body),
            _ => {}
        }
    }
}

#[tokio::test]
async fn only_what_is_wanted_is_asked() {
    let wire = Wire::start(full);
    let plan = Plan::new([Key::resource_type()], [&LIST_KEYS, &DESCRIBE_KEY]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("kms.key").len(), 3);
    assert_eq!(wire.requests().len(), 1 + 1 + 3);
}

#[tokio::test]
async fn all_pages_are_read() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "ListKeys" if !request.body.contains("Marker") => {
            let mut page = keys(&["own"]);
            *page.get_mut("Truncated").unwrap() = json!(true);
            page.as_object_mut().unwrap().insert("NextMarker".to_owned(), json!("2"));
            Some(ok(&page.to_string()))
        }
        "ListKeys" => Some(ok(&keys(&["rsa"]).to_string())),
        _ => full(request),
    });
    let collected = wire.collect(Plan::everything([Key::resource_type()]), &["eu-west-1"]).await;
    assert_eq!(collected.ids("kms.key"), ["own", "rsa"]);

    // A circle, and a list that has more and does not say where.
    for marker in [json!("2"), json!(null)] {
        let endless = json!({ "Keys": [], "Truncated": true, "NextMarker": marker });
        let collected = collect(&but("ListKeys", ok(&endless.to_string()))).await;
        let missing = collected.missing("kms.key", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{endless}");
    }
}

#[tokio::test]
async fn refusals_hide_what_they_are_about() {
    let refused = || json_error(400, "AccessDeniedException", "not authorized to perform: kms:Any");
    let collected = collect(&but("ListKeys", refused())).await;
    let missing = collected.missing("kms.key", "us-east-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    for operation in ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListGrants"] {
        let collected = collect(&but(operation, refused())).await;
        assert!(collected.missing("kms.key", "eu-west-1").is_empty());
        let key: Key = collected.document("kms.key", "own");
        let hidden = match operation {
            "DescribeKey" => collected.why(&key.manager),
            "GetKeyPolicy" => collected.why(&key.policy),
            "GetKeyRotationStatus" => collected.why(&key.rotation),
            _ => collected.why(&key.grants),
        };
        let about = format!("{ARN}own");
        let told = (hidden.operation.as_str(), hidden.class, hidden.resource.as_deref());
        assert_eq!(told, (&*format!("kms:{operation}"), ErrorClass::AccessDenied, Some(&*about)));
        assert_eq!(matches!(key.state, Fact::Unknown(_)), operation == "DescribeKey");
    }
}

#[tokio::test]
async fn a_key_that_is_gone_is_left_out_and_one_that_cannot_rotate_says_so() {
    for operation in ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListGrants"] {
        let gone = json_error(400, "NotFoundException", "Key 'own' does not exist");
        let collected = collect(&but(operation, gone)).await;
        assert!(!collected.ids("kms.key").contains(&"own"), "{operation}");
        assert!(collected.gaps.is_empty());
    }
    let cannot = json_error(400, "UnsupportedOperationException", "");
    let collected = collect(&but("GetKeyRotationStatus", cannot)).await;
    assert!(collected.gaps.is_empty());
    let key: Key = collected.document("kms.key", "own");
    assert_eq!(key.rotation, Fact::Absent);
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    for body in ["{}", "{\"Keys\":[{}]}"] {
        let collected = collect(&but("ListKeys", ok(body))).await;
        let missing = collected.missing("kms.key", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    let collected = collect(&but("DescribeKey", ok("{\"KeyMetadata\":{\"KeyId\":\"own\"}}"))).await;
    let key: Key = collected.document("kms.key", "own");
    assert_eq!(collected.why(&key.manager).class, ErrorClass::Malformed);
    assert_eq!(collected.why(&key.origin).class, ErrorClass::Malformed);
    let collected = collect(&but("GetKeyRotationStatus", ok("{}"))).await;
    let key: Key = collected.document("kms.key", "own");
    assert_eq!(collected.why(&key.rotation).class, ErrorClass::Malformed);
    for body in ["{}", "{\"Policy\":\"no policy\"}"] {
        let collected = collect(&but("GetKeyPolicy", ok(body))).await;
        let key: Key = collected.document("kms.key", "own");
        assert_eq!(collected.why(&key.policy).class, ErrorClass::Malformed, "{body}");
    }
    for body in ["{}", "{\"Grants\":[{}]}", "{\"Grants\":[],\"Truncated\":true}"] {
        let collected = collect(&but("ListGrants", ok(body))).await;
        let key: Key = collected.document("kms.key", "own");
        assert_eq!(collected.why(&key.grants).class, ErrorClass::Malformed, "{body}");
    }
}

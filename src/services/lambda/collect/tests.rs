//! The collector of functions, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::lambda::{Function, LIST_FUNCTIONS};
use serde_json::json;

const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:shop";
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// The operation behind a request.
fn operation(request: &Request) -> &'static str {
    let path = request.path.as_str();
    match path {
        "/2015-03-31/functions" | "/2015-03-31/functions/" => "ListFunctions",
        _ if path.ends_with("/policy") => "GetPolicy",
        _ if path.ends_with("/urls") => "ListFunctionUrlConfigs",
        _ => "other",
    }
}

/// One function with two URLs in eu-west-1, nothing elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let body = match operation(request) {
        "ListFunctions" if request.region() != "eu-west-1" => json!({ "Functions": [] }),
        "ListFunctions" => json!({ "Functions": [{
            "FunctionName": "shop", "FunctionArn": ARN, "Runtime": "nodejs99.x", "CodeSize": 1,
            "PackageType": "Zip",
            "VpcConfig": { "SubnetIds": ["subnet-1"], "SecurityGroupIds": [], "VpcId": "vpc-1" },
            "Environment": { "Variables": {
                "DB_PASSWORD": "geheim-7Hq2x9", "STAGE": "prod",
            }},
        }], "NextMarker": "" }),
        "GetPolicy" => json!({ "Policy": POLICY, "RevisionId": "1" }),
        "ListFunctionUrlConfigs" => json!({ "FunctionUrlConfigs": [
            {
                "FunctionUrl": "https://a", "FunctionArn": ARN, "AuthType": "AWS_IAM",
                "CreationTime": "2026", "LastModifiedTime": "2026",
            },
            {
                "FunctionUrl": "https://b", "FunctionArn": format!("{ARN}:live"),
                "AuthType": "NONE", "CreationTime": "2026", "LastModifiedTime": "2026",
            },
        ]}),
        _ => return None,
    };
    Some(ok(&body.to_string()))
}

fn but(changed: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if operation(request) == changed { Some(answer.clone()) } else { full(request) }
        },
    )
}

async fn collect(wire: &Wire) -> Collected {
    let plan = Plan::everything([Function::resource_type()]);
    wire.collect(plan, &["eu-west-1", "us-east-1"]).await
}

fn shop(collected: &Collected) -> Function {
    collected.document("lambda.function", "shop")
}

#[tokio::test]
async fn a_function_is_read_and_its_environment_searched() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("lambda.function", "us-east-1").is_empty());
    assert_eq!(collected.resource("lambda.function", "shop").arn.as_ref(), ARN);
    let function = shop(&collected);
    assert_eq!(known(function.runtime), "nodejs99.x", "kept as it is");
    assert_eq!(known(function.vpc_config).subnet_ids, ["subnet-1"]);
    let secrets = known(function.environment).secrets;
    let places: Vec<_> = secrets.iter().map(|secret| secret.place.as_str()).collect();
    assert_eq!(places, ["variable DB_PASSWORD"]);
    assert!(!format!("{secrets:?}").contains("geheim"), "{secrets:?}");
    assert_eq!(known(function.policy), POLICY);
    let urls = known(function.urls);
    let told: Vec<_> = urls.iter().map(|url| (url.url.as_str(), &*url.auth_type)).collect();
    assert_eq!(told, [("https://a", "AWS_IAM"), ("https://b", "NONE")]);
    assert_eq!(urls.first().unwrap().policy, Fact::Absent);
    assert_eq!(known(urls.last().unwrap().policy.clone()), POLICY);
    // GetCallerIdentity; a list in each region; policy, URLs and the alias's policy.
    assert_eq!(wire.requests().len(), 1 + 2 + 3);
    let alias = wire.requests().into_iter().find(|r| r.parameter("Qualifier").is_some()).unwrap();
    assert_eq!(alias.parameter("Qualifier"), Some("live"));
}

#[tokio::test]
async fn all_pages_are_read_and_circles_noticed() {
    let page = |name: &str, next: &str| {
        let arn = format!("arn:aws:lambda:eu-west-1:123456789012:function:{name}");
        let function = json!({ "FunctionName": name, "FunctionArn": arn, "CodeSize": 1 });
        ok(&json!({ "Functions": [function], "NextMarker": next }).to_string())
    };
    let wire = Wire::start(move |request| match operation(request) {
        "ListFunctions" if request.parameter("Marker").is_none() => Some(page("one", "m")),
        "ListFunctions" => Some(page("two", "")),
        _ => full(request),
    });
    let plan = Plan::everything([Function::resource_type()]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("lambda.function"), ["one", "two"]);
    let function: Function = collected.document("lambda.function", "one");
    assert_eq!((function.runtime, function.environment), (Fact::Absent, Fact::Absent));

    let circle = but("ListFunctions", ok("{\"Functions\":[],\"NextMarker\":\"m\"}"));
    let missing = collect(&circle).await;
    let missing = missing.missing("lambda.function", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);
}

#[tokio::test]
async fn answers_that_say_there_is_none_and_refusals() {
    let none = || json_error(404, "ResourceNotFoundException", "no");
    let function = shop(&collect(&but("GetPolicy", none())).await);
    assert_eq!(function.policy, Fact::Absent);
    let collected = collect(&but("ListFunctionUrlConfigs", none())).await;
    assert!(collected.ids("lambda.function").is_empty(), "deleted since it was listed");
    assert!(collected.gaps.is_empty());

    let denied = || json_error(403, "AccessDeniedException", "no");
    let collected = collect(&but("ListFunctions", denied())).await;
    let missing = collected.missing("lambda.function", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let collected = collect(&but("GetPolicy", denied())).await;
    let function = shop(&collected);
    assert_eq!(collected.why(&function.policy).resource.as_deref(), Some(ARN));
    collected.why(&known(function.urls).last().unwrap().policy);
    let collected = collect(&but("ListFunctionUrlConfigs", denied())).await;
    collected.why(&shop(&collected).urls);
}

#[tokio::test]
async fn what_cannot_be_decrypted_was_not_searched() {
    let body = json!({ "Functions": [{ "FunctionName": "shop", "FunctionArn": ARN, "CodeSize": 1,
        "Environment": { "Error": {
            "ErrorCode": "AccessDeniedException", "Message": "KMS refused",
        }},
    }]});
    let wire = but("ListFunctions", ok(&body.to_string()));
    let plan = Plan::everything([Function::resource_type()]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    let gap = collected.why(&shop(&collected).environment).clone();
    assert_eq!((gap.class, gap.resource.as_deref()), (ErrorClass::Other, Some(ARN)));
    assert!(gap.message.ends_with("KMS refused"), "{}", gap.message);
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    for body in ["{}", "{\"Functions\":[{\"FunctionName\":\"shop\",\"CodeSize\":1}]}"] {
        let collected = collect(&but("ListFunctions", ok(body))).await;
        let missing = collected.missing("lambda.function", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    for body in ["{}", "{\"FunctionUrlConfigs\":[{\"FunctionUrl\":\"https://a\"}]}"] {
        let collected = collect(&but("ListFunctionUrlConfigs", ok(body))).await;
        assert_eq!(collected.why(&shop(&collected).urls).class, ErrorClass::Malformed, "{body}");
    }
}

#[tokio::test]
async fn only_what_is_read_is_asked() {
    let wire = Wire::start(full);
    let plan = Plan::new([Function::resource_type()], [&LIST_FUNCTIONS]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("lambda.function"), ["shop"]);
    assert_eq!(wire.requests().len(), 1 + 1);
}

//! The collector of stages, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact, Value};
use crate::services::apigateway::{RestStage, Stage};
use serde_json::json;

/// Which operation a path is.
fn operation(request: &Request) -> &'static str {
    match request.path.as_str() {
        "/restapis" => "GetRestApis",
        "/v2/apis" => "GetApis",
        path if path.starts_with("/restapis/") => "GetRestStages",
        path if path.starts_with("/v2/apis/") => "GetStages",
        _ => "",
    }
}

/// Two APIs of each kind in eu-west-1, none elsewhere. What the CLI calls `items`
/// comes as `item` from the older API.
fn full(request: &Request) -> Option<Answer> {
    let here = request.region() == "eu-west-1";
    let first = request.parameter("position").or(request.parameter("nextToken")).is_none();
    Some(match operation(request) {
        "GetRestApis" if !here => ok("{\"item\":[]}"),
        "GetRestApis" if first => ok("{\"item\":[{\"id\":\"r1\"}],\"position\":\"2\"}"),
        "GetRestApis" => ok("{\"item\":[{\"id\":\"r2\"}]}"),
        "GetRestStages" if request.path.contains("r1") => ok(&json!({ "item": [{
            "stageName": "prod",
            "methodSettings": { "*/*": { "loggingLevel": "INFO", "metricsEnabled": true } },
            "tags": { "team": "web" },
        }, { "stageName": "dev" }]})
        .to_string()),
        "GetRestStages" => ok("{\"item\":[]}"),
        "GetApis" if !here => ok("{\"items\":[]}"),
        "GetApis" if first => ok("{\"items\":[{\"apiId\":\"h1\"}],\"nextToken\":\"2\"}"),
        "GetApis" => ok("{\"items\":[{\"apiId\":\"h2\"}]}"),
        "GetStages" if request.path.contains("h1") && first => ok(&json!({
            "items": [{
                "stageName": "$default",
                "accessLogSettings": { "destinationArn": "arn:aws:logs:x", "format": "x" },
                "tags": { "team": "web" },
            }],
            "nextToken": "2",
        })
        .to_string()),
        "GetStages" if request.path.contains("h1") => ok("{\"items\":[{\"stageName\":\"dev\"}]}"),
        "GetStages" => ok("{\"items\":[]}"),
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    let types = [RestStage::resource_type(), Stage::resource_type()];
    wire.collect(Plan::everything(types), &["eu-west-1", "us-east-1"]).await
}

fn but(name: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if operation(request) == name { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn stages_of_all_apis_are_read() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    for kind in ["apigateway.rest-stage", "apigateway.stage"] {
        assert!(collected.missing(kind, "us-east-1").is_empty());
    }
    assert_eq!(collected.ids("apigateway.rest-stage"), ["r1/dev", "r1/prod"]);
    let resource = collected.resource("apigateway.rest-stage", "r1/prod");
    assert_eq!(resource.arn.as_ref(), "arn:aws:apigateway:eu-west-1::/restapis/r1/stages/prod");
    let Value::Map(tags) = &resource.tags else { panic!("{:?}", resource.tags) };
    assert_eq!(tags.get("team"), Some(&Value::text("web")));
    let stage: RestStage = collected.document("apigateway.rest-stage", "r1/prod");
    let settings = known(stage.method_settings);
    assert_eq!(settings.get("*/*").unwrap().logging_level.as_deref(), Some("INFO"));
    let stage: RestStage = collected.document("apigateway.rest-stage", "r1/dev");
    assert_eq!(stage.method_settings, Fact::Absent);
    assert_eq!(collected.ids("apigateway.stage"), ["h1/$default", "h1/dev"]);
    let resource = collected.resource("apigateway.stage", "h1/$default");
    assert_eq!(resource.arn.as_ref(), "arn:aws:apigateway:eu-west-1::/apis/h1/stages/$default");
    let stage: Stage = collected.document("apigateway.stage", "h1/$default");
    assert_eq!(known(stage.access_log).destination.as_deref(), Some("arn:aws:logs:x"));
    let stage: Stage = collected.document("apigateway.stage", "h1/dev");
    assert_eq!(stage.access_log, Fact::Absent);
    // GetCallerIdentity; of each list of APIs three pages; two lists of stages of
    // the older kind, and three pages of the newer.
    assert_eq!(wire.requests().len(), 1 + 2 * 3 + 2 + 3);
    for request in wire.requests() {
        match operation(&request) {
            "GetRestApis" => assert_eq!(request.parameter("limit"), Some("500")),
            "GetApis" | "GetStages" => assert_eq!(request.parameter("maxResults"), Some("100")),
            _ => {}
        }
    }
}

#[tokio::test]
async fn refusals_hide_stages() {
    for (operation, kind) in [
        ("GetRestApis", "apigateway.rest-stage"),
        ("GetRestStages", "apigateway.rest-stage"),
        ("GetApis", "apigateway.stage"),
        ("GetStages", "apigateway.stage"),
    ] {
        let refused = json_error(403, "AccessDeniedException", "not authorized to perform");
        let collected = collect(&but(operation, refused)).await;
        let missing = collected.missing(kind, "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied, "{operation}");
        let gone = json_error(404, "NotFoundException", "Invalid API identifier specified");
        let collected = collect(&but(operation, gone)).await;
        let missing = collected.missing(kind, "eu-west-1");
        assert_eq!(missing.is_empty(), operation.ends_with("Stages"), "{operation}");
        let circle = "{\"items\":[],\"item\":[],\"position\":\"x\",\"nextToken\":\"x\"}";
        for body in ["{}", "{\"items\":[{}],\"item\":[{}]}", circle] {
            // That list has no pages.
            if operation == "GetRestStages" && body == circle {
                continue;
            }
            let collected = collect(&but(operation, ok(body))).await;
            let missing = collected.missing(kind, "eu-west-1");
            let classes: Vec<ErrorClass> = missing.iter().map(|gap| gap.class).collect();
            assert!(classes.contains(&ErrorClass::Malformed), "{operation} {body} {classes:?}");
        }
    }
}

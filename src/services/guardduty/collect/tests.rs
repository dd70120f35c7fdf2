//! The collector of detectors, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact, Value};
use crate::services::guardduty::Detector;
use serde_json::json;

const ARN: &str = "arn:aws:guardduty:eu-west-1:123456789012:detector/one";

/// One detector in eu-west-1, none elsewhere.
fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "ListDetectors" if request.region() == "eu-west-1" => {
            ok("{\"detectorIds\":[\"one\"],\"nextToken\":\"\"}")
        }
        "ListDetectors" => ok("{\"detectorIds\":[]}"),
        "GetDetector" => ok(&json!({
            "createdAt": "2026-01-01T00:00:00.000Z",
            "serviceRole": "arn:aws:iam::123456789012:role/aws-service-role/guardduty",
            "status": "SUSPENDED",
            "tags": { "team": "security" },
            "features": [
                { "name": "S3_DATA_EVENTS", "status": "ENABLED", "updatedAt": 1_700_000_000 },
                { "name": "NEW_THING", "status": "PAUSED" },
                { "name": "RUNTIME_MONITORING", "status": "ENABLED", "additionalConfiguration": [
                    { "name": "EC2_AGENT_MANAGEMENT", "status": "DISABLED" },
                ]},
            ],
        })
        .to_string()),
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    let plan = Plan::everything([Detector::resource_type()]);
    wire.collect(plan, &["eu-west-1", "us-east-1"]).await
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn a_detector_is_read_with_its_features_and_tags() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("guardduty.detector", "us-east-1").is_empty());
    assert_eq!(collected.ids("guardduty.detector"), ["one"]);
    let resource = collected.resource("guardduty.detector", "one");
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (ARN, "eu-west-1"));
    let Value::Map(tags) = &resource.tags else { panic!("{:?}", resource.tags) };
    assert_eq!(tags.get("team"), Some(&Value::text("security")));
    let detector: Detector = collected.document("guardduty.detector", "one");
    assert_eq!(known(detector.status), "SUSPENDED", "kept as it is");
    let features = known(detector.features);
    let named: Vec<_> =
        features.iter().map(|feature| (feature.name.as_str(), feature.status.as_str())).collect();
    assert_eq!(
        named,
        [("S3_DATA_EVENTS", "ENABLED"), ("NEW_THING", "PAUSED"), ("RUNTIME_MONITORING", "ENABLED")]
    );
    let parts = features.last().unwrap().additional.as_ref().unwrap();
    let part = parts.first().unwrap();
    assert_eq!((part.name.as_str(), part.status.as_str()), ("EC2_AGENT_MANAGEMENT", "DISABLED"));
    assert_eq!(features.first().unwrap().additional, None);
    // GetCallerIdentity, a list in each region, one detector.
    assert_eq!(wire.requests().len(), 1 + 2 + 1);
    let list = wire.requests().into_iter().find(|r| r.operation() == "ListDetectors").unwrap();
    assert_eq!(list.parameter("maxResults"), Some("50"));
}

#[tokio::test]
async fn all_pages_are_read() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "ListDetectors" if request.parameter("nextToken").is_none() => {
            Some(ok("{\"detectorIds\":[\"one\"],\"nextToken\":\"n\"}"))
        }
        "ListDetectors" => Some(ok("{\"detectorIds\":[\"two\"]}")),
        _ => full(request),
    });
    let plan = Plan::everything([Detector::resource_type()]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("guardduty.detector"), ["one", "two"]);

    let circle = but("ListDetectors", ok("{\"detectorIds\":[],\"nextToken\":\"n\"}"));
    let collected = collect(&circle).await;
    let missing = collected.missing("guardduty.detector", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);
}

#[tokio::test]
async fn refusals_hide_the_list_or_the_detector() {
    for (code, status, class) in [
        ("AccessDeniedException", 403, ErrorClass::AccessDenied),
        ("BadRequestException", 400, ErrorClass::Other),
        ("TooManyRequestsException", 429, ErrorClass::Throttled),
        ("InternalServerErrorException", 500, ErrorClass::ServerError),
    ] {
        let collected = collect(&but("ListDetectors", json_error(status, code, "no"))).await;
        for region in ["eu-west-1", "us-east-1"] {
            let missing = collected.missing("guardduty.detector", region);
            let told: Vec<_> = missing.iter().map(|gap| (gap.class, gap.region.as_str())).collect();
            assert_eq!(told, [(class, region)]);
        }
        let collected = collect(&but("GetDetector", json_error(status, code, "no"))).await;
        assert!(collected.missing("guardduty.detector", "eu-west-1").is_empty());
        let detector: Detector = collected.document("guardduty.detector", "one");
        let gap = collected.why(&detector.status);
        assert_eq!((gap.class, gap.resource.as_deref()), (class, Some(ARN)));
        assert_eq!(collected.why(&detector.features), gap);
        let resource = collected.resource("guardduty.detector", "one");
        assert!(matches!(resource.tags, Value::Unknown(_)));
    }
}

#[tokio::test]
async fn a_detector_that_is_gone_is_left_out() {
    let message =
        "The request is rejected because the input detectorId is not owned by the current account.";
    let collected =
        collect(&but("GetDetector", json_error(400, "BadRequestException", message))).await;
    assert!(collected.ids("guardduty.detector").is_empty());
    assert!(collected.gaps.is_empty());
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    let collected = collect(&but("ListDetectors", ok("{}"))).await;
    let missing = collected.missing("guardduty.detector", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);

    let collected = collect(&but("GetDetector", ok("{\"status\":\"ENABLED\"}"))).await;
    let detector: Detector = collected.document("guardduty.detector", "one");
    assert_eq!(detector.status, Fact::Known("ENABLED".to_owned()));
    assert_eq!(collected.why(&detector.features).class, ErrorClass::Malformed);

    for feature in [
        "{\"name\":\"X\"}",
        "{\"status\":\"ENABLED\"}",
        "{\"name\":\"X\",\"status\":\"ENABLED\",\"additionalConfiguration\":[{\"name\":\"Y\"}]}",
    ] {
        let body = format!("{{\"features\":[{feature}]}}");
        let collected = collect(&but("GetDetector", ok(&body))).await;
        let detector: Detector = collected.document("guardduty.detector", "one");
        assert_eq!(collected.why(&detector.features).class, ErrorClass::Malformed, "{feature}");
        assert_eq!(collected.why(&detector.status).class, ErrorClass::Malformed);
    }
}

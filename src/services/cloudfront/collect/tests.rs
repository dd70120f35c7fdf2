//! The collector of distributions, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok, query_error};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL};
use crate::services::cloudfront::Distribution;
use serde_json::json;

const ARN: &str = "arn:aws:cloudfront::123456789012:distribution/";

/// Which operation a request is.
fn operation(request: &Request) -> String {
    match request.path.as_str() {
        "/2020-05-31/distribution" => "ListDistributions".to_owned(),
        path if path.ends_with("/config") => "GetDistributionConfig".to_owned(),
        _ => request.operation(),
    }
}

fn list(ids: &[&str], next: &str) -> Answer {
    let item = |id: &&str| {
        format!("<DistributionSummary><Id>{id}</Id><ARN>{ARN}{id}</ARN></DistributionSummary>")
    };
    let items: String = ids.iter().map(item).collect();
    let items = if items.is_empty() { items } else { format!("<Items>{items}</Items>") };
    let truncated = !next.is_empty();
    ok(&format!(
        "<DistributionList><Marker></Marker>{next}<MaxItems>100</MaxItems>\
         <IsTruncated>{truncated}</IsTruncated><Quantity>1</Quantity>{items}</DistributionList>"
    ))
}

/// Three distributions on two pages: one that logs the older way, one that logs
/// the newer way, one that does not.
fn full(request: &Request) -> Option<Answer> {
    let later = request.body.contains("nextToken");
    Some(match operation(request).as_str() {
        "ListDistributions" if request.parameter("Marker").is_none() => {
            list(&["OLD", "NEW"], "<NextMarker>2</NextMarker>")
        }
        "ListDistributions" => list(&["NONE"], ""),
        "GetDistributionConfig" => {
            let on = request.path.contains("OLD");
            let bucket = if on { "logs.s3.amazonaws.com" } else { "" };
            ok(&format!(
                "<DistributionConfig><CallerReference>x</CallerReference><Logging>\
                 <Enabled>{on}</Enabled><IncludeCookies>false</IncludeCookies>\
                 <Bucket>{bucket}</Bucket><Prefix></Prefix></Logging></DistributionConfig>"
            ))
        }
        "DescribeDeliverySources" if !later => ok(&json!({
            "deliverySources": [
                { "name": "web", "logType": "ACCESS_LOGS", "service": "cloudfront", "resourceArns": [format!("{ARN}NEW")] },
                { "name": "idle", "logType": "ACCESS_LOGS", "service": "cloudfront", "resourceArns": [format!("{ARN}NONE")] },
            ],
            "nextToken": "2",
        })
        .to_string()),
        "DescribeDeliverySources" => ok(&json!({ "deliverySources": [
            { "name": "other", "logType": "CONNECTION_LOGS", "resourceArns": [format!("{ARN}NONE")] },
        ]})
        .to_string()),
        "DescribeDeliveries" if !later => ok(&json!({
            "deliveries": [{ "id": "d1", "deliverySourceName": "web" }],
            "nextToken": "2",
        })
        .to_string()),
        "DescribeDeliveries" => {
            ok(&json!({ "deliveries": [{ "id": "d2", "deliverySourceName": "other" }] }).to_string())
        }
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Distribution::resource_type()]), &["eu-west-1"]).await
}

fn but(name: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if operation(request) == name { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn distributions_are_read_with_both_kinds_of_logs() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("cloudfront.distribution", GLOBAL).is_empty());
    assert_eq!(collected.ids("cloudfront.distribution"), ["NEW", "NONE", "OLD"]);
    let read = |id: &str| {
        let distribution: Distribution = collected.document("cloudfront.distribution", id);
        let logging = known(distribution.logging);
        (logging.enabled, logging.bucket, known(distribution.deliveries))
    };
    assert_eq!(read("OLD"), (true, Some("logs.s3.amazonaws.com".to_owned()), Vec::new()));
    assert_eq!(read("NEW"), (false, None, vec!["d1".to_owned()]));
    assert_eq!(read("NONE"), (false, None, Vec::new()));
    let resource = collected.resource("cloudfront.distribution", "OLD");
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (&*format!("{ARN}OLD"), GLOBAL));
    // GetCallerIdentity, two pages of distributions, one call for each of the three,
    // two pages of sources and of deliveries.
    assert_eq!(wire.requests().len(), 1 + 2 + 3 + 2 + 2);
    for request in wire.requests() {
        match operation(&request).as_str() {
            "ListDistributions" => assert_eq!(request.parameter("MaxItems"), Some("100")),
            "DescribeDeliverySources" | "DescribeDeliveries" => {
                assert_eq!(request.region(), "us-east-1");
                assert!(request.body.contains("\"limit\":50"), "{}", request.body);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn without_distributions_nothing_more_is_asked() {
    let wire = but("ListDistributions", list(&[], ""));
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty());
    assert_eq!(wire.requests().len(), 1 + 1);
}

#[tokio::test]
async fn what_is_refused_gone_or_malformed() {
    let refused = || query_error(403, "AccessDenied", "not authorized to perform");
    let collected = collect(&but("ListDistributions", refused())).await;
    let missing = collected.missing("cloudfront.distribution", GLOBAL);
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let collected = collect(&but("GetDistributionConfig", refused())).await;
    let distribution: Distribution = collected.document("cloudfront.distribution", "OLD");
    assert_eq!(collected.why(&distribution.logging).class, ErrorClass::AccessDenied);
    assert_eq!(distribution.deliveries, Fact::Known(Vec::new()));
    for operation in ["DescribeDeliverySources", "DescribeDeliveries"] {
        for (answer, class) in [
            (json_error(400, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
            (ok("{}"), ErrorClass::Malformed),
            (
                ok("{\"deliverySources\":[],\"deliveries\":[],\"nextToken\":\"x\"}"),
                ErrorClass::Malformed,
            ),
        ] {
            let collected = collect(&but(operation, answer)).await;
            let distribution: Distribution = collected.document("cloudfront.distribution", "NEW");
            assert_eq!(collected.why(&distribution.deliveries).class, class, "{operation}");
        }
    }
    let gone = query_error(404, "NoSuchDistribution", "The specified distribution does not exist.");
    let collected = collect(&but("GetDistributionConfig", gone)).await;
    assert!(collected.ids("cloudfront.distribution").is_empty());
    assert!(collected.gaps.is_empty());
    let nowhere = list(&[], "<NextMarker></NextMarker>");
    for answer in [ok("<DistributionList></DistributionList>"), list(&[""], ""), nowhere] {
        let collected = collect(&but("ListDistributions", answer)).await;
        let missing = collected.missing("cloudfront.distribution", GLOBAL);
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);
    }
}

//! The collector of DAX, at the wire.
#![expect(clippy::indexing_slicing, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::dax::Cluster;
use serde_json::{Value, json};

const HERE: &str = "eu-west-1";

fn cluster(name: &str) -> Value {
    let arn = format!("arn:aws:dax:eu-west-1:123456789012:cache/{name}");
    json!({
        "ClusterName": name,
        "ClusterArn": arn,
        "SSEDescription": { "Status": "ENABLED" },
        "ClusterEndpointEncryptionType": "TLS",
    })
}

fn page(clusters: &[Value], next: Option<&str>) -> Answer {
    ok(&json!({ "Clusters": clusters, "NextToken": next }).to_string())
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Cluster::resource_type()]), &[HERE]).await
}

fn all(answer: Answer) -> Wire {
    Wire::start(move |request| (request.operation() == "DescribeClusters").then(|| answer.clone()))
}

#[tokio::test]
async fn all_pages_are_read() {
    let wire = Wire::start(|request| {
        (request.operation() == "DescribeClusters").then(|| {
            let first = !request.body.contains("NextToken");
            if first { page(&[cluster("a")], Some("n")) } else { page(&[cluster("b")], None) }
        })
    });
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert_eq!(collected.ids("dax.cluster"), ["a", "b"]);
    let it: Cluster = collected.document("dax.cluster", "a");
    assert_eq!(known(it.sse).status.as_deref(), Some("ENABLED"));
    assert_eq!(known(it.endpoint_encryption), "TLS");
    assert!(wire.requests()[1].body.contains("\"MaxResults\":100"));
}

#[tokio::test]
async fn a_region_without_dax_has_no_clusters() {
    let answer = |message| json_error(400, "InvalidParameterValueException", message);
    let collected = collect(&all(answer("Access Denied to API Version: DAX_V3"))).await;
    assert!(collected.resources.is_empty() && collected.gaps.is_empty());
    assert!(collected.missing("dax.cluster", HERE).is_empty());
    let collected = collect(&all(answer("something else"))).await;
    assert_eq!(collected.missing("dax.cluster", HERE)[0].class, ErrorClass::Other);
}

#[tokio::test]
async fn a_list_that_is_refused_or_malformed_is_no_empty_list() {
    let nameless = json!({ "ClusterArn": "arn:x" });
    for (answer, class) in [
        (json_error(400, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
        (ok("{}"), ErrorClass::Malformed),
        (page(&[nameless], None), ErrorClass::Malformed),
        (page(&[], Some("n")), ErrorClass::Malformed),
    ] {
        let collected = collect(&all(answer)).await;
        assert!(collected.resources.is_empty());
        assert_eq!(collected.missing("dax.cluster", HERE)[0].class, class);
    }
    let bare = json!({ "ClusterName": "a", "ClusterArn": "arn:a" });
    let it: Cluster = collect(&all(page(&[bare], None))).await.document("dax.cluster", "a");
    assert_eq!((it.sse, it.endpoint_encryption), (Fact::Absent, Fact::Absent));
}

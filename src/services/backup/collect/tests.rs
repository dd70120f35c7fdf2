//! The collector of AWS Backup, at the wire.
#![expect(clippy::indexing_slicing, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::backup::ProtectedResource;
use serde_json::json;

const HERE: &str = "eu-west-1";
const KIND: &str = "backup.protected-resource";

fn page(arns: &[&str], next: Option<&str>) -> Answer {
    let results: Vec<_> = arns
        .iter()
        .map(|arn| json!({ "ResourceArn": arn, "ResourceType": "RDS", "LastBackupTime": 1_767_225_600 }))
        .collect();
    ok(&json!({ "Results": results, "NextToken": next }).to_string())
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([ProtectedResource::resource_type()]), &[HERE]).await
}

#[tokio::test]
async fn all_pages_are_read() {
    let wire =
        Wire::start(|request| match (request.path.as_str(), request.parameter("nextToken")) {
            ("/resources" | "/resources/", None) => Some(page(&["arn:a"], Some("n"))),
            ("/resources" | "/resources/", Some("n")) => Some(page(&["arn:b"], None)),
            _ => None,
        });
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing(KIND, HERE).is_empty());
    assert_eq!(collected.ids(KIND), ["arn:a", "arn:b"]);
    let resource = collected.resource(KIND, "arn:a");
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), ("arn:a", HERE));
    let it: ProtectedResource = collected.document(KIND, "arn:a");
    assert_eq!(known(it.last_backup_time).to_string(), "2026-01-01T00:00:00Z");
    let asked = wire.requests();
    assert_eq!(asked[1].parameter("maxResults"), Some("1000"));
}

#[tokio::test]
async fn a_list_that_is_refused_or_malformed_is_no_empty_list() {
    for (answer, class) in [
        (json_error(403, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
        (ok("{}"), ErrorClass::Malformed),
        (ok("{\"Results\":[{\"ResourceType\":\"RDS\"}]}"), ErrorClass::Malformed),
        (page(&[], Some("n")), ErrorClass::Malformed),
    ] {
        let wire = Wire::start(move |request| {
            request.path.starts_with("/resources").then(|| answer.clone())
        });
        let collected = collect(&wire).await;
        assert!(collected.resources.is_empty());
        assert_eq!(collected.missing(KIND, HERE)[0].class, class);
    }
    let wire = Wire::start(|request| {
        let one = "{\"Results\":[{\"ResourceArn\":\"arn:a\"}]}";
        request.path.starts_with("/resources").then(|| ok(one))
    });
    let it: ProtectedResource = collect(&wire).await.document(KIND, "arn:a");
    assert_eq!(it.last_backup_time, Fact::Absent);
}

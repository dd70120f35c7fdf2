//! The collector of Systems Manager, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact, Value};
use crate::services::Decided;
use crate::services::ssm::{ManagedInstance, SsmDocument};
use serde_json::json;

const HERE: &str = "eu-west-1";
const NODE: &str = "ssm.managed-instance";
const DOCUMENT: &str = "ssm.document";

fn of(value: &serde_json::Value) -> Answer {
    ok(&value.to_string())
}

fn node(id: &str) -> serde_json::Value {
    json!({
        "InstanceId": id, "PingStatus": "Online", "AgentVersion": "3.3.1.0",
        "IsLatestVersion": true, "PlatformType": "Linux", "ResourceType": "EC2Instance",
        "IPAddress": "10.0.0.7", "ComputerName": "host",
    })
}

fn state(id: &str) -> serde_json::Value {
    json!({
        "InstanceId": id, "PatchGroup": "", "BaselineId": "pb-1", "Operation": "Scan",
        "OperationStartTime": 1_700_000_000, "OperationEndTime": 1_700_000_100,
        "MissingCount": 2, "CriticalNonCompliantCount": 1, "SecurityNonCompliantCount": 0,
        "InstalledPendingRebootCount": 3,
    })
}

fn summary(id: &str, kind: &str, status: &str) -> serde_json::Value {
    json!({
        "ComplianceType": kind, "ResourceType": "ManagedInstance", "ResourceId": id,
        "Status": status, "OverallSeverity": "CRITICAL",
    })
}

/// Two pages of everything in eu-west-1, nothing elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let here = request.region() == HERE;
    let goes_on = request.body.contains("\"NextToken\"");
    Some(match (request.operation().as_str(), goes_on) {
        ("DescribeInstanceInformation", _) if !here => {
            of(&json!({ "InstanceInformationList": [] }))
        }
        ("DescribeInstanceInformation", false) => {
            of(&json!({ "InstanceInformationList": [node("i-1")], "NextToken": "2" }))
        }
        ("DescribeInstanceInformation", true) => {
            of(&json!({ "InstanceInformationList": [node("mi-2")] }))
        }
        ("DescribeInstancePatchStates", _) if request.body.contains("\"i-1\"") => {
            of(&json!({ "InstancePatchStates": [state("i-1")] }))
        }
        ("DescribeInstancePatchStates", _) => of(&json!({ "InstancePatchStates": [] })),
        ("ListResourceComplianceSummaries", false) => of(&json!({
            "ResourceComplianceSummaryItems": [
                summary("i-1", "Patch", "NON_COMPLIANT"),
                summary("i-1", "Custom:Own", "NON_COMPLIANT"),
            ],
            "NextToken": "2",
        })),
        ("ListResourceComplianceSummaries", true) => of(&json!({
            "ResourceComplianceSummaryItems": [summary("i-1", "Association", "COMPLIANT")],
        })),
        ("ListDocuments", _) if !here => of(&json!({ "DocumentIdentifiers": [] })),
        ("ListDocuments", false) => of(&json!({
            "DocumentIdentifiers": [{
                "Name": "install", "DocumentType": "Command",
                "Tags": [{ "Key": "team", "Value": "shop" }],
            }],
            "NextToken": "2",
        })),
        ("ListDocuments", true) => of(&json!({ "DocumentIdentifiers": [{ "Name": "other" }] })),
        ("DescribeDocumentPermission", false) if request.body.contains("\"install\"") => {
            of(&json!({ "AccountIds": ["123456789012"], "NextToken": "2" }))
        }
        ("DescribeDocumentPermission", true) => of(&json!({ "AccountIds": ["all"] })),
        ("DescribeDocumentPermission", false) => of(&json!({ "AccountIds": [] })),
        _ => return None,
    })
}

fn nodes() -> Plan {
    Plan::everything([ManagedInstance::resource_type()])
}

fn documents() -> Plan {
    Plan::everything([SsmDocument::resource_type()])
}

async fn but(operation: &'static str, answer: Answer, plan: Plan) -> Collected {
    let wire = Wire::start(move |request| {
        if request.operation() == operation { Some(answer.clone()) } else { full(request) }
    });
    wire.collect(plan, &[HERE]).await
}

#[tokio::test]
async fn nodes_are_read_with_their_patches_and_their_compliance() {
    let wire = Wire::start(full);
    let collected = wire.collect(nodes(), &[HERE, "us-east-1"]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing(NODE, "us-east-1").is_empty());
    assert_eq!(collected.ids(NODE), ["i-1", "mi-2"]);
    let arn = |id: &str| collected.resource(NODE, id).arn.to_string();
    assert_eq!(arn("i-1"), "arn:aws:ec2:eu-west-1:123456789012:instance/i-1");
    assert_eq!(arn("mi-2"), "arn:aws:ssm:eu-west-1:123456789012:managed-instance/mi-2");
    let node: ManagedInstance = collected.document(NODE, "i-1");
    assert_eq!(known(node.ping_status), "Online");
    assert!(known(node.is_latest_version));
    let state = known(node.patch_state);
    assert_eq!((state.critical, state.security), (Decided::Known(1), Decided::Known(0)));
    assert_eq!(state.pending_reboot, Decided::Known(3));
    assert_eq!(state.operation_end_time.to_string(), "2023-11-14T22:15:00Z");
    let summaries = known(node.summaries);
    let told: Vec<_> = summaries.iter().map(|s| (s.kind.as_str(), s.status.as_str())).collect();
    assert_eq!(told, [("Patch", "NON_COMPLIANT"), ("Association", "COMPLIANT")], "no custom ones");
    let other: ManagedInstance = collected.document(NODE, "mi-2");
    assert_eq!(other.patch_state, Fact::Absent, "never patched");
    assert_eq!(known(other.summaries), []);
    // The session; two pages of nodes, patches for each, two pages of summaries; one empty list.
    assert_eq!(wire.requests().len(), 1 + 2 + 2 + 2 + 1);
    let first =
        wire.requests().into_iter().find(|r| r.operation() == "DescribeInstanceInformation");
    assert!(first.unwrap().body.contains("\"MaxResults\":50"));
}

#[tokio::test]
async fn each_refusal_hides_its_part() {
    let denied = || json_error(400, "AccessDeniedException", "User: x is not authorized");
    let collected = but("DescribeInstanceInformation", denied(), nodes()).await;
    assert!(collected.resources.is_empty());
    let missing = collected.missing(NODE, HERE);
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);

    let collected = but("DescribeInstancePatchStates", denied(), nodes()).await;
    let node: ManagedInstance = collected.document(NODE, "i-1");
    let gap = collected.why(&node.patch_state);
    assert_eq!(gap.iam_action, "ssm:DescribeInstancePatchStates");
    assert_eq!(known(node.summaries).len(), 2);

    let collected = but("ListResourceComplianceSummaries", denied(), nodes()).await;
    let node: ManagedInstance = collected.document(NODE, "mi-2");
    let gap = collected.why(&node.summaries);
    assert_eq!(gap.iam_action, "ssm:ListResourceComplianceSummaries");
    assert_eq!(node.patch_state, Fact::Absent);
}

#[tokio::test]
async fn a_list_that_breaks_half_way_is_not_whole() {
    let wire = Wire::start(|request| {
        let goes_on = request.body.contains("\"NextToken\"");
        match request.operation().as_str() {
            "DescribeInstanceInformation" | "ListDocuments" if goes_on => {
                Some(json_error(500, "InternalServerError", "no"))
            }
            _ => full(request),
        }
    });
    for (plan, kind, id) in [(nodes(), NODE, "i-1"), (documents(), DOCUMENT, "install")] {
        let collected = wire.collect(plan, &[HERE]).await;
        assert_eq!(collected.ids(kind), [id]);
        let missing = collected.missing(kind, HERE);
        assert_eq!(missing.first().unwrap().class, ErrorClass::ServerError);
    }
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    for (operation, body) in [
        ("DescribeInstanceInformation", json!({})),
        ("DescribeInstanceInformation", json!({ "InstanceInformationList": [{}] })),
        ("DescribeInstancePatchStates", json!({})),
        (
            "DescribeInstancePatchStates",
            json!({ "InstancePatchStates": [{ "InstanceId": "i-1", "Operation": "Scan" }] }),
        ),
        ("ListResourceComplianceSummaries", json!({})),
        ("ListResourceComplianceSummaries", json!({ "ResourceComplianceSummaryItems": [{}] })),
    ] {
        let collected = but(operation, of(&body), nodes()).await;
        let class = collected.gaps.iter().map(|(_, gap)| gap.class).next();
        assert_eq!(class, Some(ErrorClass::Malformed), "{operation} {body}");
    }
    for (operation, body) in [
        ("ListDocuments", json!({})),
        ("ListDocuments", json!({ "DocumentIdentifiers": [{}] })),
        ("DescribeDocumentPermission", json!({})),
    ] {
        let collected = but(operation, of(&body), documents()).await;
        let class = collected.gaps.iter().map(|(_, gap)| gap.class).next();
        assert_eq!(class, Some(ErrorClass::Malformed), "{operation} {body}");
    }
    // A count that is missing hides itself only.
    let mut old = state("i-1");
    old.as_object_mut().unwrap().remove("CriticalNonCompliantCount");
    let answer = of(&json!({ "InstancePatchStates": [old] }));
    let collected = but("DescribeInstancePatchStates", answer, nodes()).await;
    let node: ManagedInstance = collected.document(NODE, "i-1");
    let state = known(node.patch_state);
    assert!(matches!(state.critical, Decided::Unknown(_)));
    assert_eq!(state.security, Decided::Known(0));
}

#[tokio::test]
async fn documents_are_read_with_whom_they_are_shared_with() {
    let wire = Wire::start(full);
    let collected = wire.collect(documents(), &[HERE, "us-east-1"]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert_eq!(collected.ids(DOCUMENT), ["install", "other"]);
    let resource = collected.resource(DOCUMENT, "install");
    assert_eq!(resource.arn.as_ref(), "arn:aws:ssm:eu-west-1:123456789012:document/install");
    let Value::Map(tags) = &resource.tags else { panic!("{:?}", resource.tags) };
    assert_eq!(tags.get("team"), Some(&Value::text("shop")));
    let document: SsmDocument = collected.document(DOCUMENT, "install");
    assert_eq!(known(document.account_ids), ["123456789012", "all"], "both pages");
    let document: SsmDocument = collected.document(DOCUMENT, "other");
    assert_eq!(known(document.account_ids), [""; 0]);
    let list = wire.requests().into_iter().find(|r| r.operation() == "ListDocuments").unwrap();
    assert!(list.body.contains("{\"Key\":\"Owner\",\"Values\":[\"Self\"]}"), "{}", list.body);

    let denied = json_error(400, "AccessDeniedException", "User: x is not authorized");
    let collected = but("DescribeDocumentPermission", denied, documents()).await;
    let document: SsmDocument = collected.document(DOCUMENT, "install");
    let gap = collected.why(&document.account_ids);
    assert_eq!((gap.class, gap.resource.is_some()), (ErrorClass::AccessDenied, true));
    let gone = json_error(400, "InvalidDocument", "gone");
    let collected = but("DescribeDocumentPermission", gone, documents()).await;
    assert!(collected.resources.is_empty() && collected.gaps.is_empty());
}

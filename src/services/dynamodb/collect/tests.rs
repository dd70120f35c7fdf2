//! The collector of DynamoDB, at the wire.
#![expect(clippy::indexing_slicing, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact};
use crate::services::dynamodb::{LIST_TABLES, Table};
use serde_json::{Value, json};

const HERE: &str = "eu-west-1";
const KIND: &str = "dynamodb.table";

fn table() -> Value {
    json!({ "Table": {
        "TableName": "orders",
        "TableStatus": "NEW_STATUS",
        "CreationDateTime": 1_767_225_600,
        "DeletionProtectionEnabled": true,
        "BillingModeSummary": { "BillingMode": "PROVISIONED" },
        "GlobalSecondaryIndexes": [{ "IndexName": "by-day" }],
    }})
}

fn target(resource: &str) -> Value {
    json!({
        "ServiceNamespace": "dynamodb",
        "ResourceId": resource,
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "MinCapacity": 1,
        "MaxCapacity": 10,
        "RoleARN": "arn:aws:iam::123456789012:role/scale",
        "CreationTime": 1_767_225_600,
        "SuspendedState": { "DynamicScalingOutSuspended": true },
    })
}

fn policy(resource: &str) -> Value {
    json!({
        "PolicyARN": "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:x",
        "PolicyName": "p",
        "ServiceNamespace": "dynamodb",
        "ResourceId": resource,
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "PolicyType": "TargetTrackingScaling",
        "CreationTime": 1_767_225_600,
    })
}

fn full(request: &Request) -> Option<Answer> {
    let body = match request.operation().as_str() {
        "ListTables" => json!({ "TableNames": ["orders"] }),
        "DescribeTable" => table(),
        "DescribeContinuousBackups" => json!({ "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {
                "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35,
            },
        }}),
        "GetResourcePolicy" => json!({ "Policy": "{}", "RevisionId": "1" }),
        "DescribeScalableTargets" => json!({ "ScalableTargets": [
            target("table/orders"), target("table/orders/index/by-day"), target("table/other"),
        ]}),
        "DescribeScalingPolicies" => json!({ "ScalingPolicies": [policy("table/orders")] }),
        _ => return None,
    };
    Some(ok(&body.to_string()))
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything([Table::resource_type()]), &[HERE]).await
}

#[tokio::test]
async fn a_table_is_read_with_what_scales_it() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing(KIND, HERE).is_empty());
    let arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";
    assert_eq!(collected.resource(KIND, "orders").arn.as_ref(), arn);
    let it: Table = collected.document(KIND, "orders");
    assert_eq!(known(it.status), "NEW_STATUS", "kept as it is");
    assert_eq!(known(it.created).to_string(), "2026-01-01T00:00:00Z");
    assert!(known(it.deletion_protection));
    assert_eq!(known(it.billing_mode).billing_mode.as_deref(), Some("PROVISIONED"));
    assert_eq!(known(it.indexes)[0].name, "by-day");
    let recovery = known(it.continuous_backups).recovery;
    assert_eq!(recovery.and_then(|recovery| recovery.recovery_period), Some(35));
    assert_eq!(known(it.policy), "{}");
    let targets = known(it.scalable_targets);
    let resources: Vec<_> = targets.iter().map(|target| target.resource.as_str()).collect();
    assert_eq!(resources, ["table/orders", "table/orders/index/by-day"], "not those of others");
    assert_eq!(targets[0].suspended.as_ref().and_then(|it| it.out), Some(true));
    assert_eq!(known(it.scaling_policies).len(), 1);
    // The session, the list, three about the table, two about scaling.
    assert_eq!(wire.requests().len(), 7);
    for request in wire.requests() {
        match request.operation().as_str() {
            "ListTables" => assert!(request.body.contains("\"Limit\":100")),
            "DescribeScalableTargets" | "DescribeScalingPolicies" => {
                assert!(request.body.contains("\"ServiceNamespace\":\"dynamodb\""));
                assert!(request.body.contains("\"MaxResults\":50"));
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_called() {
    let wire = Wire::start(full);
    let plan = Plan::new(
        [Table::resource_type()],
        [&crate::services::aws::DESCRIBE_REGIONS, &LIST_TABLES],
    );
    let collected = wire.collect(plan, &[HERE]).await;
    assert_eq!(collected.ids(KIND), ["orders"]);
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn all_pages_of_all_lists_are_read() {
    let wire = Wire::start(|request| {
        let first = !request.body.contains("NextToken") && !request.body.contains("ExclusiveStart");
        let body = match (request.operation().as_str(), first) {
            ("ListTables", true) => {
                json!({ "TableNames": ["a"], "LastEvaluatedTableName": "a" })
            }
            ("ListTables", false) => json!({ "TableNames": ["b"] }),
            ("DescribeScalableTargets", true) => {
                json!({ "ScalableTargets": [target("table/a")], "NextToken": "n" })
            }
            ("DescribeScalableTargets", false) => {
                json!({ "ScalableTargets": [target("table/b")] })
            }
            ("DescribeScalingPolicies", true) => {
                json!({ "ScalingPolicies": [policy("table/a")], "NextToken": "n" })
            }
            ("DescribeScalingPolicies", false) => {
                json!({ "ScalingPolicies": [policy("table/b")] })
            }
            _ => return full(request),
        };
        Some(ok(&body.to_string()))
    });
    let collected = collect(&wire).await;
    assert_eq!(collected.ids(KIND), ["a", "b"]);
    for name in ["a", "b"] {
        let it: Table = collected.document(KIND, name);
        assert_eq!(known(it.scalable_targets).len(), 1, "{name}");
        assert_eq!(known(it.scaling_policies).len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_list_that_is_refused_or_malformed_is_no_empty_list() {
    let circle = json!({ "TableNames": [], "LastEvaluatedTableName": "a" }).to_string();
    for (answer, class) in [
        (json_error(400, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
        (ok("{}"), ErrorClass::Malformed),
        (ok(&circle), ErrorClass::Malformed),
    ] {
        let collected = collect(&but("ListTables", answer)).await;
        assert!(collected.resources.is_empty());
        assert_eq!(collected.missing(KIND, HERE)[0].class, class);
    }
}

#[tokio::test]
async fn each_refusal_hides_its_own_facts() {
    for operation in [
        "DescribeTable",
        "DescribeContinuousBackups",
        "GetResourcePolicy",
        "DescribeScalableTargets",
        "DescribeScalingPolicies",
    ] {
        for (answer, class) in [
            (json_error(400, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
            (ok("{}"), ErrorClass::Malformed),
        ] {
            let collected = collect(&but(operation, answer)).await;
            let it: Table = collected.document(KIND, "orders");
            let hidden = match operation {
                "DescribeTable" => {
                    assert!(matches!(it.indexes, Fact::Unknown(_)));
                    assert!(matches!(it.billing_mode, Fact::Unknown(_)));
                    collected.why(&it.deletion_protection)
                }
                "DescribeContinuousBackups" => collected.why(&it.continuous_backups),
                "GetResourcePolicy" => collected.why(&it.policy),
                "DescribeScalableTargets" => collected.why(&it.scalable_targets),
                _ => collected.why(&it.scaling_policies),
            };
            assert_eq!(hidden.class, class, "{operation}");
            assert_eq!(collected.gaps.iter().count(), 1, "{operation}");
        }
    }
}

#[tokio::test]
async fn no_policy_is_absent_and_a_table_that_is_gone_is_left_out() {
    let none = json_error(400, "PolicyNotFoundException", "none");
    let collected = collect(&but("GetResourcePolicy", none)).await;
    let it: Table = collected.document(KIND, "orders");
    assert_eq!(it.policy, Fact::Absent);
    for (operation, code) in [
        ("DescribeTable", "ResourceNotFoundException"),
        ("DescribeContinuousBackups", "TableNotFoundException"),
        ("GetResourcePolicy", "ResourceNotFoundException"),
    ] {
        let collected = collect(&but(operation, json_error(400, code, "gone"))).await;
        assert!(collected.resources.is_empty() && collected.gaps.is_empty(), "{operation}");
        assert!(collected.missing(KIND, HERE).is_empty());
    }
}

#[tokio::test]
async fn a_member_that_is_always_there_and_missing_is_a_gap() {
    for member in ["TableStatus", "CreationDateTime", "DeletionProtectionEnabled"] {
        let mut table = table();
        if let Some(members) = table["Table"].as_object_mut() {
            members.remove(member);
        }
        let collected = collect(&but("DescribeTable", ok(&table.to_string()))).await;
        let classes: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.class).collect();
        assert_eq!(classes, [ErrorClass::Malformed], "{member}");
    }
    let nameless = json!({ "ScalableTargets": [{ "ScalableDimension": "x" }] }).to_string();
    let collected = collect(&but("DescribeScalableTargets", ok(&nameless))).await;
    let it: Table = collected.document(KIND, "orders");
    assert_eq!(collected.why(&it.scalable_targets).class, ErrorClass::Malformed);
}

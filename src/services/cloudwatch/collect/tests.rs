//! The collector of alarms, log groups and metric filters, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{
    Answer, Collected, Request, Wire, cbor, json_error, known, ok, query, query_error,
};
use crate::inventory::{Document, ErrorClass, Fact, Operation};
use crate::services::cloudwatch::{
    Alarm, DESCRIBE_ALARMS, DESCRIBE_LOG_GROUPS, LogGroup, MetricFilter,
};
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:alerts";
const QUIET: &str = "arn:aws:sns:eu-west-1:123456789012:quiet";

fn alarm(name: &str, metric: &str, actions: &[&str]) -> Value {
    json!({
        "AlarmName": name,
        "AlarmArn": format!("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:{name}"),
        "ActionsEnabled": true,
        "AlarmActions": actions,
        "Namespace": "CIS",
        "MetricName": metric,
        "Dimensions": [],
        "StateValue": "OK",
    })
}

fn subscriptions(arns: &[&str], next: &str) -> Answer {
    let member = |arn: &&str| {
        format!(
            "<member><SubscriptionArn>{arn}</SubscriptionArn><Protocol>email</Protocol></member>"
        )
    };
    let members: String = arns.iter().map(member).collect();
    let result = format!("<Subscriptions>{members}</Subscriptions>{next}");
    query("ListSubscriptionsByTopic", &result)
}

/// Filters, alarms and log groups in eu-west-1, nothing elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let here = request.region() == "eu-west-1";
    let later = request.body.to_ascii_lowercase().contains("nexttoken");
    Some(match request.operation().as_str() {
        "DescribeLogGroups" if !here => ok("{\"logGroups\":[]}"),
        "DescribeLogGroups" if !later => ok(&json!({
            "logGroups": [{
                "logGroupName": "trail",
                "arn": "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*",
                "retentionInDays": 30,
                "kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/k",
                "logGroupClass": "STANDARD",
            }],
            "nextToken": "2",
        })
        .to_string()),
        "DescribeLogGroups" => ok(&json!({ "logGroups": [{
            "logGroupName": "plain",
            "logGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:plain",
        }]})
        .to_string()),
        "DescribeMetricFilters" if !here => ok("{\"metricFilters\":[]}"),
        "DescribeMetricFilters" if !later => ok(&json!({
            "metricFilters": [{
                "filterName": "root",
                "logGroupName": "trail",
                "filterPattern": "{ $.userIdentity.type = Root }",
                "metricTransformations": [{
                    "metricName": "Root", "metricNamespace": "CIS", "metricValue": "1",
                    "dimensions": { "who": "$.userIdentity.arn" },
                }],
                "applyOnTransformedLogs": true,
                "fieldSelectionCriteria": "@aws.region = \"eu-west-1\"",
                "emitSystemFieldDimensions": ["@aws.account"],
            }],
            "nextToken": "2",
        })
        .to_string()),
        "DescribeMetricFilters" => ok(&json!({ "metricFilters": [{
            "filterName": "plain",
            "logGroupName": "trail",
            "metricTransformations": [
                { "metricName": "Plain", "metricNamespace": "CIS", "metricValue": "1" },
            ],
        }]})
        .to_string()),
        "DescribeAlarms" if !here => cbor(200, &json!({ "MetricAlarms": [] })),
        "DescribeAlarms" if !later => cbor(
            200,
            &json!({
                "MetricAlarms": [
                    alarm("root", "Root", &[TOPIC, "arn:aws:automate:eu-west-1:ec2:reboot"]),
                    alarm("plain", "Plain", &[TOPIC, QUIET]),
                    alarm("cpu", "Cpu", &[TOPIC]),
                ],
                "NextToken": "2",
            }),
        ),
        "DescribeAlarms" => cbor(
            200,
            &json!({ "MetricAlarms": [{
                "AlarmName": "math",
                "AlarmArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:math",
                "ActionsEnabled": false,
                "AlarmActions": [],
                "Dimensions": [{ "Name": "InstanceId", "Value": "i-1" }],
                "Metrics": [
                    { "Id": "a", "MetricStat": { "Metric": { "Namespace": "CIS", "MetricName": "Root" } } },
                    { "Id": "b", "Expression": "a * 2" },
                ],
            }]}),
        ),
        "ListSubscriptionsByTopic" if request.parameter("TopicArn") == Some(QUIET) => {
            query_error(404, "NotFound", "Topic does not exist")
        }
        "ListSubscriptionsByTopic" if request.parameter("NextToken").is_none() => {
            subscriptions(&["PendingConfirmation"], "<NextToken>2</NextToken>")
        }
        "ListSubscriptionsByTopic" => {
            subscriptions(&[&format!("{TOPIC}:1")], "<NextToken>3</NextToken>")
        }
        _ => return None,
    })
}

async fn collect(wire: &Wire) -> Collected {
    let types = [Alarm::resource_type(), LogGroup::resource_type(), MetricFilter::resource_type()];
    wire.collect(Plan::everything(types), &["eu-west-1", "us-east-1"]).await
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn everything_is_read_on_all_pages() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    for kind in ["cloudwatch.alarm", "cloudwatch.log-group", "cloudwatch.metric-filter"] {
        assert!(collected.missing(kind, "eu-west-1").is_empty(), "{kind}");
        assert!(collected.missing(kind, "us-east-1").is_empty(), "{kind}");
    }
    assert_eq!(collected.ids("cloudwatch.log-group"), ["plain", "trail"]);
    let resource = collected.resource("cloudwatch.log-group", "trail");
    assert_eq!(resource.arn.as_ref(), "arn:aws:logs:eu-west-1:123456789012:log-group:trail");
    let group: LogGroup = collected.document("cloudwatch.log-group", "trail");
    assert_eq!(known(group.retention), 30);
    assert_eq!(known(group.kms_key), "arn:aws:kms:eu-west-1:123456789012:key/k");
    assert_eq!(known(group.class), "STANDARD");
    let group: LogGroup = collected.document("cloudwatch.log-group", "plain");
    assert_eq!((group.retention, group.kms_key), (Fact::Absent, Fact::Absent));

    assert_eq!(collected.ids("cloudwatch.metric-filter"), ["plain", "root"]);
    let resource = collected.resource("cloudwatch.metric-filter", "root");
    let arn = "arn:aws:logs:eu-west-1:123456789012:log-group:trail:metric-filter:root";
    assert_eq!(resource.arn.as_ref(), arn);
    let filter: MetricFilter = collected.document("cloudwatch.metric-filter", "root");
    assert_eq!(known(filter.log_group), "trail");
    assert_eq!(known(filter.pattern), "{ $.userIdentity.type = Root }");
    let metrics = known(filter.transformations);
    let metric = metrics.first().unwrap();
    assert_eq!((metric.name.as_str(), metric.namespace.as_str()), ("Root", "CIS"));
    assert_eq!(metric.dimensions.as_ref().unwrap().len(), 1);
    assert!(known(filter.transformed));
    assert_eq!(known(filter.selection), "@aws.region = \"eu-west-1\"");
    assert_eq!(known(filter.system_dimensions), ["@aws.account"]);
    let filter: MetricFilter = collected.document("cloudwatch.metric-filter", "plain");
    assert_eq!(filter.pattern, Fact::Absent);
    assert_eq!((filter.transformed, filter.selection), (Fact::Known(false), Fact::Absent));

    assert_eq!(collected.ids("cloudwatch.alarm"), ["cpu", "math", "plain", "root"]);
    let alarm: Alarm = collected.document("cloudwatch.alarm", "math");
    assert!(!known(alarm.actions_enabled));
    assert_eq!(alarm.metric, Fact::Absent);
    let dimension = known(alarm.dimensions).into_iter().next().unwrap();
    assert_eq!((dimension.name.as_str(), dimension.value.as_str()), ("InstanceId", "i-1"));
    let metrics = known(alarm.metrics);
    assert_eq!(metrics.len(), 1);
    assert_eq!(metrics.first().unwrap().name.as_deref(), Some("Root"));
}

#[tokio::test]
async fn topics_are_asked_about_once_and_only_for_alarms_on_what_filters_count() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    let subscribed = |name: &str| {
        let alarm: Alarm = collected.document("cloudwatch.alarm", name);
        let subscriptions = known(alarm.subscriptions);
        assert!(subscriptions.missing.is_empty());
        subscriptions.items.into_iter().map(|one| (one.topic, one.arn)).collect::<Vec<_>>()
    };
    let pending = (TOPIC.to_owned(), "PendingConfirmation".to_owned());
    let confirmed = (TOPIC.to_owned(), format!("{TOPIC}:1"));
    assert_eq!(subscribed("root"), [pending, confirmed]);
    assert_eq!(subscribed("plain"), subscribed("root"), "the other topic is not there");
    let cpu: Alarm = collected.document("cloudwatch.alarm", "cpu");
    assert_eq!(cpu.subscriptions, Fact::not_collected());
    // Two pages of one topic, the second with a confirmed subscription, and the
    // other topic once.
    assert_eq!(wire.count("ListSubscriptionsByTopic"), 2 + 1);
    // GetCallerIdentity; of each list two pages in one region and one in the other.
    assert_eq!(wire.requests().len(), 1 + 3 * 3 + 3);
    for request in wire.requests() {
        match request.operation().as_str() {
            "DescribeLogGroups" | "DescribeMetricFilters" => {
                assert!(request.body.contains("\"limit\":50"), "{}", request.body);
            }
            "DescribeAlarms" => {
                assert!(request.body.contains("MaxRecords"), "{}", request.body);
                assert!(request.body.contains("MetricAlarm"), "{}", request.body);
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn only_what_is_wanted_is_asked() {
    let plans: [(_, &'static Operation, &str); 2] = [
        (LogGroup::resource_type(), &DESCRIBE_LOG_GROUPS, "DescribeLogGroups"),
        (Alarm::resource_type(), &DESCRIBE_ALARMS, "DescribeAlarms"),
    ];
    for (kind, operation, name) in plans {
        let wire = Wire::start(full);
        let collected = wire.collect(Plan::new([kind], [operation]), &["eu-west-1"]).await;
        assert!(collected.missing(kind.name, "eu-west-1").is_empty());
        assert_eq!((wire.count(name), wire.requests().len()), (2, 1 + 2));
    }
}

#[tokio::test]
async fn refusals_hide_the_list_or_the_subscriptions() {
    for (operation, kind) in [
        ("DescribeLogGroups", "cloudwatch.log-group"),
        ("DescribeMetricFilters", "cloudwatch.metric-filter"),
    ] {
        let refused = json_error(400, "AccessDeniedException", "is not authorized to perform");
        let collected = collect(&but(operation, refused)).await;
        let missing = collected.missing(kind, "us-east-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    }
    let refused = cbor(403, &json!({ "__type": "AccessDenied", "message": "not authorized" }));
    let collected = collect(&but("DescribeAlarms", refused)).await;
    let missing = collected.missing("cloudwatch.alarm", "us-east-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    let refused = query_error(403, "AuthorizationError", "is not authorized to perform");
    let collected = collect(&but("ListSubscriptionsByTopic", refused)).await;
    let alarm: Alarm = collected.document("cloudwatch.alarm", "root");
    let subscriptions = known(alarm.subscriptions);
    let hidden = collected.gaps_of(&subscriptions.missing);
    let gap = hidden.first().unwrap();
    assert_eq!((gap.class, gap.resource.as_deref()), (ErrorClass::AccessDenied, Some(TOPIC)));
}

#[tokio::test]
async fn what_is_always_there_and_missing_is_a_gap() {
    for (operation, kind, body) in [
        ("DescribeLogGroups", "cloudwatch.log-group", "{}"),
        ("DescribeLogGroups", "cloudwatch.log-group", "{\"logGroups\":[{\"arn\":\"x\"}]}"),
        ("DescribeLogGroups", "cloudwatch.log-group", "{\"logGroups\":[{\"logGroupName\":\"x\"}]}"),
        ("DescribeLogGroups", "cloudwatch.log-group", "{\"logGroups\":[],\"nextToken\":\"x\"}"),
        ("DescribeMetricFilters", "cloudwatch.metric-filter", "{}"),
        ("DescribeMetricFilters", "cloudwatch.metric-filter", "{\"metricFilters\":[{}]}"),
    ] {
        let collected = collect(&but(operation, ok(body))).await;
        let missing = collected.missing(kind, "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    let bare = "{\"metricFilters\":[{\"filterName\":\"x\",\"logGroupName\":\"y\"}]}";
    let plan = || Plan::everything([MetricFilter::resource_type()]);
    let collected = but("DescribeMetricFilters", ok(bare)).collect(plan(), &["eu-west-1"]).await;
    let filter: MetricFilter = collected.document("cloudwatch.metric-filter", "x");
    assert_eq!(collected.why(&filter.transformations).class, ErrorClass::Malformed);
    for body in [json!({}), json!({ "MetricAlarms": [{ "AlarmName": "x" }] })] {
        let collected = collect(&but("DescribeAlarms", cbor(200, &body))).await;
        let missing = collected.missing("cloudwatch.alarm", "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
    let bare = json!({ "MetricAlarms": [{ "AlarmName": "x", "AlarmArn": "arn:x" }] });
    let plan = Plan::everything([Alarm::resource_type()]);
    let collected = but("DescribeAlarms", cbor(200, &bare)).collect(plan, &["eu-west-1"]).await;
    let alarm: Alarm = collected.document("cloudwatch.alarm", "x");
    assert_eq!(collected.why(&alarm.actions_enabled).class, ErrorClass::Malformed);
    assert_eq!(alarm.alarm_actions, Fact::Absent);
}

//! What runs and what watches: functions, APIs, load balancers, messages,
//! logs and alarms, managed nodes.

use super::CREATED;
use super::answers::{List, One, Place, Total, name, number_of};
use super::data::policy;
use super::json::SECONDS;
use crate::account::Account;
use serde_json::{Value, json};

const OTHERS: Total = Total::Share(|account| account.shape.others);
const COMMON: Total = Total::Share(|account| account.shape.common);
const MARKED: (&str, usize) = ("PageSize", 400);

/// What the recommended metric filters look for, as far as they are here
/// (<https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html>).
/// The last is a text: what it matches is not decided. On the log group of a
/// trail it leaves unknown whether anybody hears of what the others do not match.
const PATTERNS: [(&str, &str); 4] = [
    (
        "Root",
        "{$.userIdentity.type=\"Root\" && $.userIdentity.invokedBy NOT EXISTS && \
         $.eventType !=\"AwsServiceEvent\"}",
    ),
    (
        "Config",
        "{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || \
         ($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || \
         ($.eventName=PutConfigurationRecorder))}",
    ),
    (
        "Groups",
        "{($.eventName=AuthorizeSecurityGroupIngress) || \
         ($.eventName=AuthorizeSecurityGroupEgress) || ($.eventName=RevokeSecurityGroupIngress) \
         || ($.eventName=RevokeSecurityGroupEgress) || ($.eventName=CreateSecurityGroup) || \
         ($.eventName=DeleteSecurityGroup)}",
    ),
    ("Errors", "ERROR"),
];

/// Lists.
pub(super) static LISTS: &[List] = &[
    List::new("apigateway:GetRestApis", ("item", "position"), ("limit", 500), OTHERS, |_, n| {
        json!({
            "id": name("rest", n),
            "name": name("rest", n),
            "createdDate": SECONDS,
            "apiKeySource": "HEADER",
            "endpointConfiguration": { "types": ["REGIONAL"] },
            "disableExecuteApiEndpoint": false,
        })
    }),
    List::new(
        "apigatewayv2:GetApis",
        ("items", "nextToken"),
        ("maxResults", 500),
        OTHERS,
        |_, n| {
            json!({
                "apiId": name("http", n),
                "name": name("http", n),
                "protocolType": "HTTP",
                "createdDate": CREATED,
                "routeSelectionExpression": "$request.method $request.path",
            })
        },
    ),
    List::new(
        "apigatewayv2:GetStages",
        ("items", "nextToken"),
        ("maxResults", 500),
        Total::Each(3),
        |place, n| match n {
            0 => json!({ "stageName": "$default", "autoDeploy": true, "tags": {} }),
            _ => json!({
                "stageName": format!("v{n}"),
                "accessLogSettings": { "destinationArn": place.arn("logs", "log-group:api") },
                "tags": { "team": "lab" },
            }),
        },
    ),
    List::new(
        "cloudfront:ListDistributions",
        ("Items", "NextMarker"),
        ("MaxItems", 100),
        Total::All(|account| account.shape.others),
        |place, n| {
            let id = name("CDN", n);
            json!({
                "Id": id,
                "ARN": format!("arn:aws:cloudfront::{}:distribution/{id}", place.account.id),
                "Status": "Deployed",
                "LastModifiedTime": CREATED,
                "DomainName": format!("{id}.cloudfront.net"),
                "Enabled": true,
            })
        },
    )
    .more("IsTruncated")
    .sparse()
    .root("DistributionList"),
    List::new(
        "cloudwatch:DescribeAlarms",
        ("MetricAlarms", "NextToken"),
        ("MaxRecords", 100),
        OTHERS,
        |place, n| {
            let id = name("alarm", n);
            json!({
                "AlarmName": id,
                "AlarmArn": place.arn("cloudwatch", &format!("alarm:{id}")),
                "ActionsEnabled": true,
                "AlarmActions": [place.arn("sns", &name("topic", n))],
                "StateValue": "OK",
                "MetricName": metric(n),
                "Namespace": "LogMetrics",
                "Dimensions": [],
            })
        },
    ),
    List::new(
        "elb:DescribeLoadBalancers",
        ("LoadBalancerDescriptions", "NextMarker"),
        MARKED,
        OTHERS,
        |place, n| {
            json!({
                "LoadBalancerName": name("clb", n),
                "Scheme": if n.is_multiple_of(2) { "internet-facing" } else { "internal" },
                "ListenerDescriptions": [
                    { "Listener": { "Protocol": "HTTPS", "LoadBalancerPort": 443, "InstanceProtocol": "HTTP",
                        "InstancePort": 80, "SSLCertificateId": place.arn("acm", "certificate/c") },
                      "PolicyNames": ["tls"] },
                    { "Listener": { "Protocol": "TCP", "LoadBalancerPort": 25, "InstanceProtocol": "TCP",
                        "InstancePort": 25 }, "PolicyNames": [] },
                ],
                "AvailabilityZones": [format!("{}a", place.call.region)],
            })
        },
    ),
    List::new(
        "elbv2:DescribeListeners",
        ("Listeners", "NextMarker"),
        MARKED,
        Total::Each(3),
        |place, n| {
            let of = place.text("LoadBalancerArn");
            let action = match n {
                0 => json!({ "Type": "redirect", "RedirectConfig": {
                    "Protocol": "HTTPS", "StatusCode": "HTTP_301",
                }}),
                _ => {
                    json!({ "Type": "forward", "TargetGroupArn": place.arn("elasticloadbalancing", "targetgroup/t") })
                }
            };
            let mut listener = json!({
                "ListenerArn": format!("{}/{n}", of.replace(":loadbalancer/", ":listener/")),
                "LoadBalancerArn": of,
                "Port": 80 + n,
                "Protocol": if n == 1 { "HTTPS" } else { "HTTP" },
                "DefaultActions": [action],
            });
            if let (1, Some(members)) = (n, listener.as_object_mut()) {
                members
                    .insert("SslPolicy".to_owned(), "ELBSecurityPolicy-TLS13-1-2-2021-06".into());
            }
            listener
        },
    ),
    List::new(
        "elbv2:DescribeLoadBalancers",
        ("LoadBalancers", "NextMarker"),
        MARKED,
        OTHERS,
        |place, n| {
            let id = name("alb", n);
            let kind = if n % 3 == 2 { ("net", "network") } else { ("app", "application") };
            let arn = format!("loadbalancer/{}/{id}/{n:016x}", kind.0);
            json!({
                "LoadBalancerArn": place.arn("elasticloadbalancing", &arn),
                "LoadBalancerName": id,
                "CreatedTime": CREATED,
                "Scheme": if n.is_multiple_of(2) { "internet-facing" } else { "internal" },
                "Type": kind.1,
                "State": { "Code": "active" },
                "AvailabilityZones": [
                    { "ZoneName": format!("{}a", place.call.region) },
                    { "ZoneName": format!("{}b", place.call.region) },
                ],
            })
        },
    ),
    List::new(
        "elbv2:DescribeRules",
        ("Rules", "NextMarker"),
        MARKED,
        Total::Each(3),
        |place, n| {
            json!({
                "RuleArn": format!("{}/{n}", place.text("ListenerArn").replace(":listener/", ":listener-rule/")),
                "Priority": n.to_string(),
                "Actions": [{ "Type": "redirect", "RedirectConfig": {
                    "Protocol": "HTTPS", "StatusCode": "HTTP_301",
                }}],
                "IsDefault": n == 2,
            })
        },
    ),
    List::new(
        "elbv2:DescribeTargetGroups",
        ("TargetGroups", "NextMarker"),
        MARKED,
        OTHERS,
        |place, n| {
            let id = name("targets", n);
            let protocol = if n.is_multiple_of(2) { "HTTP" } else { "HTTPS" };
            json!({
                "TargetGroupArn": place.arn("elasticloadbalancing", &format!("targetgroup/{id}/{n:016x}")),
                "TargetGroupName": id,
                "Protocol": protocol,
                "Port": 80,
                "TargetType": "instance",
                "HealthCheckEnabled": true,
                "HealthCheckProtocol": protocol,
            })
        },
    ),
    List::new(
        "events:ListEventBuses",
        ("EventBuses", "NextToken"),
        ("Limit", 100),
        // Every region has one of its own.
        Total::Share(|account| account.regions() + account.shape.others),
        |place, n| {
            let id = match n.checked_sub(place.account.regions()) {
                None => "default".to_owned(),
                Some(number) => name("bus", number),
            };
            let arn = place.arn("events", &format!("event-bus/{id}"));
            match n % 3 {
                0 => {
                    json!({ "Name": id, "Arn": arn, "Policy": policy("events:PutEvents", "999988887777") })
                }
                _ => json!({ "Name": id, "Arn": arn }),
            }
        },
    ),
    List::new(
        "lambda:ListFunctions",
        ("Functions", "NextMarker"),
        ("MaxItems", 50),
        COMMON,
        |place, n| {
            let id = name("function", n);
            let secret = if n.is_multiple_of(10) { "hunter2hunter2" } else { "" };
            json!({
                "FunctionName": id,
                "FunctionArn": place.arn("lambda", &format!("function:{id}")),
                "Runtime": if n.is_multiple_of(4) { "python3.8" } else { "python3.13" },
                "Role": format!("arn:aws:iam::{}:role/p0-role00000", place.account.id),
                "Handler": "main.handler",
                "CodeSize": 1024,
                "Timeout": 3,
                "MemorySize": 128,
                "LastModified": CREATED,
                "Version": "$LATEST",
                "PackageType": "Zip",
                "Architectures": ["arm64"],
                "Environment": { "Variables": { "STAGE": "prod", "DB_PASSWORD": secret } },
                "VpcConfig": { "SubnetIds": [], "SecurityGroupIds": [], "VpcId": "" },
            })
        },
    ),
    List::new(
        "lambda:ListFunctionUrlConfigs",
        ("FunctionUrlConfigs", "NextMarker"),
        ("MaxItems", 50),
        // Most functions have none; that is answered below.
        Total::Each(3),
        |place, n| {
            let alias = if n == 0 { String::new() } else { format!(":v{n}") };
            json!({
                "FunctionUrl": format!("https://u{n}.lambda-url.{}.on.aws/", place.call.region),
                "FunctionArn": format!("{}{alias}", place.call.subject),
                "AuthType": if n == 1 { "NONE" } else { "AWS_IAM" },
                "CreationTime": CREATED,
                "LastModifiedTime": CREATED,
            })
        },
    ),
    List::new(
        "logs:DescribeDeliveries",
        ("deliveries", "nextToken"),
        ("limit", 50),
        Total::Each(3),
        |place, n| {
            json!({
                "id": name("delivery", n),
                "arn": place.arn("logs", &format!("delivery:{}", name("delivery", n))),
                "deliverySourceName": name("source", n),
                "deliveryDestinationType": "S3",
            })
        },
    ),
    List::new(
        "logs:DescribeDeliverySources",
        ("deliverySources", "nextToken"),
        ("limit", 50),
        Total::Each(3),
        |place, n| {
            let cdn =
                format!("arn:aws:cloudfront::{}:distribution/{}", place.account.id, name("CDN", n));
            json!({
                "name": name("source", n),
                "arn": place.arn("logs", &format!("delivery-source:{}", name("source", n))),
                "resourceArns": [cdn],
                "service": "cloudfront",
                "logType": "ACCESS_LOGS",
            })
        },
    ),
    List::new(
        "logs:DescribeLogGroups",
        ("logGroups", "nextToken"),
        ("limit", 50),
        Total::Share(|account| account.shape.log_groups),
        |place, n| log_group(place, &name("group", n), n),
    ),
    List::new(
        "logs:DescribeMetricFilters",
        ("metricFilters", "nextToken"),
        ("limit", 50),
        OTHERS,
        |place, n| {
            let (_, pattern) = PATTERNS.get(n % PATTERNS.len()).copied().unwrap_or_default();
            let here = place.account.place(&place.call.region).unwrap_or(0);
            json!({
                "filterName": name("filter", n),
                "filterPattern": pattern,
                "metricTransformations": [
                    { "metricName": metric(n), "metricNamespace": "LogMetrics", "metricValue": "1" },
                ],
                "creationTime": 1_772_600_767_000_u64,
                "logGroupName": name("group", here),
            })
        },
    ),
    List::new(
        "sns:ListTopics",
        ("Topics", "NextToken"),
        ("", 100),
        COMMON,
        |place, n| json!({ "TopicArn": place.arn("sns", &name("topic", n)) }),
    ),
    List::new(
        "sns:ListSubscriptionsByTopic",
        ("Subscriptions", "NextToken"),
        ("", 100),
        Total::Each(3),
        |place, n| {
            let topic = place.text("TopicArn");
            // Only the last was confirmed.
            let arn =
                if n < 2 { "PendingConfirmation".to_owned() } else { format!("{topic}:s{n}") };
            json!({
                "SubscriptionArn": arn,
                "Owner": place.account.id,
                "Protocol": "email",
                "Endpoint": "s@example.com",
                "TopicArn": topic,
            })
        },
    ),
    List::new(
        "sqs:ListQueues",
        ("QueueUrls", "NextToken"),
        ("MaxResults", 1000),
        COMMON,
        |place, n| {
            let (region, account) = (&place.call.region, &place.account.id);
            format!("https://sqs.{region}.amazonaws.com/{account}/{}", name("queue", n)).into()
        },
    )
    .sparse(),
    List::new(
        "ssm:DescribeDocumentPermission",
        ("AccountIds", "NextToken"),
        ("MaxResults", 200),
        Total::Each(3),
        |place, n| {
            let public = number_of(place.text("Name")).is_multiple_of(5);
            if public && n == 2 { "all".into() } else { format!("99998888777{n}").into() }
        },
    ),
    List::new(
        "ssm:DescribeInstanceInformation",
        ("InstanceInformationList", "NextToken"),
        ("MaxResults", 50),
        // Every fourth instance has an agent.
        Total::Share(|account| account.shape.instances / 4),
        |place, n| {
            json!({
                "InstanceId": place.account.id_of("i", n),
                "PingStatus": "Online",
                "LastPingDateTime": SECONDS,
                "AgentVersion": "3.3.1802.0",
                "IsLatestVersion": n.is_multiple_of(2),
                "PlatformType": "Linux",
                "ResourceType": "EC2Instance",
            })
        },
    ),
    List::new(
        "ssm:DescribeInstancePatchStates",
        ("InstancePatchStates", "NextToken"),
        ("MaxResults", 50),
        Total::Asked(|place| asked_nodes(place).len()),
        |place, n| {
            let id = asked_nodes(place).into_iter().nth(n).unwrap_or_default();
            json!({
                "CriticalNonCompliantCount": Account::number_of(&id).unwrap_or(0) % 3,
                "InstanceId": id,
                "PatchGroup": "",
                "BaselineId": "pb-0123456789abcdef0",
                "Operation": "Scan",
                "OperationStartTime": SECONDS,
                "OperationEndTime": SECONDS,
                "SecurityNonCompliantCount": 0,
                "InstalledPendingRebootCount": 0,
            })
        },
    ),
    List::new(
        "ssm:ListDocuments",
        ("DocumentIdentifiers", "NextToken"),
        ("MaxResults", 50),
        OTHERS,
        |place, n| {
            json!({
                "Name": name("document", n),
                "Owner": place.account.id,
                "DocumentType": "Command",
                "Tags": [],
            })
        },
    ),
    List::new(
        "ssm:ListResourceComplianceSummaries",
        ("ResourceComplianceSummaryItems", "NextToken"),
        ("MaxResults", 50),
        Total::Share(|account| account.shape.instances / 4),
        |place, n| {
            json!({
                "ComplianceType": if n.is_multiple_of(3) { "Patch" } else { "Association" },
                "ResourceType": "ManagedInstance",
                "ResourceId": place.account.id_of("i", n),
                "Status": if n.is_multiple_of(2) { "COMPLIANT" } else { "NON_COMPLIANT" },
                "OverallSeverity": "UNSPECIFIED",
            })
        },
    ),
];

/// Answers without pages.
pub(super) static ONES: &[One] = &[
    ("apigateway:GetStages", |place| {
        let level = if number_of(&place.call.subject).is_multiple_of(2) { "INFO" } else { "OFF" };
        Ok(Some(json!({ "item": [{
            "deploymentId": "d",
            "stageName": "prod",
            "methodSettings": { "*/*": { "loggingLevel": level, "metricsEnabled": true } },
            "tags": { "team": "lab" },
            "createdDate": SECONDS,
        }]})))
    }),
    ("cloudfront:GetDistributionConfig", |place| {
        let on = number_of(&place.call.subject) % 2 == 1;
        Ok(Some(json!({ "DistributionConfig": {
            "CallerReference": "lab",
            "Comment": "",
            "Enabled": true,
            "Logging": {
                "Enabled": on,
                "IncludeCookies": false,
                "Bucket": if on { "logs.s3.amazonaws.com" } else { "" },
                "Prefix": "",
            },
        }})))
    }),
    ("elb:DescribeLoadBalancerAttributes", |place| {
        let on = number_of(place.text("LoadBalancerName")).is_multiple_of(2);
        Ok(Some(json!({ "LoadBalancerAttributes": {
            "AccessLog": { "Enabled": on },
            "AdditionalAttributes": [{ "Key": "elb.http.desyncmitigationmode", "Value": "defensive" }],
            "ConnectionDraining": { "Enabled": on, "Timeout": 300 },
            "ConnectionSettings": { "IdleTimeout": 60 },
            "CrossZoneLoadBalancing": { "Enabled": true },
        }})))
    }),
    ("elb:DescribeLoadBalancerPolicies", |_| {
        Ok(Some(json!({ "PolicyDescriptions": [{
            "PolicyName": "tls",
            "PolicyTypeName": "SSLNegotiationPolicyType",
            "PolicyAttributeDescriptions": [{
                "AttributeName": "Reference-Security-Policy",
                "AttributeValue": "ELBSecurityPolicy-2016-08",
            }],
        }]})))
    }),
    ("elb:DescribeTags", |place| Ok(Some(tags(place, "LoadBalancerNames.", "LoadBalancerName")))),
    ("elbv2:DescribeTags", |place| Ok(Some(tags(place, "ResourceArns.", "ResourceArn")))),
    ("elbv2:DescribeLoadBalancerAttributes", |place| {
        let on = place.text("LoadBalancerArn").ends_with(['0', '2', '4', '6', '8', 'a', 'c', 'e']);
        Ok(Some(json!({ "Attributes": [
            { "Key": "access_logs.s3.enabled", "Value": on.to_string() },
            { "Key": "deletion_protection.enabled", "Value": on.to_string() },
            { "Key": "load_balancing.cross_zone.enabled", "Value": "true" },
            { "Key": "routing.http.drop_invalid_header_fields.enabled", "Value": on.to_string() },
            { "Key": "routing.http.desync_mitigation_mode", "Value": "defensive" },
        ]})))
    }),
    ("lambda:GetPolicy", |place| match number_of(&place.call.subject) % 4 {
        0 => Ok(Some(json!({ "Policy": policy("lambda:InvokeFunction", "*"), "RevisionId": "r" }))),
        _ => Err((404, "ResourceNotFoundException", "The resource you requested does not exist.")),
    }),
    ("lambda:ListFunctionUrlConfigs", |place| match number_of(&place.call.subject) % 5 {
        0 => Ok(None),
        _ => Ok(Some(json!({ "FunctionUrlConfigs": [] }))),
    }),
    // The log group of a cluster.
    ("logs:DescribeLogGroups", |place| {
        let group = place.call.parameter("logGroupNamePrefix");
        Ok(group.map(|group| json!({ "logGroups": [log_group(place, group, 0)] })))
    }),
    ("sns:GetTopicAttributes", |place| {
        let arn = place.text("TopicArn");
        let number = number_of(arn);
        let who = if number.is_multiple_of(7) { "*" } else { "999988887777" };
        let mut attributes = vec![
            json!({ "key": "TopicArn", "value": arn }),
            json!({ "key": "Owner", "value": place.account.id }),
            json!({ "key": "Policy", "value": policy("sns:Publish", who) }),
        ];
        if number.is_multiple_of(2) {
            attributes.push(json!({ "key": "KmsMasterKeyId", "value": "alias/aws/sns" }));
        }
        Ok(Some(json!({ "Attributes": attributes })))
    }),
    ("sqs:GetQueueAttributes", |place| {
        let number = number_of(place.text("QueueUrl"));
        Ok(Some(match number % 7 {
            0 => json!({ "Attributes": {
                "Policy": policy("sqs:SendMessage", "*"),
                "SqsManagedSseEnabled": "false",
            }}),
            _ => json!({ "Attributes": { "SqsManagedSseEnabled": "true" } }),
        }))
    }),
    ("ssm:GetParameter", |place| {
        Ok(Some(json!({ "Parameter": {
            "Name": place.text("Name"),
            "Type": "String",
            "Value": "1.34.2-20260201",
            "Version": 1,
        }})))
    }),
    ("ssm:GetServiceSetting", |place| match place.text("SettingId") {
        id if id.ends_with("public-sharing-permission") => Ok(Some(json!({ "ServiceSetting": {
            "SettingId": id,
            "SettingValue": if place.at_home() { "Disable" } else { "Enable" },
            "Status": "Default",
        }}))),
        _ => Err((400, "ServiceSettingNotFound", "The service setting was not found.")),
    }),
    ("wafv2:GetWebACLForResource", |place| {
        let protected = place.text("ResourceArn").ends_with(['0', '4', '8', 'c']);
        Ok(Some(match protected {
            true => json!({ "WebACL": {
                "Name": "web",
                "Id": "1",
                "ARN": place.arn("wafv2", "regional/webacl/web/1"),
                "DefaultAction": { "Allow": {} },
                "VisibilityConfig": {
                    "SampledRequestsEnabled": true,
                    "CloudWatchMetricsEnabled": true,
                    "MetricName": "web",
                },
            }}),
            false => json!({}),
        }))
    }),
];

/// What filter and alarm number n count.
fn metric(number: usize) -> String {
    let (metric, _) = PATTERNS.get(number % PATTERNS.len()).copied().unwrap_or_default();
    format!("{metric}{number}")
}

fn log_group(place: Place<'_>, id: &str, number: usize) -> Value {
    let arn = place.arn("logs", &format!("log-group:{id}"));
    let mut group = json!({
        "logGroupName": id,
        "creationTime": 1_772_600_767_000_u64,
        "metricFilterCount": 0,
        "arn": format!("{arn}:*"),
        "storedBytes": 0,
        "logGroupClass": "STANDARD",
        "logGroupArn": arn,
    });
    if let (1 | 2, Some(members)) = (number % 3, group.as_object_mut()) {
        members.insert("retentionInDays".to_owned(), (30 * (number % 3 * 12)).into());
    }
    group
}

/// The nodes that are asked about.
fn asked_nodes(place: Place<'_>) -> Vec<String> {
    serde_json::from_str(place.text("InstanceIds")).unwrap_or_default()
}

/// The tags of what is asked about.
fn tags(place: Place<'_>, asked: &str, member: &str) -> Value {
    let of = place
        .call
        .list(asked)
        .map(|id| json!({ member: id, "Tags": [{ "Key": "team", "Value": "lab" }] }));
    json!({ "TagDescriptions": of.collect::<Vec<_>>() })
}

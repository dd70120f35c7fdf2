"""Keys, queues, topics, secrets, and who hears of what: `truth_keys.rs` says what
is true of them. What moto lacks is answered here.
"""

import json
import re
import struct
from accounts import allow, document, story
from moto.cloudwatch.models import cloudwatch_backends
from moto.iam.models import get_account_id_from

HOME = "us-east-1"
NO_POLICY = "ResourceNotFoundException"
# Their names, by account and region.
DIRECTORY_BUCKETS = {}


def cbor(value):
    """JSON's values in CBOR."""

    def head(kind, length):
        return struct.pack(">BI", kind << 5 | 26, length)

    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = (cbor(name) + cbor(member) for name, member in value.items())
    return head(5, len(value)) + b"".join(pairs)


def alarms(account, region):
    """moto's alarms as CloudWatch tells them."""
    return [
        {
            "AlarmName": alarm.name,
            "AlarmArn": alarm.alarm_arn,
            "ActionsEnabled": bool(alarm.actions_enabled),
            "AlarmActions": list(alarm.alarm_actions),
            "Namespace": alarm.namespace,
            "MetricName": alarm.metric_name,
            "Dimensions": [],
        }
        for alarm in cloudwatch_backends[account][region].alarms.values()
    ]


def with_services(app):
    """The application, and what moto lacks: alarms in CBOR; Macie and Inspector,
    which nobody has switched on; an API Gateway without APIs; where an account's
    owner lives; directory buckets of S3; policies of vaults."""
    scan = {"status": "DISABLED"}

    def answer(environ, start_response):
        scope = re.search(
            r"Credential=([^/]+)/[^/]+/([^/]+)/(account|apigateway|monitoring|macie2|inspector2|s3express|glacier)/",
            environ.get("HTTP_AUTHORIZATION", ""),
        )
        if not scope:
            return app(environ, start_response)
        key, region, service = scope.groups()
        account, path = get_account_id_from(key), environ["PATH_INFO"]
        said = [("Content-Type", "application/json")]
        if path.endswith("/operation/DescribeAlarms"):
            said = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]
            start_response("200 OK", said)
            return [cbor({"MetricAlarms": alarms(account, region)})]
        if path == "/getContactInformation":
            start_response("200 OK", said)
            return [json.dumps({"ContactInformation": {"CountryCode": "DE"}}).encode()]
        if service == "s3express":
            buckets = DIRECTORY_BUCKETS.get((account, region), [])
            body = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in buckets)
            kind = "ListAllMyDirectoryBucketsResult"
            body = f"<{kind}><Buckets>{body}</Buckets></{kind}>"
            if path != "/":
                body = "<Error><Code>NoSuchLifecycleConfiguration</Code></Error>"
            status = "200 OK" if path == "/" else "404 Not Found"
            start_response(status, [("Content-Type", "application/xml")])
            return [body.encode()]
        if service == "glacier" and path.endswith("/access-policy"):
            start_response("404 Not Found", [*said, ("x-amzn-errortype", NO_POLICY)])
            return [json.dumps({"code": NO_POLICY, "message": "There is none."}).encode()]
        if service == "macie2":
            said.append(("x-amzn-errortype", "AccessDeniedException"))
            start_response("403 Forbidden", said)
            return [json.dumps({"message": "Macie is not enabled."}).encode()]
        if service == "apigateway" and path in ("/restapis", "/v2/apis"):
            start_response("200 OK", said)
            return [json.dumps({"item": [], "items": []}).encode()]
        if path == "/status/batch/get":
            state = dict.fromkeys(["ec2", "ecr", "lambda", "lambdaCode"], scan)
            found = {"accountId": account, "state": scan, "resourceState": state}
            start_response("200 OK", said)
            return [json.dumps({"accounts": [found], "failedAccounts": []}).encode()]
        return app(environ, start_response)

    return answer


def open_to_all(action, resource):
    return document({**allow(action, resource), "Principal": "*"})


def keys(account, names):
    kms = account.client("kms", HOME)

    def key(name, **how):
        made = kms.create_key(**how)["KeyMetadata"]["KeyId"]
        names[made] = name
        return made

    kms.enable_key_rotation(KeyId=key("turning"))
    key("still")
    key("open", Policy=open_to_all("kms:*", "*"))
    kms.schedule_key_deletion(KeyId=key("leaving"), PendingWindowInDays=7)
    key("pair", KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    shared = key("shared")
    kms.create_grant(
        KeyId=shared, GranteePrincipal="arn:aws:iam::444455556666:root", Operations=["Decrypt"]
    )
    kms.create_grant(
        KeyId=key("granted"),
        GranteePrincipal=f"arn:aws:iam::{account.account}:role/app",
        Operations=["Decrypt"],
    )


def messages(account):
    sqs, sns = account.client("sqs", HOME), account.client("sns", HOME)
    sqs.create_queue(QueueName="plain", Attributes={"SqsManagedSseEnabled": "false"})
    sqs.create_queue(QueueName="managed", Attributes={"SqsManagedSseEnabled": "true"})
    queue = f"arn:aws:sqs:{HOME}:{account.account}:open"
    sqs.create_queue(
        QueueName="open",
        Attributes={"KmsMasterKeyId": "alias/aws/sqs", "Policy": open_to_all("sqs:*", queue)},
    )
    sns.create_topic(Name="plain")
    topic = f"arn:aws:sns:{HOME}:{account.account}:open"
    sns.create_topic(
        Name="open",
        Attributes={"KmsMasterKeyId": "alias/aws/sns", "Policy": open_to_all("sns:*", topic)},
    )


def secrets(account):
    client = account.client("secretsmanager", HOME)
    client.create_secret(Name="closed", SecretString="x")
    client.create_secret(Name="open", SecretString="x")
    policy = open_to_all("secretsmanager:GetSecretValue", "*")
    client.put_resource_policy(SecretId="open", ResourcePolicy=policy)


def chains(account):
    """A filter with an alarm that is heard, and others that break off."""
    logs, cloudwatch = account.client("logs", HOME), account.client("cloudwatch", HOME)
    sns, sqs = account.client("sns", HOME), account.client("sqs", HOME)
    heard = sns.create_topic(Name="heard", Attributes={"KmsMasterKeyId": "alias/k"})["TopicArn"]
    sqs.create_queue(QueueName="inbox", Attributes={"SqsManagedSseEnabled": "true"})
    inbox = f"arn:aws:sqs:{HOME}:{account.account}:inbox"
    sns.subscribe(TopicArn=heard, Protocol="sqs", Endpoint=inbox)
    lost = sns.create_topic(Name="lost", Attributes={"KmsMasterKeyId": "alias/k"})["TopicArn"]
    logs.create_log_group(logGroupName="trail")
    logs.create_log_group(logGroupName="short", kmsKeyId=f"arn:aws:kms:{HOME}:1:key/k")
    logs.put_retention_policy(logGroupName="short", retentionInDays=30)

    def filter_and_alarm(name, pattern, topic):
        logs.put_metric_filter(
            logGroupName="trail",
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[
                {"metricName": name, "metricNamespace": "CIS", "metricValue": "1"}
            ],
        )
        alarm(name, "CIS", [topic])

    def alarm(name, namespace, actions, enabled=True):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            MetricName=name,
            Namespace=namespace,
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=actions,
            ActionsEnabled=enabled,
        )

    filter_and_alarm(
        "root",
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'
        ' && $.eventType != "AwsServiceEvent" }',
        heard,
    )
    filter_and_alarm("keys", "{ $.eventName = DisableKey }", heard)
    filter_and_alarm("trails", "{ $.eventSource = cloudtrail.amazonaws.com }", lost)
    alarm("quiet", "Other", [])
    alarm("paused", "Other", [heard], enabled=False)
    account.bucket("chain-logs")
    trails = account.client("cloudtrail", HOME)
    trails.create_trail(
        Name="main",
        S3BucketName="chain-logs",
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{HOME}:{account.account}:log-group:trail:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{account.account}:role/trail",
    )
    basic = {"ReadWriteType": "All", "IncludeManagementEvents": True}
    trails.put_event_selectors(TrailName="main", EventSelectors=[basic])
    trails.start_logging(Name="main")


def identities(account):
    account.iam.create_policy(
        PolicyName="decrypts", PolicyDocument=document(allow("kms:Decrypt"))
    )
    account.iam.create_policy(PolicyName="reads", PolicyDocument=document(allow("s3:Get*")))
    account.user("decryptor", inline={"keys": document(allow("kms:Decrypt"))})
    account.user("reader", inline={"read": document(allow("s3:Get*"))})


def distribution(account, name, bucket):
    """A distribution; with a bucket it writes access logs of the older kind."""
    made = account.client("cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": name,
            "Comment": name,
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "origin",
                        "DomainName": "origin.s3.amazonaws.com",
                        "S3OriginConfig": {"OriginAccessIdentity": ""},
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "origin",
                "ViewerProtocolPolicy": "https-only",
                "MinTTL": 0,
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
            },
            "Logging": {
                "Enabled": bool(bucket),
                "IncludeCookies": False,
                "Bucket": bucket,
                "Prefix": "",
            },
        }
    )
    return made["Distribution"]["Id"]


def front_doors(account, names):
    """What people and programs outside call first."""
    events = account.client("events", HOME)
    # moto writes "*" as the ARN of no account.
    events.create_event_bus(Name="shared")
    events.put_permission(
        EventBusName="shared",
        Action="events:PutEvents",
        Principal="444455556666",
        StatementId="one",
    )
    for name, bucket in (("logs", "chain-logs.s3.amazonaws.com"), ("silent", "")):
        names[distribution(account, name, bucket)] = name
    account.client("securityhub", HOME).enable_security_hub()


@story
def messaging(account):
    """Keys and what they protect, with something right and something wrong."""
    names = {}
    keys(account, names)
    messages(account)
    secrets(account)
    chains(account)
    identities(account)
    front_doors(account, names)
    return names


@story
def one_message(account):
    """One of each, for every call about them to be made."""
    keys(account, {})
    messages(account)
    secrets(account)
    logs, sns = account.client("logs", HOME), account.client("sns", HOME)
    account.client("glacier", HOME).create_vault(accountId="-", vaultName="only")
    DIRECTORY_BUCKETS[account.account, HOME] = ["only--use1-az4--x-s3"]
    logs.create_log_group(logGroupName="only")
    logs.put_metric_filter(
        logGroupName="only",
        filterName="only",
        filterPattern="",
        metricTransformations=[
            {"metricName": "Only", "metricNamespace": "CIS", "metricValue": "1"}
        ],
    )
    account.client("cloudwatch", HOME).put_metric_alarm(
        AlarmName="only",
        MetricName="Only",
        Namespace="CIS",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[sns.create_topic(Name="only")["TopicArn"]],
    )
    distribution(account, "only", "")

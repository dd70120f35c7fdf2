"""Who watches an account: trails, detectors, recorders, analyzers and the
security contact; `truth_trails.rs` says what is true of it. moto has no Access
Analyzer; its one list is answered here.
"""

import json
import re

from accounts import story
from moto.guardduty.models import guardduty_backends
from moto.iam.access_control import IAMRequest
from moto.iam.models import get_account_id_from

HOME, AWAY = "eu-west-1", "us-east-1"
ANALYZERS = {}
# Where IAM decides, moto takes the query of a GET for its body and calls every
# signature of one wrong. Who may do what is decided all the same.
IAMRequest.check_signature = lambda self: None

SERVICE_ROLE = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


def with_analyzers(app):
    """The application, and ListAnalyzers."""

    def answer(environ, start_response):
        scope = re.search(
            r"Credential=([^/]+)/[^/]+/([^/]+)/access-analyzer/",
            environ.get("HTTP_AUTHORIZATION", ""),
        )
        if not scope:
            return app(environ, start_response)
        key, region = scope.groups()
        found = ANALYZERS.get((get_account_id_from(key), region), [])
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"analyzers": found}).encode()]

    return answer


def analyzer(account, region, name, kind):
    arn = f"arn:aws:access-analyzer:{region}:{account.account}:analyzer/{name}"
    ANALYZERS.setdefault((account.account, region), []).append(
        {
            "arn": arn,
            "name": name,
            "type": kind,
            "status": "ACTIVE",
            "createdAt": "2026-01-01T00:00:00Z",
        }
    )


def trail(account, name, region, bucket, logging=True, selectors=None, **options):
    """A trail; moto gives a new one no selectors, AWS those for management events."""
    client = account.client("cloudtrail", region)
    client.create_trail(Name=name, S3BucketName=bucket, **options)
    basic = {"ReadWriteType": "All", "IncludeManagementEvents": True}
    client.put_event_selectors(TrailName=name, **(selectors or {"EventSelectors": [basic]}))
    if logging:
        client.start_logging(Name=name)


def objects(half, *values):
    data = [{"Type": "AWS::S3::Object", "Values": list(values)}]
    return {
        "EventSelectors": [
            {"ReadWriteType": "All", "IncludeManagementEvents": True},
            {"ReadWriteType": half, "IncludeManagementEvents": False, "DataResources": data},
        ]
    }


def recorder(account, region, bucket, role, start):
    client = account.client("config", region)
    client.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": f"arn:aws:iam::{account.account}:role/{role}",
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    client.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": bucket})
    if start:
        client.start_configuration_recorder(ConfigurationRecorderName="default")


def detector(account, region, name, enable, features):
    """A detector that is called as we like."""
    client = account.client("guardduty", region)
    made = client.create_detector(Enable=enable, Features=features)["DetectorId"]
    detectors = guardduty_backends[account.account][region].detectors
    detectors[name] = detectors.pop(made)
    detectors[name].id = name


def feature(name, on, **parts):
    state = {True: "ENABLED", False: "DISABLED"}
    result = {"Name": name, "Status": state[on]}
    if parts:
        result["AdditionalConfiguration"] = [
            {"Name": part, "Status": state[value]} for part, value in parts.items()
        ]
    return result


@story
def watched(account):
    """Somebody watches it, with something right and something wrong everywhere."""
    account.bucket("watch-logs")
    account.bucket("watch-home", HOME)
    account.bucket("watch-away", AWAY)
    trail(
        account,
        "everything",
        AWAY,
        "watch-logs",
        selectors=objects("WriteOnly", "arn:aws:s3:::watch-away/"),
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=f"arn:aws:kms:{AWAY}:{account.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{AWAY}:{account.account}:log-group:trail:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{account.account}:role/trail",
    )
    trail(account, "local", HOME, "watch-logs", selectors=objects("All", "arn:aws:s3"))
    trail(account, "stopped", HOME, "watch-logs", logging=False, IsMultiRegionTrail=True)
    recorder(account, HOME, "watch-logs", SERVICE_ROLE, start=True)
    recorder(account, AWAY, "watch-logs", "recorder", start=False)
    detector(
        account,
        HOME,
        "detector-on",
        True,
        [
            feature("S3_DATA_EVENTS", True),
            feature("EKS_AUDIT_LOGS", False),
            feature(
                "RUNTIME_MONITORING",
                True,
                EC2_AGENT_MANAGEMENT=True,
                ECS_FARGATE_AGENT_MANAGEMENT=False,
            ),
        ],
    )
    detector(account, AWAY, "detector-off", False, [feature("S3_DATA_EVENTS", True)])
    analyzer(account, HOME, "external", "ACCOUNT")
    analyzer(account, AWAY, "unused", "ACCOUNT_UNUSED_ACCESS")
    account.client("account").put_alternate_contact(
        AlternateContactType="SECURITY",
        EmailAddress="security@example.com",
        Name="Security",
        PhoneNumber="1",
        Title="Team",
    )


@story
def one_trail(account, **options):
    """One trail that is told how to be."""
    bucket = f"trail-{account.account}"
    account.bucket(bucket)
    trail(account, "only", AWAY, bucket, **options)


@story
def one_watcher(account):
    """A trail and a detector, for every call about them to be made."""
    one_trail(account, IsMultiRegionTrail=True)
    detector(account, AWAY, "only", True, [])

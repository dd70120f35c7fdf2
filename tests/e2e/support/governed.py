"""An organization, and machines that Systems Manager looks after;
`truth_governed.rs` says what is true of them. What moto lacks of both is
answered here as AWS documents it.
"""

import json
import time

from accounts import document, story
from compute import named
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse
from moto.organizations.responses import OrganizationsResponse
from moto.ssm.responses import SimpleSystemManagerResponse

HOME, AWAY = "eu-west-1", "us-east-1"
FEATURES = {}
RESOURCE_POLICIES = {}
NODES = {}
SETTINGS = {}


def list_organizations_features(self):
    return ActionResult({"EnabledFeatures": FEATURES.get(self.current_account, [])})


def describe_resource_policy(self):
    if self.current_account not in RESOURCE_POLICIES:
        raise JsonRESTError("ResourcePolicyNotFoundException", "There is none.")
    content = RESOURCE_POLICIES[self.current_account]
    return json.dumps({"ResourcePolicy": {"Content": content}})


def of(self, part):
    nodes = NODES.get((self.current_account, self.region), {})
    return [{"InstanceId": id, **node[part]} for id, node in nodes.items() if part in node]


def describe_instance_information(self):
    return json.dumps({"InstanceInformationList": of(self, "information")})


def describe_instance_patch_states(self):
    asked = self._get_param("InstanceIds")
    states = [state for state in of(self, "patches") if state["InstanceId"] in asked]
    return json.dumps({"InstancePatchStates": states})


def list_resource_compliance_summaries(self):
    nodes = NODES.get((self.current_account, self.region), {})
    items = [
        {
            "ComplianceType": kind,
            "ResourceType": "ManagedInstance",
            "ResourceId": id,
            "Status": status,
        }
        for id, node in nodes.items()
        for kind, status in node.get("compliance", {}).items()
    ]
    return json.dumps({"ResourceComplianceSummaryItems": items})


def get_service_setting(self):
    name = self._get_param("SettingId")
    default = {"/ssm/documents/console/public-sharing-permission": "Enable"}.get(name, "")
    value = SETTINGS.get((self.current_account, self.region, name), default)
    return json.dumps({"ServiceSetting": {"SettingId": name, "SettingValue": value}})


IamResponse.list_organizations_features = list_organizations_features
OrganizationsResponse.describe_resource_policy = describe_resource_policy
for answer in (
    describe_instance_information,
    describe_instance_patch_states,
    list_resource_compliance_summaries,
    get_service_setting,
):
    assert not hasattr(SimpleSystemManagerResponse, answer.__name__), answer.__name__
    setattr(SimpleSystemManagerResponse, answer.__name__, answer)


def node(ping="Online", latest=True, platform="Linux", **rest):
    information = {"PingStatus": ping, "IsLatestVersion": latest, "PlatformType": platform}
    return {"information": information, **rest}


def patches(days, critical=0, security=0, reboot=0):
    ended = int(time.time()) - days * 86_400
    return {
        "PatchGroup": "",
        "BaselineId": "pb-1",
        "Operation": "Scan",
        "OperationStartTime": ended,
        "OperationEndTime": ended,
        "CriticalNonCompliantCount": critical,
        "SecurityNonCompliantCount": security,
        "InstalledPendingRebootCount": reboot,
    }


def machine(account, name):
    ec2 = account.client("ec2", HOME)
    with named(instance=name):
        ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1)


@story
def machines(account):
    """Machines that Systems Manager looks after, and documents."""
    for name in ("i-tidy", "i-behind", "i-silent", "i-alone", "i-asleep"):
        machine(account, name)
    account.client("ec2", HOME).stop_instances(InstanceIds=["i-asleep"])
    bad = {"Patch": "NON_COMPLIANT", "Association": "NON_COMPLIANT"}
    NODES[account.account, HOME] = {
        "i-tidy": node(
            patches=patches(days=1), compliance={"Patch": "COMPLIANT", "Association": "COMPLIANT"}
        ),
        "i-behind": node(
            latest=False,
            patches=patches(days=9, critical=1, security=2, reboot=3),
            compliance=bad,
        ),
        "i-silent": node(ping="ConnectionLost"),
        "i-asleep": node(ping="ConnectionLost", compliance=bad),
        "mi-office": node(platform="Windows", latest=False, patches=patches(days=1)),
    }
    ssm = account.client("ssm", HOME)
    content = json.dumps({"schemaVersion": "2.2", "description": "x", "mainSteps": []})
    for name, accounts in (("private", []), ("partner", ["999988887777"]), ("public", ["all"])):
        ssm.create_document(Content=content, Name=name, DocumentType="Command")
        if accounts:
            ssm.modify_document_permission(
                Name=name, PermissionType="Share", AccountIdsToAdd=accounts
            )
    for name, value in (
        ("/ssm/documents/console/public-sharing-permission", "Disable"),
        ("/ssm/automation/customer-script-log-destination", "CloudWatch"),
    ):
        SETTINGS[account.account, AWAY, name] = value


@story
def governed(account, good=True):
    """The management account of an organization, in order or not, with machines."""
    organizations = account.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="workloads")
    unit = unit["OrganizationalUnit"]["Id"]
    made = organizations.create_account(AccountName="shop", Email="shop@example.com")
    member = made["CreateAccountStatus"]["AccountId"]
    organizations.enable_aws_service_access(ServicePrincipal="guardduty.amazonaws.com")
    if good:
        organizations.move_account(
            AccountId=member, SourceParentId=root, DestinationParentId=unit
        )
        deny = {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
        policy = organizations.create_policy(
            Name="guard",
            Description="guard",
            Type="SERVICE_CONTROL_POLICY",
            Content=document(deny),
        )
        policy = policy["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy, TargetId=unit)
        organizations.register_delegated_administrator(
            AccountId=member, ServicePrincipal="guardduty.amazonaws.com"
        )
        FEATURES[account.account] = ["RootCredentialsManagement"]
        RESOURCE_POLICIES[account.account] = document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{member}:root"},
                "Action": "organizations:*",
                "Resource": "*",
            }
        )
        return {"member": member}
    machines(account)

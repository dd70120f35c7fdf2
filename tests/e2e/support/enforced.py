"""IAM for the calls that are answered in moto's place: once moto lets IAM decide,
an action that the key's user may not take is refused here, too.
"""

import json
import re

from keys import cbor
from moto import settings
from moto.iam.access_control import IAMPolicy, IAMUserAccessKey, PermissionResult
from moto.iam.models import get_account_id_from

CLUSTER = r"/clusters/[^/]+"
# By the service that a request is signed for and its path: the IAM action.
ACTIONS = {
    ("access-analyzer", r"/analyzer"): "access-analyzer:ListAnalyzers",
    ("account", r"/getContactInformation"): "account:GetContactInformation",
    ("apigateway", r"/restapis|/v2/apis"): "apigateway:GET",
    ("backup", r"/resources"): "backup:ListProtectedResources",
    ("eks", r"/addons/supported-versions"): "eks:DescribeAddonVersions",
    ("eks", r"/cluster-versions"): "eks:DescribeClusterVersions",
    ("eks", r"/clusters"): "eks:ListClusters",
    ("eks", CLUSTER): "eks:DescribeCluster",
    ("eks", CLUSTER + r"/access-entries"): "eks:ListAccessEntries",
    ("eks", CLUSTER + r"/access-entries/.+"): "eks:ListAssociatedAccessPolicies",
    ("eks", CLUSTER + r"/addons"): "eks:ListAddons",
    ("eks", CLUSTER + r"/addons/[^/]+"): "eks:DescribeAddon",
    ("eks", CLUSTER + r"/insights"): "eks:ListInsights",
    ("eks", CLUSTER + r"/node-groups"): "eks:ListNodegroups",
    ("eks", CLUSTER + r"/node-groups/[^/]+"): "eks:DescribeNodegroup",
    ("eks", CLUSTER + r"/pod-identity-associations"): "eks:ListPodIdentityAssociations",
    ("inspector2", r"/status/batch/get"): "inspector2:BatchGetAccountStatus",
    ("lambda", r".+/urls"): "lambda:ListFunctionUrlConfigs",
    ("macie2", r"/automated-discovery/configuration"): "macie2:GetAutomatedDiscoveryConfiguration",
    ("macie2", r"/macie"): "macie2:GetMacieSession",
    ("monitoring", r".+/DescribeAlarms"): "cloudwatch:DescribeAlarms",
    ("glacier", r".+/access-policy"): "glacier:GetVaultAccessPolicy",
    ("s3express", r""): "s3express:ListAllMyDirectoryBuckets",
    ("s3express", r"/.+"): "s3express:GetLifecycleConfiguration",
}


def permitted(key, action):
    owner = IAMUserAccessKey(get_account_id_from(key), "aws", key, {})
    policies = [IAMPolicy(policy) for policy in owner.collect_policies()]
    return any(
        policy.is_action_permitted(action) == PermissionResult.PERMITTED for policy in policies
    )


def with_iam(app):
    """The application, asked only for what IAM permits."""

    def answer(environ, start_response):
        scope = re.search(
            r"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", "")
        )
        if settings.INITIAL_NO_AUTH_ACTION_COUNT or not scope:
            return app(environ, start_response)
        key, service = scope.groups()
        path = environ["PATH_INFO"].rstrip("/")
        asked = (
            action
            for (of, pattern), action in ACTIONS.items()
            if of == service and re.fullmatch(pattern, path)
        )
        action = next(asked, None)
        if action is None or permitted(key, action):
            return app(environ, start_response)
        message = f"User: {key} is not authorized to perform: {action} on resource: *"
        code = "AccessDeniedException"
        said, body = "application/json", json.dumps({"message": message}).encode()
        if service == "monitoring":
            said, body = "application/cbor", cbor({"__type": code, "message": message})
        if service == "s3express":
            said = "application/xml"
            body = f"<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>".encode()
        headers = [("Content-Type", said), ("x-amzn-errortype", code)]
        if service == "monitoring":
            headers.append(("smithy-protocol", "rpc-v2-cbor"))
        start_response("403 Forbidden", headers)
        return [body]

    return answer

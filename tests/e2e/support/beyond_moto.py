"""Operations of AWS that moto does not have, answered as AWS documents them.

What an account says is set by `say`; until then it is what a new account says.
Importing this module teaches moto.
"""

import re

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.iam.models import IAMBackend

DEFAULTS = {
    "DescribeClientVpnEndpoints": {"ClientVpnEndpoints": []},
    "DescribeVpcBlockPublicAccessOptions": {
        "VpcBlockPublicAccessOptions": {
            "State": "default-state",
            "InternetGatewayBlockMode": "off",
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }
    },
    "GetEbsDefaultKmsKeyId": {"KmsKeyId": "alias/aws/ebs"},
    "GetInstanceMetadataDefaults": {"AccountLevel": {}},
    "GetSerialConsoleAccessStatus": {"SerialConsoleAccessEnabled": False},
    "GetSnapshotBlockPublicAccessState": {"State": "unblocked", "ManagedBy": "account"},
}

SAID = {}


def say(account, region, operation, **reply):
    """From now on an account answers this in a region."""
    assert operation in DEFAULTS, operation
    SAID[account, region, operation] = reply


def answers(operation, default):
    def answer(self):
        return ActionResult(SAID.get((self.current_account, self.region, operation), default))

    return answer


for operation, default in DEFAULTS.items():
    method = re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower()
    assert not hasattr(EC2Response, method), f"moto has learned {operation}"
    setattr(EC2Response, method, answers(operation, default))


report_of_users = IAMBackend.get_credential_report


def report_with_root(self):
    """The credential report, in which AWS names the root user first."""
    header, users = report_of_users(self).split("\n", 1)
    cells = dict.fromkeys(header.split(","), "N/A")
    cells |= {
        "user": "<root_account>",
        "arn": f"arn:aws:iam::{self.account_id}:root",
        "user_creation_time": "2020-01-01T00:00:00+00:00",
        "password_enabled": "not_supported",
        "password_last_used": "no_information",
        "password_last_changed": "not_supported",
        "mfa_active": "false",
    }
    for part in ("access_key_1", "access_key_2", "cert_1", "cert_2"):
        cells[f"{part}_active"] = "false"
    return "\n".join([header, ",".join(cells.values()), users])


IAMBackend.get_credential_report = report_with_root

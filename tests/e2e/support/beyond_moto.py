"""Operations of AWS that moto does not have, answered as AWS documents them.

What an account says is set by `say`; until then it is what a new account says.
Importing this module teaches moto.
"""

import re

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

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

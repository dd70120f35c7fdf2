"""What runs in the account of story `compute`; `truth_compute.rs` says what is
true of it.

moto makes up its ids; here each thing is called by what is special about it.
Dates in the past, and what moto does not keep, are written into its memory.
"""

import contextlib
import datetime
import json
from unittest import mock

import beyond_moto
from moto.ec2.models import ec2_backends

HOME, AWAY = "eu-west-1", "us-east-1"
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.now(datetime.timezone.utc)

# What is named, and the function by which moto makes up the name.
NAMES = {
    "eni": "elastic_network_interfaces.random_eni_id",
    "fleet": "spot_requests.random_spot_fleet_request_id",
    "image": "amis.random_ami_id",
    "instance": "instances.random_instance_id",
    "snapshot": "elastic_block_store.random_snapshot_id",
    "template": "launch_templates.random_launch_template_id",
    "volume": "elastic_block_store.random_volume_id",
}

PASSWORD = "#!/bin/sh\nyum install -y app\nexport DB_PASSWORD=Correct-horse-2\n"
HARMLESS = "#!/bin/sh\nDB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id db)\n"


@contextlib.contextmanager
def named(**ids):
    """What moto makes meanwhile has these names, one each or one after another."""
    with contextlib.ExitStack() as stack:
        for kind, names in ids.items():
            names = iter([names] if isinstance(names, str) else names)
            function = f"moto.ec2.models.{NAMES[kind]}"
            stack.enter_context(mock.patch(function, lambda names=names: next(names)))
        yield


class Compute:
    def __init__(self, account, region):
        self.account, self.region = account, region
        self.ec2 = account.client("ec2", region)
        self.memory = ec2_backends[account.account][region]
        subnets = self.ec2.describe_subnets()["Subnets"]
        self.subnet = min(subnet["SubnetId"] for subnet in subnets)

    def say(self, operation, **reply):
        beyond_moto.say(self.account.account, self.region, operation, **reply)

    def image(self, name, age, public=False):
        """An own image so many days old, with its snapshot."""
        with named(image=name, volume=f"vol-{name}", snapshot=f"snap-of-{name}"):
            self.ec2.register_image(Name=name, VirtualizationType="hvm", Architecture="x86_64")
        image = self.memory.amis[name]
        image.virtualization_type = "hvm"
        image.creation_date = NOW - age * DAY
        if public:
            self.ec2.modify_image_attribute(
                ImageId=name, LaunchPermission={"Add": [{"Group": "all"}]}
            )

    def instance(self, name, image="ami-recent", public=False, interfaces=1, **more):
        """An instance with a volume of the same name."""
        network = [
            {
                "DeviceIndex": index,
                "SubnetId": self.subnet,
                "AssociatePublicIpAddress": public and index == 0,
            }
            for index in range(interfaces)
        ]
        enis = [f"eni-{name}-{index}" for index in range(interfaces)]
        disk = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8}}
        disk["Ebs"]["Encrypted"] = more.pop("encrypted", True)
        if profile := more.pop("profile", None):
            more["IamInstanceProfile"] = {"Name": profile}
        if tags := more.pop("tags", None):
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            more["TagSpecifications"] = [{"ResourceType": "instance", "Tags": pairs}]
        with named(instance=f"i-{name}", eni=enis, volume=f"vol-{name}"):
            self.ec2.run_instances(
                ImageId=image,
                MinCount=1,
                MaxCount=1,
                NetworkInterfaces=network,
                BlockDeviceMappings=[disk],
                **more,
            )
        return f"i-{name}"

    def stopped(self, instance, days):
        """Stopped, started for the last time, and made so many days ago."""
        self.ec2.stop_instances(InstanceIds=[instance])
        found = self.memory.get_instance(instance)
        at = NOW - days * DAY
        found.launch_time = at
        found._reason = f"User initiated ({at:%Y-%m-%d %H:%M:%S} UTC)"

    def volume(self, name, encrypted):
        with named(volume=f"vol-{name}"):
            self.ec2.create_volume(
                AvailabilityZone=f"{self.region}a", Size=8, Encrypted=encrypted
            )

    def snapshot(self, name, of, shared_with=None):
        with named(snapshot=f"snap-{name}"):
            self.ec2.create_snapshot(VolumeId=f"vol-{of}")
        if shared_with:
            self.ec2.modify_snapshot_attribute(
                SnapshotId=f"snap-{name}",
                Attribute="createVolumePermission",
                OperationType="add",
                **shared_with,
            )

    def template(self, name, *versions):
        """A launch template with these versions, the last of them the default."""
        with named(template=f"lt-{name}"):
            self.ec2.create_launch_template(
                LaunchTemplateName=name, LaunchTemplateData=versions[0]
            )
        for number, data in enumerate(versions[1:], 2):
            self.ec2.create_launch_template_version(
                LaunchTemplateId=f"lt-{name}", LaunchTemplateData=data
            )
            self.ec2.modify_launch_template(
                LaunchTemplateId=f"lt-{name}", DefaultVersion=str(number)
            )

    def fleet(self, name, encrypted):
        """A Spot Fleet request for nothing; moto forgets its block devices."""
        with named(fleet=f"sfr-{name}"):
            self.ec2.request_spot_fleet(
                SpotFleetRequestConfig={
                    "IamFleetRole": f"arn:aws:iam::{self.account.account}:role/fleet",
                    "TargetCapacity": 0,
                    "AllocationStrategy": "lowestPrice",
                    "LaunchSpecifications": [
                        {"ImageId": "ami-recent", "InstanceType": "t3.micro"}
                    ],
                }
            )
        request = self.memory.spot_fleet_requests[f"sfr-{name}"]
        for specification in request.launch_specs:
            specification.block_device_mappings = [
                {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": encrypted}}
            ]


def metadata(tokens, endpoint="enabled", hops=1):
    return {
        "MetadataOptions": {
            "HttpTokens": tokens,
            "HttpEndpoint": endpoint,
            "HttpPutResponseHopLimit": hops,
        }
    }


def disk(**ebs):
    return {"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, **ebs}}]}


def network(public):
    return {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": public}]}


def profiles(account):
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    )
    service = {"Service": "ec2.amazonaws.com"}
    account.role("web", service)
    account.role("boss", service, inline={"all": everything})
    for name in ["web", "boss", "empty"]:
        account.iam.create_instance_profile(InstanceProfileName=name)
    for name in ["web", "boss"]:
        account.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)


def fill(account):
    profiles(account)
    home = Compute(account, HOME)
    home.say("GetSerialConsoleAccessStatus", SerialConsoleAccessEnabled=True)
    home.image("ami-recent", age=10)
    home.image("ami-old", age=400)
    home.image("ami-public", age=10, public=True)

    required = metadata("required")
    home.instance("good", profile="web", UserData=HARMLESS, **required)
    home.instance(
        "legacy",
        image="ami-gone",
        public=True,
        encrypted=False,
        UserData=PASSWORD,
        **metadata("optional", hops=2),
    )
    home.instance(
        "boss", image="ami-old", profile="boss", interfaces=2, **metadata("optional", "disabled")
    )
    tags = {"kubernetes.io/cluster/shop": "owned"}
    home.instance("node", profile="empty", tags=tags, **metadata("required", hops=2))
    home.stopped(home.instance("paused", profile="web", **required), days=29)
    home.stopped(home.instance("left", profile="web", **required), days=31)
    ended = home.instance("ended", **metadata("optional"))
    home.ec2.terminate_instances(InstanceIds=[ended])

    home.volume("spare", encrypted=False)
    home.volume("kept", encrypted=True)
    home.snapshot("private", of="spare")
    home.snapshot("encrypted", of="kept")
    home.snapshot("public", of="spare", shared_with={"GroupNames": ["all"]})
    home.snapshot("partner", of="spare", shared_with={"UserIds": ["999988887777"]})

    home.template("good", {**required, **disk(Encrypted=True), **network(False)})
    home.template("open", {**metadata("optional"), **disk(Encrypted=False), **network(True)})
    home.template("silent", {"ImageId": "ami-recent", **disk()})
    home.template("mended", {**metadata("optional"), **network(True)}, required)
    home.fleet("plain", encrypted=False)
    home.fleet("encrypted", encrypted=True)

    settings_in_order(account, AWAY)
    away = Compute(account, AWAY)
    away.volume("away", encrypted=False)
    away.snapshot("latent", of="away", shared_with={"GroupNames": ["all"]})
    away.template("away", {**required, **disk(Encrypted=False)})


def settings_in_order(account, region):
    there = Compute(account, region)
    there.ec2.enable_ebs_encryption_by_default()
    there.say("GetSnapshotBlockPublicAccessState", State="block-all-sharing", ManagedBy="account")
    there.say("GetInstanceMetadataDefaults", AccountLevel={"HttpTokens": "required"})


def one_of_each(account):
    """Enough for every call to be made in one region, and nothing wrong."""
    away = Compute(account, AWAY)
    away.image("ami-recent", age=10)
    away.instance("good", **metadata("required"))
    away.volume("kept", encrypted=True)
    away.snapshot("private", of="kept")
    away.template("good", {**metadata("required"), **disk(Encrypted=True)})

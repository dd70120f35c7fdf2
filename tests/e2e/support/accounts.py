"""The accounts of the tests, made with boto3; their truth is in the tests.

What no API can set (dates in the past, AWS's own policies without loading all
1,584 of them) is written into moto's memory.
"""

import datetime
import json

import beyond_moto  # noqa: F401 (teaches moto)
import boto3
import compute as compute_resources
from botocore.config import Config
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)
OWN_POLICIES = [
    "AWSCloudShellFullAccess",
    "AWSSupportAccess",
    "AdministratorAccess",
    "ReadOnlyAccess",
]
ALL_ON = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
ALL_OFF = dict.fromkeys(ALL_ON, False)


STORIES = {}


def story(function):
    STORIES[function.__name__] = function
    return function


def aws_policy(name):
    return f"arn:aws:iam::aws:policy/{name}"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal, **more):
    action = "sts:AssumeRoleWithWebIdentity" if "Federated" in principal else "sts:AssumeRole"
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def equals(key, value):
    return {"Condition": {"StringEquals": {key: value}}}


class Account:
    def __init__(self, endpoint, account):
        self.endpoint, self.account = endpoint, account
        start = boto3.client(
            "sts",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="AKIASEEDERSEEDERSEED",
            aws_secret_access_key="seeder",
        )
        keys = start.assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/Seeder", RoleSessionName="seeder"
        )["Credentials"]
        self.session = boto3.Session(
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        self.clients = {}
        self.iam = self.client("iam")
        self.s3 = self.client("s3")
        self.memory = iam_backends[account]["aws"]
        policies = json.loads(aws_managed_policies_data)
        for name in OWN_POLICIES:
            policy = AWSManagedPolicy.from_data(name, account, "us-east-1", policies[name])
            self.memory.managed_policies.setdefault(policy.arn, policy)

    def client(self, service, region="us-east-1"):
        if (service, region) not in self.clients:
            self.clients[service, region] = self.session.client(
                service,
                endpoint_url=self.endpoint,
                region_name=region,
                config=Config(s3={"addressing_style": "path"}),
            )
            # S3 Control puts the account before the host, which no one resolves.
            self.clients[service, region].meta.events.register(
                "before-call.s3-control",
                lambda params, **_: params.update(
                    url=params["url"].replace(f"//{self.account}.", "//")
                ),
            )
        return self.clients[service, region]

    def user(self, name, password=False, mfa=False, keys=(), groups=(), attached=(), inline=None):
        """A user; `keys` are (age in days, days since the last use or None)."""
        self.iam.create_user(UserName=name)
        if password:
            self.iam.create_login_profile(UserName=name, Password="Correct-horse-1")
        if mfa:
            device = self.iam.create_virtual_mfa_device(VirtualMFADeviceName=name)
            self.iam.enable_mfa_device(
                UserName=name,
                SerialNumber=device["VirtualMFADevice"]["SerialNumber"],
                AuthenticationCode1="123456",
                AuthenticationCode2="654321",
            )
        for _ in keys:
            self.iam.create_access_key(UserName=name)
        for key, (age, used) in zip(self.memory.users[name].access_keys, keys):
            key.create_date = NOW - age * DAY
            key.last_used = None if used is None else NOW - used * DAY
        for group in groups:
            self.iam.add_user_to_group(UserName=name, GroupName=group)
        for arn in attached:
            self.iam.attach_user_policy(UserName=name, PolicyArn=arn)
        for policy, text in (inline or {}).items():
            self.iam.put_user_policy(UserName=name, PolicyName=policy, PolicyDocument=text)

    def role(self, name, principal, attached=(), inline=None, boundary=None, **more):
        extra = {"PermissionsBoundary": boundary} if boundary else {}
        self.iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=trust(principal, **more), **extra
        )
        for arn in attached:
            self.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        for policy, text in (inline or {}).items():
            self.iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text)

    def policy(self, name, *statements):
        return self.iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))[
            "Policy"
        ]["Arn"]

    def bucket(self, name, region="us-east-1", policy=None, **config):
        s3 = self.client("s3", region)
        where = {}
        if region != "us-east-1":
            where = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **where)
        if policy:
            s3.put_bucket_policy(Bucket=name, Policy=policy)
        if acl := config.get("acl"):
            s3.put_bucket_acl(Bucket=name, ACL=acl)
        if ownership := config.get("ownership"):
            s3.put_bucket_ownership_controls(
                Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]}
            )
        if block := config.get("block"):
            s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
        if status := config.get("versioning"):
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
        if config.get("encryption"):
            rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            s3.put_bucket_encryption(
                Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]}
            )
        if status := config.get("lifecycle"):
            rule = {"ID": "all", "Prefix": "", "Status": status, "Expiration": {"Days": 30}}
            s3.put_bucket_lifecycle_configuration(
                Bucket=name, LifecycleConfiguration={"Rules": [rule]}
            )
        if target := config.get("logging"):
            # What S3 demands of the target.
            s3.put_bucket_acl(Bucket=target, ACL="log-delivery-write")
            s3.put_bucket_logging(
                Bucket=name,
                BucketLoggingStatus={
                    "LoggingEnabled": {"TargetBucket": target, "TargetPrefix": name + "/"}
                },
            )
            if config.get("private_target"):
                s3.put_bucket_acl(Bucket=target, ACL="private")
        if tags := config.get("tags"):
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs})

    def access_point(self, name, bucket, region, block):
        self.client("s3control", region).create_access_point(
            AccountId=self.account,
            Name=name,
            Bucket=bucket,
            PublicAccessBlockConfiguration=block,
        )


def tls_only(bucket):
    return document(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def open_to(principal, action, bucket):
    return document(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": action,
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        }
    )


@story
def truth(account):
    """Something right and something wrong for every rule; `truth.rs` says what."""
    number = account.account
    own = {"AWS": f"arn:aws:iam::{number}:root"}
    iam = account.iam
    read_one = allow("s3:GetObject", "arn:aws:s3:::good/*")
    everything = allow("*")
    from_office = {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}

    full_admin = account.policy("full-admin", everything)
    conditional = account.policy("office-admin", allow("*", **from_office))
    all_of_s3 = account.policy("all-of-s3", allow("s3:*"))
    narrow = account.policy("narrow", read_one)
    account.policy("unattached", everything)
    boundary = account.policy("boundary", read_one)

    for group in ["developers", "operators", "legacy"]:
        iam.create_group(GroupName=group)
    iam.put_group_policy(
        GroupName="developers", PolicyName="read", PolicyDocument=document(read_one)
    )
    iam.put_group_policy(
        GroupName="operators", PolicyName="ec2", PolicyDocument=document(allow("ec2:*"))
    )
    for policy in [full_admin, aws_policy("AWSCloudShellFullAccess")]:
        iam.attach_group_policy(GroupName="legacy", PolicyArn=policy)

    account.user("admin", password=True, attached=[aws_policy("AdministratorAccess")])
    account.user("john.doe", password=True, groups=["developers"])
    account.user("jane.roe", password=True, mfa=True, keys=[(10, 1)], groups=["developers"])
    account.user("ci-bot", keys=[(100, 50), (5, None)])
    account.user("old-bot", mfa=True, keys=[(200, None)])
    account.user("inline-admin", inline={"everything": document(everything)})
    account.user("legacy-admin", groups=["legacy"])
    account.user("nobody")
    account.user("climber", inline={"climb": document(allow("iam:AttachUserPolicy"))})

    account.role("deploy", own, attached=[aws_policy("AdministratorAccess")])
    account.role("reader", {"Service": "ec2.amazonaws.com"}, inline={"read": document(read_one)})
    account.role("open", {"AWS": "*"}, attached=[narrow])
    account.role("bounded", own, attached=[full_admin], boundary=boundary)
    account.role("office", own, attached=[conditional, all_of_s3])
    account.role("inline-role", own, inline={"all": document(everything)})
    supplier = {"AWS": "arn:aws:iam::999988887777:root"}
    account.role("supplier", supplier)
    account.role("partner", supplier, **equals("sts:ExternalId", "agreed"))
    account.role("schedule-any", {"Service": "scheduler.amazonaws.com"})
    account.role(
        "schedule",
        {"Service": "scheduler.amazonaws.com"},
        **equals("aws:SourceAccount", number),
    )
    issuer = "token.actions.githubusercontent.com"
    github = {"Federated": f"arn:aws:iam::{number}:oidc-provider/{issuer}"}
    account.role("ci-any", github, **equals(f"{issuer}:aud", "sts.amazonaws.com"))
    account.role("ci", github, **equals(f"{issuer}:sub", "repo:acme/shop:ref:refs/heads/main"))
    iam.create_service_linked_role(AWSServiceName="support.amazonaws.com")

    # In moto every certificate expired in 2012.
    iam.upload_server_certificate(
        ServerCertificateName="expired", CertificateBody="body", PrivateKey="key"
    )

    account.bucket("logs", "eu-west-1", block=ALL_ON, encryption=True)
    account.bucket(
        "good",
        "eu-west-1",
        policy=tls_only("good"),
        block=ALL_ON,
        encryption=True,
        versioning="Enabled",
        lifecycle="Enabled",
        logging="logs",
        private_target=True,
        ownership="BucketOwnerEnforced",
        tags={"owner": "team-a"},
    )
    account.bucket("public-acl", acl="public-read")
    account.bucket("public-policy", policy=open_to("*", "s3:GetObject", "public-policy"))
    account.bucket("public-drop", policy=open_to("*", "s3:PutObject", "public-drop"))
    account.bucket(
        "shielded",
        acl="public-read",
        policy=open_to("*", "s3:GetObject", "shielded"),
        block=ALL_ON,
    )
    account.bucket(
        "shared",
        policy=open_to({"AWS": "arn:aws:iam::999988887777:root"}, "s3:PutBucketPolicy", "shared"),
    )
    account.bucket("suspended", "eu-west-1", versioning="Suspended", lifecycle="Disabled")

    account.access_point("closed-door", "good", "eu-west-1", ALL_ON)
    account.access_point("open-door", "public-policy", "us-east-1", ALL_OFF)
    door = f"arn:aws:s3:us-east-1:{number}:accesspoint/open-door"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    account.client("s3control").put_access_point_policy(
        AccountId=number,
        Name="open-door",
        Policy=document({**statement, "Resource": f"{door}/object/*"}),
    )


@story
def orderly(account):
    """What is wrong with the other account's settings is right here."""
    bucket = f"orderly-{account.account}"
    account.iam.update_account_password_policy(
        MinimumPasswordLength=14,
        RequireSymbols=True,
        RequireNumbers=True,
        RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True,
        MaxPasswordAge=90,
        PasswordReusePrevention=24,
    )
    account.client("s3control").put_public_access_block(
        AccountId=account.account, PublicAccessBlockConfiguration=ALL_ON
    )
    account.role(
        "support",
        {"AWS": f"arn:aws:iam::{account.account}:root"},
        attached=[aws_policy("AWSSupportAccess")],
    )
    account.bucket(
        bucket,
        policy=tls_only(bucket),
        block=ALL_ON,
        encryption=True,
        versioning="Enabled",
        lifecycle="Enabled",
        ownership="BucketOwnerEnforced",
    )
    account.access_point("side-door", bucket, "us-east-1", ALL_ON)
    account.client("ec2").create_managed_prefix_list(
        PrefixListName="office",
        MaxEntries=1,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "203.0.113.0/24"}],
    )
    for region in [compute_resources.HOME, compute_resources.AWAY]:
        compute_resources.settings_in_order(account, region)


@story
def small(account, users, buckets):
    """So many of each, and nothing else."""
    for number in range(users):
        account.user(f"user-{number}", password=True)
    for number in range(buckets):
        name = f"small-{number}-{account.account}"
        account.bucket(name, policy=tls_only(name) if number % 2 else None)


@story
def secretive(account, external_id):
    """An external id in every kind of policy that is read."""
    condition = {"Condition": {"StringEquals": {"sts:ExternalId": external_id}}}
    account.role("partner", {"AWS": "arn:aws:iam::999988887777:root"}, **condition)
    account.role(
        "inline",
        {"Service": "ec2.amazonaws.com"},
        inline={"chain": document(allow("sts:AssumeRole", **condition))},
    )
    arn = account.policy("chain", allow("sts:AssumeRole", **condition))
    account.iam.attach_role_policy(RoleName="inline", PolicyArn=arn)
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999988887777:root"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::secretive/*",
        **condition,
    }
    account.bucket("secretive", policy=document(statement))


@story
def scanner(account, name, policy):
    """A user with one policy and two access keys; answers the first."""
    account.iam.create_user(UserName=name)
    account.iam.put_user_policy(
        UserName=name, PolicyName="scan", PolicyDocument=json.dumps(policy)
    )
    key = account.iam.create_access_key(UserName=name)["AccessKey"]
    account.iam.create_access_key(UserName=name)
    return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


@story
def organization(account):
    """Four accounts: two units, one in the other; one account is suspended."""
    orgs = account.client("organizations")
    orgs.create_organization(FeatureSet="ALL")
    root = orgs.list_roots()["Roots"][0]["Id"]

    def unit(name, parent):
        made = orgs.create_organizational_unit(ParentId=parent, Name=name)
        return made["OrganizationalUnit"]["Id"]

    outer = unit("workloads", root)
    inner = unit("production", outer)
    ids = {"outer": outer, "inner": inner}
    for name, where, tags in [
        ("dev", outer, {"stage": "dev", "team": "a"}),
        ("prod", inner, {"stage": "prod", "team": "a"}),
        ("sandbox", root, {"team": "b"}),
        ("gone", root, {}),
    ]:
        made = orgs.create_account(AccountName=name, Email=f"{name}@example.com")
        number = made["CreateAccountStatus"]["AccountId"]
        ids[name] = number
        if where != root:
            orgs.move_account(AccountId=number, SourceParentId=root, DestinationParentId=where)
        if tags:
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            orgs.tag_resource(ResourceId=number, Tags=pairs)
    orgs.close_account(AccountId=ids["gone"])
    return ids


@story
def compute(account):
    """What runs, with something right and something wrong for every rule on it."""
    compute_resources.fill(account)


@story
def one_of_each(account):
    """One of each thing that calls are made about."""
    account.iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com",
        ClientIDList=["sts.amazonaws.com"],
        ThumbprintList=["0" * 40],
    )
    account.bucket("one-of-each", "us-east-1")
    account.access_point("one-of-each", "one-of-each", "us-east-1", ALL_ON)
    own = f"arn:aws:s3:us-east-1:{account.account}:accesspoint/one-of-each"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account.account}:root"},
        "Action": "s3:GetObject",
        "Resource": f"{own}/object/*",
    }
    account.client("s3control").put_access_point_policy(
        AccountId=account.account, Name="one-of-each", Policy=document(statement)
    )
    compute_resources.one_of_each(account)

"""Clusters, load balancers, functions and repositories; `truth_containers.rs`
says what is true of them. moto knows too little of EKS and of function URLs:
these calls are answered here, as AWS documents them.
"""

import io
import json
import re
import zipfile

from accounts import NOW, allow, document, story
from moto.iam.models import get_account_id_from
from moto.kms.models import kms_backends

HOME = "eu-west-1"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id"
# What an account answers in a region: by service and path.
ANSWERS = {}


def with_containers(app):
    """The application, and what is answered here."""

    def answer(environ, start_response):
        scope = re.search(
            r"Credential=([^/]+)/[^/]+/([^/]+)/(eks|lambda)/", environ.get("HTTP_AUTHORIZATION", "")
        )
        if not scope:
            return app(environ, start_response)
        key, region, service = scope.groups()
        path = environ["PATH_INFO"].rstrip("/")
        account = get_account_id_from(key)
        found = ANSWERS.get((account, region, service, path))
        if found is None and service == "lambda" and not path.endswith("/urls"):
            return app(environ, start_response)
        if found is None and path == "/clusters":
            found = {"clusters": []}
        status = "200 OK" if found is not None else "404 Not Found"
        body = found if found is not None else {"__type": "ResourceNotFoundException"}
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]

    return answer


def say(account, service, path, **reply):
    ANSWERS[account.account, HOME, service, path] = reply


def versions(account):
    say(
        account,
        "eks",
        "/cluster-versions",
        clusterVersions=[
            {"clusterVersion": "1.34", "versionStatus": "STANDARD_SUPPORT"},
            {"clusterVersion": "1.30", "versionStatus": "EXTENDED_SUPPORT"},
        ],
    )
    # Both clusters ask about the same add-on; only one of its versions goes with them.
    fits = [{"clusterVersion": "1.34", "platformVersions": ["*"], "defaultVersion": True}]
    say(
        account,
        "eks",
        "/addons/supported-versions",
        addons=[
            {
                "addonName": "vpc-cni",
                "addonVersions": [{"addonVersion": "v1.20.0", "compatibilities": fits}],
            }
        ],
    )


def cluster(account, name, insights=(), admins=(), pods=(), **about):
    base = f"/clusters/{name}"
    arn = f"arn:aws:eks:{HOME}:{account.account}:cluster/{name}"
    identity = {"oidc": {"issuer": f"https://{ISSUER}/{name.upper()}"}}
    described = {"name": name, "arn": arn, "status": "ACTIVE", "identity": identity, **about}
    names = ANSWERS.setdefault((account.account, HOME, "eks", "/clusters"), {"clusters": []})
    names["clusters"].append(name)
    say(account, "eks", base, cluster=described)
    insight = [{"name": "Deprecated APIs", "insightStatus": {"status": one}} for one in insights]
    say(account, "eks", f"{base}/insights", insights=insight)
    say(account, "eks", f"{base}/access-entries", accessEntries=list(admins))
    policy = {
        "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        "accessScope": {"type": "cluster"},
    }
    for admin in admins:
        say(
            account,
            "eks",
            f"{base}/access-entries/{admin}/access-policies",
            associatedAccessPolicies=[policy],
        )
    found = [{"namespace": "web", "serviceAccount": pod} for pod in pods]
    say(account, "eks", f"{base}/pod-identity-associations", associations=found)
    for part in ["node-groups", "addons"]:
        say(account, "eks", f"{base}/{part}", **{part.replace("node-g", "nodeg"): []})


def nodegroup(account, of, name, **about):
    base = f"/clusters/{of}/node-groups"
    arn = f"arn:aws:eks:{HOME}:{account.account}:nodegroup/{of}/{name}/1"
    ANSWERS[account.account, HOME, "eks", base]["nodegroups"].append(name)
    described = {"nodegroupName": name, "nodegroupArn": arn, "clusterName": of, **about}
    say(account, "eks", f"{base}/{name}", nodegroup=described)


def addon(account, of, name, **about):
    base = f"/clusters/{of}/addons"
    arn = f"arn:aws:eks:{HOME}:{account.account}:addon/{of}/{name}/1"
    ANSWERS[account.account, HOME, "eks", base]["addons"].append(name)
    described = {"addonName": name, "addonArn": arn, "clusterName": of, **about}
    say(account, "eks", f"{base}/{name}", addon=described)


def trust_of(account, issuer, subject):
    provider = f"arn:aws:iam::{account.account}:oidc-provider/{issuer}"
    claims = {f"{issuer}:sub": subject, f"{issuer}:aud": "sts.amazonaws.com"}
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringLike": claims},
        }
    )


def clusters(account):
    ec2, logs = account.client("ec2", HOME), account.client("logs", HOME)
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)

    def subnet(block, zone):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=HOME + zone)
        return made["Subnet"]["SubnetId"]

    private, public = subnet("10.1.1.0/24", "a"), subnet("10.1.2.0/24", "b")
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=public)

    def group(name, **rule):
        made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        if rule:
            ec2.authorize_security_group_ingress(GroupId=made, **rule)
        return made

    closed = group("closed")
    port = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    opened = group("opened", IpPermissions=[{**port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])

    versions(account)
    every = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    cluster(
        account,
        "good",
        insights=["PASSING", "WARNING"],
        admins=["arn:aws:iam::111122223333:role/admin"],
        pods=["shop"],
        version="1.34",
        resourcesVpcConfig={
            "endpointPublicAccess": False,
            "endpointPrivateAccess": True,
            "clusterSecurityGroupId": closed,
        },
        logging={"clusterLogging": [{"types": every, "enabled": True}]},
        encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": "arn:key"}}],
        accessConfig={"authenticationMode": "API"},
        deletionProtection=True,
    )
    logs.create_log_group(logGroupName="/aws/eks/good/cluster")
    logs.put_retention_policy(logGroupName="/aws/eks/good/cluster", retentionInDays=365)
    cluster(
        account,
        "bad",
        insights=["ERROR"],
        admins=[f"arn:aws:iam::111122223333:role/admin-{one}" for one in range(4)],
        version="1.30",
        resourcesVpcConfig={
            "endpointPublicAccess": True,
            "endpointPrivateAccess": False,
            "clusterSecurityGroupId": closed,
            "securityGroupIds": [opened],
            "publicAccessCidrs": ["0.0.0.0/0"],
        },
        logging={"clusterLogging": [{"types": ["api"], "enabled": True}]},
        accessConfig={"authenticationMode": "CONFIG_MAP"},
        deletionProtection=False,
    )
    logs.create_log_group(logGroupName="/aws/eks/bad/cluster")
    logs.put_retention_policy(logGroupName="/aws/eks/bad/cluster", retentionInDays=30)

    read = allow(["ecr:GetAuthorizationToken", "ecr:BatchGetImage"])
    account.role("reads", {"Service": "ec2.amazonaws.com"}, inline={"pull": document(read)})
    push = document(allow("ecr:PutImage"))
    account.role("pushes", {"Service": "ec2.amazonaws.com"}, inline={"push": push})
    today, old = NOW.strftime("%Y%m%d"), "20250101"
    common = {"amiType": "AL2023_x86_64_STANDARD"}
    node = f"arn:aws:iam::{account.account}:role"
    nodegroup(
        account,
        "good",
        "nodes",
        version="1.34",
        releaseVersion=f"1.34.1-{today}",
        subnets=[private],
        nodeRole=f"{node}/reads",
        **common,
    )
    nodegroup(
        account,
        "bad",
        "nodes",
        version="1.26",
        releaseVersion=f"1.26.1-{old}",
        subnets=[private, public],
        nodeRole=f"{node}/pushes",
        remoteAccess={"ec2SshKey": "admins"},
        **common,
    )
    for name, tokens, hops in [("good", "required", 2), ("bad", "optional", 1)]:
        tags = {"eks:cluster-name": name, "eks:nodegroup-name": "nodes"}
        ec2.run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            SubnetId=private,
            MetadataOptions={
                "HttpTokens": tokens,
                "HttpEndpoint": "enabled",
                "HttpPutResponseHopLimit": hops,
            },
            TagSpecifications=[
                {
                    "ResourceType": "instance",
                    "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
                }
            ],
        )
    on = json.dumps({"enableNetworkPolicy": "true"})
    addon(account, "good", "vpc-cni", addonVersion="v1.20.0", configurationValues=on)
    addon(account, "bad", "vpc-cni", addonVersion="v1.7.0")

    account.iam.create_open_id_connect_provider(
        Url=f"https://{ISSUER}/GOOD", ClientIDList=["sts.amazonaws.com"]
    )
    for name, subject in [("pod", "system:serviceaccount:web:shop"), ("pods", "*")]:
        trust = trust_of(account, f"{ISSUER}/GOOD", subject)
        account.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    return private, public, vpc


def balancers(account, private, public, vpc):
    v2, classic = account.client("elbv2", HOME), account.client("elb", HOME)

    def make(name, zones, kind="application", tags=(), **attributes):
        made = v2.create_load_balancer(
            Name=name,
            Type=kind,
            Subnets=zones,
            Scheme="internal",
            Tags=[{"Key": key, "Value": "owned"} for key in tags] or [{"Key": "x", "Value": "y"}],
        )
        arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        pairs = [{"Key": key, "Value": value} for key, value in attributes.items()]
        v2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=pairs)
        return arn

    def listen(arn, protocol, port, action, **more):
        v2.create_listener(
            LoadBalancerArn=arn, Protocol=protocol, Port=port, DefaultActions=[action], **more
        )

    def target(name, protocol, check):
        made = v2.create_target_group(
            Name=name,
            Protocol=protocol,
            Port=443,
            VpcId=vpc,
            TargetType="ip",
            HealthCheckProtocol=check,
        )
        return {"Type": "forward", "TargetGroupArn": made["TargetGroups"][0]["TargetGroupArn"]}

    encrypted, plain = target("encrypted", "HTTPS", "HTTPS"), target("plain", "HTTP", "HTTP")
    redirect = {
        "Type": "redirect",
        "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
    }
    certificate = account.client("acm", HOME).request_certificate(DomainName="www.example.com")
    certificate = {"CertificateArn": certificate["CertificateArn"]}
    good = make(
        "good",
        [private, public],
        tags=["elbv2.k8s.aws/cluster"],
        **{
            "access_logs.s3.enabled": "true",
            "deletion_protection.enabled": "true",
            "routing.http.drop_invalid_header_fields.enabled": "true",
            "routing.http.desync_mitigation_mode": "strictest",
        },
    )
    strong = {"SslPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06", "Certificates": [certificate]}
    listen(good, "HTTP", 80, redirect)
    listen(good, "HTTPS", 443, encrypted, **strong)
    bad = make(
        "bad",
        [private],
        tags=["kubernetes.io/cluster/bad"],
        **{
            "access_logs.s3.enabled": "false",
            "deletion_protection.enabled": "false",
            "routing.http.drop_invalid_header_fields.enabled": "false",
            "routing.http.desync_mitigation_mode": "monitor",
        },
    )
    weak = {"SslPolicy": "ELBSecurityPolicy-2016-08", "Certificates": [certificate]}
    listen(bad, "HTTP", 80, plain)
    listen(bad, "HTTPS", 443, plain, **weak)
    make(
        "net",
        [private],
        kind="network",
        **{"access_logs.s3.enabled": "false", "deletion_protection.enabled": "true"},
    )
    wafv2 = account.client("wafv2", HOME)
    acl = wafv2.create_web_acl(
        Name="web",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig={
            "SampledRequestsEnabled": True,
            "CloudWatchMetricsEnabled": True,
            "MetricName": "web",
        },
    )["Summary"]["ARN"]
    wafv2.associate_web_acl(WebACLArn=acl, ResourceArn=good)

    def old(name, protocol, port, zones, tags=(), **attributes):
        listener = {"Protocol": protocol, "LoadBalancerPort": port, "InstancePort": 80}
        if protocol == "HTTPS":
            listener["SSLCertificateId"] = certificate["CertificateArn"]
        classic.create_load_balancer(
            LoadBalancerName=name,
            Listeners=[listener],
            AvailabilityZones=[HOME + zone for zone in zones],
            Tags=[{"Key": key, "Value": "owned"} for key in tags] or [{"Key": "x", "Value": "y"}],
        )
        classic.modify_load_balancer_attributes(
            LoadBalancerName=name, LoadBalancerAttributes=attributes
        )

    old(
        "classic-good",
        "HTTPS",
        443,
        "ab",
        tags=["kubernetes.io/cluster/good"],
        CrossZoneLoadBalancing={"Enabled": True},
        AccessLog={"Enabled": True, "S3BucketName": "logs", "EmitInterval": 5},
        ConnectionDraining={"Enabled": True, "Timeout": 300},
        AdditionalAttributes=[{"Key": "elb.http.desyncmitigationmode", "Value": "defensive"}],
    )
    classic.create_load_balancer_policy(
        LoadBalancerName="classic-good",
        PolicyName="tls",
        PolicyTypeName="SSLNegotiationPolicyType",
        PolicyAttributes=[
            {
                "AttributeName": "Reference-Security-Policy",
                "AttributeValue": "ELBSecurityPolicy-TLS-1-2-2017-01",
            }
        ],
    )
    classic.set_load_balancer_policies_of_listener(
        LoadBalancerName="classic-good", LoadBalancerPort=443, PolicyNames=["tls"]
    )
    old("classic-bad", "HTTP", 80, "a")


def functions(account, private, public):
    client = account.client("lambda", HOME)
    account.role("function", {"Service": "lambda.amazonaws.com"})
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): pass")

    def make(name, runtime, subnets, variables, auth=None):
        made = client.create_function(
            FunctionName=name,
            Runtime=runtime,
            Role=f"arn:aws:iam::{account.account}:role/function",
            Handler="index.handler",
            Code={"ZipFile": code.getvalue()},
            VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": []},
            Environment={"Variables": variables},
        )
        arn = made["FunctionArn"]
        url = {
            "FunctionUrl": f"https://{name}.lambda-url.{HOME}.on.aws/",
            "FunctionArn": arn,
            "AuthType": auth,
            "CreationTime": "2026-01-01T00:00:00Z",
            "LastModifiedTime": "2026-01-01T00:00:00Z",
        }
        urls = [url] if auth else []
        for path in [arn, name]:
            say(account, "lambda", f"/2021-10-31/functions/{path}/urls", FunctionUrlConfigs=urls)

    make("good", "python3.14", [private, public], {"STAGE": "prod"}, auth="AWS_IAM")
    make("bad", "python2.7", [private], {"DB_PASSWORD": "kR8vLq2mZx7T"}, auth="NONE")
    make("plain", "nodejs24.x", [], {"STAGE": "prod"})
    client.add_permission(
        FunctionName="bad",
        StatementId="open",
        Action="lambda:InvokeFunctionUrl",
        # moto puts what FunctionUrlAuthType says into the statement, where AWS makes a
        # condition of it.
        Principal="*",
    )
    client.add_permission(
        FunctionName="good",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::uploads",
        SourceAccount=account.account,
    )


def repositories(account):
    client = account.client("ecr", HOME)
    keys = account.client("kms", HOME)

    def encrypted(manager):
        key = keys.create_key()["KeyMetadata"]
        kms_backends[account.account][HOME].keys[key["KeyId"]].key_manager = manager
        return {"encryptionType": "KMS", "kmsKey": key["Arn"]}

    client.create_repository(
        repositoryName="good",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration=encrypted("CUSTOMER"),
    )
    client.create_repository(
        repositoryName="managed", encryptionConfiguration=encrypted("AWS")
    )
    rule = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 14,
        },
        "action": {"type": "expire"},
    }
    client.put_lifecycle_policy(
        repositoryName="good", lifecyclePolicyText=json.dumps({"rules": [rule]})
    )

    def permit(name, principal):
        statement = {"Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage"}
        client.set_repository_policy(repositoryName=name, policyText=document(statement))

    permit("good", {"AWS": "arn:aws:iam::444455556666:root"})
    client.create_repository(repositoryName="bad")
    permit("bad", "*")


@story
def containers(account):
    """Clusters and what is around them, one of each kind good and one bad."""
    private, public, vpc = clusters(account)
    balancers(account, private, public, vpc)
    functions(account, private, public)
    repositories(account)

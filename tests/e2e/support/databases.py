"""Databases and file systems, and what backs them up; `truth_databases.rs` says
what is true of them. Each thing is called by what is special about it.

moto does not know what AWS Backup has backed up, nor versions of engines; both
are answered here.
"""

import datetime
import json
import re

from accounts import story
from moto.core.responses import ActionResult
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.iam.models import get_account_id_from
from moto.rds.models import rds_backends
from moto.rds.responses import RDSResponse

HOME = "eu-west-1"
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.now(datetime.timezone.utc)
LONG_AGO = NOW - 100 * DAY
PROTECTED = {}

assert not hasattr(RDSResponse, "describe_db_engine_versions"), "moto has learned versions"


def engine_versions(self):
    version = self.params.get("EngineVersion", "")
    known = {"8.0.mysql_aurora.3.08.0": "available", "8.0.mysql_aurora.3.05.2": "available"}
    found = [{"EngineVersion": version, "Status": known[version]}] if version in known else []
    return ActionResult({"DBEngineVersions": found})


RDSResponse.describe_db_engine_versions = engine_versions


def with_backups(app):
    """The application, and ListProtectedResources of AWS Backup."""

    def answer(environ, start_response):
        scope = re.search(
            r"Credential=([^/]+)/[^/]+/([^/]+)/backup/", environ.get("HTTP_AUTHORIZATION", "")
        )
        if not scope or not environ["PATH_INFO"].startswith("/resources"):
            return app(environ, start_response)
        key, region = scope.groups()
        found = PROTECTED.get((get_account_id_from(key), region), [])
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"Results": found}).encode()]

    return answer


class Databases:
    def __init__(self, account, region):
        self.account, self.region = account, region
        self.rds = account.client("rds", region)
        self.dynamodb = account.client("dynamodb", region)
        self.efs = account.client("efs", region)

    def arn(self, service, rest):
        return f"arn:aws:{service}:{self.region}:{self.account.account}:{rest}"

    def backed_up(self, arn, days):
        """AWS Backup has a recovery point of it that is so many days old."""
        moment = (NOW - days * DAY).timestamp()
        PROTECTED.setdefault((self.account.account, self.region), []).append(
            {"ResourceArn": arn, "ResourceType": "X", "LastBackupTime": moment}
        )

    def parameters(self, name, family, **values):
        self.rds.create_db_parameter_group(
            DBParameterGroupName=name, DBParameterGroupFamily=family, Description=name
        )
        if values:
            self.rds.modify_db_parameter_group(
                DBParameterGroupName=name,
                Parameters=[
                    {
                        "ParameterName": key.replace("__", "."),
                        "ParameterValue": value,
                        "ApplyMethod": "pending-reboot",
                    }
                    for key, value in values.items()
                ],
            )
        return name

    def network(self):
        """A VPC with a subnet that leads to the internet and one that does not."""
        ec2 = self.account.client("ec2", self.region)
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24")["Subnet"]["SubnetId"]
            for number in (1, 2)
        ]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(
            RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
        )
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[1])
        self.private, self.public = subnets

    def subnet_group(self, name, subnet):
        self.rds.create_db_subnet_group(
            DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=[subnet]
        )
        return name

    def instance(self, name, engine, **options):
        cluster = "DBClusterIdentifier" in options
        own = {"PubliclyAccessible": False}
        if not cluster:
            own |= {"AllocatedStorage": 20, "MasterUserPassword": "Correct-horse-1"}
            own["MasterUsername"] = "admin"
        self.rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.m5.large",
            Engine=engine,
            **{**own, **options},
        )
        memory = rds_backends[self.account.account][self.region].databases[name]
        memory.instance_create_time = LONG_AGO

    def cluster(self, name, engine, **options):
        self.rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine=engine,
            MasterUserPassword="Correct-horse-1",
            **{"MasterUsername": "admin", **options},
        )

    def table(self, name, **options):
        self.dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            **options,
        )
        table = dynamodb_backends[self.account.account][self.region].tables[name]
        table.created_at = LONG_AGO
        table.describe(base_key="Table")

    def scales(self, resource, *what):
        client = self.account.client("application-autoscaling", self.region)
        for capacity in what:
            target = {
                "ServiceNamespace": "dynamodb",
                "ResourceId": resource,
                "ScalableDimension": f"dynamodb:table:{capacity}CapacityUnits",
            }
            client.register_scalable_target(MinCapacity=1, MaxCapacity=10, **target)
            client.put_scaling_policy(
                PolicyName=f"{resource}-{capacity}",
                PolicyType="TargetTrackingScaling",
                TargetTrackingScalingPolicyConfiguration={
                    "TargetValue": 70.0,
                    "PredefinedMetricSpecification": {
                        "PredefinedMetricType": f"DynamoDB{capacity}CapacityUtilization"
                    },
                },
                **target,
            )

    def file_system(self, name, **options):
        """A file system that is called as we like."""
        made = self.efs.create_file_system(CreationToken=name, **options)["FileSystemId"]
        memory = efs_backends[self.account.account][self.region]
        system = memory.file_systems_by_id.pop(made)
        system.file_system_id = name
        system.file_system_arn = self.arn("elasticfilesystem", f"file-system/{name}")
        memory.file_systems_by_id[name] = system
        system.creation_time = LONG_AGO.timestamp()
        return name


def allow(action, resource, principal, **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **more}]})


def relational(it):
    good = {
        "StorageEncrypted": True,
        "DeletionProtection": True,
        "BackupRetentionPeriod": 7,
        "CopyTagsToSnapshot": True,
    }
    it.instance(
        "orderly",
        "postgres",
        **good,
        DBSubnetGroupName=it.subnet_group("closed", it.private),
        EngineVersion="16.3",
        MultiAZ=True,
        PubliclyAccessible=False,
        MasterUsername="shop_owner",
        Port=6543,
        MonitoringInterval=60,
        MonitoringRoleArn=f"arn:aws:iam::{it.account.account}:role/monitor",
        EnableCloudwatchLogsExports=["postgresql", "upgrade"],
        EnableIAMDatabaseAuthentication=True,
        AutoMinorVersionUpgrade=True,
        DBParameterGroupName=it.parameters("forced", "postgres16", rds__force_ssl="1"),
    )
    it.backed_up(it.arn("rds", "db:orderly"), 1)
    it.instance(
        "careless",
        "mysql",
        EngineVersion="8.0.40",
        DBSubnetGroupName=it.subnet_group("open", it.public),
        PubliclyAccessible=True,
        StorageEncrypted=False,
        BackupRetentionPeriod=0,
        AutoMinorVersionUpgrade=False,
        EnableCloudwatchLogsExports=["error"],
        DBParameterGroupName=it.parameters("unforced", "mysql8.0", require_secure_transport="0"),
    )
    it.backed_up(it.arn("rds", "db:careless"), 40)
    it.instance(
        "maria",
        "mariadb",
        EngineVersion="11.4.4",
        EnableCloudwatchLogsExports=["audit", "error"],
        DBParameterGroupName=it.parameters("maria", "mariadb11.4", require_secure_transport="ON"),
    )
    it.instance(
        "windows",
        "sqlserver-se",
        LicenseModel="license-included",
        EnableCloudwatchLogsExports=["agent", "error"],
        DBParameterGroupName=it.parameters("windows", "sqlserver-se-16.0", rds__force_ssl="1"),
    )
    it.rds.create_db_instance_read_replica(
        DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="careless"
    )
    memory = rds_backends[it.account.account][it.region]
    memory.databases["replica"].instance_create_time = LONG_AGO

    groups = memory.db_cluster_parameter_groups
    for name, parameters in {
        "audited": {"server_audit_logging": "1", "server_audit_events": "CONNECT"},
        "silent": {"server_audit_logging": "0", "server_audit_events": "CONNECT"},
    }.items():
        it.rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName=name,
            DBParameterGroupFamily="aurora-mysql8.0",
            Description=name,
        )
        groups[name].parameters = {
            key: {"ParameterValue": value} for key, value in parameters.items()
        }
    it.cluster(
        "aurora-orderly",
        "aurora-mysql",
        **good,
        EngineVersion="8.0.mysql_aurora.3.08.0",
        MasterUsername="orders_owner",
        Port=3307,
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["audit"],
        BacktrackWindow=86400,
        DBClusterParameterGroupName="audited",
    )
    it.instance(
        "member",
        "aurora-mysql",
        DBClusterIdentifier="aurora-orderly",
        AutoMinorVersionUpgrade=True,
    )
    it.cluster(
        "aurora-careless",
        "aurora-mysql",
        EngineVersion="8.0.mysql_aurora.3.08.0",
        DBClusterParameterGroupName="silent",
    )
    it.cluster("aurora-pg", "aurora-postgresql", MasterUsername="postgres", Port=5432)
    it.cluster(
        "multi-az",
        "postgres",
        **good,
        DBClusterInstanceClass="db.m5d.large",
        AllocatedStorage=100,
        StorageType="io1",
        Iops=1000,
    )
    it.cluster(
        "multi-az-mysql",
        "mysql",
        DBClusterInstanceClass="db.m5d.large",
        AllocatedStorage=100,
        StorageType="io1",
        Iops=1000,
    )
    it.cluster("graph", "neptune")

    # Automated snapshots are called by the minute.
    memory.database_snapshots.clear()
    memory.cluster_snapshots.clear()
    it.rds.create_db_snapshot(DBSnapshotIdentifier="private", DBInstanceIdentifier="orderly")
    for name, values in {"public": ["all"], "shared": ["999988887777"]}.items():
        it.rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier="careless")
        it.rds.modify_db_snapshot_attribute(
            DBSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=values
        )
    it.rds.create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier="of-orderly", DBClusterIdentifier="aurora-orderly"
    )
    it.rds.create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier="of-careless", DBClusterIdentifier="aurora-careless"
    )
    it.rds.modify_db_cluster_snapshot_attribute(
        DBClusterSnapshotIdentifier="of-careless", AttributeName="restore", ValuesToAdd=["all"]
    )
    topic = it.arn("sns", "alarms")
    for source, categories in {
        "db-cluster": ["maintenance", "failure"],
        "db-instance": ["failure"],
        "db-security-group": ["failure"],
    }.items():
        it.rds.create_event_subscription(
            SubscriptionName=source,
            SnsTopicArn=topic,
            SourceType=source,
            EventCategories=categories,
            Enabled=True,
        )
    for name, tls in {"strict": True, "lax": False}.items():
        it.rds.create_db_proxy(
            DBProxyName=name,
            EngineFamily="POSTGRESQL",
            Auth=[{"AuthScheme": "SECRETS"}],
            RoleArn=f"arn:aws:iam::{it.account.account}:role/proxy",
            VpcSubnetIds=it.subnets[:2],
            RequireTLS=tls,
        )
    for name, version in {"new": "3.08.0", "old": "3.05.2", "gone": "3.01.0"}.items():
        it.rds.create_global_cluster(
            GlobalClusterIdentifier=name,
            Engine="aurora-mysql",
            EngineVersion=f"8.0.mysql_aurora.{version}",
        )


def tables(it):
    it.table("on-demand", BillingMode="PAY_PER_REQUEST", DeletionProtectionEnabled=True)
    it.dynamodb.update_continuous_backups(
        TableName="on-demand",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    fixed = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    for name in ["fixed", "scaled", "half-scaled"]:
        it.table(name, ProvisionedThroughput=fixed)
    it.scales("table/scaled", "Read", "Write")
    it.scales("table/half-scaled", "Read")
    for name, principal in {
        "on-demand": {"AWS": f"arn:aws:iam::{it.account.account}:root"},
        "fixed": {"AWS": "*"},
    }.items():
        arn = it.arn("dynamodb", f"table/{name}")
        policy = allow("dynamodb:GetItem", arn, principal)
        it.dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy)
    it.backed_up(it.arn("dynamodb", "table/on-demand"), 2)
    dax = it.account.client("dax", it.region)
    for name, on in {"sealed": True, "plain": False}.items():
        dax.create_cluster(
            ClusterName=name,
            NodeType="dax.r5.large",
            ReplicationFactor=1,
            IamRoleArn=f"arn:aws:iam::{it.account.account}:role/dax",
            SSESpecification={"Enabled": on},
            ClusterEndpointEncryptionType="TLS" if on else "NONE",
        )


def file_systems(it):
    sealed = {"Encrypted": True, "KmsKeyId": it.arn("kms", "key/1")}
    good = it.file_system("fs-orderly", Backup=True, **sealed)
    bad = it.file_system("fs-careless")
    open_ = it.file_system("fs-open", **sealed)
    it.backed_up(it.arn("elasticfilesystem", f"file-system/{good}"), 1)
    role = f"arn:aws:iam::{it.account.account}:role/web"
    for name, principal in {good: role, open_: "*"}.items():
        arn = it.arn("elasticfilesystem", f"file-system/{name}")
        policy = allow("elasticfilesystem:ClientMount", arn, {"AWS": principal})
        it.efs.put_file_system_policy(FileSystemId=name, Policy=policy)
    memory = efs_backends[it.account.account][it.region]
    for name, subnet, called in [
        (good, it.private, "fsmt-private"),
        (bad, it.subnets[0], "fsmt-public"),
    ]:
        made = it.efs.create_mount_target(FileSystemId=name, SubnetId=subnet)["MountTargetId"]
        target = memory.mount_targets_by_id.pop(made)
        target.mount_target_id = called
        memory.mount_targets_by_id[called] = target
    for called, options in {
        "fsap-web": {
            "RootDirectory": {"Path": "/web"},
            "PosixUser": {"Uid": 1000, "Gid": 1000},
        },
        "fsap-all": {},
    }.items():
        made = it.efs.create_access_point(ClientToken=called, FileSystemId=good, **options)
        point = memory.access_points.pop(made["AccessPointId"])
        point.access_point_id = called
        memory.access_points[called] = point


@story
def databases(account):
    """Something right and something wrong of everything."""
    it = Databases(account, HOME)
    found = account.client("ec2", HOME).describe_subnets()["Subnets"]
    it.subnets = sorted(subnet["SubnetId"] for subnet in found)
    it.network()
    relational(it)
    tables(it)
    file_systems(it)
    ec2 = account.client("ec2", HOME)
    memory = ec2_backends[account.account][HOME]
    run = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1)["Instances"][0]
    for device, (name, days) in zip("fg", {"vol-saved": 3, "vol-unsaved": None}.items()):
        made = ec2.create_volume(AvailabilityZone=f"{HOME}a", Size=1)["VolumeId"]
        ec2.attach_volume(VolumeId=made, InstanceId=run["InstanceId"], Device=f"/dev/sd{device}")
        volume = memory.volumes.pop(made)
        volume.id = name
        volume.create_time = LONG_AGO
        memory.volumes[name] = volume
        if days:
            it.backed_up(it.arn("ec2", f"volume/{name}"), days)

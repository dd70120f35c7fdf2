//! Instances.

use super::DESCRIBE_DB_INSTANCES;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};
use jiff::Timestamp;

record! {
    /// A parameter group of an instance.
    pub struct DbParameterGroupStatus {
        /// Its name.
        "DBParameterGroupName" => name: String,
        /// in-sync, pending-reboot, applying and others: what is set holds once it is in-sync.
        "ParameterApplyStatus" => apply_status: String,
    }
}

record! {
    /// A subnet that an instance may be placed in.
    pub struct DbSubnet {
        /// Its id.
        "SubnetIdentifier" => id: String,
    }
}

record! {
    /// The subnets that an instance may be placed in.
    pub struct DbSubnetGroup {
        /// Their VPC.
        "VpcId" => vpc: Option<String>,
        /// The subnets.
        "Subnets" => subnets: Vec<DbSubnet>,
    }
}

record! {
    /// Where a database listens.
    pub struct DbEndpoint {
        /// The port.
        "Port" => port: Option<i64>,
    }
}

document! {
    /// A database instance of RDS, RDS Custom or Aurora.
    pub struct DbInstance: "rds.db-instance" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_DB_INSTANCES]], tagged by [DESCRIBE_DB_INSTANCES] {
        /// mysql, mariadb, postgres, oracle-ee, sqlserver-se, db2-se, aurora-mysql and others.
        "Engine" => always engine: String = [DESCRIBE_DB_INSTANCES],
        /// Its version.
        "EngineVersion" => always engine_version: String = [DESCRIBE_DB_INSTANCES],
        /// When it was made; absent while it is being made.
        "InstanceCreateTime" => optional create_time: Timestamp = [DESCRIBE_DB_INSTANCES],
        /// Its name resolves to a public address outside the VPC.
        "PubliclyAccessible" => always publicly_accessible: bool = [DESCRIBE_DB_INSTANCES],
        /// Its storage is encrypted.
        "StorageEncrypted" => always storage_encrypted: bool = [DESCRIBE_DB_INSTANCES],
        /// It has a standby in another Availability Zone.
        "MultiAZ" => always multi_az: bool = [DESCRIBE_DB_INSTANCES],
        /// Seconds between measurements of enhanced monitoring; 0 or absent if it is off.
        "MonitoringInterval" => optional monitoring_interval: i64 = [DESCRIBE_DB_INSTANCES],
        /// It cannot be deleted before this is switched off.
        "DeletionProtection" => always deletion_protection: bool = [DESCRIBE_DB_INSTANCES],
        /// The logs that go to CloudWatch Logs; absent if none does.
        "EnabledCloudwatchLogsExports" => optional log_exports: Vec<String> = [DESCRIBE_DB_INSTANCES],
        /// Users of IAM may log in.
        "IAMDatabaseAuthenticationEnabled" => always iam_authentication: bool = [DESCRIBE_DB_INSTANCES],
        /// For how many days automated backups are kept; 0 if there are none.
        "BackupRetentionPeriod" => always backup_retention_period: i64 = [DESCRIBE_DB_INSTANCES],
        /// Minor versions are put in by themselves.
        "AutoMinorVersionUpgrade" => always auto_minor_version_upgrade: bool = [DESCRIBE_DB_INSTANCES],
        /// Snapshots get its tags.
        "CopyTagsToSnapshot" => always copy_tags_to_snapshot: bool = [DESCRIBE_DB_INSTANCES],
        /// Where it listens; absent while it is being made.
        "Endpoint" => optional endpoint: DbEndpoint = [DESCRIBE_DB_INSTANCES],
        /// The name of its administrator.
        "MasterUsername" => optional master_username: String = [DESCRIBE_DB_INSTANCES],
        /// The cluster that it is a member of.
        "DBClusterIdentifier" => optional cluster: String = [DESCRIBE_DB_INSTANCES],
        /// The instance that it is a read replica of.
        "ReadReplicaSourceDBInstanceIdentifier" => optional replica_of: String = [DESCRIBE_DB_INSTANCES],
        /// The cluster that it is a read replica of.
        "ReadReplicaSourceDBClusterIdentifier" => optional replica_of_cluster: String = [DESCRIBE_DB_INSTANCES],
        /// Where it may be placed.
        "DBSubnetGroup" => optional subnet_group: DbSubnetGroup = [DESCRIBE_DB_INSTANCES],
        /// Its parameter groups: one, as a rule.
        "DBParameterGroups" => always parameter_groups: Vec<DbParameterGroupStatus> = [DESCRIBE_DB_INSTANCES],
    }
}

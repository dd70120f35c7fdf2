//! Clusters.

use super::DESCRIBE_DB_CLUSTERS;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// An instance of a cluster.
    pub struct DbClusterMember {
        /// The instance.
        "DBInstanceIdentifier" => instance: String,
        /// in-sync, pending-reboot, applying and others: whether it has the cluster's parameters.
        "DBClusterParameterGroupStatus" => parameter_group_status: Option<String>,
    }
}

document! {
    /// An Aurora cluster, or a Multi-AZ cluster of RDS for MySQL or PostgreSQL.
    pub struct DbCluster: "rds.db-cluster" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_DB_CLUSTERS]], tagged by [DESCRIBE_DB_CLUSTERS] {
        /// aurora-mysql, aurora-postgresql, mysql or postgres; aurora for the first Aurora MySQL.
        "Engine" => always engine: String = [DESCRIBE_DB_CLUSTERS],
        /// provisioned, serverless (Aurora Serverless v1) and others.
        "EngineMode" => optional engine_mode: String = [DESCRIBE_DB_CLUSTERS],
        /// Its version.
        "EngineVersion" => always engine_version: String = [DESCRIBE_DB_CLUSTERS],
        /// Its storage is encrypted.
        "StorageEncrypted" => always storage_encrypted: bool = [DESCRIBE_DB_CLUSTERS],
        /// It has instances in several Availability Zones.
        "MultiAZ" => always multi_az: bool = [DESCRIBE_DB_CLUSTERS],
        /// It cannot be deleted before this is switched off.
        "DeletionProtection" => always deletion_protection: bool = [DESCRIBE_DB_CLUSTERS],
        /// The logs that go to CloudWatch Logs; absent if none does.
        "EnabledCloudwatchLogsExports" => optional log_exports: Vec<String> = [DESCRIBE_DB_CLUSTERS],
        /// Users of IAM may log in.
        "IAMDatabaseAuthenticationEnabled" => always iam_authentication: bool = [DESCRIBE_DB_CLUSTERS],
        /// For how many days automated backups are kept.
        "BackupRetentionPeriod" => always backup_retention_period: i64 = [DESCRIBE_DB_CLUSTERS],
        /// How many seconds it can be turned back; 0 or absent if it cannot.
        "BacktrackWindow" => optional backtrack_window: i64 = [DESCRIBE_DB_CLUSTERS],
        /// Minor versions are put in by themselves; absent where only the instances say so.
        "AutoMinorVersionUpgrade" => optional auto_minor_version_upgrade: bool = [DESCRIBE_DB_CLUSTERS],
        /// Snapshots get its tags.
        "CopyTagsToSnapshot" => always copy_tags_to_snapshot: bool = [DESCRIBE_DB_CLUSTERS],
        /// The port that it listens on.
        "Port" => optional port: i64 = [DESCRIBE_DB_CLUSTERS],
        /// The name of its administrator.
        "MasterUsername" => optional master_username: String = [DESCRIBE_DB_CLUSTERS],
        /// The global database that it is a part of.
        "GlobalClusterIdentifier" => optional global_cluster: String = [DESCRIBE_DB_CLUSTERS],
        /// Its instances.
        "DBClusterMembers" => always members: Vec<DbClusterMember> = [DESCRIBE_DB_CLUSTERS],
        /// Its parameter group.
        "DBClusterParameterGroup" => always parameter_group: String = [DESCRIBE_DB_CLUSTERS],
    }
}

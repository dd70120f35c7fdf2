//! Snapshots of instances and clusters.

use super::{
    DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_CLUSTER_SNAPSHOTS,
    DESCRIBE_DB_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_SNAPSHOTS,
};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// An attribute of a snapshot.
    pub struct SnapshotAttribute {
        /// `restore`: who may restore or copy it.
        "AttributeName" => name: String,
        /// Accounts, or `all`: every AWS account.
        "AttributeValues" => values: Vec<String>,
    }
}

document! {
    /// A snapshot of an instance.
    pub struct DbSnapshot: "rds.db-snapshot" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_DB_SNAPSHOTS]], tagged by [DESCRIBE_DB_SNAPSHOTS] {
        /// The engine of the instance.
        "Engine" => always engine: String = [DESCRIBE_DB_SNAPSHOTS],
        /// manual, automated or awsbackup.
        "SnapshotType" => always snapshot_type: String = [DESCRIBE_DB_SNAPSHOTS],
        /// It is encrypted.
        "Encrypted" => always encrypted: bool = [DESCRIBE_DB_SNAPSHOTS],
        /// With whom it is shared; absent for automated snapshots, which cannot be shared.
        "DBSnapshotAttributes" => optional attributes: Vec<SnapshotAttribute> = [DESCRIBE_DB_SNAPSHOT_ATTRIBUTES],
    }
}

document! {
    /// A snapshot of a cluster, also of Amazon Neptune and Amazon DocumentDB.
    pub struct DbClusterSnapshot: "rds.db-cluster-snapshot" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_DB_CLUSTER_SNAPSHOTS]], tagged by [DESCRIBE_DB_CLUSTER_SNAPSHOTS] {
        /// The engine of the cluster.
        "Engine" => always engine: String = [DESCRIBE_DB_CLUSTER_SNAPSHOTS],
        /// manual, automated or awsbackup.
        "SnapshotType" => always snapshot_type: String = [DESCRIBE_DB_CLUSTER_SNAPSHOTS],
        /// It is encrypted.
        "StorageEncrypted" => always encrypted: bool = [DESCRIBE_DB_CLUSTER_SNAPSHOTS],
        /// With whom it is shared; absent for automated snapshots, which cannot be shared.
        "DBClusterSnapshotAttributes" => optional attributes: Vec<SnapshotAttribute> = [DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES],
    }
}

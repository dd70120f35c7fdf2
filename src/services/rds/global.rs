//! Aurora global databases.

use super::{DESCRIBE_DB_ENGINE_VERSIONS, DESCRIBE_GLOBAL_CLUSTERS};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

record! {
    /// What RDS says of a version of an engine.
    pub struct DbEngineVersion {
        /// available or deprecated.
        "Status" => status: String,
    }
}

document! {
    /// An Aurora global database, listed once: every region may list it.
    pub struct GlobalCluster: "rds.global-cluster" in GlobalList,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_GLOBAL_CLUSTERS]], tagged by [DESCRIBE_GLOBAL_CLUSTERS] {
        /// aurora-mysql or aurora-postgresql; absent while it has no cluster and no engine.
        "Engine" => optional engine: String = [DESCRIBE_GLOBAL_CLUSTERS],
        /// Its version: 8.0.mysql_aurora.3.08.0.
        "EngineVersion" => optional engine_version: String = [DESCRIBE_GLOBAL_CLUSTERS],
        /// What RDS says of that version; empty if RDS has it no more. Asked of Aurora MySQL only,
        /// else absent.
        "DBEngineVersions" => optional engine_versions: Vec<DbEngineVersion> = [DESCRIBE_DB_ENGINE_VERSIONS],
    }
}

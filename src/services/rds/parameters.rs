//! Parameter groups, as far as a switch that matters is in them.

use super::{
    DESCRIBE_DB_CLUSTER_PARAMETERS, DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES,
    DESCRIBE_DB_PARAMETERS,
};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// PostgreSQL and SQL Server refuse connections without TLS.
pub const FORCE_SSL: &str = "rds.force_ssl";
/// MySQL and MariaDB refuse connections without TLS.
pub const REQUIRE_SECURE_TRANSPORT: &str = "require_secure_transport";
/// Aurora MySQL writes its audit log.
pub const SERVER_AUDIT_LOGGING: &str = "server_audit_logging";
/// What Aurora MySQL writes to its audit log.
pub const SERVER_AUDIT_EVENTS: &str = "server_audit_events";

record! {
    /// A parameter. Only those that rules ask for are kept.
    pub struct Parameter {
        /// Its name.
        "ParameterName" => name: String,
        /// Its value; absent where the engine's own default holds.
        "ParameterValue" => value: Option<String>,
    }
}

document! {
    /// A parameter group that an instance uses; only of engines that can refuse connections
    /// without TLS by a parameter of the instance.
    pub struct DbParameterGroup: "rds.db-parameter-group" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_DB_INSTANCES]], tagged by [] {
        /// The parameters that force TLS.
        "Parameters" => always parameters: Vec<Parameter> = [DESCRIBE_DB_PARAMETERS],
    }
}

document! {
    /// A cluster parameter group that an Aurora MySQL cluster uses.
    pub struct DbClusterParameterGroup: "rds.db-cluster-parameter-group" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_DB_CLUSTERS]], tagged by [] {
        /// The parameters of the audit log.
        "Parameters" => always parameters: Vec<Parameter> = [DESCRIBE_DB_CLUSTER_PARAMETERS],
    }
}

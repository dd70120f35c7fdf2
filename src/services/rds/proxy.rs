//! Proxies.

use super::DESCRIBE_DB_PROXIES;
use crate::document;
use crate::services::aws::DESCRIBE_REGIONS;

document! {
    /// A proxy in front of databases.
    pub struct DbProxy: "rds.db-proxy" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_DB_PROXIES]], tagged by [] {
        /// MYSQL, POSTGRESQL or SQLSERVER.
        "EngineFamily" => always engine_family: String = [DESCRIBE_DB_PROXIES],
        /// Clients have to use TLS.
        "RequireTLS" => always require_tls: bool = [DESCRIBE_DB_PROXIES],
    }
}

//! Amazon RDS and Aurora: instances, clusters, their snapshots and parameter
//! groups, proxies, event subscriptions and global clusters.
//!
//! The same calls answer for Amazon Neptune and Amazon DocumentDB. Their
//! instances and clusters are left out by their engine; the filter that AWS
//! documents would have to name every engine of RDS, and would hide new ones.
//! Their cluster snapshots stay: a copy of the data is one, whatever the engine.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html>.
//! Actions and ARNs:
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html>.

pub mod cluster;
#[cfg(feature = "aws")]
pub mod collect;
mod engine;
pub mod events;
pub mod events_questions;
pub mod global;
pub mod instance;
pub mod parameters;
pub mod parameters_questions;
pub mod proxy;
pub mod questions;
pub mod routes_questions;
pub mod snapshot;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, Operation};
use crate::services::Service;
use std::sync::LazyLock;

/// All instances, Neptune's and DocumentDB's among them.
pub static DESCRIBE_DB_INSTANCES: Operation =
    Operation::new("rds", "DescribeDBInstances", &["rds:DescribeDBInstances"]);
/// All clusters, Neptune's and DocumentDB's among them.
pub static DESCRIBE_DB_CLUSTERS: Operation =
    Operation::new("rds", "DescribeDBClusters", &["rds:DescribeDBClusters"]);
/// Parameters of a parameter group, by their names.
pub static DESCRIBE_DB_PARAMETERS: Operation =
    Operation::new("rds", "DescribeDBParameters", &["rds:DescribeDBParameters"]);
/// Parameters of a cluster parameter group, by their names.
pub static DESCRIBE_DB_CLUSTER_PARAMETERS: Operation =
    Operation::new("rds", "DescribeDBClusterParameters", &["rds:DescribeDBClusterParameters"]);
/// The account's own snapshots of instances.
pub static DESCRIBE_DB_SNAPSHOTS: Operation =
    Operation::new("rds", "DescribeDBSnapshots", &["rds:DescribeDBSnapshots"]);
/// With whom a snapshot of an instance is shared.
pub static DESCRIBE_DB_SNAPSHOT_ATTRIBUTES: Operation =
    Operation::new("rds", "DescribeDBSnapshotAttributes", &["rds:DescribeDBSnapshotAttributes"]);
/// The account's own snapshots of clusters.
pub static DESCRIBE_DB_CLUSTER_SNAPSHOTS: Operation =
    Operation::new("rds", "DescribeDBClusterSnapshots", &["rds:DescribeDBClusterSnapshots"]);
/// With whom a snapshot of a cluster is shared.
pub static DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES: Operation = Operation::new(
    "rds",
    "DescribeDBClusterSnapshotAttributes",
    &["rds:DescribeDBClusterSnapshotAttributes"],
);
/// All event subscriptions.
pub static DESCRIBE_EVENT_SUBSCRIPTIONS: Operation =
    Operation::new("rds", "DescribeEventSubscriptions", &["rds:DescribeEventSubscriptions"]);
/// All proxies.
pub static DESCRIBE_DB_PROXIES: Operation =
    Operation::new("rds", "DescribeDBProxies", &["rds:DescribeDBProxies"]);
/// All Aurora global databases.
pub static DESCRIBE_GLOBAL_CLUSTERS: Operation =
    Operation::new("rds", "DescribeGlobalClusters", &["rds:DescribeGlobalClusters"]);
/// One version of an engine, also if it is out of use.
pub static DESCRIBE_DB_ENGINE_VERSIONS: Operation =
    Operation::new("rds", "DescribeDBEngineVersions", &["rds:DescribeDBEngineVersions"]);

/// The service's entry in the register.
pub fn service() -> Service {
    static QUESTIONS: LazyLock<Vec<crate::services::Question>> = LazyLock::new(|| {
        [
            questions::QUESTIONS,
            events_questions::QUESTIONS,
            parameters_questions::QUESTIONS,
            routes_questions::QUESTIONS,
        ]
        .concat()
    });
    Service {
        name: "rds",
        types: vec![
            instance::DbInstance::resource_type(),
            cluster::DbCluster::resource_type(),
            parameters::DbParameterGroup::resource_type(),
            parameters::DbClusterParameterGroup::resource_type(),
            snapshot::DbSnapshot::resource_type(),
            snapshot::DbClusterSnapshot::resource_type(),
            events::EventSubscription::resource_type(),
            proxy::DbProxy::resource_type(),
            global::GlobalCluster::resource_type(),
        ],
        questions: &QUESTIONS,
    }
}

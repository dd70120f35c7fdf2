//! DynamoDB Accelerator (DAX): clusters.
//!
//! Names and presence:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_DescribeClusters.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// All clusters. A region that has an endpoint and no DAX refuses its version of the API.
pub static DESCRIBE_CLUSTERS: Operation =
    Operation::new("dax", "DescribeClusters", &["dax:DescribeClusters"]).with_errors(&[
        ErrorEntry {
            code: "InvalidParameterValueException",
            message: Some("Access Denied to API Version"),
            means: Meaning::Absent,
        },
    ]);

record! {
    /// Encryption at rest.
    pub struct SseDescription {
        /// ENABLING, ENABLED, DISABLING or DISABLED.
        "Status" => status: Option<String>,
    }
}

document! {
    /// A DAX cluster.
    pub struct Cluster: "dax.cluster" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_CLUSTERS]], tagged by [] {
        /// Encryption at rest.
        "SSEDescription" => optional sse: SseDescription = [DESCRIBE_CLUSTERS],
        /// TLS or NONE: how clients talk to it.
        "ClusterEndpointEncryptionType" => optional endpoint_encryption: String = [DESCRIBE_CLUSTERS],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "dax", types: vec![Cluster::resource_type()], questions: &[] }
}

//! AWS Security Hub: whether it is on in a region.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{ErrorEntry, Meaning, Operation};
use crate::record;

/// An error code that says: Security Hub is off.
const fn off(code: &'static str) -> ErrorEntry {
    ErrorEntry { code, message: None, means: Meaning::Absent }
}

/// The hub of a region.
pub static DESCRIBE_HUB: Operation =
    Operation::new("securityhub", "DescribeHub", &["securityhub:DescribeHub"])
        .with_errors(&[off("InvalidAccessException"), off("ResourceNotFoundException")]);

record! {
    /// Security Hub in a region.
    pub struct Hub {
        /// Its ARN.
        "HubArn" => arn: String,
        /// Since when, as Security Hub writes it.
        "SubscribedAt" => subscribed_at: Option<String>,
    }
}

//! Amazon Macie: whether it looks for sensitive data in a region's buckets.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/macie/latest/APIReference/macie.html>,
//! <https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-configuration.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{ErrorEntry, Meaning, Operation};
use crate::record;

/// Where Macie is off it says so as if it refused.
const OFF: &[ErrorEntry] = &[ErrorEntry {
    code: "AccessDeniedException",
    message: Some("Macie is not enabled"),
    means: Meaning::Absent,
}];

/// Whether Macie is on.
pub static GET_MACIE_SESSION: Operation =
    Operation::new("macie2", "GetMacieSession", &["macie2:GetMacieSession"]).with_errors(OFF);
/// Whether Macie chooses by itself what to look at.
pub static GET_AUTOMATED_DISCOVERY_CONFIGURATION: Operation = Operation::new(
    "macie2",
    "GetAutomatedDiscoveryConfiguration",
    &["macie2:GetAutomatedDiscoveryConfiguration"],
)
.with_errors(OFF);

record! {
    /// Macie in a region.
    pub struct MacieSession {
        /// ENABLED or PAUSED.
        "status" => status: String,
    }
}

record! {
    /// Automated discovery of sensitive data.
    pub struct AutomatedDiscovery {
        /// ENABLED or DISABLED.
        "status" => status: String,
    }
}

//! Amazon Inspector: what it scans in a region.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/inspector/v2/APIReference/API_ResourceState.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::Operation;
use crate::record;

/// What Inspector scans of the account.
pub static BATCH_GET_ACCOUNT_STATUS: Operation =
    Operation::new("inspector2", "BatchGetAccountStatus", &["inspector2:BatchGetAccountStatus"]);

record! {
    /// What Inspector scans of an account.
    pub struct InspectorState {
        /// EC2 instances.
        "ec2" => ec2: ScanState,
        /// Container images.
        "ecr" => ecr: ScanState,
        /// The packages of Lambda functions; absent where Inspector cannot.
        "lambda" => lambda: Option<ScanState>,
        /// The code of Lambda functions; absent where Inspector cannot.
        "lambdaCode" => lambda_code: Option<ScanState>,
    }
}

record! {
    /// Whether Inspector scans one kind of resource.
    pub struct ScanState {
        /// ENABLED, DISABLED, ENABLING, DISABLING, SUSPENDED or SUSPENDING.
        "status" => status: String,
    }
}

//! The network: VPCs and what lets traffic in and out of them.

use crate::inventory::{Operation, ResourceType};
use crate::record;
use crate::services::Question;

/// Whether the region keeps the internet out of its VPCs.
pub static DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS: Operation = Operation::new(
    "ec2",
    "DescribeVpcBlockPublicAccessOptions",
    &["ec2:DescribeVpcBlockPublicAccessOptions"],
);

record! {
    /// VPC Block Public Access of a region.
    pub struct VpcBlockPublicAccessOptions {
        /// `off`, `block-bidirectional` or `block-ingress`.
        "InternetGatewayBlockMode" => internet_gateway_block_mode: String,
        /// `default-state`, `update-in-progress` or `update-complete`.
        "State" => state: String,
        /// `account` or `declarative-policy`.
        "ManagedBy" => managed_by: Option<String>,
        /// `allowed` or `not-allowed`.
        "ExclusionsAllowed" => exclusions_allowed: Option<String>,
    }
}

/// The types of this half.
pub(super) fn types() -> Vec<&'static ResourceType> {
    Vec::new()
}

/// The questions of this half.
pub(super) static QUESTIONS: &[Question] = &[];

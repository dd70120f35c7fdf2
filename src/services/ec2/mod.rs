//! Amazon EC2, in two halves: the network (also rules of service `vpc`) and
//! what runs in it (also rules of service `ebs`).
//!
//! Names and presence: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html>.
//! Actions and ARNs:
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod compute;
pub mod network;
mod questions;

use crate::services::Service;

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "ec2",
        types: [network::types(), compute::types()].concat(),
        questions: &questions::QUESTIONS,
    }
}

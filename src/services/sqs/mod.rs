//! Amazon Simple Queue Service: queues.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::document;
use crate::inventory::{Document, Operation, Shape};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Question, Service};

/// The queues of a region.
pub static LIST_QUEUES: Operation = Operation::new("sqs", "ListQueues", &["sqs:ListQueues"]);
/// Policy and encryption of a queue.
pub static GET_QUEUE_ATTRIBUTES: Operation =
    Operation::new("sqs", "GetQueueAttributes", &["sqs:GetQueueAttributes"]);

document! {
    /// A queue.
    pub struct Queue: "sqs.queue" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_QUEUES]], tagged by [] {
        /// The queue policy, as JSON text.
        "Policy" => optional policy: String = [GET_QUEUE_ATTRIBUTES],
        /// The KMS key that encrypts its messages.
        "KmsMasterKeyId" => optional kms_key: String = [GET_QUEUE_ATTRIBUTES],
        /// `true` if SQS encrypts with keys of its own.
        "SqsManagedSseEnabled" => optional managed_encryption: String = [GET_QUEUE_ATTRIBUTES],
    }
}

/// The questions about queues.
static QUESTIONS: &[Question] = &[Question {
    name: "sqs.open_policy",
    doc: "Whether strangers get through the queue policy.",
    subjects: &["sqs.queue"],
    reads: &[("sqs.queue", &["Policy"])],
    looks_up: &[],
    returns: PolicyExposure::shape,
    answer: |queue, asking| {
        let policy = Queue::from_value(&queue.document).map(|queue| queue.policy);
        exposure(policy.as_ref(), "sqs", queue, asking)
    },
}];

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "sqs", types: vec![Queue::resource_type()], questions: QUESTIONS }
}

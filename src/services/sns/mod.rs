//! Amazon Simple Notification Service: topics and who has subscribed to them.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::document;
use crate::inventory::{Document, Operation, Shape};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Question, Service};

/// The topics of a region.
pub static LIST_TOPICS: Operation = Operation::new("sns", "ListTopics", &["sns:ListTopics"]);
/// Policy and encryption of a topic.
pub static GET_TOPIC_ATTRIBUTES: Operation =
    Operation::new("sns", "GetTopicAttributes", &["sns:GetTopicAttributes"]);

document! {
    /// A topic.
    pub struct Topic: "sns.topic" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_TOPICS]], tagged by [] {
        /// The topic policy, as JSON text.
        "Policy" => optional policy: String = [GET_TOPIC_ATTRIBUTES],
        /// The KMS key that encrypts its messages.
        "KmsMasterKeyId" => optional kms_key: String = [GET_TOPIC_ATTRIBUTES],
    }
}

/// The questions about topics.
static QUESTIONS: &[Question] = &[Question {
    name: "sns.open_policy",
    doc: "Whether strangers get through the topic policy.",
    subjects: &["sns.topic"],
    reads: &[("sns.topic", &["Policy"])],
    looks_up: &[],
    returns: PolicyExposure::shape,
    answer: |topic, asking| {
        let policy = Topic::from_value(&topic.document).map(|topic| topic.policy);
        exposure(policy.as_ref(), "sns", topic, asking)
    },
}];

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "sns", types: vec![Topic::resource_type()], questions: QUESTIONS }
}

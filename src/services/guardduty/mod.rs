//! Amazon GuardDuty: detectors.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetDetector.html>.

#[cfg(feature = "aws")]
pub mod collect;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, Fact, Operation, Resource, Shape, Type, Value};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::{Asking, Decided, Question, Service};
use crate::{document, record};

/// The detectors of a region: one at most.
pub static LIST_DETECTORS: Operation =
    Operation::new("guardduty", "ListDetectors", &["guardduty:ListDetectors"]);
/// One detector with its features and tags.
pub static GET_DETECTOR: Operation =
    Operation::new("guardduty", "GetDetector", &["guardduty:GetDetector"]);

record! {
    /// A feature of a detector, beyond the foundational data sources.
    pub struct DetectorFeature {
        /// S3_DATA_EVENTS, EKS_AUDIT_LOGS, RUNTIME_MONITORING and so on.
        "Name" => name: String,
        /// ENABLED or DISABLED.
        "Status" => status: String,
        /// Parts of the feature with switches of their own.
        "AdditionalConfiguration" => additional: Option<Vec<DetectorAdditionalConfiguration>>,
    }
}

record! {
    /// A part of a feature.
    pub struct DetectorAdditionalConfiguration {
        /// EKS_ADDON_MANAGEMENT, ECS_FARGATE_AGENT_MANAGEMENT or EC2_AGENT_MANAGEMENT.
        "Name" => name: String,
        /// ENABLED or DISABLED.
        "Status" => status: String,
    }
}

document! {
    /// A GuardDuty detector.
    pub struct Detector: "guardduty.detector" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_DETECTORS]], tagged by [GET_DETECTOR] {
        /// ENABLED or DISABLED.
        "Status" => always status: String = [GET_DETECTOR],
        /// The features that can be switched on and off.
        "Features" => always features: Vec<DetectorFeature> = [GET_DETECTOR],
    }
}

/// The questions about GuardDuty.
static QUESTIONS: &[Question] = &[Question {
    name: "guardduty.enabled",
    doc: "Whether the region has a detector that is switched on.",
    subjects: &["aws.region"],
    reads: &[],
    looks_up: &[("guardduty.detector", &["Status"])],
    returns: || Type::Bool,
    answer: enabled,
}];

fn enabled(subject: &Resource, asking: &dyn Asking) -> Value {
    let (detectors, missing) = asking.all_in("guardduty.detector", &subject.region);
    let states: Vec<Decided<bool>> = detectors
        .iter()
        .map(|detector| match Detector::from_value(&detector.document).map(|d| d.status) {
            Some(Fact::Known(status)) => Decided::Known(status == "ENABLED"),
            Some(Fact::Unknown(gaps)) => Decided::Unknown(gaps),
            Some(Fact::Absent) | None => Decided::Known(false),
        })
        .collect();
    Decided::any(states.iter(), &missing).into_value()
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "guardduty", types: vec![Detector::resource_type()], questions: QUESTIONS }
}

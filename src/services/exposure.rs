//! Who gets through the policy of a resource: one answer for all services whose
//! resources have a policy and nothing else that lets strangers in.

use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{self, Answer, Service};
use crate::record;
use crate::services::attached::attached;
use crate::services::{Asking, Decided, Witness};

record! {
    /// Whether strangers get through a resource's policy.
    pub struct PolicyExposure {
        /// An anonymous caller, or one of an account or organization that the policy
        /// does not name, gets through.
        "open" => open: Decided<bool>,
        /// A request of a stranger that gets through.
        "witness" => witness: Option<Witness>,
        /// What decided, what limits, or what was not known.
        "reasons" => reasons: Vec<String>,
    }
}

/// Answers for a policy of the service with this action prefix (`sqs`). No
/// policy lets nobody in.
pub(in crate::services) fn exposure(
    policy: Option<&Fact<String>>,
    prefix: &str,
    subject: &Resource,
    asking: &dyn Asking,
) -> Value {
    let undecided = |gaps: &Gaps, reasons| PolicyExposure {
        open: Decided::Unknown(gaps.clone()),
        witness: None,
        reasons,
    };
    let answer = match policy {
        None => undecided(&Gaps::NONE, Vec::new()),
        Some(Fact::Unknown(gaps)) => undecided(gaps, Vec::new()),
        Some(Fact::Absent) => PolicyExposure {
            open: Decided::Known(false),
            witness: None,
            reasons: vec!["there is no policy".to_owned()],
        },
        Some(Fact::Known(text)) => {
            match attached(text, Service::from_prefix(prefix), &subject.arn, asking) {
                Ok(policy) => of_policy(policy.exposure()),
                Err(error) => {
                    undecided(&Gaps::NONE, vec![format!("the policy cannot be read: {error}")])
                }
            }
        }
    };
    answer.into_value()
}

fn of_policy(exposure: &policy::Exposure) -> PolicyExposure {
    PolicyExposure {
        open: match exposure.reachable {
            Answer::Yes => Decided::Known(true),
            Answer::No => Decided::Known(false),
            Answer::Unknown => Decided::Unknown(Gaps::NONE),
        },
        witness: exposure.witness.as_ref().map(Witness::from),
        reasons: exposure.reasons.clone(),
    }
}

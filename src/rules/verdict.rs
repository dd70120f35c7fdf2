//! Verdicts: one rule on one resource.

use crate::inventory::{Gaps, ResourceType};
use crate::rules::Severity;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a rule says about a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Not as it should be.
    Fail,
    /// Cannot be said, because of gaps.
    Unknown,
    /// The rule is at fault; never a pass.
    Error,
    /// The rule does not apply here.
    NotApplicable,
}

impl Outcome {
    /// All, in the order of summaries.
    pub const ALL: [Outcome; 5] =
        [Self::Pass, Self::Fail, Self::Unknown, Self::Error, Self::NotApplicable];

    /// The word of the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Error => "error",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// From that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// What a verdict is about: a resource, or the pseudo-resource that stands for
/// a list that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The type; `aws.account` or `aws.region` for a hidden list.
    pub kind: &'static ResourceType,
    /// What people call it.
    pub id: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its region, or `global`.
    pub region: Arc<str>,
    /// The part that is judged: an AWS identifier, or the hidden type.
    pub key: Option<String>,
}

/// One rule on one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The rule's position in the catalogue that judged.
    pub rule: usize,
    /// What was judged.
    pub subject: Subject,
    /// What the rule says.
    pub outcome: Outcome,
    /// The finding's severity: for a fail that of its wording, else the rule's.
    pub severity: Severity,
    /// The finding in words; for a pass the rule's title.
    pub title: String,
    /// What was seen, by name; empty for passes and not applicable.
    pub evidence: serde_json::Map<String, serde_json::Value>,
    /// For an unknown: the gaps that decided.
    pub gaps: Gaps,
    /// For an error: what is wrong with the rule.
    pub error: Option<String>,
}

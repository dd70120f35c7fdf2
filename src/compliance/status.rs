//! The status of a control, and how several make one.

use super::Kind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the verdicts of a scan say about a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All its rules passed.
    Met,
    /// A rule failed.
    NotMet,
    /// What can be decided passed; a part needs a person.
    Partly,
    /// Something is unknown, or was left out of the scan.
    NotAssessed,
    /// There is nothing that its rules could judge.
    NotApplicable,
    /// No rule looks at it.
    NoCheck,
}

impl Status {
    /// All, in the order of summaries.
    pub const ALL: [Status; 6] = [
        Self::Met,
        Self::NotMet,
        Self::Partly,
        Self::NotAssessed,
        Self::NotApplicable,
        Self::NoCheck,
    ];

    /// The word of the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Partly => "partly",
            Self::NotAssessed => "not_assessed",
            Self::NotApplicable => "not_applicable",
            Self::NoCheck => "no_check",
        }
    }

    /// The status in words. Of a standard for organisations it is never said
    /// that a control is met, only what the checks can say: `checks` is how
    /// many of them passed.
    pub fn wording(self, kind: Kind, checks: usize) -> String {
        match (self, kind) {
            (Self::Met, Kind::ManagementSystem) => {
                format!("all automated checks passed, {checks} of them")
            }
            _ => self.label(kind).to_owned(),
        }
    }

    /// The same without a number, for legends and counts.
    pub fn label(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Met, Kind::ManagementSystem) => "all automated checks passed",
            (Self::Met, Kind::Benchmark) => "met",
            (Self::NotMet, _) => "not met",
            (Self::Partly, _) => "what can be checked passed, a part needs a person",
            (Self::NotAssessed, _) => "not assessed",
            (Self::NotApplicable, _) => "nothing here to judge",
            (Self::NoCheck, _) => "no automated check",
        }
    }

    /// The status of a whole from those of parts that are all needed: the rules
    /// of one control, or one control in several accounts. `not_met` wins over
    /// `not_assessed` over `partly` over `met`; parts without anything to judge
    /// do not matter beside others. No parts: `no_check`.
    pub fn of_all(parts: impl IntoIterator<Item = Status>) -> Status {
        parts.into_iter().max_by_key(|status| status.weight()).unwrap_or(Self::NoCheck)
    }

    /// The status of a group of which one part is enough: the best there is. A
    /// part with nothing to judge is no proof, so it does not win over a fail.
    pub(super) fn of_any(parts: impl IntoIterator<Item = Status>) -> Status {
        let best = |status: &Status| match status {
            Self::Met => 5,
            Self::Partly => 4,
            Self::NotAssessed => 3,
            Self::NotMet => 2,
            Self::NotApplicable => 1,
            Self::NoCheck => 0,
        };
        parts.into_iter().max_by_key(best).unwrap_or(Self::NoCheck)
    }

    fn weight(self) -> u8 {
        match self {
            Self::NotMet => 5,
            Self::NotAssessed => 4,
            Self::Partly => 3,
            Self::Met => 2,
            Self::NotApplicable => 1,
            Self::NoCheck => 0,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests;

//! Values that people set for the parameters of rules: the leftmost room that
//! needs them has them.

use super::problem::{Position, Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A value of a parameter of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a whole number, or a list of whole numbers or of texts")]
pub enum ParameterValue {
    /// A number, such as days.
    Int(i64),
    /// Numbers, such as ports. An empty list reads as this, whatever it lists.
    Ints(Vec<i64>),
    /// Texts, such as accounts.
    Texts(Vec<String>),
}

impl fmt::Display for ParameterValue {
    /// As in a file: `[1, 2]`, `["a"]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<String> = match self {
            Self::Int(number) => return number.fmt(f),
            Self::Ints(numbers) => numbers.iter().map(i64::to_string).collect(),
            Self::Texts(texts) => texts.iter().map(|text| format!("{text:?}")).collect(),
        };
        write!(f, "[{}]", items.join(", "))
    }
}

/// One line of `[parameters.RULE]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterOverride {
    /// A rule's id or alias. Whether there is such a rule, the caller checks.
    pub rule: String,
    /// Where the rule stands in the file.
    pub rule_at: Position,
    /// The parameter's name. Whether the rule has it, the caller checks.
    pub parameter: String,
    /// Where that name stands in the file.
    pub at: Position,
    /// The value. Whether it fits, the caller checks.
    pub value: ParameterValue,
    /// Where the value stands in the file.
    pub value_at: Position,
}

impl ParameterOverride {
    /// The problem to report if no rule has this id or alias; `nearest` is the
    /// id that was most likely meant.
    #[must_use]
    pub fn unknown_rule(&self, nearest: Option<&str>) -> Problem {
        Problem::unknown_rule("parameters", &self.rule, self.rule_at, nearest)
    }

    /// The problem to report if the rule has no such parameter, but these.
    #[must_use]
    pub fn unknown_parameter(&self, known: &[&str]) -> Problem {
        Problem {
            kind: ProblemKind::UnknownKey,
            at: Some(self.at),
            what: format!(
                "`[parameters.{}]`: this rule has no parameter \"{}\"",
                self.rule.escape_debug(),
                self.parameter.escape_debug()
            ),
            instead: match super::nearest(&self.parameter, known.iter().copied()) {
                Some(name) => format!("write {name}"),
                None if known.is_empty() => "take it out: the rule has no parameters".to_owned(),
                None => format!("it has {}", known.join(", ")),
            },
        }
    }

    /// The problem to report if the value does not fit: what is wrong with it,
    /// and what to write instead.
    #[must_use]
    pub fn does_not_fit(&self, why: &str, instead: &str) -> Problem {
        Problem {
            kind: ProblemKind::Malformed,
            at: Some(self.value_at),
            what: format!("`{}`: {why}", self.parameter.escape_debug()),
            instead: instead.to_owned(),
        }
    }
}

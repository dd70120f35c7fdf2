//! How bad a finding is: the leftmost room that needs the word has it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How bad a finding is. Ordered: `Info` is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hygiene.
    Low,
    /// A weakness that needs something else to hurt.
    Medium,
    /// A hole.
    High,
    /// A hole that strangers can use now.
    Critical,
}

impl Severity {
    /// All, worst first: the order of every table.
    pub const WORST_FIRST: [Severity; 5] =
        [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word of rules, options and the tenants file, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The word of the machine formats, in capitals.
    pub fn in_capitals(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }

    /// From the word in lower case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::WORST_FIRST.into_iter().find(|severity| severity.as_str() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_order() {
        for severity in Severity::WORST_FIRST {
            assert_eq!(Severity::parse(severity.as_str()), Some(severity));
            assert_eq!(severity.in_capitals(), severity.as_str().to_uppercase());
        }
        assert!(Severity::WORST_FIRST.is_sorted_by(|a, b| a > b));
        assert_eq!(Severity::parse("HIGH"), None);
    }
}

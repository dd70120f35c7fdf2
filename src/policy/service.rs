//! The services whose resources have policies, as far as this module knows more
//! about one than its prefix.

use std::fmt;

use super::ast::{Policy, Statement};

/// The service of a resource policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// An S3 bucket.
    S3,
    /// An S3 access point.
    S3AccessPoint,
    /// Any other, by the prefix of its actions, lower case (`sqs`).
    Other(String),
}

impl Service {
    /// The service with this action prefix; `s3` is a bucket.
    #[must_use]
    pub fn from_prefix(prefix: &str) -> Self {
        match prefix.to_ascii_lowercase().as_str() {
            "s3" => Self::S3,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The prefix of its actions.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self {
            Self::S3 | Self::S3AccessPoint => "s3",
            Self::Other(prefix) => prefix,
        }
    }

    /// The service that a resource policy is for, from its actions and resources: the
    /// first prefix without a wildcard. `None` if every action is `*`.
    #[must_use]
    pub fn of_policy(policy: &Policy) -> Option<Self> {
        let resources = || policy.statements.iter().flat_map(resource_texts);
        let from_actions = policy
            .statements
            .iter()
            .flat_map(|s| &s.actions.patterns)
            .filter_map(|p| p.text().split_once(':'))
            .map(|(prefix, _)| prefix)
            .find(|prefix| !prefix.contains(['*', '?']));
        let from_resources =
            || resources().filter_map(|r| r.split(':').nth(2)).find(|p| !p.contains(['*', '?']));
        let prefix = from_actions.or_else(from_resources)?;
        if prefix.eq_ignore_ascii_case("s3") && resources().any(|r| r.contains(":accesspoint/")) {
            return Some(Self::S3AccessPoint);
        }
        Some(Self::from_prefix(prefix))
    }
}

fn resource_texts(statement: &Statement) -> impl Iterator<Item = &str> {
    statement.resources.iter().flat_map(|m| m.patterns.iter().map(super::pattern::Template::text))
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::S3 => f.write_str("S3"),
            Self::S3AccessPoint => f.write_str("an S3 access point"),
            Self::Other(prefix) => f.write_str(prefix),
        }
    }
}

//! The AWS operations that collectors call, and what their errors mean.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a call got no answer. Advice follows the class: adding an IAM action
/// helps against [`AccessDenied`](Self::AccessDenied) and against nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// The caller's own policies do not allow the action.
    AccessDenied,
    /// A service control policy or resource control policy refuses.
    OrganizationDenied,
    /// The resource's own policy refuses (a bucket or key policy).
    ResourcePolicyDenied,
    /// The service answers that it is not enabled in this account or region.
    NotEnabled,
    /// The region is not enabled for the account.
    RegionDisabled,
    /// The session's credentials have expired.
    ExpiredToken,
    /// The session's credentials are not valid.
    InvalidToken,
    /// The service asked to slow down, more often than we retry.
    Throttled,
    /// No answer in time.
    Timeout,
    /// The connection could not be made, or broke.
    Network,
    /// The service failed (HTTP 5xx).
    ServerError,
    /// An answer came, but not in the documented shape.
    Malformed,
    /// Nobody asked: the operation was not part of the run.
    NotCollected,
    /// Any other error.
    Other,
}

impl ErrorClass {
    /// Every class, in the order of the JSON schema.
    pub const ALL: [ErrorClass; 14] = [
        Self::AccessDenied,
        Self::OrganizationDenied,
        Self::ResourcePolicyDenied,
        Self::NotEnabled,
        Self::RegionDisabled,
        Self::ExpiredToken,
        Self::InvalidToken,
        Self::Throttled,
        Self::Timeout,
        Self::Network,
        Self::ServerError,
        Self::Malformed,
        Self::NotCollected,
        Self::Other,
    ];

    /// The word of the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::OrganizationDenied => "organization_denied",
            Self::ResourcePolicyDenied => "resource_policy_denied",
            Self::NotEnabled => "not_enabled",
            Self::RegionDisabled => "region_disabled",
            Self::ExpiredToken => "expired_token",
            Self::InvalidToken => "invalid_token",
            Self::Throttled => "throttled",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::ServerError => "server_error",
            Self::Malformed => "malformed",
            Self::NotCollected => "not_collected",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a documented error of one operation means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The answer is: there is none (`NoSuchBucketPolicy`).
    Absent,
    /// No answer, for this reason.
    Class(ErrorClass),
}

/// One line of an operation's error table.
#[derive(Clone, Copy, Debug)]
pub struct ErrorEntry {
    /// The error code, as the service sends it.
    pub code: &'static str,
    /// A part of the message that must be there, too; some services send one
    /// code for very different things.
    pub message: Option<&'static str>,
    /// What it means.
    pub means: Meaning,
}

/// One AWS operation: who answers, which IAM actions it needs, and what its
/// particular errors mean. General errors (denied, throttled, expired) are
/// the same everywhere and classified in `aws`.
#[derive(Debug)]
pub struct Operation {
    /// The service as the AWS CLI names it (`s3`, `s3control`, `iam`).
    pub service: &'static str,
    /// The operation's name (`GetBucketPolicy`).
    pub name: &'static str,
    /// The IAM actions the caller needs; empty if none is needed.
    pub actions: &'static [&'static str],
    /// Errors that mean something particular here.
    pub errors: &'static [ErrorEntry],
}

impl Operation {
    /// An operation without errors of its own.
    pub const fn new(
        service: &'static str,
        name: &'static str,
        actions: &'static [&'static str],
    ) -> Self {
        Self { service, name, actions, errors: &[] }
    }

    /// The same operation with its error table.
    pub const fn with_errors(mut self, errors: &'static [ErrorEntry]) -> Self {
        self.errors = errors;
        self
    }

    /// `service:Name`, the way operations are written in rules, gaps and
    /// snapshots.
    pub fn id(&self) -> String {
        format!("{}:{}", self.service, self.name)
    }

    /// The IAM action to name in advice; the operation's own id if it needs none.
    pub fn iam_action(&self) -> String {
        self.actions.first().map_or_else(|| self.id(), |action| (*action).to_owned())
    }

    /// What this operation's own table says about an error.
    pub fn meaning_of(&self, code: &str, message: &str) -> Option<Meaning> {
        self.errors
            .iter()
            .find(|entry| {
                entry.code == code && entry.message.is_none_or(|part| message.contains(part))
            })
            .map(|entry| entry.means)
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.service == other.service && self.name == other.name
    }
}

impl Eq for Operation {}

impl PartialOrd for Operation {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Operation {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.service, self.name).cmp(&(other.service, other.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static POLICY: Operation = Operation::new("s3", "GetBucketPolicy", &["s3:GetBucketPolicy"])
        .with_errors(&[
            ErrorEntry { code: "NoSuchBucketPolicy", message: None, means: Meaning::Absent },
            ErrorEntry {
                code: "AccessDeniedException",
                message: Some("is not enabled"),
                means: Meaning::Class(ErrorClass::NotEnabled),
            },
        ]);

    #[test]
    fn the_table_matches_code_and_message() {
        assert_eq!(POLICY.meaning_of("NoSuchBucketPolicy", "any"), Some(Meaning::Absent));
        assert_eq!(
            POLICY.meaning_of("AccessDeniedException", "Macie is not enabled."),
            Some(Meaning::Class(ErrorClass::NotEnabled))
        );
        assert_eq!(POLICY.meaning_of("AccessDeniedException", "User: x is not authorized"), None);
    }

    #[test]
    fn every_class_prints_as_it_serialises() {
        for class in ErrorClass::ALL {
            let json = serde_json::to_value(class).ok();
            assert_eq!(json.as_ref().and_then(|v| v.as_str()), Some(class.as_str()));
        }
    }
}

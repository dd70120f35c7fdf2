//! What a rule is: one YAML file.

use super::parameter::Parameter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

pub use crate::tenant::Severity;

/// The subject of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Category {
    Iam,
    S3,
    Logging,
    Network,
    Compute,
    Storage,
    Database,
    Kubernetes,
    Encryption,
    Secrets,
    Messaging,
    Governance,
}

impl Category {
    /// All, in the order of the documentation.
    pub const ALL: [Category; 12] = [
        Self::Iam,
        Self::S3,
        Self::Logging,
        Self::Network,
        Self::Compute,
        Self::Storage,
        Self::Database,
        Self::Kubernetes,
        Self::Encryption,
        Self::Secrets,
        Self::Messaging,
        Self::Governance,
    ];

    /// The word of rules and machine formats, in capitals.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Iam => "IAM",
            Self::S3 => "S3",
            Self::Logging => "LOGGING",
            Self::Network => "NETWORK",
            Self::Compute => "COMPUTE",
            Self::Storage => "STORAGE",
            Self::Database => "DATABASE",
            Self::Kubernetes => "KUBERNETES",
            Self::Encryption => "ENCRYPTION",
            Self::Secrets => "SECRETS",
            Self::Messaging => "MESSAGING",
            Self::Governance => "GOVERNANCE",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How much of a rule's controls an API can decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decidable {
    /// All of it.
    #[default]
    Full,
    /// A useful part; a person has to look at the rest.
    Partial,
    /// Nothing, but it supplies evidence for a person.
    Evidence,
}

/// Where a rule stands in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// May change its mind.
    Experimental,
    /// Stands.
    #[default]
    Stable,
    /// On its way out; see `replaced_by`.
    Deprecated,
}

/// How to fix what a rule found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// In one or two sentences.
    pub text: String,
    /// In the AWS console.
    pub console: Option<String>,
    /// With the AWS CLI; placeholders are shell-quoted.
    pub cli: Option<String>,
    /// In Terraform.
    pub terraform: Option<String>,
    /// What the fix may break.
    pub risk: Option<String>,
    /// How to see that it worked.
    pub verify: Option<String>,
}

/// One wording of a rule's finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingText {
    /// When this wording is meant; always, if left out.
    pub when: Option<String>,
    /// The problem as a person would say it, with placeholders.
    pub text: String,
    /// The severity of this case; never above the rule's.
    pub severity: Option<Severity>,
}

/// One item of a finding's evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The name it gets in the evidence.
    pub name: String,
    /// The expression that gives it.
    pub expression: String,
}

/// A rule as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its id; the file's name.
    pub id: String,
    /// The id under which it first shipped: part of every fingerprint.
    pub uid: String,
    /// Former ids and those of others; work in filters and suppressions.
    pub aliases: Vec<String>,
    /// The state that is wanted.
    pub title: String,
    /// The problem; the first wording whose `when` holds.
    pub finding: Vec<FindingText>,
    /// The types of resources it judges.
    pub resources: Vec<String>,
    /// The service: the folder under `rules/`.
    pub service: String,
    /// How bad a fail is.
    pub severity: Severity,
    /// How bad AWS Security Hub calls it.
    pub aws_severity: Option<Severity>,
    /// The subject.
    pub category: Category,
    /// Whether the rule applies; always, if left out.
    pub when: Option<String>,
    /// The list whose items are judged one by one.
    pub each: Option<String>,
    /// What tells those items apart: an AWS identifier.
    pub key: Option<String>,
    /// Whether it passes.
    pub pass: String,
    /// What people may set otherwise, by name.
    pub parameters: Vec<Parameter>,
    /// What a finding shows.
    pub evidence: Vec<Evidence>,
    /// Why it matters.
    pub why: String,
    /// How to fix it.
    pub fix: Fix,
    /// Where to read on.
    pub references: Vec<String>,
    /// The controls it serves, by framework id.
    pub controls: BTreeMap<String, Vec<String>>,
    /// How much of those controls it decides.
    pub decidable: Decidable,
    /// What several rules may fire for; counted once in the score.
    pub cause: Option<String>,
    /// The version that first had it.
    pub since: Option<String>,
    /// Where it stands in its life.
    pub status: Status,
    /// The rule that took over.
    pub replaced_by: Option<String>,
    /// SHA-256 of the rule's own document and of the parameters that were set
    /// otherwise, in hex: tells a changed rule from a changed account.
    pub digest: String,
}

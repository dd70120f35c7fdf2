//! A policy as typed data.

use super::error::Position;
use super::operators::{Operator, ReadyValue};
use super::pattern::{Pattern, Style, Template};
use super::service::Service;

/// What a policy is attached to; it decides which elements it may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Attached to a resource of this service: needs principals.
    Resource(Service),
    /// Attached to a user, group or role, or a boundary, or an organisation's policy: no principals.
    Identity,
    /// The trust policy of a role: needs principals, has no resource.
    Trust,
}

/// The `Version` element.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `2008-10-17`, also without a `Version`: policy variables are plain text.
    V2008,
    /// `2012-10-17`.
    V2012,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What it is attached to.
    pub kind: Kind,
    /// The version of the language.
    pub version: Version,
    /// The `Id` element.
    pub id: Option<String>,
    /// The statements in order.
    pub statements: Vec<Statement>,
}

impl Policy {
    /// Whether a condition is on this key.
    #[must_use]
    pub fn asks_for(&self, key: &str) -> bool {
        let mut conditions = self.statements.iter().flat_map(|s| &s.conditions);
        conditions.any(|c| c.key.eq_ignore_ascii_case(key))
    }
}

/// Allow or Deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its number in the policy, from 1.
    pub number: usize,
    /// The `Sid` element.
    pub sid: Option<String>,
    /// Allow or Deny.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`; none in identity policies.
    pub principals: Option<Principals>,
    /// `Action` or `NotAction`.
    pub actions: Matcher,
    /// `Resource` or `NotResource`; none in trust policies and where the service
    /// takes the attached resource.
    pub resources: Option<Matcher>,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// Where it starts in the text.
    pub at: Position,
}

/// A list of patterns, or its complement.
#[derive(Debug, Clone)]
pub(super) struct CompiledMatcher {
    negated: bool,
    pub(super) patterns: Vec<Pattern>,
}

impl CompiledMatcher {
    pub(super) fn matches(&self, text: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(text)) != self.negated
    }
}

/// A list of templates, or its complement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    /// True for the `Not` form.
    pub negated: bool,
    /// Any of these.
    pub patterns: Vec<Template>,
}

impl Matcher {
    /// The list with values for its variables; a template with one that has no value
    /// matches nothing.
    pub(super) fn compile(
        &self,
        style: Style,
        value_of: &dyn Fn(&str) -> Option<String>,
    ) -> CompiledMatcher {
        let patterns = self.patterns.iter().filter_map(|it| it.compile(style, value_of));
        CompiledMatcher { negated: self.negated, patterns: patterns.collect() }
    }

    /// The list as text, each pattern as written; `not x` for the complement.
    #[must_use]
    pub fn describe(&self) -> Vec<String> {
        let not = if self.negated { "not " } else { "" };
        self.patterns.iter().map(|p| format!("{not}{p}")).collect()
    }
}

/// `Principal`, or its complement `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principals {
    /// True for `NotPrincipal`.
    pub negated: bool,
    /// Any of these.
    pub list: Vec<Principal>,
}

/// One principal as a policy names it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// `"*"` or `{"AWS": "*"}`: everyone, anonymous callers too.
    Anyone,
    /// An account: its number or its root ARN.
    Account(String),
    /// A user, role, session or federated user by ARN.
    Arn(String),
    /// The unique id of a deleted user or role (`AIDA...`, `AROA...`): nobody any more.
    DeletedId(String),
    /// An S3 canonical user id.
    Canonical(String),
    /// An AWS service, such as `ec2.amazonaws.com`.
    Service(String),
    /// A web identity or SAML provider; `*` for any.
    Federated(String),
}

impl std::fmt::Display for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Anyone => "*",
            Self::Account(s)
            | Self::Arn(s)
            | Self::DeletedId(s)
            | Self::Canonical(s)
            | Self::Service(s)
            | Self::Federated(s) => s,
        })
    }
}

/// One key under one operator, with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator with its qualifiers.
    pub operator: Operator,
    /// The key as written; compared without regard to case.
    pub key: String,
    /// Any of these (none of these for a negated operator).
    pub values: Vec<Template>,
    /// Where the key stands in the text.
    pub at: Position,
    /// The values made ready for comparison, in their order.
    pub(super) ready: Vec<ReadyValue>,
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values: Vec<&str> = self.values.iter().map(Template::text).collect();
        write!(f, "{} {} [{}]", self.operator, self.key, values.join(", "))
    }
}

/// The account and the resource part of an ARN, if `text` is one.
#[must_use]
pub(super) fn arn_parts(text: &str) -> Option<ArnParts<'_>> {
    let mut parts = text.splitn(6, ':');
    if parts.next()? != "arn" {
        return None;
    }
    Some(ArnParts {
        partition: parts.next()?,
        service: parts.next()?,
        region: parts.next()?,
        account: parts.next()?,
        resource: parts.next()?,
    })
}

/// The segments of an ARN after `arn`.
#[derive(Debug, Clone, Copy)]
pub(super) struct ArnParts<'a> {
    pub(super) partition: &'a str,
    pub(super) service: &'a str,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
    pub(super) resource: &'a str,
}

/// Whether `text` is a twelve-digit account number.
pub(super) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

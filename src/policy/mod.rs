//! What an AWS policy allows: the policy language, decided by its own semantics.
//!
//! Three layers, each tested against the one below it:
//! - the language: [`Policy::parse`] gives typed statements or an error with a place;
//! - the reference evaluator: [`simulate()`] decides one concrete request straight from the
//!   documented rules;
//! - the symbolic decision: the space of all requests is cut into classes that no statement
//!   tells apart, one request of each is tried, and a "yes" is only given with a request
//!   that the reference evaluator allows.
//!
//! On these stand the questions: [`exposure()`] (resource and trust policies), [`trust()`],
//! [`BucketExposure`], [`tls_only`], [`sensitive_cross_account`] (S3), [`admin`],
//! [`full_admin`], [`service_wildcards`], [`escalations`], [`allowed_actions`] and [`Assuming`]
//! (identities).
//! Who has which condition key, and who controls its value, is data in [`keys`] and
//! [`oidc`].
//!
//! "Public" and "reachable" are two answers. Public is AWS's word: it looks at Allows only,
//! at fixed values, and ignores Denies. Reachable means that a stranger (an anonymous
//! caller, or one from an account or organisation that the policy does not name) gets
//! through, Denies considered; a limit counts only if the stranger cannot meet it. An
//! address range counts as a limit if it is narrow enough to be one holder's: /16 or longer
//! (IPv6: /48). Whoever is named gets into [`Exposure::outside`] instead.
//!
//! The work is bounded: [`MAX_TRIALS`] combinations a question, 500,000 steps for the texts
//! of one key, 1,000 ways in which conditions turn out on several values of one key, 256
//! ways to begin an address, 256 principals of one account, 256 combinations of policy
//! variables, 16 accounts that stand for strangers, 1,000 statements of a resource policy.
//! What its statements make too many together is asked Allow by Allow, until four of them
//! are too much alone. The largest policies that AWS accepts stay far below; what goes
//! beyond is answered "unknown", with the reason.

mod actions;
mod addresses;
mod allowed;
mod apart;
mod ast;
mod attached;
mod bench;
mod callers;
mod candidates;
mod chains;
mod classes;
mod control;
mod error;
mod escalation;
mod escalation_data;
mod evaluation;
mod exposure;
mod identity;
mod json;
pub mod keys;
mod keys_data;
pub mod oidc;
mod oidc_subjects;
mod operators;
mod outside;
mod parse;
mod partition;
mod pattern;
mod prepare;
mod public;
mod request;
mod s3;
mod s3_parts;
mod s3_rules;
mod scene;
mod service;
mod simulate;
mod solve;
mod trust;
mod values;
mod wildcards;
mod world;

pub use allowed::{AllowedActions, allowed_actions};
pub use ast::{
    Condition, Effect, Kind, Matcher, Policy, Principal, Principals, Statement, Version,
};
pub use attached::Attached;
pub use chains::{Assuming, Link, MAX_DEPTH, Role};
pub use control::resource_control;
pub use error::{ParseError, ParseErrorKind, Position};
pub use escalation::{Escalation, Escalations, escalations};
pub use evaluation::{Applicable, Layer, Ruling, evaluate};
pub use exposure::{Answer, Exposure, Setting, exposure, exposure_within};
pub use identity::{Admin, AdminAnswer, GRANTS, Holder, admin, full_admin};
pub use operators::{Compare, Operator, Set, StringTest, Test};
pub use outside::{Outside, OutsideClass};
pub use pattern::{Pattern, Style, Template};
pub use request::{Caller, Context, Request, STRANGER_ACCOUNT};
pub use s3::BucketExposure;
pub use s3_parts::{
    AccessPoint, AclGrant, Bucket, Finding, Part, PartName, PointExposure, PublicAccessBlock,
};
pub use s3_rules::{SENSITIVE_ACTIONS, sensitive_cross_account, tls_only};
pub use scene::ActionSpace;
pub use service::Service;
pub use simulate::{Decision, Outcome, simulate, simulate_all};
pub use solve::{MAX_TRIALS, Witness};
pub use trust::{Trust, TrustIssue, sends_source, trust, trust_within};
pub use wildcards::{ServiceWildcard, service_wildcards};

#[cfg(test)]
mod tests;

//! What an AWS policy allows: the policy language, decided by its own semantics.

mod actions;
mod ast;
mod callers;
mod candidates;
mod chains;
mod classes;
mod error;
mod escalation;
mod escalation_data;
mod exposure;
mod identity;
mod json;
pub mod keys;
pub mod oidc;
mod operators;
mod outside;
mod parse;
mod partition;
mod pattern;
mod public;
mod request;
mod s3;
mod s3_rules;
mod service;
mod simulate;
mod solve;
mod trust;
mod values;
mod world;

pub use ast::{
    Condition, Effect, Kind, Matcher, Policy, Principal, Principals, Statement, Version,
};
pub use chains::{Chain, Link, MAX_DEPTH, Role, RoleGraph, assume};
pub use error::{ParseError, ParseErrorKind, Position};
pub use escalation::{Escalation, Escalations, escalations};
pub use exposure::{Answer, Exposure, Setting, exposure};
pub use identity::{
    Admin, AdminAnswer, GRANTS, Holder, ServiceWildcard, admin, full_admin, service_wildcards,
};
pub use operators::{Compare, Operator, Set, StringTest, Test};
pub use outside::{Outside, OutsideClass};
pub use pattern::{Pattern, Style, Template};
pub use request::{Caller, Context, Request, STRANGER_ACCOUNT};
pub use s3::{
    AccessPoint, AclGrant, Bucket, BucketExposure, Finding, Part, PartName, PublicAccessBlock,
    bucket_exposure,
};
pub use s3_rules::{SENSITIVE_ACTIONS, sensitive_cross_account, tls_only};
pub use service::Service;
pub use simulate::{Decision, Outcome, simulate, simulate_all};
pub use solve::{MAX_TRIALS, Witness};
pub use trust::{SERVICES_THAT_SEND_SOURCE, Trust, TrustIssue, trust};

#[cfg(test)]
mod tests;

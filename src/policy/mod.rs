//! What an AWS policy allows: the policy language, decided by its own semantics.

mod actions;
mod ast;
mod callers;
mod candidates;
mod error;
mod exposure;
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
mod values;
mod world;

pub use ast::{
    Condition, Effect, Kind, Matcher, Policy, Principal, Principals, Statement, Version,
};
pub use error::{ParseError, ParseErrorKind, Position};
pub use exposure::{Answer, Exposure, Setting, exposure};
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

#[cfg(test)]
mod tests;

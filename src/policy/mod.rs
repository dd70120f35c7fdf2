//! What an AWS policy allows: the policy language, decided by its own semantics.

mod actions;
mod ast;
mod error;
mod json;
pub mod keys;
pub mod oidc;
mod operators;
mod parse;
mod partition;
mod pattern;
mod request;
mod service;
mod simulate;
mod values;

pub use ast::{
    Condition, Effect, Kind, Matcher, Policy, Principal, Principals, Statement, Version,
};
pub use error::{ParseError, ParseErrorKind, Position};
pub use operators::{Compare, Operator, Set, StringTest, Test};
pub use pattern::{Pattern, Style, Template};
pub use request::{Caller, Context, Request, STRANGER_ACCOUNT};
pub use service::Service;
pub use simulate::{Decision, Outcome, simulate, simulate_all};

//! The language of conditions: a documented subset of CEL.
//!
//! cel's parser reads it; [`check`] types it against the schema of documents
//! and finds what it reads; [`eval`] judges with *unknown* as a third truth
//! value. cel's own interpreter is not used: it absorbs every error, so that a
//! misspelt field in `x.Typo == 1 || true` would pass.
//!
//! The subset: literals, fields, `&& || ! ?:`, comparisons, `in`, indexing,
//! `size`, `has`, `all exists exists_one filter map`, and the functions of
//! [`functions`]. Everything else is refused.

mod check;
mod code;
mod eval;
mod functions;
mod guards;
mod kleene;
mod mutate;
mod parse;
#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests, with documents of their own"
)]
mod tests;

pub(crate) use check::{Checker, Scope, Want};
pub(crate) use code::Program;
pub(crate) use eval::{Answers, Evaluation, Fault, World};
pub(crate) use mutate::{Mutant, mutants};

/// The functions that rules may call: how each is written, and what it does.
pub fn functions() -> impl Iterator<Item = (String, &'static str)> {
    functions::FUNCTIONS.iter().map(|function| (function.signature(), function.doc))
}

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// The character in the expression, from 0.
    pub at: usize,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl ExpressionError {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

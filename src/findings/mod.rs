//! Findings: what a scan leaves behind for people. Pure.
//!
//! A finding is a fail, an unknown or an error with its identity over time
//! (fingerprint), its status and its evidence. What history stores is
//! [`Finding`]; what a rule says about it is joined when it is shown
//! ([`FindingView`]).

mod baseline;
mod finding;
mod fingerprint;
mod score;
mod summary;
mod suppression;
mod view;

pub use baseline::{Baseline, BaselineError, BaselineFinding, BaselineScan, Known, stands};
#[cfg(test)]
pub(crate) use finding::tests::finding as public_bucket;
pub use finding::{Finding, FindingStatus, GoneReason};
pub use fingerprint::{AmbiguousPrefix, FINGERPRINT_DIGITS, fingerprint, is_fingerprint_prefix};
pub use score::{Judgement, Scorer, coverage, score, weight};
pub use summary::Summary;
pub use suppression::{Named, Suppression, SuppressionError, Suppressions, Target, Use, Uses};
pub use view::FindingView;

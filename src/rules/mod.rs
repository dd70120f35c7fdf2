//! Rules: what is judged, and how. Pure.

mod model;
mod verdict;

pub use model::{Category, Decidable, Evidence, FindingText, Fix, Rule, Severity, Status};
pub use verdict::{Outcome, Subject, Verdict};

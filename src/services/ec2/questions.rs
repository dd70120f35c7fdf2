//! What rules may ask about EC2: the questions of both halves.

use super::{compute, network};
use crate::services::Question;
use std::sync::LazyLock;

/// All of them, in the order of the halves.
pub(super) static QUESTIONS: LazyLock<Vec<Question>> =
    LazyLock::new(|| [network::QUESTIONS.as_slice(), compute::QUESTIONS].concat());

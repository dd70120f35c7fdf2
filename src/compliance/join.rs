//! One framework over several accounts.

use super::{Assessment, Control, ControlResult, Framework, Status, Summary};
use std::collections::BTreeSet;

/// A control over all accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinedControl<'a> {
    /// The control.
    pub control: &'a Control,
    /// Its status: every account is needed.
    pub status: Status,
    /// How many different checks passed somewhere.
    pub checks: usize,
    /// Verdicts that say yes or no: `passed` and `failed`.
    pub judged: u64,
    /// Verdicts that passed.
    pub passed: u64,
    /// Verdicts that failed.
    pub failed: u64,
    /// Verdicts that could not be given.
    pub unknown: u64,
    /// Verdicts that say: does not apply.
    pub not_applicable: u64,
}

/// A framework over all accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct Joined<'a> {
    /// Every control that the file lists, in its order.
    pub controls: Vec<JoinedControl<'a>>,
    /// How many controls have which status; None for selected controls.
    pub summary: Option<Summary>,
}

/// Joins what was said about accounts, one by one, under `framework`.
pub fn join<'a, 'p>(
    framework: &'a Framework,
    parts: impl IntoIterator<Item = &'p Assessment<'p>>,
) -> Joined<'a> {
    let parts: Vec<&Assessment<'p>> = parts.into_iter().collect();
    let controls: Vec<JoinedControl<'a>> = framework
        .controls
        .iter()
        .enumerate()
        .map(|(position, control)| {
            let results: Vec<&ControlResult<'_>> =
                parts.iter().filter_map(|part| part.controls.get(position)).collect();
            let sum = |count: fn(&ControlResult<'_>) -> u64| -> u64 {
                results.iter().map(|result| count(result)).sum()
            };
            let checks: BTreeSet<&str> = results.iter().flat_map(|it| it.checks()).collect();
            JoinedControl {
                control,
                status: Status::of_all(results.iter().map(|result| result.status)),
                checks: checks.len(),
                judged: sum(|result| result.judged),
                passed: sum(|result| result.passed),
                failed: sum(|result| result.failed),
                unknown: sum(|result| result.unknown),
                not_applicable: sum(|result| result.not_applicable),
            }
        })
        .collect();
    let summary = framework.complete.then(|| Summary::of(controls.iter().map(|it| it.status)));
    Joined { controls, summary }
}

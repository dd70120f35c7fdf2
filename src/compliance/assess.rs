//! What one scan of one account says about each control of a framework.

use crate::compliance::framework::{Control, Framework, Kind, Section};
use crate::compliance::{Found, NamedControls, Status};
use crate::rules::{Decidable, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many verdicts of each kind a rule gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words are those of the outcomes")]
pub struct Counts {
    pub pass: u64,
    pub fail: u64,
    pub unknown: u64,
    pub error: u64,
    pub not_applicable: u64,
}

impl Counts {
    /// Counts `number` verdicts more.
    pub fn add(&mut self, outcome: Outcome, number: u64) {
        match outcome {
            Outcome::Pass => self.pass += number,
            Outcome::Fail => self.fail += number,
            Outcome::Unknown => self.unknown += number,
            Outcome::Error => self.error += number,
            Outcome::NotApplicable => self.not_applicable += number,
        }
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(counts: I) -> Counts {
        counts.fold(Counts::default(), |a, b| Counts {
            pass: a.pass + b.pass,
            fail: a.fail + b.fail,
            unknown: a.unknown + b.unknown,
            error: a.error + b.error,
            not_applicable: a.not_applicable + b.not_applicable,
        })
    }
}

/// Why a rule did not judge all that it could have judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Filters kept the rule out of the scan: the options as given, like
    /// `--rule s3-*`.
    Filter(Vec<String>),
    /// The scan was made with a catalogue that had no such rule.
    Newer,
    /// Somebody chose these regions; the rule did not look at any other.
    OtherRegions(Vec<String>),
    /// The scan ended before the rule had seen everything.
    Unfinished,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filter(options) => write!(f, "left out of the scan by {}", options.join(", ")),
            Self::Newer => f.write_str("the rules of the scan did not have it yet"),
            Self::OtherRegions(regions) => write!(f, "looked at in {} only", regions.join(", ")),
            Self::Unfinished => f.write_str("the scan ended before it was done"),
        }
    }
}

/// What one scan of one account says about a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFacts<'a> {
    /// Its id.
    pub id: &'a str,
    /// The controls that it names.
    pub controls: &'a NamedControls,
    /// How much of those controls it decides.
    pub decidable: Decidable,
    /// What was left out; empty if it judged all that there is.
    pub left_out: Vec<LeftOut>,
    /// Its verdicts, by region.
    pub counts: BTreeMap<&'a str, Counts>,
    /// What its findings come to.
    pub found: Found,
}

impl RuleFacts<'_> {
    /// Its verdicts in all regions.
    pub fn total(&self) -> Counts {
        self.counts.values().copied().sum()
    }

    /// What it says about its controls. A fail is said even where something is
    /// unknown or left out beside it; nothing else is.
    pub fn status(&self) -> Status {
        let total = self.total();
        if total.fail > 0 {
            Status::NotMet
        } else if total.unknown > 0 || total.error > 0 || !self.left_out.is_empty() {
            Status::NotAssessed
        } else if total.pass == 0 {
            Status::NotApplicable
        } else if self.decidable == Decidable::Full {
            Status::Met
        } else {
            Status::Partly
        }
    }
}

/// A rule under one of its controls.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleResult<'a> {
    /// The rule.
    pub facts: &'a RuleFacts<'a>,
    /// What it says.
    pub status: Status,
    /// False where another rule of its group was enough: its verdicts are still
    /// findings, but they neither decide nor count for this control.
    pub needed: bool,
}

/// A control and what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlResult<'a> {
    /// The control.
    pub control: &'a Control,
    /// Its status.
    pub status: Status,
    /// Its rules, ordered as given.
    pub rules: Vec<RuleResult<'a>>,
    /// Verdicts that say yes or no: `passed` and `failed`.
    pub judged: u64,
    /// Verdicts that passed.
    pub passed: u64,
    /// Verdicts that failed.
    pub failed: u64,
    /// Verdicts that could not be given: unknowns, and errors of rules.
    pub unknown: u64,
    /// Verdicts that say: does not apply.
    pub not_applicable: u64,
}

impl<'a> ControlResult<'a> {
    /// The status in words.
    pub fn wording(&self, kind: Kind) -> String {
        self.status.wording(kind, self.checks().len())
    }

    /// The ids of the rules that passed and found something to judge.
    pub fn checks(&self) -> BTreeSet<&'a str> {
        let met = self.rules.iter().filter(|rule| rule.status == Status::Met);
        met.map(|rule| rule.facts.id).collect()
    }
}

/// How many controls have which status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Controls in all.
    pub controls: u64,
    /// Controls that a rule looks at.
    pub with_check: u64,
    /// Controls by status, every status present.
    pub by_status: BTreeMap<Status, u64>,
}

impl Summary {
    /// Counts the statuses of controls.
    pub fn of(statuses: impl IntoIterator<Item = Status>) -> Summary {
        let mut by_status: BTreeMap<Status, u64> =
            Status::ALL.into_iter().map(|status| (status, 0)).collect();
        for status in statuses {
            *by_status.entry(status).or_default() += 1;
        }
        let controls = by_status.values().sum();
        let without = by_status.get(&Status::NoCheck).copied().unwrap_or_default();
        Summary { controls, with_check: controls - without, by_status }
    }
}

/// A section and its count; no count for selected controls.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionResult<'a> {
    /// The section.
    pub section: &'a Section,
    /// How many of its controls have which status.
    pub summary: Option<Summary>,
}

/// A framework as seen by one scan of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment<'a> {
    /// The framework.
    pub framework: &'a Framework,
    /// Every control that the file lists, in its order.
    pub controls: Vec<ControlResult<'a>>,
    /// Its sections, in its order.
    pub sections: Vec<SectionResult<'a>>,
    /// How many controls have which status. None for selected controls: what is
    /// not a whole gets no total.
    pub summary: Option<Summary>,
}

/// Assesses a framework from all rules of one scan of one account.
///
/// `rules` are all rules that the scan knew, those left out included: a rule
/// that is missing here counts as one that does not exist. For several
/// accounts assess each and join the statuses with [`Status::of_all`]: a group
/// of which one rule is enough is enough for its own account only.
pub fn assess<'a>(framework: &'a Framework, rules: &'a [RuleFacts<'a>]) -> Assessment<'a> {
    let controls: Vec<ControlResult<'a>> = framework
        .controls
        .iter()
        .map(|control| assess_control(framework, control, rules))
        .collect();
    let total = |section: Option<&Section>| {
        framework.complete.then(|| {
            Summary::of(
                controls
                    .iter()
                    .filter(|result| section.is_none_or(|it| it.id == result.control.section))
                    .map(|result| result.status),
            )
        })
    };
    let sections = framework
        .sections
        .iter()
        .map(|section| SectionResult { section, summary: total(Some(section)) })
        .collect();
    let summary = total(None);
    Assessment { framework, controls, sections, summary }
}

fn assess_control<'a>(
    framework: &Framework,
    control: &'a Control,
    rules: &'a [RuleFacts<'a>],
) -> ControlResult<'a> {
    let grouped = |id: &str| control.any.iter().flatten().any(|rule| rule == id);
    let mut results: Vec<RuleResult<'a>> = rules
        .iter()
        .filter(|facts| framework.looks_at(control, facts.id, facts.controls))
        .map(|facts| RuleResult { facts, status: facts.status(), needed: true })
        .collect();
    let mut parts = Vec::new();
    for group in &control.any {
        let best = Status::of_any(members(&results, group).map(|rule| rule.status));
        if best == Status::NoCheck {
            continue;
        }
        parts.push(best);
        if matches!(best, Status::Met | Status::Partly) {
            results
                .iter_mut()
                .filter(|rule| group.iter().any(|id| id == rule.facts.id))
                .for_each(|rule| rule.needed = rule.status == best);
        }
    }
    parts.extend(results.iter().filter(|rule| !grouped(rule.facts.id)).map(|rule| rule.status));
    let counts: Counts =
        results.iter().filter(|rule| rule.needed).map(|rule| rule.facts.total()).sum();
    ControlResult {
        control,
        status: Status::of_all(parts),
        rules: results,
        judged: counts.pass + counts.fail,
        passed: counts.pass,
        failed: counts.fail,
        unknown: counts.unknown + counts.error,
        not_applicable: counts.not_applicable,
    }
}

/// The results of a group's rules.
fn members<'r, 'a>(
    results: &'r [RuleResult<'a>],
    group: &'r [String],
) -> impl Iterator<Item = &'r RuleResult<'a>> {
    results.iter().filter(|rule| group.iter().any(|id| id == rule.facts.id))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests;

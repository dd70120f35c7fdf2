//! A framework's report: what every format of it is a view of.

pub mod csv;
mod evidence;
pub mod html;
pub mod json;
pub mod markdown;
pub mod scope;
pub mod table;
mod trend;

pub use evidence::{Earlier, Evidence, Hiding};
pub use trend::Moment;

use super::scan_table::because;
use crate::compliance::{
    Assessment, ControlResult, Counts, Framework, Joined, Kind, RuleFacts, Status, assess, join,
};
use crate::findings::{Finding, FindingStatus};
use crate::history::HistoryError;
use crate::rules::{Catalogue, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use trend::trend;

/// The report of a framework over one or several accounts.
pub struct ControlReport<'a> {
    /// The framework.
    pub framework: &'a Framework,
    /// Each account's part, in the order given.
    pub parts: Vec<Part<'a>>,
    /// All accounts together, if there are several.
    pub joined: Option<Joined<'a>>,
}

/// One account's part.
pub struct Part<'a> {
    /// What the history says.
    pub evidence: &'a Evidence<'a>,
    /// What that says about the controls.
    pub assessment: Assessment<'a>,
    /// What this and earlier scans said, oldest first.
    pub trend: Vec<Moment>,
}

/// A rule of the framework and the controls for which it counts.
#[derive(Clone, Debug)]
pub struct RuleUse<'a> {
    /// The rule.
    pub facts: &'a RuleFacts<'a>,
    /// The ids of its controls; empty where another rule of its group was
    /// enough everywhere.
    pub controls: Vec<&'a str>,
}

impl<'a> ControlReport<'a> {
    /// The report over accounts, each with its facts.
    pub fn new(
        framework: &'a Framework,
        catalogue: &Catalogue,
        parts: impl IntoIterator<Item = (&'a Evidence<'a>, &'a [RuleFacts<'a>])>,
    ) -> Self {
        let parts: Vec<Part<'a>> = parts
            .into_iter()
            .map(|(evidence, facts)| Part {
                evidence,
                assessment: assess(framework, facts),
                trend: trend(framework, catalogue, evidence, facts),
            })
            .collect();
        let joined =
            (parts.len() > 1).then(|| join(framework, parts.iter().map(|it| &it.assessment)));
        Self { framework, parts, joined }
    }
}

/// Rules that did not judge all that there is, for one and the same reason.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOutFor<'a> {
    /// Why.
    pub why: String,
    /// Their ids, in order.
    pub rules: Vec<&'a str>,
    /// The controls that need them, in the order of the framework.
    pub controls: Vec<&'a str>,
}

impl<'a> Part<'a> {
    /// Every rule of the framework once, with its controls, in the order of the
    /// rules.
    pub fn rules(&self) -> Vec<RuleUse<'a>> {
        let mut uses: BTreeMap<&str, RuleUse<'a>> = BTreeMap::new();
        for result in &self.assessment.controls {
            for rule in &result.rules {
                let facts = rule.facts;
                let new = || RuleUse { facts, controls: Vec::new() };
                let known = uses.entry(facts.id).or_insert_with(new);
                if rule.needed {
                    known.controls.push(&result.control.id);
                }
            }
        }
        uses.into_values().collect()
    }

    /// The findings of the framework's rules with this outcome, each once with
    /// its rule, in the order of the scan: worst first. They are read while
    /// somebody looks.
    pub fn findings(
        &self,
        outcome: Outcome,
    ) -> impl Iterator<Item = Result<(RuleUse<'a>, Finding), HistoryError>> + use<'a> {
        let mut rules = self.rules();
        rules.retain(|rule| rule.facts.found.of(outcome) > 0);
        rules.sort_by_key(|rule| rule.facts.found.places.first().map(|places| places.start));
        let evidence = self.evidence;
        rules.into_iter().flat_map(move |rule| {
            let findings = evidence.findings_of(rule.facts);
            let with = findings.filter(move |finding| {
                finding.as_ref().map_or(true, |finding| finding.verdict == outcome)
            });
            with.map(move |finding| Ok((rule.clone(), finding?)))
        })
    }

    /// The verdicts of all rules of the framework, each rule once.
    pub fn verdicts(&self) -> Counts {
        self.rules().iter().map(|rule| rule.facts.total()).sum()
    }

    /// The rules of the framework that did not judge all that there is.
    pub fn left_out(&self) -> Vec<RuleUse<'a>> {
        let mut rules = self.rules();
        rules.retain(|rule| !rule.facts.left_out.is_empty());
        rules
    }

    /// The same by the reason: a region that was chosen leaves something out of
    /// nearly every rule.
    pub fn left_out_by_reason(&self) -> Vec<LeftOutFor<'a>> {
        let mut reasons: BTreeMap<String, Vec<RuleUse<'a>>> = BTreeMap::new();
        for rule in self.left_out() {
            let why: Vec<String> = rule.facts.left_out.iter().map(ToString::to_string).collect();
            reasons.entry(why.join("; ")).or_default().push(rule);
        }
        let of = |(why, rules): (String, Vec<RuleUse<'a>>)| {
            let touched: BTreeSet<&str> =
                rules.iter().flat_map(|rule| rule.controls.iter().copied()).collect();
            let controls = self.assessment.controls.iter().map(|it| it.control.id.as_str());
            LeftOutFor {
                why,
                rules: rules.iter().map(|rule| rule.facts.id).collect(),
                controls: controls.filter(|id| touched.contains(id)).collect(),
            }
        };
        reasons.into_iter().map(of).collect()
    }
}

/// How many controls have which status, in words: `12 not met, 3 not assessed`.
/// What is none is left out.
pub fn counted(by_status: &BTreeMap<Status, u64>, kind: Kind) -> String {
    const WORST_FIRST: [Status; 6] = [
        Status::NotMet,
        Status::NotAssessed,
        Status::Partly,
        Status::Met,
        Status::NotApplicable,
        Status::NoCheck,
    ];
    let words: Vec<String> = WORST_FIRST
        .into_iter()
        .filter_map(|status| {
            let number = by_status.get(&status).copied().filter(|number| *number > 0)?;
            Some(format!("{number} {}", status.label(kind)))
        })
        .collect();
    words.join(", ")
}

/// Why a control has no better status: what failed, what is unknown and why,
/// and what was left out; one line each.
pub fn reasons(result: &ControlResult<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in &result.rules {
        let (facts, total) = (rule.facts, rule.facts.total());
        if !rule.needed {
            lines.push(format!("{}: not needed, another rule of its group was enough", facts.id));
            continue;
        }
        if total.fail > 0 {
            let named = names(facts);
            let judged = total.pass + total.fail;
            let accepted = match facts.found.suppressed {
                0 => String::new(),
                number => format!(" ({number} suppressed)"),
            };
            lines.push(format!(
                "{}: {} of {judged} failed{accepted}: {named}",
                facts.id, total.fail
            ));
        }
        if total.unknown > 0 {
            let why = unknown_because(facts).join("; ");
            lines.push(format!("{}: {} unknown: {why}", facts.id, total.unknown));
        }
        if total.error > 0 {
            lines.push(format!("{}: the rule is at fault {} times", facts.id, total.error));
        }
        lines.extend(facts.left_out.iter().map(|why| format!("{}: {why}", facts.id)));
    }
    lines
}

/// The calls that got no answer and hid something from a rule, and why.
pub fn unknown_because(facts: &RuleFacts<'_>) -> Vec<String> {
    let unanswered = facts.found.unanswered.iter();
    let calls: BTreeSet<String> =
        unanswered.map(|(operation, class)| format!("{operation}: {}", because(*class))).collect();
    calls.into_iter().collect()
}

/// A call that got no answer, and why.
pub fn call(gap: &crate::inventory::Gap) -> String {
    format!("{}: {}", gap.operation, because(gap.class))
}

/// The first names of resources that failed, and how many more there are.
fn names(facts: &RuleFacts<'_>) -> String {
    let shown = facts.found.names.join(", ");
    match facts.found.more_names {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Whether somebody decided to live with a finding.
pub fn is_suppressed(finding: &Finding) -> bool {
    finding.status == Some(FindingStatus::Suppressed)
}

/// What a finding says; where the rule is at fault, what is wrong with it.
pub fn title(finding: &Finding) -> &str {
    finding.error.as_deref().unwrap_or(&finding.title)
}

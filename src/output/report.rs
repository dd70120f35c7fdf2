//! What every format of a scan is a view of.

use crate::compliance::mapped_control;
use crate::findings::{Finding, FindingView, Known, Summary};
use crate::history::ScanRecord;
use crate::inventory::Gap;
use crate::rules::{Catalogue, Fix, Outcome, fill_command};
use std::collections::BTreeMap;

/// One scan, read-only: what it saw, in the one order of all formats.
#[derive(Debug)]
pub struct ScanReport {
    /// The scan.
    pub scan: ScanRecord,
    /// Its findings, worst first; with passes, if they are shown.
    pub findings: Vec<Finding>,
    /// The calls that got no answer.
    pub gaps: Vec<Gap>,
    /// The failures that a gate passes over, if it compares with something.
    pub known: Option<Known>,
}

impl ScanReport {
    /// Its numbers; all zero if it never came to its end.
    pub fn summary(&self) -> Summary {
        let nothing = || Summary::new(&BTreeMap::new(), &BTreeMap::new(), None);
        self.scan.summary.clone().unwrap_or_else(nothing)
    }

    /// Whether a gate has to heed a finding: it counts, and is not known.
    pub fn heeds(&self, finding: &Finding) -> bool {
        finding.counts() && !self.known.as_ref().is_some_and(|known| known.has(finding))
    }

    /// The findings with this verdict.
    pub fn with(&self, verdict: Outcome) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.verdict == verdict)
    }
}

/// A finding together with its rule.
pub fn view<'a>(finding: &'a Finding, catalogue: &'a Catalogue) -> FindingView<'a> {
    let rule = catalogue.find(&finding.rule_uid).map(|compiled| &compiled.rule);
    let fix = rule.map(|rule| filled(&rule.fix, finding));
    let control = rule.and_then(|rule| mapped_control(&rule.controls));
    FindingView::new(finding, rule, fix, control)
}

/// A rule's fix with the finding's names in its commands.
fn filled(fix: &Fix, finding: &Finding) -> Fix {
    let fill = |command: &Option<String>| {
        command.as_ref().map(|command| {
            fill_command(command, &finding.resource_id, &finding.resource_arn, &finding.region)
        })
    };
    Fix { cli: fill(&fix.cli), verify: fill(&fix.verify), ..fix.clone() }
}

//! What the scans of an account said about a framework, one after the other.

use super::Evidence;
use crate::compliance::{Counts, Framework, RuleFacts, Status, assess};
use crate::rules::Catalogue;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One scan in the row of scans.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When the scan began.
    pub at: Timestamp,
    /// Controls by status; None for selected controls.
    pub by_status: Option<BTreeMap<Status, u64>>,
    /// The verdicts of all rules of the framework, each rule once.
    pub verdicts: Counts,
}

/// The scans before this one and this one. Which rule serves which control is
/// read from today's rules for all of them.
pub(super) fn trend(
    framework: &Framework,
    catalogue: &Catalogue,
    evidence: &Evidence<'_>,
    facts: &[RuleFacts<'_>],
) -> Vec<Moment> {
    let mut moments: Vec<Moment> = evidence
        .earlier
        .iter()
        .map(|earlier| moment(framework, earlier.scan.meta.started_at, &earlier.facts(catalogue)))
        .collect();
    moments.push(moment(framework, evidence.scan.meta.started_at, facts));
    moments
}

fn moment(framework: &Framework, at: Timestamp, facts: &[RuleFacts<'_>]) -> Moment {
    let assessment = assess(framework, facts);
    let serves = |rule: &&RuleFacts<'_>| {
        let mut controls = framework.controls.iter();
        controls.any(|control| framework.looks_at(control, rule.id, rule.controls))
    };
    Moment {
        at,
        by_status: assessment.summary.map(|summary| summary.by_status),
        verdicts: facts.iter().filter(serves).map(RuleFacts::total).sum(),
    }
}

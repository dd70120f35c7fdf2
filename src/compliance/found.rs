//! What the findings of each rule come to: bounded, however many there are.

use crate::findings::{Finding, FindingStatus};
use crate::inventory::ErrorClass;
use crate::rules::{Outcome, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How many findings of a kind are kept by name.
const FIRST: usize = 8;

/// How many names of resources are kept in their own order.
const NAMES: usize = 5;

/// What the findings of one rule come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Where they are among all findings of the scan.
    pub places: Vec<Range<usize>>,
    /// Its fails.
    pub failed: Several,
    /// Its fails by severity.
    pub severities: BTreeMap<Severity, u64>,
    /// Fails that a suppression hides from counts and exit codes. They still
    /// decide the status of controls: an accepted risk is not met.
    pub suppressed: u64,
    /// The first resources that failed, in the order of their names.
    pub names: Vec<String>,
    /// How many other names there are.
    pub more_names: usize,
    /// What is unknown.
    pub unknown: Several,
    /// The calls without an answer that decided on unknowns, and why there is
    /// none.
    pub unanswered: BTreeSet<(String, ErrorClass)>,
    /// Where the rule is at fault.
    pub errors: Several,
}

/// Findings of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Several {
    /// How many there are.
    pub number: u64,
    /// The first of them: fingerprint, and what people call the resource.
    pub first: Vec<(String, String)>,
}

impl Several {
    fn add(&mut self, finding: &Finding) {
        self.number += 1;
        if self.first.len() < FIRST {
            self.first.push((finding.fingerprint.clone(), finding.resource_id.clone()));
        }
    }
}

impl Found {
    /// Its findings of one kind.
    pub fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Fail => self.failed.number,
            Outcome::Unknown => self.unknown.number,
            Outcome::Error => self.errors.number,
            Outcome::Pass | Outcome::NotApplicable => 0,
        }
    }

    fn add(&mut self, place: usize, finding: &Finding) {
        match self.places.last_mut() {
            Some(last) if last.end == place => last.end += 1,
            _ => self.places.push(place..place + 1),
        }
        match finding.verdict {
            Outcome::Fail => {
                self.failed.add(finding);
                *self.severities.entry(finding.severity).or_default() += 1;
                if finding.status == Some(FindingStatus::Suppressed) {
                    self.suppressed += 1;
                }
            }
            Outcome::Unknown => {
                self.unknown.add(finding);
                for gap in &finding.gaps {
                    self.unanswered.insert((gap.operation.clone(), gap.class));
                }
            }
            Outcome::Error => self.errors.add(finding),
            Outcome::Pass | Outcome::NotApplicable => {}
        }
    }
}

/// Takes the findings of a scan one by one, those of a rule together.
#[derive(Debug, Default)]
pub struct Tally {
    found: BTreeMap<String, Found>,
    /// The rule whose findings are coming, and the names that failed there.
    rule: String,
    names: BTreeSet<String>,
    place: usize,
}

impl Tally {
    /// Adds the next finding.
    pub fn add(&mut self, finding: &Finding) {
        if self.rule != finding.rule_uid {
            self.end_rule();
            self.rule.clone_from(&finding.rule_uid);
        }
        if finding.verdict == Outcome::Fail && !self.names.contains(&finding.resource_id) {
            self.names.insert(finding.resource_id.clone());
        }
        self.found.entry(finding.rule_uid.clone()).or_default().add(self.place, finding);
        self.place += 1;
    }

    /// What there is, by the ids under which rules first shipped.
    pub fn finish(mut self) -> BTreeMap<String, Found> {
        self.end_rule();
        self.found
    }

    fn end_rule(&mut self) {
        let mut names = std::mem::take(&mut self.names).into_iter();
        if let Some(found) = self.found.get_mut(&self.rule) {
            found.names.extend(names.by_ref().take(NAMES.saturating_sub(found.names.len())));
            found.more_names += names.len();
        }
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::public_bucket;
    use crate::inventory::Gap;

    fn finding(rule: &str, name: &str, verdict: Outcome) -> Finding {
        Finding {
            rule_uid: rule.to_owned(),
            fingerprint: format!("{rule}/{name}"),
            resource_id: name.to_owned(),
            verdict,
            ..public_bucket()
        }
    }

    #[test]
    fn a_name_counts_once_and_five_are_kept() {
        let mut tally = Tally::default();
        for name in ["g", "f", "e", "d", "c", "b", "a", "a", "b"] {
            tally.add(&finding("one", name, Outcome::Fail));
        }
        tally.add(&Finding {
            status: Some(FindingStatus::Suppressed),
            ..finding("two", "z", Outcome::Fail)
        });
        tally.add(&finding("one", "h", Outcome::Fail));
        let found = tally.finish();
        let one = &found["one"];
        assert_eq!((one.names.join(""), one.more_names), ("abcde".to_owned(), 3));
        assert_eq!((one.failed.number, one.suppressed), (10, 0));
        assert_eq!(one.severities.values().sum::<u64>(), 10);
        let first: Vec<&str> = one.failed.first.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(first.join(""), "gfedcbaa");
        assert_eq!(one.places, [0..9, 10..11]);
        assert_eq!((found["two"].names.join(""), found["two"].suppressed), ("z".to_owned(), 1));
        assert_eq!(found["two"].places.first(), Some(&(9..10)));
    }

    #[test]
    fn each_kind_is_counted_alone() {
        let gap = Gap {
            operation: "s3:GetBucketAcl".into(),
            iam_action: "s3:GetBucketAcl".into(),
            region: "eu-west-1".into(),
            resource: None,
            class: ErrorClass::AccessDenied,
            code: None,
            message: "no".into(),
        };
        let mut tally = Tally::default();
        tally.add(&finding("one", "a", Outcome::Fail));
        for name in ["b", "c"] {
            let unknown = finding("one", name, Outcome::Unknown);
            tally.add(&Finding { gaps: vec![gap.clone()], ..unknown });
        }
        tally.add(&finding("one", "d", Outcome::Error));
        let found = tally.finish();
        let numbers = Outcome::ALL.map(|outcome| (outcome, found["one"].of(outcome)));
        for (outcome, number) in numbers {
            let expected = match outcome {
                Outcome::Fail | Outcome::Error => 1,
                Outcome::Unknown => 2,
                Outcome::Pass | Outcome::NotApplicable => 0,
            };
            assert_eq!(number, expected, "{outcome:?}");
        }
        assert_eq!((found["one"].names.len(), found["one"].more_names), (1, 0));
        let calls: Vec<_> = found["one"].unanswered.iter().cloned().collect();
        assert_eq!(calls, [("s3:GetBucketAcl".to_owned(), ErrorClass::AccessDenied)]);
    }
}

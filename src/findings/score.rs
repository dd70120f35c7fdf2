//! The score: one number from 0 to 100.
//!
//! **Weights.** A pass weighs by the severity of its rule, a fail by that of
//! the finding: critical 20, high 10, medium 5, low 2, info 1.
//!
//! **Units.** Each judged part of a resource is one unit per rule. Rules that
//! share a cause are one unit per resource: it fails with the heaviest of its
//! fails, or else passes with the heaviest of its passes. Unknowns and errors
//! are left out; [`coverage`] says how many there were. So are suppressed
//! fails, which someone decided to live with.
//!
//! **Formula.** `100 * passed / (passed + failed)`, in weights, rounded down
//! to one decimal: 100 means that nothing fails. A resource that fails
//! something takes part only if it lowers the score; its own passes never
//! raise it.
//!
//! That last sentence keeps the promise that fixing never lowers the score,
//! however a finding is fixed. A plain share would break it: deleting a public
//! bucket also deletes the dozen rules which that bucket passed. Resources
//! that nobody can delete (the account, its regions) always take part.

use crate::rules::Severity;
use std::collections::BTreeMap;

/// What one pass or fail of a severity weighs.
pub fn weight(severity: Severity) -> u64 {
    match severity {
        Severity::Info => 1,
        Severity::Low => 2,
        Severity::Medium => 5,
        Severity::High => 10,
        Severity::Critical => 20,
    }
}

/// One pass or fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement<R> {
    /// The resource; any name that tells resources apart.
    pub resource: R,
    /// Whether nobody can delete it: the account, a region.
    pub permanent: bool,
    /// Whether it passes.
    pub passed: bool,
    /// For a pass the rule's severity, for a fail the finding's.
    pub severity: Severity,
}

/// Adds up judgements, in any order, in memory that grows with the number of
/// resources only.
#[derive(Clone, Debug)]
pub struct Scorer<R> {
    resources: BTreeMap<R, Sums>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    permanent: bool,
    passed: u64,
    failed: u64,
}

impl<R: Ord> Default for Scorer<R> {
    fn default() -> Self {
        Self { resources: BTreeMap::new() }
    }
}

impl<R: Ord> Scorer<R> {
    /// Adds one unit: one part of a resource, judged by a rule without cause.
    pub fn add(&mut self, judgement: Judgement<R>) {
        let sums = self.resources.entry(judgement.resource).or_default();
        sums.permanent |= judgement.permanent;
        let weight = weight(judgement.severity);
        if judgement.passed {
            sums.passed += weight;
        } else {
            sums.failed += weight;
        }
    }

    /// Adds everything that the rules of one cause said: one unit per resource.
    pub fn add_cause(&mut self, judgements: impl IntoIterator<Item = Judgement<R>>) {
        let mut units: BTreeMap<R, (bool, bool, Severity)> = BTreeMap::new();
        for Judgement { resource, permanent, passed, severity } in judgements {
            let unit = units.entry(resource).or_insert((permanent, passed, severity));
            unit.0 |= permanent;
            if passed == unit.1 {
                unit.2 = unit.2.max(severity);
            } else if !passed {
                (unit.1, unit.2) = (false, severity);
            }
        }
        for (resource, (permanent, passed, severity)) in units {
            self.add(Judgement { resource, permanent, passed, severity });
        }
    }

    /// The score; `None` if there was no judgement.
    pub fn score(&self) -> Option<f64> {
        let (mut passed, mut failed) = (0_u64, 0_u64);
        let mut failing = Vec::new();
        for sums in self.resources.values() {
            if sums.permanent || sums.failed == 0 {
                passed += sums.passed;
                failed += sums.failed;
            } else {
                failing.push(*sums);
            }
        }
        // The worst first, so that one pass over them finds all that lower it.
        failing.sort_by(|a, b| {
            (u128::from(a.passed) * u128::from(b.failed))
                .cmp(&(u128::from(b.passed) * u128::from(a.failed)))
        });
        for sums in failing {
            let nothing_yet = passed + failed == 0;
            let share_of_it = u128::from(sums.passed) * u128::from(passed + failed);
            let share_so_far = u128::from(passed) * u128::from(sums.passed + sums.failed);
            if nothing_yet || share_of_it < share_so_far {
                passed += sums.passed;
                failed += sums.failed;
            }
        }
        share(passed, failed)
    }
}

/// The score of judgements, each with the cause of its rule.
pub fn score<R: Ord>(
    judgements: impl IntoIterator<Item = (Option<String>, Judgement<R>)>,
) -> Option<f64> {
    let mut scorer = Scorer::default();
    let mut causes: BTreeMap<String, Vec<Judgement<R>>> = BTreeMap::new();
    for (cause, judgement) in judgements {
        match cause {
            Some(cause) => causes.entry(cause).or_default().push(judgement),
            None => scorer.add(judgement),
        }
    }
    for judgements in causes.into_values() {
        scorer.add_cause(judgements);
    }
    scorer.score()
}

/// The share of applicable verdicts that were decided: 0 to 100, rounded down
/// to one decimal. `decided` are passes and fails, `undecided` unknowns and
/// errors. `None` if nothing applied.
pub fn coverage(decided: u64, undecided: u64) -> Option<f64> {
    share(decided, undecided)
}

/// `100 * part / (part + rest)`, rounded down to one decimal.
fn share(part: u64, rest: u64) -> Option<f64> {
    let whole = u128::from(part) + u128::from(rest);
    let tenths = (u128::from(part) * 1000).checked_div(whole)?;
    u16::try_from(tenths).ok().map(|tenths| f64::from(tenths) / 10.0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn severities() -> impl Strategy<Value = Severity> {
        proptest::sample::select(Severity::WORST_FIRST.as_slice())
    }

    /// A verdict with the severity of its rule beside it.
    type Item = (Option<String>, Severity, Judgement<u8>);

    /// Resource 0 is the account.
    fn items() -> impl Strategy<Value = Vec<Item>> {
        let cause = proptest::option::of(proptest::sample::select(vec!["a", "b"]));
        let item = (0u8..5, any::<bool>(), severities(), severities(), cause).prop_map(
            |(resource, passed, one, other, cause)| {
                // A wording's severity is never above its rule's.
                let rule = one.max(other);
                let severity = if passed { rule } else { one };
                let judgement = Judgement { resource, permanent: resource == 0, passed, severity };
                (cause.map(str::to_owned), rule, judgement)
            },
        );
        proptest::collection::vec(item, 1..14)
    }

    fn of(items: &[Item]) -> Option<f64> {
        score(items.iter().map(|(cause, _, judgement)| (cause.clone(), *judgement)))
    }

    fn not_lower(before: Option<f64>, after: Option<f64>) -> bool {
        match (before, after) {
            (Some(before), Some(after)) => before <= after,
            _ => after.is_none(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn fixing_never_lowers_it(items in items(), pick in any::<proptest::sample::Index>()) {
            let fails: Vec<usize> = (0..items.len()).filter(|i| !items[*i].2.passed).collect();
            prop_assume!(!fails.is_empty());
            let fail = *pick.get(&fails);
            let before = of(&items);

            let mut passing = items.clone();
            passing[fail].2.passed = true;
            passing[fail].2.severity = passing[fail].1;
            prop_assert!(not_lower(before, of(&passing)), "made to pass");

            let mut milder = items.clone();
            milder[fail].2.severity = Severity::Info;
            prop_assert!(not_lower(before, of(&milder)), "made milder");

            let mut part_gone = items.clone();
            part_gone.remove(fail);
            prop_assert!(not_lower(before, of(&part_gone)), "the part that failed removed");

            let resource = items[fail].2.resource;
            if resource != 0 {
                let deleted: Vec<Item> =
                    items.iter().filter(|i| i.2.resource != resource).cloned().collect();
                prop_assert!(not_lower(before, of(&deleted)), "the resource deleted");
            }
        }

        #[test]
        fn order_does_not_matter(
            (items, mixed) in items().prop_flat_map(|i| (Just(i.clone()), Just(i).prop_shuffle())),
        ) {
            prop_assert_eq!(of(&items), of(&mixed));
        }

        #[test]
        fn it_stays_in_its_range(items in items()) {
            let score = of(&items).unwrap();
            prop_assert!((0.0..=100.0).contains(&score));
            prop_assert_eq!(items.iter().all(|i| i.2.passed), (score - 100.0).abs() < 1e-9);
        }
    }

    fn judged(resource: u8, passed: bool, severity: Severity) -> Judgement<u8> {
        Judgement { resource, permanent: resource == 0, passed, severity }
    }

    #[test]
    fn nothing_judged_has_no_score() {
        assert_eq!(score::<u8>([]), None);
        assert_eq!(coverage(0, 0), None);
    }

    #[test]
    fn weights_follow_severity() {
        let of = |severity| {
            score([(None, judged(0, true, Severity::High)), (None, judged(1, false, severity))])
        };
        assert_eq!(of(Severity::Critical), Some(33.3));
        assert_eq!(of(Severity::High), Some(50.0));
        assert_eq!(of(Severity::Medium), Some(66.6));
        assert_eq!(of(Severity::Low), Some(83.3));
        assert_eq!(of(Severity::Info), Some(90.9));
    }

    #[test]
    fn a_cause_counts_once_per_resource() {
        let cause = || Some("no-trail".to_owned());
        let judgements = [
            (None, judged(0, true, Severity::High)),
            (cause(), judged(1, false, Severity::High)),
            (cause(), judged(1, false, Severity::Medium)),
            (cause(), judged(1, true, Severity::Critical)),
        ];
        assert_eq!(score(judgements), Some(50.0));
    }

    #[test]
    fn one_failing_resource_does_not_lift_the_score_by_its_passes() {
        let bad =
            [(None, judged(0, true, Severity::Low)), (None, judged(0, false, Severity::High))];
        let mild: Vec<_> = (0..50)
            .map(|_| (None, judged(1, true, Severity::High)))
            .chain([(None, judged(1, false, Severity::Info))])
            .collect();
        assert_eq!(score(bad.clone()), Some(16.6));
        assert_eq!(score(bad.into_iter().chain(mild)), Some(16.6));
    }

    #[test]
    fn one_fail_in_many_is_not_rounded_away() {
        let many = (0..200)
            .map(|_| (None, judged(0, true, Severity::Critical)))
            .chain([(None, judged(0, false, Severity::Info))]);
        assert_eq!(score(many), Some(99.9));
        assert_eq!(coverage(9_999_999, 1), Some(99.9));
    }
}

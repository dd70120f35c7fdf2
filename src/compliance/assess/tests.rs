use super::{Counts, LeftOut, RuleFacts, assess};
use crate::compliance::Status::{Met, NoCheck, NotApplicable, NotAssessed, NotMet, Partly};
use crate::compliance::{Found, Framework, Kind, NamedControls, Status, join};
use crate::rules::{Decidable, Outcome};
use std::collections::BTreeMap;

const BENCHMARK: &str = r#"
id: bench
name: "A benchmark"
label: "B"
version: "1"
kind: benchmark
complete: true
source: "us"
date: "2026-01-01"
sections:
  - id: "1"
    title: "First"
    controls:
      - { id: "1.1", title: "One" }
      - { id: "1.2", title: "Two", any: [[account-row, bucket-row]] }
  - id: "2"
    title: "Second"
    controls:
      - { id: "2.1", title: "Three", same_as: { newer: "7.1" } }
"#;

fn benchmark() -> Framework {
    Framework::parse("rules/frameworks/bench.yaml", BENCHMARK).unwrap()
}

fn named(framework: &str, ids: &[&str]) -> NamedControls {
    [(framework.to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())].into()
}

/// A rule with verdicts in one region: pass, fail, unknown, error, not applicable.
fn rule<'a>(id: &'a str, controls: &'a NamedControls, counts: [u64; 5]) -> RuleFacts<'a> {
    let [pass, fail, unknown, error, not_applicable] = counts;
    let counts = Counts { pass, fail, unknown, error, not_applicable };
    RuleFacts {
        id,
        controls,
        decidable: Decidable::Full,
        left_out: Vec::new(),
        counts: BTreeMap::from([("eu-west-1", counts)]),
        found: Found::default(),
    }
}

#[test]
fn a_rule_says_one_thing() {
    let controls = named("bench", &["1.1"]);
    let region = LeftOut::OtherRegions(vec!["eu-west-2".into()]);
    let filter = |option: &str| LeftOut::Filter(vec![option.to_owned()]);
    for (counts, left_out, decidable, status) in [
        ([1, 0, 0, 0, 0], None, Decidable::Full, Met),
        ([1, 0, 0, 0, 0], None, Decidable::Partial, Partly),
        ([1, 0, 0, 0, 0], None, Decidable::Evidence, Partly),
        ([1, 0, 0, 0, 4], None, Decidable::Full, Met),
        ([9, 1, 1, 1, 1], None, Decidable::Full, NotMet),
        ([9, 1, 0, 0, 0], None, Decidable::Evidence, NotMet),
        ([9, 1, 0, 0, 0], Some(region.clone()), Decidable::Full, NotMet),
        ([9, 0, 1, 0, 0], None, Decidable::Full, NotAssessed),
        ([9, 0, 0, 1, 0], None, Decidable::Full, NotAssessed),
        ([9, 0, 1, 0, 0], None, Decidable::Partial, NotAssessed),
        ([9, 0, 0, 0, 0], Some(region.clone()), Decidable::Full, NotAssessed),
        ([9, 0, 0, 0, 0], Some(LeftOut::Unfinished), Decidable::Full, NotAssessed),
        ([0, 0, 0, 0, 0], Some(filter("--rule a")), Decidable::Full, NotAssessed),
        ([0, 0, 0, 0, 0], Some(LeftOut::Newer), Decidable::Partial, NotAssessed),
        ([0, 0, 0, 0, 3], Some(region), Decidable::Full, NotAssessed),
        ([0, 0, 0, 0, 0], None, Decidable::Full, NotApplicable),
        ([0, 0, 0, 0, 3], None, Decidable::Partial, NotApplicable),
    ] {
        let mut facts = rule("it", &controls, counts);
        facts.decidable = decidable;
        facts.left_out = left_out.into_iter().collect();
        assert_eq!(facts.status(), status, "{facts:?}");
    }
}

/// One rule for each thing that a rule can say.
fn saying(
    status: Status,
    id: &'static str,
    controls: &'static NamedControls,
) -> RuleFacts<'static> {
    let mut facts = match status {
        Met | Partly => rule(id, controls, [1, 0, 0, 0, 0]),
        NotMet => rule(id, controls, [0, 1, 0, 0, 0]),
        NotAssessed => rule(id, controls, [0, 0, 1, 0, 0]),
        NotApplicable | NoCheck => rule(id, controls, [0, 0, 0, 0, 1]),
    };
    if status == Partly {
        facts.decidable = Decidable::Partial;
    }
    facts
}

#[test]
fn a_control_needs_all_its_rules() {
    let controls: &'static NamedControls = Box::leak(Box::new(named("bench", &["1.1"])));
    let strongest_first = [NotMet, NotAssessed, Partly, Met, NotApplicable];
    for (rank, stronger) in strongest_first.into_iter().enumerate() {
        for weaker in strongest_first.into_iter().skip(rank) {
            let rules = [saying(weaker, "a", controls), saying(stronger, "b", controls)];
            let framework = benchmark();
            let assessment = assess(&framework, &rules);
            assert_eq!(assessment.controls[0].status, stronger, "{stronger} with {weaker}");
        }
    }
}

#[test]
fn one_rule_of_a_group_is_enough() {
    let controls: &'static NamedControls = Box::leak(Box::new(named("bench", &["1.2"])));
    let other: &'static NamedControls = Box::leak(Box::new(named("bench", &["2.1"])));
    for (account, bucket, third, status, needed) in [
        (Met, NotMet, None, Met, [true, false]),
        (NotMet, Met, None, Met, [false, true]),
        (Met, Met, None, Met, [true, true]),
        (Met, NotAssessed, None, Met, [true, false]),
        (Partly, NotMet, None, Partly, [true, false]),
        (NotMet, NotAssessed, None, NotAssessed, [true, true]),
        (NotMet, NotMet, None, NotMet, [true, true]),
        (NotMet, NotApplicable, None, NotMet, [true, true]),
        (NotApplicable, NotApplicable, None, NotApplicable, [true, true]),
        (Met, NotMet, Some(NotMet), NotMet, [true, false]),
        (Met, NotMet, Some(NotAssessed), NotAssessed, [true, false]),
        (NotMet, NotMet, Some(Met), NotMet, [true, true]),
    ] {
        // The group counts also where a rule does not name the control itself.
        let mut rules =
            vec![saying(account, "account-row", controls), saying(bucket, "bucket-row", other)];
        rules.extend(third.map(|status| saying(status, "third", controls)));
        let framework = benchmark();
        let assessment = assess(&framework, &rules);
        let result = &assessment.controls[1];
        assert_eq!(result.status, status, "{account} {bucket} {third:?}");
        let seen: Vec<bool> = result.rules.iter().take(2).map(|rule| rule.needed).collect();
        assert_eq!(seen, needed, "{account} {bucket} {third:?}");
    }
}

#[test]
fn a_rule_that_was_not_needed_does_not_count() {
    let controls = named("bench", &["1.2"]);
    let rules = [
        rule("account-row", &controls, [1, 0, 0, 0, 0]),
        rule("bucket-row", &controls, [2, 3, 0, 0, 0]),
    ];
    let framework = benchmark();
    let assessment = assess(&framework, &rules);
    let result = &assessment.controls[1];
    assert_eq!((result.judged, result.passed, result.failed), (1, 1, 0));
    assert_eq!(result.rules.len(), 2, "the other rule is still listed");
}

#[test]
fn half_a_group_is_a_group() {
    let controls = named("bench", &["1.2"]);
    let rules = [rule("bucket-row", &controls, [0, 1, 0, 0, 0])];
    let framework = benchmark();
    assert_eq!(assess(&framework, &rules).controls[1].status, NotMet);
}

#[test]
fn counts_reach_the_control() {
    let controls = named("bench", &["1.1"]);
    let mut first = rule("first", &controls, [5, 0, 0, 0, 2]);
    first.counts.insert("eu-west-2", Counts { fail: 1, unknown: 1, ..Counts::default() });
    let second = rule("second", &controls, [0, 0, 0, 1, 0]);
    let rules = [first, second];
    let framework = benchmark();
    let assessment = assess(&framework, &rules);
    let result = &assessment.controls[0];
    assert_eq!(result.status, NotMet);
    assert_eq!((result.judged, result.passed, result.failed), (6, 5, 1));
    assert_eq!((result.unknown, result.not_applicable), (2, 2));
}

#[test]
fn an_accepted_risk_is_not_met() {
    let controls = named("bench", &["1.1"]);
    let mut facts = rule("it", &controls, [0, 1, 0, 0, 0]);
    facts.found.suppressed = 1;
    assert_eq!(facts.status(), NotMet);
}

#[test]
fn the_summary_counts_every_control() {
    let one = named("bench", &["1.1"]);
    let newer = named("newer", &["7.1"]);
    let rules = [rule("a", &one, [1, 0, 0, 0, 0]), rule("b", &newer, [0, 0, 2, 0, 0])];
    let framework = benchmark();
    let assessment = assess(&framework, &rules);
    let statuses: Vec<Status> = assessment.controls.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [Met, NoCheck, NotAssessed]);
    let summary = assessment.summary.unwrap();
    assert_eq!((summary.controls, summary.with_check), (3, 2));
    assert_eq!(
        serde_json::to_value(&summary.by_status).unwrap(),
        serde_json::json!({
            "met": 1, "not_met": 0, "partly": 0, "not_assessed": 1, "not_applicable": 0,
            "no_check": 1
        })
    );
    let sections: Vec<(&str, u64, u64)> = assessment
        .sections
        .iter()
        .map(|it| {
            let summary = it.summary.as_ref().unwrap();
            (it.section.id.as_str(), summary.controls, summary.with_check)
        })
        .collect();
    assert_eq!(sections, [("1", 2, 1), ("2", 1, 1)]);
}

#[test]
fn selected_controls_get_no_totals() {
    let text = BENCHMARK.replace("complete: true", "complete: false");
    let framework = Framework::parse("bench.yaml", &text).unwrap();
    let assessment = assess(&framework, &[]);
    assert_eq!(framework.extent(), "selected controls");
    assert_eq!(assessment.controls.len(), 3);
    assert_eq!(assessment.summary, None);
    assert!(assessment.sections.iter().all(|section| section.summary.is_none()));
}

#[test]
fn a_management_system_is_never_said_to_be_met() {
    let controls = named("bench", &["1.1"]);
    let rules = [
        rule("a", &controls, [1, 0, 0, 0, 0]),
        rule("b", &controls, [7, 0, 0, 0, 0]),
        rule("c", &controls, [0, 0, 0, 0, 1]),
    ];
    let framework = benchmark();
    let assessment = assess(&framework, &rules);
    let result = &assessment.controls[0];
    assert_eq!(result.wording(Kind::Benchmark), "met");
    assert_eq!(
        result.wording(Kind::ManagementSystem),
        "all automated checks passed, 2 of them",
        "the third had nothing to judge"
    );
    let all: Vec<String> =
        assessment.controls.iter().map(|it| it.wording(Kind::ManagementSystem)).collect();
    assert!(all.iter().all(|words| words != "met"), "{all:?}");
}

#[test]
fn what_was_left_out_is_said() {
    for (left_out, words) in [
        (
            LeftOut::Filter(vec!["--rule a".into(), "--severity high".into()]),
            "left out of the scan by --rule a, --severity high",
        ),
        (LeftOut::Newer, "the rules of the scan did not have it yet"),
        (
            LeftOut::OtherRegions(vec!["eu-west-1".into(), "us-east-1".into()]),
            "looked at in eu-west-1, us-east-1 only",
        ),
        (LeftOut::Unfinished, "the scan ended before it was done"),
    ] {
        assert_eq!(left_out.to_string(), words);
    }
}

#[test]
fn every_outcome_is_counted_once() {
    let mut counts = Counts::default();
    for (number, outcome) in (1..).zip(Outcome::ALL) {
        counts.add(outcome, number);
    }
    let expected = Counts { pass: 1, fail: 2, unknown: 3, error: 4, not_applicable: 5 };
    assert_eq!(counts, expected);
    let twice: Counts = [counts, counts].into_iter().sum();
    assert_eq!(twice, Counts { pass: 2, fail: 4, unknown: 6, error: 8, not_applicable: 10 });
}

#[test]
fn accounts_are_joined_control_by_control() {
    let controls = named("bench", &["1.1"]);
    let passes = [rule("a", &controls, [2, 0, 0, 0, 0])];
    let fails = [rule("a", &controls, [1, 1, 0, 0, 3])];
    let framework = benchmark();
    let parts = [assess(&framework, &passes), assess(&framework, &fails)];
    let joined = join(&framework, parts.iter());
    let first = &joined.controls[0];
    assert_eq!(first.status, NotMet, "one account is enough");
    assert_eq!((first.judged, first.passed, first.failed, first.not_applicable), (4, 3, 1, 3));
    assert_eq!(joined.controls[1].status, NoCheck);
    let summary = joined.summary.unwrap();
    assert_eq!((summary.controls, summary.with_check), (3, 1));
    let twice = join(&framework, [&parts[0], &parts[0]]);
    assert_eq!(twice.controls[0].checks, 1, "the same check in two accounts is one check");
}

use super::Frameworks;
use crate::compliance::mapped::PREFERENCE;
use crate::compliance::{AssessedBy, Framework, Kind, NamedControls};
use crate::rules::{Catalogue, Rule, Vocabulary, built_in, built_in_frameworks};
use std::collections::BTreeSet;

/// Id, controls, automated and manual ones, sections, complete, kind.
const EXPECTED: [(&str, usize, usize, usize, usize, bool, Kind); 19] = {
    use Kind::{Benchmark, ManagementSystem};
    [
        ("aws-fsbp", 376, 0, 0, 63, true, Benchmark),
        ("cis-aws-1.4", 58, 47, 11, 5, true, Benchmark),
        ("cis-aws-1.5", 63, 55, 8, 5, true, Benchmark),
        ("cis-aws-2.0", 64, 37, 27, 5, true, Benchmark),
        ("cis-aws-3.0", 62, 36, 26, 5, true, Benchmark),
        ("cis-aws-4.0.1", 64, 37, 27, 5, true, Benchmark),
        ("cis-aws-5.0", 63, 35, 28, 5, true, Benchmark),
        ("cis-aws-6.0", 63, 35, 28, 5, true, Benchmark),
        ("cis-aws-7.0", 70, 34, 36, 5, true, Benchmark),
        ("cis-eks-1.8", 50, 23, 27, 4, true, Benchmark),
        ("gdpr", 10, 0, 0, 5, false, ManagementSystem),
        ("hipaa", 69, 0, 0, 5, true, ManagementSystem),
        ("iso27001-2013", 114, 0, 0, 14, true, ManagementSystem),
        ("iso27001-2022", 93, 0, 0, 4, true, ManagementSystem),
        ("nist-800-53-r5", 287, 0, 0, 18, true, ManagementSystem),
        ("nist-csf-1.1", 108, 0, 0, 23, true, ManagementSystem),
        ("nist-csf-2.0", 106, 0, 0, 22, true, ManagementSystem),
        ("pci-dss-4.0.1", 280, 0, 0, 15, true, ManagementSystem),
        ("soc2", 61, 0, 0, 20, true, ManagementSystem),
    ]
};

/// Every framework file of the repository.
fn all() -> Frameworks {
    Frameworks::load(built_in_frameworks()).unwrap()
}

fn named(framework: &str, ids: &[&str]) -> NamedControls {
    [(framework.to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())].into()
}

#[test]
fn every_file_is_read_and_every_control_is_there() {
    let seen: Vec<_> = all()
        .iter()
        .map(|framework| {
            let by = |by| framework.controls.iter().filter(|it| it.assessment == Some(by)).count();
            (
                framework.id.clone(),
                framework.controls.len(),
                by(AssessedBy::Automated),
                by(AssessedBy::Manual),
                framework.sections.len(),
                framework.complete,
                framework.kind,
            )
        })
        .collect();
    let expected: Vec<_> = EXPECTED
        .into_iter()
        .map(|(id, n, automated, manual, sections, complete, kind)| {
            (id.to_owned(), n, automated, manual, sections, complete, kind)
        })
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn every_section_has_controls() {
    for framework in all().iter() {
        let used: BTreeSet<&str> =
            framework.controls.iter().map(|control| control.section.as_str()).collect();
        let listed: BTreeSet<&str> =
            framework.sections.iter().map(|section| section.id.as_str()).collect();
        assert_eq!(used, listed, "{}", framework.id);
    }
}

#[test]
fn names_lead_to_frameworks() {
    let all = all();
    for (name, id) in [
        ("cis-aws-5.0", "cis-aws-5.0"),
        ("iso27001", "iso27001-2022"),
        ("nist-csf", "nist-csf-2.0"),
        ("ISO27001-2013", "iso27001-2013"),
    ] {
        assert_eq!(all.get(name).unwrap().id, id);
    }
    for (name, hint) in [
        ("cis-aws", "did you mean cis-aws-7.0?"),
        ("cis-aws-8.0", "did you mean cis-aws-"),
        ("iso27002", "did you mean iso27001"),
        ("soc-2", "did you mean soc2?"),
        ("gpdr", "did you mean gdpr?"),
        ("rules", "`cspm frameworks list` shows all"),
        ("", "`cspm frameworks list` shows all"),
    ] {
        let error = all.get(name).unwrap_err().to_string();
        assert!(error.contains(hint), "{name}: {error}");
    }
}

#[test]
fn controls_that_do_not_exist_are_named() {
    let all = all();
    assert_eq!(all.problems(&named("cis-aws-7.0", &["2.10", "3.1.4"])), []);
    assert_eq!(all.problems(&named("gdpr", &["5", "25", "32", "30", "32(1)", "32(1)(a)"])), []);
    for (framework, id, words) in [
        ("cis-aws-7.0", "2.1", "cis-aws-7.0 has no control 2.1; did you mean"),
        ("cis-aws-7.0", "9.9.9.9", "`cspm frameworks show cis-aws-7.0` lists them"),
        ("iso27001", "A.8.5", "no framework iso27001; write its id, iso27001-2022"),
        ("cis-aws-7", "2.10", "no framework cis-aws-7; did you mean cis-aws-7.0?"),
        ("gdpr", "3", "gdpr has no control 3;"),
    ] {
        let problems = all.problems(&named(framework, &[id]));
        let [problem] = problems.as_slice() else { panic!("{framework} {id}: {problems:?}") };
        assert!(problem.to_string().contains(words), "{problem}");
    }
}

#[test]
fn bare_articles_stand_for_their_parts() {
    let all = all();
    let gdpr = all.get("gdpr").unwrap();
    for (article, parts) in [
        ("5", &["5(1)(e)", "5(1)(f)"][..]),
        ("25", &["25(1)", "25(2)"]),
        ("32", &["32(1)(a)", "32(1)(b)", "32(1)(c)", "32(1)(d)"]),
        ("30", &["30"]),
        ("32(1)(b)", &["32(1)(b)"]),
        ("3", &[]),
    ] {
        let seen: Vec<&str> = gdpr.named(article).map(|control| control.id.as_str()).collect();
        assert_eq!(seen, parts, "{article}");
        for control in &gdpr.controls {
            let serves = gdpr.serves(control, &named("gdpr", &[article]));
            assert_eq!(serves, parts.contains(&control.id.as_str()), "{article} {}", control.id);
        }
    }
    let nist = all.get("nist-800-53-r5").unwrap();
    let seen: Vec<&str> = nist.named("AC-2").map(|control| control.id.as_str()).collect();
    assert_eq!(seen, ["AC-2"], "elsewhere an enhancement is a control of its own");
}

#[test]
fn the_crosswalk_leads_to_the_same_recommendation() {
    let all = all();
    let mut pairs = 0;
    for framework in all.iter() {
        for control in &framework.controls {
            for (other, id) in &control.same_as {
                let newer = all.get(other).unwrap().control(id).unwrap();
                assert_eq!(control.title, newer.title, "{} {}", framework.id, control.id);
                assert!(*other > framework.id, "{} {other}: to a newer version", framework.id);
                assert!(newer.same_as.is_empty(), "{other} {id} is not the newest");
                pairs += 1;
            }
        }
    }
    assert_eq!(pairs, 431);
}

#[test]
fn a_rule_that_names_the_newest_version_counts_in_the_older_ones() {
    let all = all();
    let multi_factor = named("cis-aws-7.0", &["2.10"]);
    for (id, control) in [
        ("cis-aws-1.4", "1.10"),
        ("cis-aws-1.5", "1.10"),
        ("cis-aws-2.0", "1.10"),
        ("cis-aws-3.0", "1.10"),
        ("cis-aws-4.0.1", "1.10"),
        ("cis-aws-5.0", "1.9"),
        ("cis-aws-6.0", "2.9"),
        ("cis-aws-7.0", "2.10"),
    ] {
        let framework = all.get(id).unwrap();
        let served: Vec<&str> = framework
            .controls
            .iter()
            .filter(|control| framework.serves(control, &multi_factor))
            .map(|control| control.id.as_str())
            .collect();
        assert_eq!(served, [control], "{id}");
    }
}

#[test]
fn versions_know_their_counterparts() {
    let all = all();
    let counterparts = |framework: &str, control: &str| -> Vec<String> {
        let framework = all.get(framework).unwrap();
        all.same_recommendation(framework, framework.control(control).unwrap())
            .into_iter()
            .map(|(framework, control)| format!("{} {}", framework.id, control.id))
            .collect()
    };
    assert_eq!(
        counterparts("cis-aws-3.0", "5.6"),
        [
            "cis-aws-2.0 5.6",
            "cis-aws-4.0.1 5.7",
            "cis-aws-5.0 5.7",
            "cis-aws-6.0 6.7",
            "cis-aws-7.0 6.7"
        ]
    );
    assert_eq!(counterparts("cis-aws-1.4", "3.3"), ["cis-aws-1.5 3.3", "cis-aws-2.0 3.3"]);
    assert_eq!(counterparts("cis-aws-7.0", "2.21"), [""; 0]);
    assert_eq!(counterparts("iso27001-2022", "A.8.5"), [""; 0]);
}

#[test]
fn nist_requirements_come_from_the_security_hub_pages_only() {
    let all = all();
    let nist = all.get("nist-800-53-r5").unwrap();
    let linked: Vec<usize> = nist
        .controls
        .iter()
        .map(|control| control.links().count())
        .filter(|links| *links > 0)
        .collect();
    assert_eq!((linked.len(), linked.iter().sum::<usize>()), (59, 405));
    let served: Vec<&str> = nist
        .controls
        .iter()
        .filter(|control| nist.serves(control, &named("aws-fsbp", &["EC2.8"])))
        .map(|control| control.id.as_str())
        .collect();
    assert_eq!(served, ["AC-3", "AC-6"]);
    let hipaa = all.get("hipaa").unwrap();
    assert!(hipaa.controls.iter().all(|control| control.links().next().is_none()));
}

#[test]
fn block_public_access_is_met_by_either_row() {
    let all = all();
    let groups: Vec<(&str, &str, Vec<&str>)> = all
        .iter()
        .flat_map(|framework| {
            framework.controls.iter().flat_map(move |control| {
                control.any.iter().map(move |group| {
                    let rules = group.iter().map(String::as_str).collect();
                    (framework.id.as_str(), control.id.as_str(), rules)
                })
            })
        })
        .collect();
    let rules = vec!["s3-account-block-public-access", "s3-bucket-block-public-access"];
    let expected: Vec<_> = [
        ("cis-aws-1.4", "2.1.5"),
        ("cis-aws-1.5", "2.1.5"),
        ("cis-aws-2.0", "2.1.4"),
        ("cis-aws-3.0", "2.1.4"),
        ("cis-aws-4.0.1", "2.1.4"),
        ("cis-aws-5.0", "2.1.4"),
        ("cis-aws-6.0", "3.1.4"),
        ("cis-aws-7.0", "3.1.4"),
    ]
    .into_iter()
    .map(|(framework, control)| (framework, control, rules.clone()))
    .collect();
    assert_eq!(groups, expected);
}

#[test]
fn one_line_labels_are_those_of_the_files() {
    let all = all();
    let seen: BTreeSet<(&str, &str)> =
        all.iter().map(|framework| (framework.id.as_str(), framework.label.as_str())).collect();
    assert_eq!(seen, PREFERENCE.into_iter().collect());
}

fn tiny(id: &str, more: &str, control: &str) -> (String, String) {
    let text = format!(
        "id: {id}\n{more}name: \"N\"\nlabel: \"L\"\nversion: \"1\"\nkind: benchmark\n\
         complete: true\nsource: \"us\"\ndate: \"2026-01-01\"\nsections:\n  - id: \"1\"\n    \
         title: \"S\"\n    controls:\n      - {{ id: \"1.1\", title: \"C\"{control} }}\n"
    );
    (format!("{id}.yaml"), text)
}

#[test]
fn files_are_checked_against_each_other() {
    for (second, words) in [
        (tiny("b", "aliases: [a]\n", ""), "b.yaml: a stands here for the second time"),
        (tiny("b", "aliases: [B]\n", ""), "b.yaml: B stands here for the second time"),
        (
            tiny("b", "", ", same_as: { a: \"1.2\" }"),
            "b.yaml: control 1.1 points to 1.2 of a, which does not exist",
        ),
        (
            tiny("b", "", ", named_by: { c: [x] }"),
            "b.yaml: control 1.1 points to x of c, which does not exist",
        ),
    ] {
        let first = tiny("a", "", "");
        let files = [(first.0.as_str(), first.1.as_str()), (second.0.as_str(), second.1.as_str())];
        let error = Frameworks::load(&files).unwrap_err().to_string();
        assert!(error.starts_with(words), "{error}");
    }
}

#[test]
fn one_framework_alone_is_read_from_its_text() {
    let text = include_str!("../../../rules/frameworks/iso27001-2022.yaml");
    let framework = Framework::parse("rules/frameworks/iso27001-2022.yaml", text).unwrap();
    let control = framework.control("A.8.24").unwrap();
    assert_eq!(control.title, "Cryptography and keys governed by rules");
    assert!(framework.control("A.8.35").is_none());
}

#[test]
fn rules_and_frameworks_name_each_other_rightly() {
    let all = all();
    let vocabulary =
        Vocabulary { types: crate::services::types(), questions: crate::services::questions() };
    let catalogue = Catalogue::load(built_in(), vocabulary).unwrap();
    let rules: Vec<&Rule> = catalogue.rules().iter().map(|compiled| &compiled.rule).collect();
    for rule in &rules {
        let problems: Vec<String> =
            all.problems(&rule.controls).iter().map(ToString::to_string).collect();
        assert_eq!(problems, [""; 0], "{}", rule.id);
    }
    let missing: BTreeSet<&str> = all
        .missing_rules(|id| rules.iter().any(|rule| rule.id == id))
        .map(|(_, _, rule)| rule)
        .collect();
    if rules.is_empty() {
        assert_eq!(missing.len(), 2);
    } else {
        assert_eq!(missing, BTreeSet::new());
    }
}

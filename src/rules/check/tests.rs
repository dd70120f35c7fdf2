//! What the check refuses, on a small rule that it accepts.

use super::{ControlFault, Surroundings, check};
use crate::rules::{Catalogue, Source, Vocabulary};
use crate::services;

const RULE: &str = r#"id: x
title: No old certificate
finding: "Old certificate: {self.id}"
resource: iam.server-certificate
severity: low
category: IAM
when: "self.id != 'spare'"
pass: "!has(resource.Expiration) || days_until(resource.Expiration) >= parameters.days && self.region in ['global', 'x']"
parameters:
  days: { type: int, default: 30, min: 1, max: 365, description: How long it has to last. }
why: It expires.
fix:
  text: Renew it.
  console: IAM.
  risk: None.
  verify: "aws iam list-server-certificates"
references: ["https://docs.aws.amazon.com/IAM/"]
controls:
  soc2: ["CC6.7"]
status: stable
--- # examples
- { name: lasts, verdict: pass, resource: { Expiration: "2026-01-31T00:00:00Z" } }
- { name: ends, verdict: fail, resource: { Expiration: "2026-01-30T23:59:59Z" } }
- { name: elsewhere, verdict: fail, self: { region: y }, resource: { Expiration: "2026-03-31T00:00:00Z" } }
- { name: for ever, verdict: pass, resource: {} }
- { name: spare, verdict: not_applicable, self: { id: spare }, resource: {} }
- { name: refused, verdict: unknown, gaps: ["iam:ListServerCertificates"] }
"#;

/// What the check says of a text, one line each.
fn said(text: &str) -> Vec<String> {
    let vocabulary = Vocabulary { types: services::types(), questions: services::questions() };
    let source = Source::new("rules/iam/x.yaml", text);
    let catalogue = match Catalogue::load([source.clone()], vocabulary) {
        Ok(catalogue) => catalogue,
        Err(errors) => return errors.iter().map(ToString::to_string).collect(),
    };
    let controls = |named: &super::Controls| {
        let missing = named.iter().flat_map(|(framework, ids)| {
            ids.iter().filter(|id| *id != "CC6.7").map(move |id| ControlFault {
                framework: framework.clone(),
                control: Some(id.clone()),
                message: format!("{framework} has no control {id}"),
                hint: "look".to_owned(),
            })
        });
        missing.collect()
    };
    let exists = |id: &str| id == "y";
    let around = Surroundings { vocabulary, controls: &controls, exists: &exists };
    let errors = check(&source, &catalogue.rules()[0], around);
    errors.iter().map(|error| error.to_string().replace("\n    ", " => ")).collect()
}

/// What the check says once `from` is `to`.
fn with(from: &str, to: &str) -> Vec<String> {
    let text = RULE.replacen(from, to, 1);
    assert_ne!(text, RULE, "{from}");
    said(&text)
}

#[test]
fn a_good_rule_passes() {
    assert_eq!(said(RULE), [""; 0]);
}

#[test]
fn what_yaml_may_cut_short_has_to_be_quoted() {
    for (from, to, place) in [
        ("\"Old certificate: {self.id}\"", "Old certificate #{self.id}", "3:10: put `finding`"),
        ("\"self.id != 'spare'\"", "self.id != 'spare'", "7:7: put `when`"),
        (
            "finding: \"Old certificate: {self.id}\"",
            "finding:\n- when: self.id == 'a'\n  text: \"A {self.id}\"\n  severity: info\n# text: here\n- text: B",
            "4:9: put `when`",
        ),
        (
            "finding: \"Old certificate: {self.id}\"",
            "finding:\n  # text: here\n  - text: B {self.id}",
            "5:11: put `text`",
        ),
    ] {
        let said = with(from, to);
        let hint = " in quotes => in YAML `: `, ` #` and a leading `!` are no text without them";
        assert_eq!(said[0], format!("rules/iam/x.yaml:{place}{hint}"), "{to}");
    }
    assert_eq!(with("\"self.id != 'spare'\"", ">-\n  self.id != 'spare'"), [""; 0]);
    assert_eq!(with("  text: Renew it.", "  text: Renew it. # or not"), [""; 0]);
}

#[test]
fn missing_words_are_named_with_their_place() {
    for (from, to, expected) in [
        (
            "why: It expires.",
            "why: ''",
            "11:1: `why` is missing => say what happens to whom if nobody fixes it",
        ),
        ("  risk: None.\n", "", "12:1: `fix.risk` is missing => say what the fix may break"),
        (
            "  verify: \"aws iam list-server-certificates\"\n",
            "",
            "12:1: `fix.verify` is missing => write the command that shows it is fixed",
        ),
        (
            "  console: IAM.\n",
            "",
            "12:1: the fix says what to do, but not how => write `console`, `cli` or `terraform`",
        ),
        (
            "references: [\"https://docs.aws.amazon.com/IAM/\"]\n",
            "",
            "1:1: `references` is missing => name the page of AWS's documentation that the rule stands on",
        ),
        (
            "[\"https://docs",
            "[\"http://docs",
            "17:1: http://docs.aws.amazon.com/IAM/ is not a link => write https://...",
        ),
        (
            "\"Old certificate: {self.id}\"",
            "\" \"",
            "3:10: the finding says nothing => say what is wrong, and with what: \"Public bucket: {self.id}\"",
        ),
        ("[\"CC6.7\"]", "[\"CC6.7\", \"CC6.70\"]", "19:19: soc2 has no control CC6.70 => look"),
        (
            "status: stable",
            "since: next",
            "20:1: `next` is not a version => write the version that first had the rule, as \"0.2.0\"",
        ),
        (
            "status: stable",
            "status: deprecated\nreplaced_by: z",
            "21:1: there is no rule `z` => write a rule's id, not an alias",
        ),
        (
            "status: stable",
            "replaced_by: y",
            "20:1: only a deprecated rule is replaced => write `status: deprecated`, or leave `replaced_by` out",
        ),
        (
            "status: stable",
            "status: deprecated\nreplaced_by: x",
            "21:1: a rule cannot take over from itself => name another",
        ),
        (
            "status: stable",
            "uid: X",
            "20:1: `X` is not an id => write a-z, 0-9 and -, a letter first, as s3-bucket-versioning",
        ),
    ] {
        assert_eq!(with(from, to), [format!("rules/iam/x.yaml:{expected}")], "{from}");
    }
    assert_eq!(with("status: stable", "status: deprecated\nreplaced_by: y"), [""; 0]);
}

#[test]
fn examples_that_are_missing_are_named() {
    let refused = "- { name: refused, verdict: unknown, gaps: [\"iam:ListServerCertificates\"] }\n";
    assert_eq!(
        with(refused, ""),
        [
            "rules/iam/x.yaml:22:1: no example shows what a refused iam:ListServerCertificates makes unknown => add `- { name: ..., verdict: unknown, gaps: [\"iam:ListServerCertificates\"], ... }`"
        ]
    );
    assert_eq!(
        with(
            "--- # examples\n",
            "--- # examples\n- { name: wrong, verdict: fail, resource: {} }\n"
        ),
        ["rules/iam/x.yaml:22:1: example `wrong`: expected fail, got pass"]
    );
    let (rule, _) = RULE.split_once("--- #").unwrap();
    assert_eq!(
        said(rule),
        [
            "rules/iam/x.yaml:1:1: the rule has no examples => write them below a line `--- # examples`"
        ]
    );
}

#[test]
fn operators_and_numbers_that_no_example_notices_are_named() {
    let spare = "- { name: spare, verdict: not_applicable, self: { id: spare }, resource: {} }\n";
    let elsewhere = "- { name: elsewhere, verdict: fail, self: { region: y }, resource: { Expiration: \"2026-03-31T00:00:00Z\" } }\n";
    let ends = "{ name: ends, verdict: fail, resource: { Expiration: \"2026-01-30T23:59:59Z\" } }";
    let far = "{ name: ends, verdict: fail, resource: { Expiration: \"2026-01-29T23:59:59Z\" } }";
    let lasts =
        "{ name: lasts, verdict: pass, resource: { Expiration: \"2026-01-31T00:00:00Z\" } }";
    let long = "{ name: lasts, verdict: pass, resource: { Expiration: \"2026-02-31T00:00:00Z\" } }"
        .replace("02-31", "03-01");
    let differ = "add an example on which the two differ";
    let at =
        |place: &str, what: &str| format!("rules/iam/x.yaml:{place}: no example notices if {what}");
    assert_eq!(with(spare, ""), [""; 0], "without it the rule judges nothing, which is noticed");
    assert_eq!(
        with(ends, far),
        [at("10:9", "the parameter `days` were one less => add an example at its boundary")]
    );
    assert_eq!(
        with(lasts, &long),
        [
            at("8:69", &format!("`>=` becomes `>` here => {differ}")),
            at("10:9", "the parameter `days` were one more => add an example at its boundary"),
        ]
    );
    assert_eq!(with(elsewhere, ""), [""; 0], "the other examples notice every change");
}

//! Rule files: a rule, and a list of examples.

use super::{DIALECT, list_of, object, text};
use crate::inventory::ResourceType;
use crate::rules::{Category, Decidable, Outcome, ParameterType, Severity, Status};
use serde_json::{Map, Value, json};

/// The schema of both documents of a rule file: editors hold every document of
/// a file against one schema, so a list is taken for the examples.
pub fn rule(types: &[&'static ResourceType], frameworks: &[&str]) -> Value {
    json!({
        "$schema": DIALECT,
        "title": "A rule of cspm, or its examples",
        "if": { "type": "array" },
        "then": { "$ref": "#/$defs/examples" },
        "else": { "$ref": "#/$defs/rule" },
        "$defs": {
            "rule": rule_document(frameworks),
            "examples": list_of(example()),
            "type": names(types.iter().map(|kind| kind.name)),
            "severity": names(Severity::WORST_FIRST.map(Severity::as_str)),
            "expression": text("A condition in the subset of CEL that rules may use."),
            "wording": text("Text with placeholders: {self.id}, {resource.A.B}, {parameters.x}."),
            "value": {
                "description": "A value of a parameter.",
                "oneOf": [
                    { "type": "integer" },
                    list_of(json!({ "type": "integer" })),
                    { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                ],
            },
        },
    })
}

fn names<'n>(all: impl IntoIterator<Item = &'n str>) -> Value {
    json!({ "enum": all.into_iter().collect::<Vec<_>>() })
}

fn defined(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The word by which serde knows a value.
fn word(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn rule_document(frameworks: &[&str]) -> Value {
    let id = |what: &str| json!({ "type": "string", "pattern": "^[a-z][a-z0-9-]*$", "description": what });
    let statuses = [Status::Stable, Status::Experimental, Status::Deprecated].map(word);
    let decidable = [Decidable::Full, Decidable::Partial, Decidable::Evidence].map(word);
    let controls: Map<String, Value> =
        frameworks.iter().map(|id| ((*id).to_owned(), list_of(text("A control.")))).collect();
    object(
        "One rule.",
        &["id", "title", "finding", "resource", "severity", "category", "pass", "why", "fix"],
        json!({
            "id": id("The rule's id: the file's name."),
            "uid": id("The id under which it first shipped: part of every fingerprint."),
            "aliases": list_of(text("A former id, or that of another tool.")),
            "title": text("The state that is wanted."),
            "finding": { "description": "The problem, as a person would say it.", "oneOf": [
                defined("wording"),
                { "type": "array", "minItems": 1, "items": object(
                    "A wording, and when it is meant.",
                    &["text"],
                    json!({
                        "when": defined("expression"),
                        "text": defined("wording"),
                        "severity": defined("severity"),
                    }),
                ) },
            ] },
            "resource": { "description": "What it judges.", "oneOf": [
                defined("type"),
                { "type": "array", "items": defined("type"), "minItems": 1 },
            ] },
            "severity": defined("severity"),
            "aws_severity": defined("severity"),
            "category": names(Category::ALL.map(Category::as_str)),
            "when": defined("expression"),
            "each": defined("expression"),
            "key": defined("expression"),
            "pass": defined("expression"),
            "parameters": {
                "type": "object",
                "propertyNames": { "pattern": "^[a-z][a-z0-9_]*$" },
                "additionalProperties": parameter(),
            },
            "evidence": list_of(json!({ "oneOf": [
                text("The path of a field."),
                { "type": "object", "minProperties": 1, "maxProperties": 1,
                  "additionalProperties": defined("expression") },
            ] })),
            "why": text("What happens to whom if nobody fixes it."),
            "fix": fix(),
            "references": list_of(json!({ "type": "string", "pattern": "^https://" })),
            "controls": {
                "type": "object",
                "description": "The controls that it serves, by framework; ids in quotes.",
                "properties": controls,
                "additionalProperties": false,
            },
            "decidable": { "enum": decidable },
            "cause": text("What several rules may fire for: counted once."),
            "since": { "type": "string", "pattern": "^[0-9]+[.][0-9]+[.][0-9]+$" },
            "status": { "enum": statuses },
            "replaced_by": id("The rule that took over."),
        }),
    )
}

fn parameter() -> Value {
    object(
        "A number or list that people may set otherwise.",
        &["type", "default", "description"],
        json!({
            "type": names(ParameterType::ALL.map(ParameterType::as_str)),
            "default": defined("value"),
            "min": { "type": "integer", "description": "The least number." },
            "max": { "type": "integer", "description": "The greatest number." },
            "pattern": { "type": "string", "pattern": "^\\^.*\\$$",
                         "description": "What each text has to match." },
            "description": text("What it means, in a sentence."),
        }),
    )
}

fn fix() -> Value {
    object(
        "How to fix it.",
        &["text"],
        json!({
            "text": text("In a sentence or two."),
            "console": text("In the AWS console."),
            "cli": text("With the AWS CLI; {self.id}, {self.arn} and {self.region} are filled in."),
            "terraform": text("In Terraform."),
            "risk": text("What it may break."),
            "verify": text("How to see that it worked."),
        }),
    )
}

fn example() -> Value {
    let identity = object(
        "Who the resource is.",
        &[],
        json!({
            "id": text("Its name."),
            "arn": text("Its ARN."),
            "region": text("Its region."),
            "tags": { "type": "object", "additionalProperties": { "type": "string" } },
        }),
    );
    let document = json!({
        "type": "object",
        "description": "The facts: `cspm schema TYPE`. What is left out and always there is unknown.",
    });
    object(
        "An example, which the check runs.",
        &["name", "verdict"],
        json!({
            "name": text("What it shows."),
            "verdict": names(Outcome::ALL.map(Outcome::as_str)),
            "type": defined("type"),
            "self": identity,
            "resource": document,
            "gaps": list_of(json!({ "type": "string", "pattern": "^[a-z0-9-]+:[A-Za-z0-9]+$",
                                    "description": "An operation that was refused." })),
            "others": {
                "type": "object",
                "description": "Other resources, by type.",
                "additionalProperties": list_of(object(
                    "Another resource.",
                    &["resource"],
                    json!({ "self": identity, "resource": document }),
                )),
            },
            "finding": text("What the finding has to say."),
            "severity": defined("severity"),
            "now": { "type": "string", "format": "date-time" },
            "known_accounts": list_of(json!({ "type": "string", "pattern": "^[0-9]{12}$" })),
            "parameters": { "type": "object", "additionalProperties": defined("value") },
            "key": text("Which of the judged parts it is about."),
        }),
    )
}

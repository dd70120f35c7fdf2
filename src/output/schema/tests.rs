//! The schemas accept what the program accepts, and refuse what it refuses.

use super::*;
use crate::rules::{Catalogue, Source, Vocabulary, built_in, built_in_frameworks, yaml};
use crate::scan::DEMO_SNAPSHOT;
use crate::services;
use jsonschema::Validator;
use std::collections::BTreeMap;

fn validator(schema: &Value) -> Validator {
    assert_eq!(schema.get("$schema"), Some(&Value::from(DIALECT)));
    jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{error}"));
    jsonschema::draft202012::new(schema).unwrap()
}

fn problems(validator: &Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|it| format!("{}: {it}", it.instance_path())).collect()
}

fn rule_schema() -> Validator {
    let all = crate::compliance::Frameworks::load(built_in_frameworks()).unwrap();
    let frameworks: Vec<&str> = all.iter().map(|it| it.id.as_str()).collect();
    validator(&rule(services::types(), &frameworks))
}

fn documents(source: &Source) -> [Value; 2] {
    let (_, examples) = source.examples.clone().unwrap();
    [yaml::read(&source.rule).unwrap(), yaml::read(&examples).unwrap()]
}

#[test]
fn every_rule_file_fits() {
    let schema = rule_schema();
    for source in built_in() {
        for document in documents(&source) {
            assert_eq!(problems(&schema, &document), [""; 0], "{}", source.path);
        }
    }
}

#[test]
fn rule_files_with_faults_do_not_fit() {
    let schema = rule_schema();
    let source = built_in().find(|it| it.id() == "iam-user-access-key-rotation").unwrap();
    let [good, examples] = documents(&source);
    let with = |key: &str, value: Value| {
        let mut rule = good.clone();
        rule.as_object_mut().unwrap().insert(key.to_owned(), value);
        rule
    };
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("why");
    let wrong = [
        without,
        with("sevrity", json!("low")),
        with("severity", json!("LOW")),
        with("category", json!("iam")),
        with("resource", json!("iam.usr")),
        with("resource", json!([])),
        with("finding", json!([{ "when": "true" }])),
        with("evidence", json!([{ "a": "x", "b": "y" }])),
        with("parameters", json!({ "days": { "type": "int", "default": 1 } })),
        with(
            "parameters",
            json!({ "days": { "type": "integer", "default": 1, "description": "x" } }),
        ),
        with("controls", json!({ "cis-aws-9.0": ["1"] })),
        with("controls", json!({ "soc2": [1.1] })),
        with("status", json!("retired")),
        json!([{ "name": "x" }]),
        json!([{ "name": "x", "verdict": "passes" }]),
        json!([{ "name": "x", "verdict": "pass", "gaps": ["iam"] }]),
        json!([{ "name": "x", "verdict": "pass", "slef": {} }]),
    ];
    for document in &wrong {
        assert_ne!(problems(&schema, document), [""; 0], "{document}");
    }
    assert_eq!(problems(&schema, &examples), [""; 0]);
}

fn catalogue() -> Catalogue {
    let vocabulary = Vocabulary { types: services::types(), questions: services::questions() };
    Catalogue::load(built_in(), vocabulary).unwrap()
}

#[test]
fn the_example_of_the_tenants_file_fits() {
    let schema = validator(&tenants(catalogue().rules()));
    let read = |text: &str| toml::from_str::<Value>(text).unwrap();
    let example = include_str!("../../../tenants.example.toml");
    assert_eq!(problems(&schema, &read(example)), [""; 0]);
    for wrong in [
        "[severity]\nnope = \"low\"",
        "[severity]\niam-root-mfa = \"LOW\"",
        "[parameters.iam-user-access-key-rotation]\nmax_age_days = 3",
        "[parameters.iam-user-access-key-rotation]\nmax_age_days = \"90\"",
        "[parameters.iam-user-access-key-rotation]\nmax_age = 90",
        "[parameters.iam-root-mfa]\ndays = 90",
        "[[tenant]]\nname = \"a\"",
        "[[tenant]]\nname = \"a\"\naccount_id = \"1\"",
        "[[tenant]]\nname = \"a\"\naccount_id = \"111122223333\"\nregion = \"eu-west-1\"",
        "[[tenant]]\nname = \"a\"\naccount_id = \"111122223333\"\nregions = [\"eu-west-1a\"]",
        "[default]",
    ] {
        assert_ne!(problems(&schema, &read(wrong)), [""; 0], "{wrong}");
    }
}

#[test]
fn resources_of_a_snapshot_fit() {
    let mut schemas: BTreeMap<String, Validator> = BTreeMap::new();
    let mut seen = 0;
    for line in DEMO_SNAPSHOT.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let Some(resource) = line.get("resource") else { continue };
        let name = resource.get("type").unwrap().as_str().unwrap();
        let schema = schemas
            .entry(name.to_owned())
            .or_insert_with(|| validator(&super::resource(services::type_named(name).unwrap())));
        let facts = resource.get("facts").unwrap();
        // What the demo's operations do not cover is not in it.
        let missing = |problem: &String| problem.ends_with("is a required property");
        let mut found = problems(schema, facts);
        found.retain(|problem| !missing(problem));
        assert_eq!(found, [""; 0], "{name}");
        seen += 1;
    }
    assert!(seen > 10 && schemas.len() > 3);
}

#[test]
fn unknown_facts_fit_and_others_do_not() {
    let kind = services::type_named("iam.server-certificate").unwrap();
    let schema = validator(&super::resource(kind));
    let [first, ..] = kind.record.fields.as_slice() else { panic!("no field") };
    let base = |value: Value| {
        let mut facts: serde_json::Map<String, Value> = kind
            .record
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), json!({ "$unknown": [0, 3] })))
            .collect();
        facts.insert(first.name.to_owned(), value);
        Value::Object(facts)
    };
    assert_eq!(problems(&schema, &base(json!({ "$unknown": 3 }))), [""; 0]);
    for wrong in
        [json!({ "$unknown": "3" }), json!({ "$unknown": 3, "x": 1 }), json!({}), json!(null)]
    {
        assert_ne!(problems(&schema, &base(wrong)), [""; 0]);
    }
    for kind in services::types() {
        validator(&super::resource(kind));
    }
    assert_ne!(problems(&schema, &json!({ "Nope": 1 })), [""; 0]);
}

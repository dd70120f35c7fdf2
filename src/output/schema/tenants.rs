//! The tenants file.

use super::{DIALECT, list_of, object, text};
use crate::rules::{CompiledRule, Parameter, ParameterType, Severity};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The schema of the tenants file, with the rules that it may name.
pub fn tenants(rules: &[Arc<CompiledRule>]) -> Value {
    let names = |compiled: &Arc<CompiledRule>| {
        let rule = &compiled.rule;
        let mut names = vec![rule.id.clone(), rule.uid.clone()];
        names.extend(rule.aliases.iter().cloned());
        names.sort();
        names.dedup();
        names
    };
    let severity = json!({ "enum": Severity::WORST_FIRST.map(Severity::as_str) });
    let severities: Map<String, Value> =
        rules.iter().flat_map(names).map(|name| (name, severity.clone())).collect();
    let with_parameters = rules.iter().filter(|compiled| !compiled.rule.parameters.is_empty());
    let parameters: Map<String, Value> = with_parameters
        .flat_map(|compiled| {
            let own: Map<String, Value> = compiled
                .rule
                .parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), value(parameter)))
                .collect();
            let table = object(&compiled.rule.title, &[], Value::Object(own));
            names(compiled).into_iter().map(move |name| (name, table.clone()))
        })
        .collect();
    let account = json!({ "type": "string", "pattern": "^[0-9]{12}$" });
    let regions = json!({
        "type": "array",
        "items": { "type": "string", "pattern": "^[a-z]{2}(-[a-z]+)+-[0-9]+$" },
        "minItems": 1,
        "description": "The regions to scan; left out: every region that is enabled.",
    });
    let profile = text("The profile of ~/.aws/config whose credentials to start from.");
    let known_accounts = json!({
        "type": "array", "items": account, "description": "Accounts that are no strangers.",
    });
    let tenant = object(
        "An account to scan.",
        &["name", "account_id"],
        json!({
            "name": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
                      "description": "What you call it." },
            "account_id": account,
            "role_arn": { "type": "string", "pattern": "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$",
                          "description": "The role to assume." },
            "external_id": { "type": "string", "minLength": 2, "maxLength": 1224,
                             "description": "What the role's trust policy demands." },
            "profile": profile,
            "regions": regions,
            "snapshot": text("A snapshot to judge in place of the account."),
            "known_accounts": known_accounts,
        }),
    );
    let defaults = object(
        "What every tenant takes over unless it says otherwise.",
        &[],
        json!({
            "profile": profile,
            "regions": regions,
            "known_accounts": known_accounts,
            "db": { "type": "string", "pattern": "^([^{}]|\\{tenant\\})+$",
                    "description": "The history file; with {tenant} one for each tenant." },
            "suppressions": text("The suppressions file."),
        }),
    );
    json!({
        "$schema": DIALECT,
        "title": "The tenants file of cspm",
        "type": "object",
        "properties": {
            "defaults": defaults,
            "severity": object("Other severities, by rule.", &[], Value::Object(severities)),
            "parameters": object("Values for parameters, by rule.", &[], Value::Object(parameters)),
            "tenant": list_of(tenant),
        },
        "additionalProperties": false,
    })
}

fn value(parameter: &Parameter) -> Value {
    let mut item = match parameter.ty {
        ParameterType::Int | ParameterType::Ints => json!({ "type": "integer" }),
        ParameterType::Texts => json!({ "type": "string", "minLength": 1 }),
    };
    let bounds = [
        ("minimum", parameter.min.map(Value::from)),
        ("maximum", parameter.max.map(Value::from)),
        ("pattern", parameter.pattern.as_ref().map(|pattern| Value::from(pattern.as_str()))),
    ];
    if let Some(item) = item.as_object_mut() {
        item.extend(bounds.into_iter().filter_map(|(key, it)| Some((key.to_owned(), it?))));
    }
    let mut schema = match parameter.ty {
        ParameterType::Int => item,
        ParameterType::Ints | ParameterType::Texts => {
            json!({ "type": "array", "items": item, "uniqueItems": true })
        }
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("default".to_owned(), json!(parameter.default));
        schema.insert("description".to_owned(), json!(parameter.description.trim_end()));
    }
    schema
}

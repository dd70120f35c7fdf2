//! The schemas of the machine formats: what other people's programs rely on.

use serde_json::{Value, json};

/// Asserts that a document has the form that its `schema` names, and no key
/// more.
#[track_caller]
pub(crate) fn check(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap();
    let name = document["schema"].as_str().expect("`schema` is there").to_owned();
    let first = document.as_object().unwrap().keys().next().map(String::as_str);
    assert_eq!(first, Some("schema"), "`schema` comes first");
    let schema = match name.as_str() {
        "cspm-scan/1" => scan(),
        "cspm-findings/1" => list("findings", finding()),
        "cspm-rules/1" => list("rules", rule()),
        other => panic!("no schema `{other}`"),
    };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    document
}

/// An object with exactly these keys.
fn object(properties: Value) -> Value {
    let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({
        "type": "object",
        "required": required,
        "additionalProperties": false,
        "properties": properties,
    })
}

fn list(key: &str, item: Value) -> Value {
    let mut keys = json!({ "schema": { "type": "string" } });
    keys[key] = array(item);
    object(keys)
}

fn array(item: Value) -> Value {
    json!({ "type": "array", "items": item })
}

fn text() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

fn or_null(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

fn one_of(words: &[&str]) -> Value {
    json!({ "enum": words })
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn time() -> Value {
    pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$")
}

fn time_or_null() -> Value {
    json!({ "anyOf": [time(), { "type": "null" }] })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn hundred() -> Value {
    json!({ "type": ["number", "null"], "minimum": 0, "maximum": 100 })
}

fn account() -> Value {
    pattern("^[0-9]{12}$")
}

const SEVERITIES: &[&str] = &["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"];
const CLASSES: &[&str] = &[
    "access_denied",
    "organization_denied",
    "resource_policy_denied",
    "not_enabled",
    "region_disabled",
    "expired_token",
    "invalid_token",
    "throttled",
    "timeout",
    "network",
    "server_error",
    "malformed",
    "not_collected",
    "other",
];

fn scan() -> Value {
    let counts = |keys: &[&str]| {
        object(keys.iter().map(|key| ((*key).to_owned(), count())).collect::<Value>())
    };
    let head = object(json!({
        "id": pattern("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$"),
        "tenant": text(),
        "account_id": account(),
        "partition": one_of(&["aws", "aws-us-gov", "aws-cn"]),
        "caller": or_null("string"),
        "status": one_of(&["running", "completed", "partial", "failed"]),
        "started_at": time(),
        "finished_at": time_or_null(),
        "regions": array(text()),
        "rules": count(),
        "rules_digest": pattern("^[0-9a-f]{64}$"),
        "version": text(),
        "api_calls": count(),
    }));
    let summary = object(json!({
        "by_severity": counts(SEVERITIES),
        "by_verdict": counts(&["pass", "fail", "unknown", "error", "not_applicable"]),
        "score": hundred(),
        "coverage": hundred(),
    }));
    let gap = object(json!({
        "operation": pattern("^[a-z0-9-]+:[A-Za-z0-9]+$"),
        "iam_action": pattern("^[a-z0-9-]+:[A-Za-z0-9]+$"),
        "region": text(),
        "resource": or_null("string"),
        "class": one_of(CLASSES),
        "code": or_null("string"),
        "message": text(),
    }));
    list(
        "scans",
        object(json!({
            "scan": head,
            "summary": summary,
            "findings": array(finding()),
            "gaps": array(gap),
        })),
    )
}

fn finding() -> Value {
    let fix = object(json!({
        "text": text(),
        "console": or_null("string"),
        "cli": or_null("string"),
        "terraform": or_null("string"),
        "risk": or_null("string"),
        "verify": or_null("string"),
    }));
    object(json!({
        "fingerprint": pattern("^[0-9a-f]{32}$"),
        "rule_id": pattern("^[a-z0-9-]+$"),
        "verdict": one_of(&["fail", "unknown", "error", "pass"]),
        "title": text(),
        "description": text(),
        "severity": one_of(SEVERITIES),
        "aws_severity": { "enum": ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", null] },
        "category": pattern("^[A-Z0-9_]+$"),
        "service": pattern("^[a-z0-9-]+$"),
        "account_id": account(),
        "region": text(),
        "resource_type": pattern("^[a-z0-9]+\\.[a-z-]+$"),
        "resource_id": text(),
        "resource_arn": pattern("^arn:aws(-us-gov|-cn)?:"),
        "evidence": { "type": "object" },
        "observed_at": time(),
        "remediation": fix,
        "controls": { "type": "object", "additionalProperties": array(text()) },
        "mapped_control": or_null("string"),
        "status": {
            "enum": ["open", "fixed", "deleted", "no_longer_visible", "suppressed", null]
        },
        "first_seen": time_or_null(),
        "last_seen": time_or_null(),
    }))
}

fn rule() -> Value {
    object(json!({
        "id": pattern("^[a-z0-9-]+$"),
        "aliases": array(text()),
        "title": text(),
        "severity": one_of(SEVERITIES),
        "service": pattern("^[a-z0-9-]+$"),
        "category": pattern("^[A-Z0-9_]+$"),
        "resource": array(text()),
        "controls": { "type": "object", "additionalProperties": array(text()) },
        "operations": array(pattern("^[a-z0-9-]+:[A-Za-z0-9]+$")),
        "iam_actions": array(pattern("^[a-z0-9-]+:[A-Za-z0-9]+$")),
    }))
}

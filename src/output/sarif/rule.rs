//! Rules as SARIF describes them.

use crate::rules::{Rule, Severity};
use serde_json::{Value, json};

/// What a viewer shows about a rule. Of a rule that is gone only the id is
/// known.
pub(super) fn descriptor(id: &str, rule: Option<&Rule>) -> Value {
    let Some(rule) = rule else {
        return json!({ "id": id, "shortDescription": { "text": id } });
    };
    let (text, markdown) = help(rule);
    let mut descriptor = json!({
        "id": id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why.trim_end() },
        "defaultConfiguration": { "level": super::level(rule.severity) },
        "help": { "text": text, "markdown": markdown },
        "properties": {
            "security-severity": security_severity(rule.severity),
            // Few: GitHub refuses a file with more than twenty.
            "tags": ["security", rule.service, rule.category.as_str()],
            "controls": rule.controls,
        },
    });
    if let Some(first) = rule.references.first() {
        super::put(&mut descriptor, "helpUri", json!(first));
    }
    descriptor
}

/// GitHub makes critical of more than 9, high of 7 to 8.9, medium of 4 to 6.9
/// and low of what is left.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.5",
    }
}

/// Why it matters and how to fix it, as text and as Markdown. The words are
/// the rule's own; no name of a resource is in them.
fn help(rule: &Rule) -> (String, String) {
    let fix = &rule.fix;
    let mut text = format!("{}\n\nHow to fix it: {}", rule.why.trim_end(), fix.text.trim_end());
    let mut markdown =
        format!("{}\n\n## How to fix it\n\n{}\n", rule.why.trim_end(), fix.text.trim_end());
    for (name, value) in [("Console", &fix.console), ("What it may break", &fix.risk)] {
        if let Some(value) = value {
            text.push_str(&format!("\n{name}: {}", value.trim_end()));
            markdown.push_str(&format!("\n**{name}**: {}\n", value.trim_end()));
        }
    }
    for (name, code) in [("AWS CLI", &fix.cli), ("Terraform", &fix.terraform)] {
        if let Some(code) = code {
            markdown.push_str(&format!("\n**{name}**\n\n```\n{}\n```\n", code.trim_end()));
        }
    }
    for reference in &rule.references {
        markdown.push_str(&format!("\n- <{reference}>"));
    }
    (text, markdown)
}

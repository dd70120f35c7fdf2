//! Rules: a list, and a page each.

use super::Layout;
use super::table::{Tone, table};
use super::text::{safe, wrapped};
use crate::rules::{CompiledRule, Decidable, Severity, Status};
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the JSON of `rules list` and `rules show`.
pub const SCHEMA: &str = "cspm-rules/1";

/// The JSON of `rules list`.
#[derive(Debug, Serialize)]
pub struct RuleList<'a> {
    schema: &'static str,
    rules: Vec<RuleItem<'a>>,
}

#[derive(Debug, Serialize)]
struct RuleItem<'a> {
    id: &'a str,
    aliases: &'a [String],
    title: &'a str,
    severity: &'static str,
    service: &'a str,
    category: &'static str,
    resource: &'a [String],
    controls: &'a BTreeMap<String, Vec<String>>,
    operations: Vec<String>,
    iam_actions: Vec<&'static str>,
}

impl<'a> RuleList<'a> {
    /// The rules in the order given.
    pub fn new(rules: impl IntoIterator<Item = &'a CompiledRule>) -> Self {
        Self { schema: SCHEMA, rules: rules.into_iter().map(RuleItem::new).collect() }
    }
}

impl<'a> RuleItem<'a> {
    fn new(compiled: &'a CompiledRule) -> Self {
        let rule = &compiled.rule;
        Self {
            id: &rule.id,
            aliases: &rule.aliases,
            title: &rule.title,
            severity: rule.severity.in_capitals(),
            service: &rule.service,
            category: rule.category.as_str(),
            resource: &rule.resources,
            controls: &rule.controls,
            operations: compiled.operations().iter().map(|operation| operation.id()).collect(),
            iam_actions: compiled.actions().into_iter().collect(),
        }
    }
}

/// The list as a table.
pub fn list<'a>(rules: impl IntoIterator<Item = &'a CompiledRule>, layout: Layout) -> String {
    let rows = rules
        .into_iter()
        .map(|compiled| {
            let rule = &compiled.rule;
            vec![
                (rule.severity.to_string(), Tone::Severity(rule.severity)),
                (rule.id.clone(), Tone::Plain),
                (rule.resources.join(", "), Tone::Dim),
                (rule.title.clone(), Tone::Plain),
            ]
        })
        .collect();
    table(&["SEVERITY", "RULE", "JUDGES", "WANTED"], rows, layout)
}

/// A rule's page.
pub fn page(compiled: &CompiledRule, layout: Layout) -> String {
    let rule = &compiled.rule;
    let mut page = format!("{}\n{}\n\n", rule.id, rule.title);
    let mut facts: Vec<(&str, String)> = vec![
        ("severity", severity_line(rule.severity, rule.aws_severity)),
        ("category", rule.category.to_string()),
        ("judges", rule.resources.join(", ")),
    ];
    if !rule.aliases.is_empty() {
        facts.push(("also", rule.aliases.join(", ")));
    }
    match rule.decidable {
        Decidable::Full => {}
        Decidable::Partial => facts.push(("decides", "a part; a person looks at the rest".into())),
        Decidable::Evidence => facts.push(("decides", "nothing; it supplies evidence".into())),
    }
    match rule.status {
        Status::Stable => {}
        Status::Experimental => facts.push(("status", "experimental".to_owned())),
        Status::Deprecated => {
            let instead = rule.replaced_by.as_deref().unwrap_or("nothing");
            facts.push(("status", format!("deprecated; replaced by {instead}")));
        }
    }
    for (name, value) in facts {
        page.push_str(&format!("  {name:<10}{value}\n"));
    }
    section(&mut page, "Why", &rule.why, layout);
    section(&mut page, "How to fix", &rule.fix.text, layout);
    for (name, text) in [("Console", &rule.fix.console), ("What it may break", &rule.fix.risk)] {
        if let Some(text) = text {
            page.push_str(&wrapped(&format!("{name}: {text}"), layout.columns, "  "));
        }
    }
    for (name, code) in [
        ("AWS CLI", &rule.fix.cli),
        ("Terraform", &rule.fix.terraform),
        ("Verify", &rule.fix.verify),
    ] {
        if let Some(code) = code {
            page.push_str(&format!("\n  {name}\n"));
            for line in code.trim_end().lines() {
                page.push_str(&format!("    {line}\n"));
            }
        }
    }
    page.push_str("\nCondition\n");
    for (name, expression) in [("when", rule.when.as_ref()), ("pass", Some(&rule.pass))] {
        if let Some(expression) = expression {
            page.push_str(&wrapped(&format!("{name}: {expression}"), layout.columns, "  "));
        }
    }
    if !rule.parameters.is_empty() {
        page.push_str("\nParameters (set them in the tenants file, below [parameters.RULE])\n");
        for parameter in &rule.parameters {
            let (name, value) = (&parameter.name, &parameter.value);
            let text = format!("{name} = {value}: {}", parameter.description);
            page.push_str(&wrapped(&text, layout.columns, "  "));
            let text = format!("{}; default {}", parameter.allowed(), parameter.default);
            page.push_str(&wrapped(&text, layout.columns, "    "));
        }
    }
    page.push_str("\nReads\n");
    for operation in compiled.operations() {
        let actions = operation.actions.join(", ");
        let needs = if actions.is_empty() { "no permission".to_owned() } else { actions };
        page.push_str(&format!("  {} (needs {needs})\n", operation.id()));
    }
    if !rule.controls.is_empty() {
        page.push_str("\nControls\n");
        for (framework, controls) in &rule.controls {
            page.push_str(&format!("  {framework:<16}{}\n", controls.join(", ")));
        }
    }
    if !rule.references.is_empty() {
        page.push_str("\nReferences\n");
        for reference in &rule.references {
            page.push_str(&format!("  {reference}\n"));
        }
    }
    safe(&page)
}

fn severity_line(severity: Severity, aws: Option<Severity>) -> String {
    match aws {
        Some(aws) if aws != severity => format!("{severity} (AWS Security Hub: {aws})"),
        _ => severity.to_string(),
    }
}

fn section(page: &mut String, title: &str, text: &str, layout: Layout) {
    page.push_str(&format!("\n{title}\n"));
    page.push_str(&wrapped(text, layout.columns, "  "));
}

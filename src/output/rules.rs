//! Rules: a list. [`rule_page`](super::rule_page) has a page for each.

use super::Layout;
use super::rule_page::life;
use super::table::{Tone, table};
use crate::rules::{
    CompiledRule, Decidable, ExampleName, FindingText, Fix, Parameter, ParameterValue, Status,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The version of the JSON of `rules list`.
pub const SCHEMA: &str = "cspm-rules/1";

/// The version of the JSON of `rules show`.
pub const PAGE_SCHEMA: &str = "cspm-rule/1";

/// The JSON of `rules list`, and with pages that of `rules show`.
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
    #[serde(flatten)]
    page: Option<PageItem<'a>>,
}

#[derive(Debug, Serialize)]
struct ParameterItem<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    ty: &'static str,
    value: &'a ParameterValue,
    default: &'a ParameterValue,
    min: Option<i64>,
    max: Option<i64>,
    pattern: Option<&'a str>,
    description: &'a str,
}

/// What only `rules show` says.
#[derive(Debug, Serialize)]
struct PageItem<'a> {
    uid: &'a str,
    aws_severity: Option<&'static str>,
    since: Option<&'a str>,
    status: Status,
    replaced_by: Option<&'a str>,
    decidable: Decidable,
    cause: Option<&'a str>,
    parameters: Vec<ParameterItem<'a>>,
    why: &'a str,
    fix: &'a Fix,
    finding: &'a [FindingText],
    when: Option<&'a str>,
    each: Option<&'a str>,
    pass: &'a str,
    reads: BTreeSet<String>,
    examples: &'a [ExampleName],
    references: &'a [String],
}

impl<'a> RuleList<'a> {
    /// The rules in the order given.
    pub fn new(rules: impl IntoIterator<Item = &'a CompiledRule>) -> Self {
        Self { schema: SCHEMA, rules: rules.into_iter().map(RuleItem::new).collect() }
    }

    /// One rule with all that its page says.
    pub fn one(rule: &'a CompiledRule, examples: &'a [ExampleName]) -> Self {
        let page = Some(PageItem::new(rule, examples));
        Self { schema: PAGE_SCHEMA, rules: vec![RuleItem { page, ..RuleItem::new(rule) }] }
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
            page: None,
        }
    }
}

impl<'a> ParameterItem<'a> {
    fn new(parameter: &'a Parameter) -> Self {
        Self {
            name: &parameter.name,
            ty: parameter.ty.as_str(),
            value: &parameter.value,
            default: &parameter.default,
            min: parameter.min,
            max: parameter.max,
            pattern: parameter.pattern.as_ref().map(|pattern| pattern.as_str()),
            description: &parameter.description,
        }
    }
}

impl<'a> PageItem<'a> {
    fn new(compiled: &'a CompiledRule, examples: &'a [ExampleName]) -> Self {
        let rule = &compiled.rule;
        let reads = compiled.variants.iter().flat_map(|variant| &variant.reads);
        Self {
            uid: &rule.uid,
            aws_severity: rule.aws_severity.map(|severity| severity.in_capitals()),
            since: rule.since.as_deref(),
            status: rule.status,
            replaced_by: rule.replaced_by.as_deref(),
            decidable: rule.decidable,
            cause: rule.cause.as_deref(),
            parameters: rule.parameters.iter().map(ParameterItem::new).collect(),
            why: &rule.why,
            fix: &rule.fix,
            finding: &rule.finding,
            when: rule.when.as_deref(),
            each: rule.each.as_deref(),
            pass: &rule.pass,
            reads: reads.map(|(kind, field)| format!("{kind}.{field}")).collect(),
            examples,
            references: &rule.references,
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
                (wanted(compiled), Tone::Plain),
            ]
        })
        .collect();
    table(&["SEVERITY", "RULE", "JUDGES", "WANTED"], rows, layout)
}

fn wanted(compiled: &CompiledRule) -> String {
    match life(&compiled.rule) {
        None => compiled.rule.title.clone(),
        Some(life) => format!("{} ({life})", compiled.rule.title),
    }
}

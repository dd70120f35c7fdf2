//! SARIF 2.1.0, for code scanning and other viewers of static analysis:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, and what
//! GitHub takes of it:
//! <https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning>.

mod rule;
mod uri;

use super::report::{ScanReport, view};
use super::scan_table::because;
use crate::findings::{Finding, FindingStatus};
use crate::history::{HistoryError, ScanStatus};
use crate::inventory::Gap;
use crate::rules::{Catalogue, Outcome, Severity};
use serde::Serialize;
use serde::ser::{Error, SerializeSeq, Serializer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// One run per scan. What is not known is a result of kind `open`: if it were
/// left out, a viewer would take it for fixed.
#[derive(Serialize)]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    // GitHub takes one run per category, and this is where it looks for one.
    automation_details: Value,
    invocations: [Value; 1],
    column_kind: &'static str,
    results: Results<'a>,
    properties: Value,
}

/// Results that are read while they are written.
struct Results<'a> {
    report: &'a ScanReport<'a>,
    catalogue: &'a Catalogue,
    /// The places of the rules in the list of the tool.
    numbers: BTreeMap<String, usize>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { report, catalogue, numbers } = self;
        let mut list = serializer.serialize_seq(Some(report.findings.len()))?;
        for finding in report.findings.iter() {
            let finding = finding.map_err(S::Error::custom)?;
            list.serialize_element(&result(report, &finding, catalogue, numbers))?;
        }
        list.end()
    }
}

impl<'a> Log<'a> {
    /// The reports in the order given.
    ///
    /// # Errors
    /// The findings cannot be read.
    pub fn new(
        reports: &'a [ScanReport<'a>],
        catalogue: &'a Catalogue,
    ) -> Result<Self, HistoryError> {
        Ok(Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: reports.iter().map(|report| run(report, catalogue)).collect::<Result<_, _>>()?,
        })
    }
}

fn run<'a>(report: &'a ScanReport<'a>, catalogue: &'a Catalogue) -> Result<Run<'a>, HistoryError> {
    let meta = &report.scan.meta;
    // The rules of the findings, each once, in the order of their ids.
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    for finding in report.findings.iter() {
        let finding = finding?;
        if let Entry::Vacant(free) = rules.entry(finding.rule_id) {
            let found = catalogue.find(&finding.rule_uid).map(|compiled| &compiled.rule);
            let descriptor = rule::descriptor(free.key(), found);
            free.insert(descriptor);
        }
    }
    let numbers: BTreeMap<String, usize> = rules.keys().cloned().zip(0..).collect();
    let mut invocation = json!({
        "executionSuccessful": report.scan.status == ScanStatus::Completed,
        "startTimeUtc": meta.started_at.to_string(),
    });
    if let Some(at) = report.scan.finished_at {
        put(&mut invocation, "endTimeUtc", json!(at.to_string()));
    }
    let mut notifications: Vec<Value> = report.gaps.iter().map(unanswered).collect();
    if report.scan.status != ScanStatus::Completed {
        let text = report.reason();
        notifications.push(json!({ "level": "error", "message": { "text": text } }));
    }
    put(&mut invocation, "toolExecutionNotifications", Value::Array(notifications));
    Ok(Run {
        tool: json!({
            "driver": {
                "name": "cspm",
                "version": meta.version,
                "semanticVersion": meta.version,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules.into_values().collect::<Vec<Value>>(),
            }
        }),
        automation_details: json!({ "id": format!("cspm/{}/", meta.tenant) }),
        invocations: [invocation],
        column_kind: "unicodeCodePoints",
        results: Results { report, catalogue, numbers },
        properties: json!({
            "tenant": meta.tenant,
            "account_id": meta.account_id,
            "scan": meta.id.to_string(),
            "rules_digest": meta.rules_digest,
            "regions": meta.scope.regions,
            "summary": report.summary(),
        }),
    })
}

fn result(
    report: &ScanReport<'_>,
    finding: &Finding,
    catalogue: &Catalogue,
    numbers: &BTreeMap<String, usize>,
) -> Value {
    let seen = view(finding, catalogue);
    let (kind, level) = match finding.verdict {
        Outcome::Fail => ("fail", level(finding.severity)),
        Outcome::Unknown | Outcome::Error => ("open", "none"),
        Outcome::Pass => ("pass", "none"),
        Outcome::NotApplicable => ("notApplicable", "none"),
    };
    let mut text = seen.title.to_owned();
    for gap in &finding.gaps {
        text.push_str(&format!("\nNot known, because {}: {}", gap.operation, because(gap.class)));
    }
    if let Some(error) = &finding.error {
        text.push_str(&format!("\nNot known, because the rule is at fault: {error}"));
    }
    let mut result = json!({
        "ruleId": seen.rule_id,
        "ruleIndex": numbers.get(seen.rule_id),
        "kind": kind,
        "level": level,
        "message": { "text": text },
        "locations": [location(finding)],
        // GitHub heeds only the first; nothing but our fingerprint tells two apart.
        "partialFingerprints": {
            "primaryLocationLineHash": finding.fingerprint,
            "cspm/v1": finding.fingerprint,
        },
        "properties": {
            "severity": finding.severity.in_capitals(),
            "verdict": finding.verdict.as_str(),
            "region": finding.region,
            "resource_type": finding.resource_type,
            "evidence": seen.evidence.as_ref(),
        },
    });
    if finding.status == Some(FindingStatus::Suppressed) {
        let suppression = json!({ "kind": "external", "status": "accepted" });
        put(&mut result, "suppressions", json!([suppression]));
    }
    if let Some(known) = report.known.as_ref().filter(|_| finding.verdict == Outcome::Fail) {
        let state = if known.has(finding) { "unchanged" } else { "new" };
        put(&mut result, "baselineState", json!(state));
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// GitHub shows nothing without a file: the resource stands for one.
fn location(finding: &Finding) -> Value {
    let id = match &finding.key {
        Some(key) => format!("{}#{key}", finding.resource_id),
        None => finding.resource_id.clone(),
    };
    let path =
        uri::path(&["aws", &finding.account_id, &finding.region, &finding.resource_type, &id]);
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": path },
            "region": { "startLine": 1 },
        },
        "logicalLocations": [{
            "name": finding.resource_id,
            "fullyQualifiedName": finding.resource_arn,
            "kind": "resource",
        }],
    })
}

/// A call that got no answer.
fn unanswered(gap: &Gap) -> Value {
    let about = gap.resource.as_ref().map(|arn| format!(" about {arn}")).unwrap_or_default();
    let text = format!(
        "{} in {}{about}: {} ({})",
        gap.operation,
        gap.region,
        because(gap.class),
        gap.message
    );
    json!({ "level": "warning", "message": { "text": text } })
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        let map: &mut Map<String, Value> = map;
        map.insert(key.to_owned(), value);
    }
}

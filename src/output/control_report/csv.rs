//! A framework's report for spreadsheets: one row per account and control.

use super::{ControlReport, Evidence, reasons};
use crate::compliance::{ControlResult, Status};
use crate::output::csv::Sheet;
use crate::output::report::OutputError;
use std::io::Write;

/// The columns. Frozen: new ones come behind.
const HEAD: [&str; 23] = [
    "framework",
    "framework_version",
    "control",
    "title",
    "section",
    "status",
    "status_in_words",
    "judged",
    "passed",
    "failed",
    "unknown",
    "not_applicable",
    "rules",
    "reasons",
    "findings",
    "tenant",
    "account_id",
    "caller",
    "scan",
    "observed_at",
    "rules_digest",
    "scope",
    "joined_status",
];

/// The report. Each row repeats its scope, so that it can be sorted, cut and
/// pasted without losing what it is about.
///
/// # Errors
/// The findings cannot be read, or it cannot be written.
pub fn write(report: &ControlReport<'_>, out: &mut dyn Write) -> Result<(), OutputError> {
    let mut sheet = Sheet::to(out, &HEAD)?;
    for part in &report.parts {
        for (position, result) in part.assessment.controls.iter().enumerate() {
            let joined = report.joined.as_ref().and_then(|it| it.controls.get(position));
            let joined = joined.map_or(result.status, |it| it.status);
            sheet.add(row(report, part.evidence, result, joined)?)?;
        }
    }
    Ok(sheet.end()?)
}

fn row(
    report: &ControlReport<'_>,
    evidence: &Evidence<'_>,
    result: &ControlResult<'_>,
    joined: Status,
) -> Result<[String; 23], OutputError> {
    let framework = report.framework;
    let meta = &evidence.scan.meta;
    let rules: Vec<&str> = result.rules.iter().map(|rule| rule.facts.id).collect();
    let mut findings = Vec::new();
    for rule in result.rules.iter().filter(|rule| rule.needed) {
        for finding in evidence.findings_of(rule.facts) {
            findings.push(finding?.fingerprint);
        }
    }
    let scope = super::scope::not_looked_at(evidence)
        .into_iter()
        .filter(|(_, value)| value != "none")
        .map(|(name, value)| format!("{name}: {value}"));
    let regions = format!("Regions: {}", meta.scope.regions.join(", "));
    let scope: Vec<String> = std::iter::once(regions).chain(scope).collect();
    Ok([
        framework.id.clone(),
        framework.version.clone(),
        result.control.id.clone(),
        result.control.title.clone(),
        result.control.section.clone(),
        result.status.as_str().to_owned(),
        result.wording(framework.kind),
        result.judged.to_string(),
        result.passed.to_string(),
        result.failed.to_string(),
        result.unknown.to_string(),
        result.not_applicable.to_string(),
        rules.join("; "),
        reasons(result).join("; "),
        findings.join("; "),
        meta.tenant.clone(),
        meta.account_id.clone(),
        meta.caller.clone().unwrap_or_default(),
        meta.id.to_string(),
        meta.observed_at.to_string(),
        meta.rules_digest.clone(),
        scope.join("; "),
        joined.as_str().to_owned(),
    ])
}

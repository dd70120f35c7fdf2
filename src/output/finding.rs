//! Findings outside of a scan's report: a list, and a page each.

use super::Layout;
use super::joined::Joined;
use super::report::{OutputError, view, views};
use super::scan_table::{explained, finding_row};
use super::table::{Row, Tone, write_rows};
use super::text::{safe, wrapped};
use crate::findings::{Finding, FindingStatus};
use crate::rules::{Catalogue, Outcome};
use serde::{Serialize, Serializer};
use std::io::Write;

/// The version of the JSON of `findings list` and `findings show`.
pub const SCHEMA: &str = "cspm-findings/1";

/// The JSON of `findings list` and `findings show`.
#[derive(Serialize)]
pub struct FindingList<'a> {
    schema: &'static str,
    findings: Listed<'a>,
}

/// Findings that are read while they are written.
struct Listed<'a> {
    findings: &'a Joined<'a>,
    catalogue: &'a Catalogue,
}

impl<'a> FindingList<'a> {
    /// The findings in their order.
    pub fn new(findings: &'a Joined<'a>, catalogue: &'a Catalogue) -> Self {
        Self { schema: SCHEMA, findings: Listed { findings, catalogue } }
    }
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        views(self.findings.iter(), self.findings.len(), self.catalogue, serializer)
    }
}

/// Whether a finding still stands: open or suppressed.
pub fn is_standing(finding: &Finding) -> bool {
    matches!(finding.status, Some(FindingStatus::Open | FindingStatus::Suppressed))
}

/// Whether there is something for a suppression to hide: what stands, and what
/// is out of sight and may stand.
pub fn can_be_hidden(finding: &Finding) -> bool {
    !matches!(finding.status, None | Some(FindingStatus::Fixed | FindingStatus::Deleted))
}

/// The list as a table.
///
/// # Errors
/// They cannot be read, or not be written.
pub fn list(findings: &Joined<'_>, layout: Layout, out: &mut dyn Write) -> Result<(), OutputError> {
    let rows = findings.iter().map(|finding| finding.map(|finding| standing_row(&finding)));
    let head = ["SEVERITY", "STATUS", "TENANT", "FINDING", "REGION", "RULE", "ID"];
    write_rows("", &head, rows, layout, out)?;
    Ok(())
}

fn standing_row(finding: &Finding) -> Row {
    let status = match (finding.status, finding.verdict) {
        (Some(FindingStatus::Open), Outcome::Fail) => "open".to_owned(),
        (Some(FindingStatus::Open), verdict) => verdict.as_str().to_owned(),
        (Some(status), _) => status.as_str().replace('_', " "),
        (None, verdict) => verdict.as_str().to_owned(),
    };
    let mut row = finding_row(finding);
    row.insert(1, (status, Tone::Plain));
    row.insert(2, (finding.tenant.clone(), Tone::Dim));
    row
}

/// One finding's page.
pub fn page(finding: &Finding, catalogue: &Catalogue, layout: Layout) -> String {
    let seen = view(finding, catalogue);
    let mut page = wrapped(seen.title, layout.columns, "");
    let mut facts = vec![
        ("id", finding.fingerprint.clone()),
        ("severity", finding.severity.to_string()),
        ("verdict", finding.verdict.as_str().to_owned()),
    ];
    if let Some(status) = finding.status {
        let mut text = status.as_str().replace('_', " ");
        if let Some(reason) = finding.reason {
            text.push_str(&format!(" ({})", reason.as_str().replace('_', " ")));
        }
        facts.push(("status", text));
    }
    facts.push(("rule", seen.rule_id.to_owned()));
    facts.push(("resource", format!("{} {}", finding.resource_type, finding.resource_arn)));
    if let Some(key) = &finding.key {
        facts.push(("part", key.clone()));
    }
    facts.push(("where", format!("{} {}, {}", finding.tenant, finding.account_id, finding.region)));
    if let (Some(first), Some(last)) = (finding.first_seen, finding.last_seen) {
        facts.push(("first seen", first.to_string()));
        facts.push(("last seen", last.to_string()));
    }
    page.push('\n');
    for (name, value) in facts {
        page.push_str(&format!("  {name:<11}{value}\n"));
    }
    for gap in &finding.gaps {
        let text = format!("{} in {}: {}", gap.operation, gap.region, explained(gap));
        page.push_str(&wrapped(&text, layout.columns, "  "));
    }
    if let Some(error) = &finding.error {
        page.push_str(&wrapped(&format!("the rule is at fault: {error}"), layout.columns, "  "));
    }
    if !finding.evidence.is_empty() {
        page.push_str("\nEvidence\n");
        let json = serde_json::to_string_pretty(&finding.evidence).unwrap_or_default();
        for line in json.lines() {
            page.push_str(&format!("  {line}\n"));
        }
    }
    if let Some(why) = seen.description {
        page.push_str("\nWhy\n");
        page.push_str(&wrapped(why, layout.columns, "  "));
    }
    if let Some(fix) = &seen.remediation {
        page.push_str("\nHow to fix\n");
        page.push_str(&wrapped(&fix.text, layout.columns, "  "));
        for (name, code) in [("AWS CLI", &fix.cli), ("Verify", &fix.verify)] {
            if let Some(code) = code {
                page.push_str(&format!(
                    "\n  {name}\n    {}\n",
                    code.trim_end().replace('\n', "\n    ")
                ));
            }
        }
        if let Some(risk) = &fix.risk {
            page.push('\n');
            page.push_str(&wrapped(&format!("What it may break: {risk}"), layout.columns, "  "));
        }
    }
    if !seen.controls.is_empty() {
        page.push_str("\nControls\n");
        for (framework, controls) in &seen.controls {
            page.push_str(&format!("  {framework:<16}{}\n", controls.join(", ")));
        }
    }
    safe(&page)
}

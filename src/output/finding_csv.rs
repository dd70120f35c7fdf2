//! Findings for spreadsheets: one row each.

use super::csv::Sheet;
use super::report::{OutputError, view};
use super::scan_table::because;
use crate::findings::Finding;
use crate::history::HistoryError;
use crate::rules::Catalogue;
use std::io::Write;

/// The columns. Frozen: new ones come behind.
const HEAD: [&str; 21] = [
    "fingerprint",
    "verdict",
    "status",
    "severity",
    "title",
    "rule_id",
    "category",
    "service",
    "tenant",
    "account_id",
    "region",
    "resource_type",
    "resource_id",
    "resource_arn",
    "unknown_because",
    "how_to_fix",
    "mapped_control",
    "controls",
    "observed_at",
    "first_seen",
    "last_seen",
];

/// The findings in the order given, written one by one.
///
/// # Errors
/// They cannot be read, or not be written.
pub fn write(
    findings: impl IntoIterator<Item = Result<Finding, HistoryError>>,
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let mut sheet = Sheet::to(out, &HEAD)?;
    for finding in findings {
        sheet.add(row(&finding?, catalogue))?;
    }
    Ok(sheet.end()?)
}

fn row(finding: &Finding, catalogue: &Catalogue) -> [String; 21] {
    let seen = view(finding, catalogue);
    let maybe = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let why: Vec<String> = finding
        .gaps
        .iter()
        .map(|gap| format!("{}: {}", gap.operation, because(gap.class)))
        .chain(finding.error.clone())
        .collect();
    let controls: Vec<String> = seen
        .controls
        .iter()
        .flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}:{id}")))
        .collect();
    [
        seen.fingerprint.to_owned(),
        seen.verdict.as_str().to_owned(),
        maybe(seen.status.map(|status| status.as_str())),
        seen.severity.in_capitals().to_owned(),
        seen.title.to_owned(),
        seen.rule_id.to_owned(),
        maybe(seen.category.map(|category| category.as_str())),
        maybe(seen.service),
        finding.tenant.clone(),
        seen.account_id.to_owned(),
        seen.region.to_owned(),
        seen.resource_type.to_owned(),
        seen.resource_id.to_owned(),
        seen.resource_arn.to_owned(),
        why.join("; "),
        maybe(seen.remediation.as_ref().map(|fix| fix.text.as_str())),
        maybe(seen.mapped_control.as_deref()),
        controls.join("; "),
        seen.observed_at.to_string(),
        moment(seen.first_seen),
        moment(seen.last_seen),
    ]
}

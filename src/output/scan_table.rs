//! A scan for people: what is wrong, what is not known and why, the numbers.

use super::Layout;
use super::report::{OutputError, ScanReport};
use super::table::{Row, Tone, table, write_rows};
use super::text::{count, safe_line};
use crate::findings::{Finding, FindingStatus};
use crate::history::{HistoryError, ScanStatus};
use crate::inventory::{ErrorClass, Gap};
use crate::rules::{Outcome, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// How many characters of a fingerprint are shown.
pub const SHORT: usize = 8;

/// The report of one scan.
///
/// # Errors
/// Its findings cannot be read, or it cannot be written.
pub fn write(
    report: &ScanReport<'_>,
    layout: Layout,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    out.write_all(head(report).as_bytes())?;
    if report.is_empty_failure() {
        return Ok(());
    }
    let mut suppressed = 0_u64;
    let open = report.findings.with(Outcome::Fail).filter_map(|finding| match finding {
        Ok(finding) if finding.status == Some(FindingStatus::Suppressed) => {
            suppressed += 1;
            None
        }
        finding => Some(finding.map(|finding| finding_row(&finding))),
    });
    if write_rows("\n", &["SEVERITY", "FINDING", "REGION", "RULE", "ID"], open, layout, out)? == 0 {
        out.write_all(b"\nNothing failed.\n")?;
    }
    let passed = report.findings.with(Outcome::Pass).map(|finding| finding.map(|it| pass_row(&it)));
    write_rows("\nPassed\n", &["VERDICT", "RESOURCE", "REGION", "RULE"], passed, layout, out)?;
    let errors =
        report.findings.with(Outcome::Error).map(|finding| finding.map(|it| error_row(&it)));
    let title = "\nRules at fault\n";
    write_rows(title, &["RULE", "RESOURCE", "WHAT IS WRONG"], errors, layout, out)?;
    out.write_all(unknowns(report, layout)?.as_bytes())?;
    Ok(out.write_all(numbers(report, suppressed).as_bytes())?)
}

fn head(report: &ScanReport<'_>) -> String {
    let meta = &report.scan.meta;
    if report.is_empty_failure() {
        return format!(
            "{}: account {} could not be scanned: {}\n",
            safe_line(&meta.tenant),
            meta.account_id,
            safe_line(report.reason()),
        );
    }
    let mut text = format!(
        "{}: account {}, {}, {}",
        safe_line(&meta.tenant),
        meta.account_id,
        count(meta.scope.regions.len() as u64, "region"),
        count(report.scan.rules, "rule"),
    );
    if meta.source != "aws" {
        text.push_str(&format!(", from {} of {}", safe_line(&meta.source), meta.observed_at));
    }
    text.push('\n');
    match report.scan.status {
        ScanStatus::Completed => {}
        status => {
            text.push_str(&format!("{}: {}\n", status.as_str(), safe_line(report.reason())));
        }
    }
    text
}

/// One finding as a row.
pub fn finding_row(finding: &Finding) -> Row {
    let fingerprint: String = finding.fingerprint.chars().take(SHORT).collect();
    vec![
        (finding.severity.to_string(), Tone::Severity(finding.severity)),
        (finding.title.clone(), Tone::Plain),
        (finding.region.clone(), Tone::Plain),
        (finding.rule_id.clone(), Tone::Dim),
        (fingerprint, Tone::Dim),
    ]
}

fn pass_row(finding: &Finding) -> Row {
    vec![
        ("pass".to_owned(), Tone::Good),
        (finding.resource_id.clone(), Tone::Plain),
        (finding.region.clone(), Tone::Plain),
        (finding.rule_id.clone(), Tone::Dim),
    ]
}

fn error_row(finding: &Finding) -> Row {
    vec![
        (finding.rule_id.clone(), Tone::Plain),
        (finding.resource_id.clone(), Tone::Plain),
        (finding.error.clone().unwrap_or_default(), Tone::Plain),
    ]
}

/// What is not known, by the call that got no answer: one refused call often
/// hides much.
fn unknowns(report: &ScanReport<'_>, layout: Layout) -> Result<String, HistoryError> {
    let mut calls: BTreeMap<(String, ErrorClass, String), Hides> = BTreeMap::new();
    for finding in report.findings.with(Outcome::Unknown) {
        let finding = finding?;
        for gap in &finding.gaps {
            let call = (gap.operation.clone(), gap.class, gap.iam_action.clone());
            calls.entry(call).or_default().add(&finding);
        }
    }
    let rows: Vec<Row> = calls
        .into_iter()
        .map(|((operation, class, action), hides)| {
            let worst = hides.worst.unwrap_or(Severity::Info);
            vec![
                (worst.to_string(), Tone::Unknown),
                (hides.what(), Tone::Plain),
                (format!("{operation}: {}", because(class)), Tone::Plain),
                (advice(class, &action), Tone::Plain),
            ]
        })
        .collect();
    let table = table(&["UP TO", "WHAT", "WHY", "WHAT TO DO"], rows, layout);
    Ok(if table.is_empty() { table } else { format!("\nNot known\n{table}") })
}

#[derive(Default)]
struct Hides {
    worst: Option<Severity>,
    rules: BTreeSet<String>,
    resources: BTreeSet<(String, String)>,
}

impl Hides {
    fn add(&mut self, finding: &Finding) {
        self.worst = self.worst.max(Some(finding.severity));
        if !self.rules.contains(&finding.rule_id) {
            self.rules.insert(finding.rule_id.clone());
        }
        self.resources.insert((finding.resource_type.clone(), finding.resource_arn.clone()));
    }

    fn what(&self) -> String {
        let rules = match self.rules.iter().collect::<Vec<_>>().as_slice() {
            [one] => (*one).to_string(),
            many => count(many.len() as u64, "rule"),
        };
        format!("{rules} on {}", count(self.resources.len() as u64, "resource"))
    }
}

/// Why there is no answer, for people.
pub fn because(class: ErrorClass) -> &'static str {
    match class {
        ErrorClass::AccessDenied => "access denied",
        ErrorClass::OrganizationDenied => "denied by an organization policy",
        ErrorClass::ResourcePolicyDenied => "denied by the resource's own policy",
        ErrorClass::NotEnabled => "the service is not enabled",
        ErrorClass::RegionDisabled => "the region is not enabled",
        ErrorClass::ExpiredToken => "the credentials expired",
        ErrorClass::InvalidToken => "the credentials are not valid",
        ErrorClass::Throttled => "throttled",
        ErrorClass::Timeout => "no answer in time",
        ErrorClass::Network => "the connection failed",
        ErrorClass::ServerError => "the service failed",
        ErrorClass::Malformed => "the answer was malformed",
        ErrorClass::NotCollected => "not collected",
        ErrorClass::Other => "refused",
    }
}

/// What to do about it.
pub fn advice(class: ErrorClass, action: &str) -> String {
    match class {
        ErrorClass::AccessDenied => format!("allow {action}"),
        ErrorClass::OrganizationDenied => {
            format!("ask the organization's owners for {action}")
        }
        ErrorClass::ResourcePolicyDenied => {
            format!("let the resource's own policy allow {action}")
        }
        ErrorClass::NotEnabled => "enable the service".to_owned(),
        ErrorClass::RegionDisabled => "leave the region out with --region".to_owned(),
        ErrorClass::ExpiredToken | ErrorClass::InvalidToken => "sign in again".to_owned(),
        ErrorClass::Throttled | ErrorClass::Timeout | ErrorClass::ServerError => {
            "scan again later".to_owned()
        }
        ErrorClass::Network => "look at the network, then scan again".to_owned(),
        ErrorClass::NotCollected => "take a new snapshot with these rules".to_owned(),
        ErrorClass::Malformed | ErrorClass::Other => {
            "see `--format json` for the message".to_owned()
        }
    }
}

/// Why there is no answer, and what to do about it, where there is room for the
/// message.
pub fn explained(gap: &Gap) -> String {
    let why = because(gap.class);
    match gap.class {
        ErrorClass::Malformed => format!("{why}: {}", gap.message),
        ErrorClass::Other => format!("{why}. AWS says: {}", gap.message),
        class => {
            format!("{why}; {}. AWS says: {}", advice(class, &gap.iam_action), gap.message)
        }
    }
}

fn numbers(report: &ScanReport<'_>, suppressed: u64) -> String {
    let summary = report.summary();
    let severities: Vec<String> = Severity::WORST_FIRST
        .into_iter()
        .filter(|severity| summary.fails(*severity) > 0)
        .map(|severity| format!("{} {severity}", summary.fails(severity)))
        .collect();
    let failed = match severities.as_slice() {
        [] => "none failed".to_owned(),
        some => format!("failed: {}", some.join(", ")),
    };
    let mut text = format!("\n{failed}\n");
    let verdicts: Vec<String> = Outcome::ALL
        .into_iter()
        .filter(|outcome| *outcome != Outcome::Error || summary.verdicts(*outcome) > 0)
        .map(|outcome| {
            format!("{} {}", summary.verdicts(outcome), outcome.as_str().replace('_', " "))
        })
        .collect();
    text.push_str(&format!("verdicts: {}", verdicts.join(", ")));
    if suppressed > 0 {
        text.push_str(&format!(", {suppressed} suppressed"));
    }
    text.push('\n');
    let score = summary.score.map_or("-".to_owned(), |score| format!("{score:.1} of 100"));
    let coverage = summary.coverage.map_or("-".to_owned(), |share| format!("{share:.0} %"));
    text.push_str(&format!("score: {score} (decided: {coverage})\n"));
    text
}

//! A scan for people: what is wrong, what is not known and why, the numbers.

use super::Layout;
use super::report::ScanReport;
use super::table::{Row, Tone, table};
use super::text::{count, safe_line};
use crate::findings::{Finding, FindingStatus};
use crate::history::ScanStatus;
use crate::inventory::ErrorClass;
use crate::rules::{Outcome, Severity};
use std::collections::BTreeMap;

/// How many characters of a fingerprint are shown.
pub const SHORT: usize = 8;

/// The report of one scan.
pub fn scan(report: &ScanReport, layout: Layout) -> String {
    let mut text = head(report);
    let fails: Vec<&Finding> = report
        .with(Outcome::Fail)
        .filter(|finding| finding.status != Some(FindingStatus::Suppressed))
        .collect();
    let open: Vec<Row> = fails.iter().map(|finding| finding_row(finding)).collect();
    text.push('\n');
    if open.is_empty() {
        text.push_str("Nothing failed.\n");
    } else {
        text.push_str(&table(&["SEVERITY", "FINDING", "REGION", "RULE", "ID"], open, layout));
    }
    text.push_str(&passes(report, layout));
    text.push_str(&errors(report, layout));
    text.push_str(&unknowns(report, layout));
    text.push_str(&numbers(report));
    text
}

fn head(report: &ScanReport) -> String {
    let meta = &report.scan.meta;
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
            let reason = report.scan.reason.as_deref().unwrap_or("the scan did not end");
            text.push_str(&format!("{}: {}\n", status.as_str(), safe_line(reason)));
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

fn passes(report: &ScanReport, layout: Layout) -> String {
    let rows: Vec<Row> = report
        .with(Outcome::Pass)
        .map(|finding| {
            vec![
                ("pass".to_owned(), Tone::Good),
                (finding.resource_id.clone(), Tone::Plain),
                (finding.region.clone(), Tone::Plain),
                (finding.rule_id.clone(), Tone::Dim),
            ]
        })
        .collect();
    titled("Passed", &table(&["VERDICT", "RESOURCE", "REGION", "RULE"], rows, layout))
}

fn errors(report: &ScanReport, layout: Layout) -> String {
    let rows: Vec<Row> = report
        .with(Outcome::Error)
        .map(|finding| {
            vec![
                (finding.rule_id.clone(), Tone::Plain),
                (finding.resource_id.clone(), Tone::Plain),
                (finding.error.clone().unwrap_or_default(), Tone::Plain),
            ]
        })
        .collect();
    titled("Rules at fault", &table(&["RULE", "RESOURCE", "WHAT IS WRONG"], rows, layout))
}

/// What is not known, by the call that got no answer: one refused call often
/// hides much.
fn unknowns(report: &ScanReport, layout: Layout) -> String {
    let mut calls: BTreeMap<(&str, ErrorClass, &str), Hides<'_>> = BTreeMap::new();
    for finding in report.with(Outcome::Unknown) {
        for gap in &finding.gaps {
            let hides = calls.entry((&gap.operation, gap.class, &gap.iam_action)).or_default();
            hides.add(finding);
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
                (advice(class, action), Tone::Plain),
            ]
        })
        .collect();
    titled("Not known", &table(&["UP TO", "WHAT", "WHY", "WHAT TO DO"], rows, layout))
}

#[derive(Default)]
struct Hides<'a> {
    worst: Option<Severity>,
    rules: std::collections::BTreeSet<&'a str>,
    resources: std::collections::BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Hides<'a> {
    fn add(&mut self, finding: &'a Finding) {
        self.worst = self.worst.max(Some(finding.severity));
        self.rules.insert(&finding.rule_id);
        self.resources.insert((&finding.resource_type, &finding.resource_arn));
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

fn titled(title: &str, table: &str) -> String {
    if table.is_empty() { String::new() } else { format!("\n{title}\n{table}") }
}

fn numbers(report: &ScanReport) -> String {
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
    let suppressed = report
        .findings
        .iter()
        .filter(|finding| finding.status == Some(FindingStatus::Suppressed))
        .count();
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

//! Annotations for GitHub Actions: workflow commands on standard output.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::report::{OutputError, ScanReport, view};
use super::scan_table::{SHORT, because};
use super::text::safe;
use crate::findings::{Finding, FindingStatus};
use crate::history::ScanStatus;
use crate::rules::{Catalogue, Outcome, Severity};
use std::io::Write;

/// One command per finding that stands, and one with the numbers. GitHub shows
/// the first ten of each level of a step: what is worst comes first, and what
/// a gate passes over is a notice.
///
/// # Errors
/// The findings cannot be read, or the commands not be written.
pub fn write(
    report: &ScanReport<'_>,
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if report.scan.status != ScanStatus::Completed {
        let title = format!("cspm {}", report.scan.meta.tenant);
        let text = format!("{}: {}", report.scan.status.as_str(), report.reason());
        out.write_all(command("error", &title, &text).as_bytes())?;
    }
    if report.is_empty_failure() {
        return Ok(());
    }
    let mut known = 0;
    for finding in report.findings.iter() {
        let finding = finding?;
        known += u64::from(
            finding.verdict == Outcome::Fail && finding.counts() && !report.heeds(&finding),
        );
        let Some(level) = level(report, &finding) else { continue };
        let text = command(level, &title(&finding), &message(report, &finding, catalogue));
        out.write_all(text.as_bytes())?;
    }
    let title = format!("cspm {}", report.scan.meta.tenant);
    Ok(out.write_all(command("notice", &title, &numbers(report, known)).as_bytes())?)
}

/// Passes and suppressed failures are no annotations.
fn level(report: &ScanReport<'_>, finding: &Finding) -> Option<&'static str> {
    match finding.verdict {
        Outcome::Fail if finding.status == Some(FindingStatus::Suppressed) => None,
        Outcome::Fail if !report.heeds(finding) => Some("notice"),
        Outcome::Fail => Some(match finding.severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        }),
        Outcome::Unknown => Some("warning"),
        Outcome::Error => Some("error"),
        Outcome::Pass | Outcome::NotApplicable => None,
    }
}

fn title(finding: &Finding) -> String {
    let what = match finding.verdict {
        Outcome::Unknown => "not known",
        Outcome::Error => "rule at fault",
        _ => finding.severity.as_str(),
    };
    format!("{what}: {}", finding.rule_id)
}

fn message(report: &ScanReport<'_>, finding: &Finding, catalogue: &Catalogue) -> String {
    let seen = view(finding, catalogue);
    let mut lines = vec![seen.title.to_owned()];
    if finding.verdict == Outcome::Fail && !report.heeds(finding) {
        lines.push("Known before; it does not count.".to_owned());
    }
    for gap in &finding.gaps {
        lines.push(format!("{}: {}", gap.operation, because(gap.class)));
    }
    lines.extend(finding.error.clone());
    if let Some(fix) = seen.remediation.filter(|_| finding.verdict == Outcome::Fail) {
        lines.push(fix.text.trim_end().to_owned());
    }
    let print: String = finding.fingerprint.chars().take(SHORT).collect();
    lines.push(format!("{}, {} (id {print})", finding.resource_arn, finding.region));
    lines.join("\n")
}

/// `known` of the failures are passed over by a gate.
fn numbers(report: &ScanReport<'_>, known: u64) -> String {
    let summary = report.summary();
    let fails: Vec<String> = Severity::WORST_FIRST
        .into_iter()
        .filter(|severity| summary.fails(*severity) > 0)
        .map(|severity| format!("{} {severity}", summary.fails(severity)))
        .collect();
    let fails = if fails.is_empty() { "none".to_owned() } else { fails.join(", ") };
    let score = summary.score.map_or("-".to_owned(), |score| format!("{score:.1} of 100"));
    let unknown = summary.verdicts(Outcome::Unknown);
    let mut text = format!("failed: {fails}; unknown: {unknown}; score: {score}");
    if report.known.is_some() {
        text.push_str(&format!("; {known} of the failures are known"));
    }
    text
}

/// A workflow command; what a stranger wrote cannot end it or begin another.
fn command(level: &str, title: &str, message: &str) -> String {
    format!("::{level} title={}::{}\n", property(title), data(message))
}

fn data(text: &str) -> String {
    safe(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_within_its_command() {
        assert_eq!(
            command("error", "high: a,b", "100 %\n::error::x\r\u{202e}"),
            "::error title=high%3A a%2Cb::100 %25%0A::error::x\\u{d}\\u{202e}\n"
        );
    }
}

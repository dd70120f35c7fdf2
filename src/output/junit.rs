//! JUnit XML: what CI systems take for test results. One suite per tenant, one
//! case per finding. There is no standard; this keeps to the schema of
//! Jenkins' xUnit plugin (`junit-10.xsd`).

use super::html::Html;
use super::report::{OutputError, ScanReport, view};
use super::scan_table::{advice, because};
use super::text::safe_line;
use crate::findings::{Finding, FindingStatus};
use crate::history::{HistoryError, ScanStatus};
use crate::rules::{Catalogue, Outcome};
use std::io::Write;

/// All scans as one document. A failure is a failure, what is not known an
/// error (never a test that was passed over), a suppressed failure is skipped.
///
/// # Errors
/// The findings cannot be read, or the document not be written.
pub fn write(
    reports: &[ScanReport<'_>],
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let suites: Vec<Suite<'_>> = reports.iter().map(Suite::new).collect::<Result<_, _>>()?;
    let sum = |count: fn(&Suite<'_>) -> usize| suites.iter().map(count).sum::<usize>() as u64;
    let mut xml = Html::default();
    xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cspm\" tests=\"")
        .number(sum(|it| it.tests))
        .raw("\" failures=\"")
        .number(sum(|it| it.failures))
        .raw("\" errors=\"")
        .number(sum(|it| it.errors))
        .raw("\">\n");
    flush(&mut xml, out)?;
    for suite in &suites {
        write_suite(suite, catalogue, out)?;
    }
    xml.raw("</testsuites>\n");
    flush(&mut xml, out)
}

/// Writes what there is so far.
fn flush(xml: &mut Html, out: &mut dyn Write) -> Result<(), OutputError> {
    Ok(out.write_all(characters(std::mem::take(xml).finish()).as_bytes())?)
}

struct Suite<'a> {
    report: &'a ScanReport<'a>,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// What became of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Passed,
    Failure,
    Error,
    Skipped,
}

fn case(finding: &Finding) -> Case {
    match finding.verdict {
        Outcome::Fail if finding.status == Some(FindingStatus::Suppressed) => Case::Skipped,
        Outcome::Fail => Case::Failure,
        Outcome::Unknown | Outcome::Error => Case::Error,
        Outcome::Pass | Outcome::NotApplicable => Case::Passed,
    }
}

impl<'a> Suite<'a> {
    fn new(report: &'a ScanReport<'a>) -> Result<Self, HistoryError> {
        let broken = usize::from(report.scan.status != ScanStatus::Completed);
        let tests = report.findings.len() + broken;
        let mut suite = Self { report, tests, failures: 0, errors: broken, skipped: 0 };
        for finding in report.findings.iter() {
            match case(&finding?) {
                Case::Passed => {}
                Case::Failure => suite.failures += 1,
                Case::Error => suite.errors += 1,
                Case::Skipped => suite.skipped += 1,
            }
        }
        Ok(suite)
    }
}

fn write_suite(
    suite: &Suite<'_>,
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let mut document = Html::default();
    let xml = &mut document;
    let scan = &suite.report.scan;
    attribute(xml, "<testsuite name=\"", &scan.meta.tenant);
    xml.raw(" tests=\"").number(suite.tests as u64);
    xml.raw("\" failures=\"").number(suite.failures as u64);
    xml.raw("\" errors=\"").number(suite.errors as u64);
    xml.raw("\" skipped=\"").number(suite.skipped as u64).raw("\"");
    attribute(xml, " timestamp=\"", &scan.meta.started_at.strftime("%FT%T").to_string());
    xml.raw(">\n  <properties>\n");
    let score = suite.report.summary().score;
    for (name, value) in [
        ("account_id", scan.meta.account_id.clone()),
        ("scan", scan.meta.id.to_string()),
        ("rules_digest", scan.meta.rules_digest.clone()),
        ("version", scan.meta.version.clone()),
        ("score", score.map_or("-".to_owned(), |score| format!("{score:.1}"))),
    ] {
        attribute(xml, "    <property name=\"", name);
        attribute(xml, " value=\"", &value);
        xml.raw("/>\n");
    }
    xml.raw("  </properties>\n");
    if scan.status != ScanStatus::Completed {
        attribute(xml, "  <testcase classname=\"cspm\" name=\"", "the scan comes to its end");
        attribute(xml, "><error type=\"", scan.status.as_str());
        attribute(xml, " message=\"", suite.report.reason());
        xml.raw("/></testcase>\n");
    }
    for finding in suite.report.findings.iter() {
        write_case(xml, &finding?, catalogue);
        flush(xml, out)?;
    }
    xml.raw("</testsuite>\n");
    flush(xml, out)
}

fn write_case(xml: &mut Html, finding: &Finding, catalogue: &Catalogue) {
    let seen = view(finding, catalogue);
    let part = finding.key.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
    // CI systems follow a case over time by class and name: no wording in it.
    let name = format!("{}{part} ({})", finding.resource_arn, finding.region);
    attribute(xml, "  <testcase classname=\"", seen.rule_id);
    attribute(xml, " name=\"", &name);
    let element = match case(finding) {
        Case::Passed => {
            xml.raw("/>\n");
            return;
        }
        Case::Failure => "failure",
        Case::Error => "error",
        Case::Skipped => "skipped",
    };
    let kind = match finding.verdict {
        Outcome::Fail => finding.severity.in_capitals(),
        verdict => verdict.as_str(),
    };
    xml.raw(">\n    <").raw(element);
    attribute(xml, " type=\"", kind);
    attribute(xml, " message=\"", seen.title);
    xml.raw(">");
    xml.text(&details(finding, seen.remediation.as_ref().map(|fix| fix.text.as_str())));
    xml.raw("</").raw(element).raw(">\n  </testcase>\n");
}

fn details(finding: &Finding, fix: Option<&str>) -> String {
    let mut lines = vec![format!("severity: {}", finding.severity)];
    for gap in &finding.gaps {
        let (why, what) = (because(gap.class), advice(gap.class, &gap.iam_action));
        lines.push(format!("{}: {why}; {what}", gap.operation));
    }
    lines.extend(finding.error.as_ref().map(|error| format!("the rule is at fault: {error}")));
    if finding.status == Some(FindingStatus::Suppressed) {
        lines.push("suppressed".to_owned());
    }
    if let Some(fix) = fix.filter(|_| finding.verdict == Outcome::Fail) {
        lines.push(format!("fix: {}", fix.trim_end()));
    }
    lines.push(format!("id: {}", finding.fingerprint));
    lines.join("\n")
}

/// An attribute with what stands before its value.
fn attribute(xml: &mut Html, before: &'static str, value: &str) {
    xml.raw(before).text(&safe_line(value)).raw("\"");
}

/// XML 1.0 has no place for two characters that are no control characters.
fn characters(text: String) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

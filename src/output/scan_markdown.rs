//! A scan and lists of findings for documents and pull requests.

use super::joined::Joined;
use super::markdown::{self, code, escaped, table};
use super::report::{OutputError, ScanReport, view};
use super::scan_table::{SHORT, advice, because};
use super::text::count;
use crate::findings::{Finding, FindingStatus};
use crate::history::{HistoryError, ScanStatus};
use crate::rules::{Catalogue, Outcome, Severity};
use std::io::Write;

/// The report of one scan.
///
/// # Errors
/// Its findings cannot be read, or it cannot be written.
pub fn write(
    report: &ScanReport<'_>,
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let meta = &report.scan.meta;
    if report.is_empty_failure() {
        let text = format!(
            "# Scan of {}\n\nAccount {} **could not be scanned**: {}\n",
            escaped(&meta.tenant),
            meta.account_id,
            escaped(report.reason()),
        );
        return Ok(out.write_all(text.as_bytes())?);
    }
    let mut text = format!(
        "# Scan of {}\n\nAccount {}, {}, {}, read at {} by cspm {}.\n",
        escaped(&meta.tenant),
        meta.account_id,
        count(meta.scope.regions.len() as u64, "region"),
        count(report.scan.rules, "rule"),
        meta.observed_at.strftime("%F %H:%M UTC"),
        escaped(&meta.version),
    );
    if report.scan.status != ScanStatus::Completed {
        let status = report.scan.status.as_str();
        text.push_str(&format!("\n**{status}**: {}\n", escaped(report.reason())));
    }
    let summary = report.summary();
    let rows = Severity::WORST_FIRST
        .into_iter()
        .map(|severity| vec![severity.to_string(), summary.fails(severity).to_string()]);
    text.push_str(&format!("\n{}", table(&["Failed", "Number"], rows)));
    let rows = Outcome::ALL.into_iter().map(|outcome| {
        vec![outcome.as_str().replace('_', " "), summary.verdicts(outcome).to_string()]
    });
    text.push_str(&format!("\n{}", table(&["Verdict", "Number"], rows)));
    if let Some(score) = summary.score {
        let coverage = summary.coverage.map_or("-".to_owned(), |share| format!("{share:.0} %"));
        text.push_str(&format!("\nScore: {score:.1} of 100 (decided: {coverage})\n"));
    }
    out.write_all(text.as_bytes())?;
    type Belongs = fn(&Finding) -> bool;
    let sections: [(&str, Belongs); 5] = [
        ("Failed", |it| it.verdict == Outcome::Fail && !is_suppressed(it)),
        ("Suppressed", |it| it.verdict == Outcome::Fail && is_suppressed(it)),
        ("Not known", |it| it.verdict == Outcome::Unknown),
        ("Rules at fault", |it| it.verdict == Outcome::Error),
        ("Passed", |it| it.verdict == Outcome::Pass),
    ];
    for (number, (title, of_section)) in sections.into_iter().enumerate() {
        let listed = report.findings.iter();
        let listed = listed.filter(|it| it.as_ref().map_or(true, of_section));
        let written = section(title, listed, catalogue, out)?;
        if number == 0 && written == 0 {
            out.write_all(b"\nNothing failed.\n")?;
        }
    }
    Ok(())
}

/// A list of findings.
///
/// # Errors
/// They cannot be read, or not be written.
pub fn list(
    findings: &Joined<'_>,
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    out.write_all(format!("# {}\n", count(findings.len() as u64, "finding")).as_bytes())?;
    if findings.is_empty() {
        return Ok(());
    }
    let why = findings.has(Outcome::Unknown) || findings.has(Outcome::Error);
    let columns = Columns { standing: true, why };
    out.write_all(format!("\n{}", markdown::head(&columns.head())).as_bytes())?;
    for finding in findings.iter() {
        out.write_all(markdown::row(&columns.cells(&finding?, catalogue)).as_bytes())?;
    }
    Ok(())
}

/// Writes findings under a title; says how many they were.
fn section(
    title: &str,
    findings: impl Iterator<Item = Result<Finding, HistoryError>>,
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<usize, OutputError> {
    // All findings of a section have one verdict, hence the same columns.
    let mut number = 0;
    for finding in findings {
        let finding = finding?;
        let columns = Columns { standing: false, why: has_reasons(&finding) };
        if number == 0 {
            let head = markdown::head(&columns.head());
            out.write_all(format!("\n## {title}\n\n{head}").as_bytes())?;
        }
        out.write_all(markdown::row(&columns.cells(&finding, catalogue)).as_bytes())?;
        number += 1;
    }
    Ok(number)
}

fn is_suppressed(finding: &Finding) -> bool {
    finding.status == Some(FindingStatus::Suppressed)
}

fn has_reasons(finding: &Finding) -> bool {
    matches!(finding.verdict, Outcome::Unknown | Outcome::Error)
}

/// Which columns a table of findings has.
#[derive(Clone, Copy)]
struct Columns {
    /// Where each finding stands.
    standing: bool,
    /// Why it is not known.
    why: bool,
}

impl Columns {
    fn head(self) -> Vec<&'static str> {
        let mut head = vec!["Severity", "Finding", "Resource", "Region", "Rule"];
        if self.standing {
            head.extend(["Tenant", "Status"]);
        }
        if self.why {
            head.push("Why it is not known");
        }
        head.push("Id");
        head
    }

    fn cells(self, finding: &Finding, catalogue: &Catalogue) -> Vec<String> {
        let seen = view(finding, catalogue);
        let mut cells = vec![
            finding.severity.to_string(),
            escaped(seen.title),
            code(&finding.resource_id),
            escaped(&finding.region),
            escaped(seen.rule_id),
        ];
        if self.standing {
            let status = finding.status.map_or("", |status| status.as_str()).replace('_', " ");
            let verdict = finding.verdict.as_str();
            let fails = finding.verdict == Outcome::Fail;
            cells.push(escaped(&finding.tenant));
            cells.push(if fails { status } else { format!("{status}, {verdict}") });
        }
        if self.why {
            cells.push(reasons(finding));
        }
        cells.push(code(&finding.fingerprint.chars().take(SHORT).collect::<String>()));
        cells
    }
}

fn reasons(finding: &Finding) -> String {
    let gaps = finding.gaps.iter().map(|gap| {
        let (why, what) = (because(gap.class), advice(gap.class, &gap.iam_action));
        format!("{}: {why}; {}", code(&gap.operation), escaped(&what))
    });
    gaps.chain(finding.error.as_deref().map(escaped)).collect::<Vec<_>>().join("<br>")
}

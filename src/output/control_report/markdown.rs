//! A framework's report for documents and pull requests.

use super::scope::{looked_at, not_looked_at};
use super::table::disclaimer;
use super::{ControlReport, Part, call, counted, is_suppressed, reasons, title};
use crate::compliance::{Framework, Joined};
use crate::output::markdown::{code, escaped, head, row, table};
use crate::output::report::OutputError;
use crate::output::scan_table::SHORT;
use crate::rules::Outcome;
use std::io::Write;

/// The report.
///
/// # Errors
/// The findings cannot be read, or it cannot be written.
pub fn write(report: &ControlReport<'_>, out: &mut dyn Write) -> Result<(), OutputError> {
    let framework = report.framework;
    let mut text = format!("# {}\n", escaped(&framework.full_name()));
    if let Some(joined) = &report.joined {
        text.push_str(&all(framework, joined, report.parts.len()));
    }
    out.write_all(text.as_bytes())?;
    for part in &report.parts {
        out.write_all(account(framework, part).as_bytes())?;
        for (title, outcome) in [
            ("What failed", Outcome::Fail),
            ("What is not known", Outcome::Unknown),
            ("Rules at fault", Outcome::Error),
        ] {
            findings(part, title, outcome, out)?;
        }
    }
    let text = format!(
        "\n---\n\n{} List of controls as of {}: {}.\n",
        disclaimer(framework),
        framework.date,
        escaped(&framework.source)
    );
    Ok(out.write_all(text.as_bytes())?)
}

fn all(framework: &Framework, joined: &Joined<'_>, accounts: usize) -> String {
    let mut text = format!("\n## All {accounts} accounts, {}\n\n", framework.extent());
    if let Some(summary) = &joined.summary {
        let words = counted(&summary.by_status, framework.kind);
        text.push_str(&format!("{} controls: {words}.\n\n", summary.controls));
    }
    let rows = joined.controls.iter().map(|it| {
        vec![
            escaped(&it.control.id),
            escaped(&it.control.title),
            it.status.wording(framework.kind, it.checks),
            it.judged.to_string(),
            it.failed.to_string(),
            it.unknown.to_string(),
        ]
    });
    text.push_str(&table(&["Control", "Asks for", "Status", "Judged", "Failed", "Unknown"], rows));
    text
}

fn account(framework: &Framework, part: &Part<'_>) -> String {
    let meta = &part.evidence.scan.meta;
    let mut text = format!("\n## {}\n\n### Scope\n\n", escaped(&meta.tenant));
    let scope = looked_at(part.evidence).into_iter().chain(not_looked_at(part.evidence));
    let rows = scope.map(|(name, value)| vec![name.to_owned(), escaped(&value)]);
    text.push_str(&table(&["What", "Which"], rows));
    text.push_str(&format!("\n### Controls: {}\n\n", framework.extent()));
    if let Some(summary) = &part.assessment.summary {
        let words = counted(&summary.by_status, framework.kind);
        text.push_str(&format!("{} controls: {words}.\n\n", summary.controls));
    }
    let rows = part.assessment.controls.iter().map(|it| {
        let why: Vec<String> = reasons(it).iter().map(|line| escaped(line)).collect();
        vec![
            escaped(&it.control.id),
            escaped(&it.control.title),
            it.wording(framework.kind),
            it.judged.to_string(),
            it.failed.to_string(),
            it.unknown.to_string(),
            why.join("<br>"),
        ]
    });
    let head = ["Control", "Asks for", "Status", "Judged", "Failed", "Unknown", "Why"];
    text.push_str(&table(&head, rows));
    text
}

fn findings(
    part: &Part<'_>,
    chapter: &str,
    outcome: Outcome,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    for (number, found) in part.findings(outcome).enumerate() {
        let (rule, finding) = found?;
        if number == 0 {
            const HEAD: [&str; 7] =
                ["Severity", "Finding", "Resource", "Region", "Controls", "Note", "Id"];
            write!(out, "\n### {chapter}\n\n{}", head(&HEAD))?;
        }
        let mut why: Vec<String> = finding.gaps.iter().map(|gap| escaped(&call(gap))).collect();
        if is_suppressed(&finding) {
            why.push("suppressed".to_owned());
        }
        let cells = [
            finding.severity.to_string(),
            escaped(title(&finding)),
            code(&finding.resource_id),
            escaped(&finding.region),
            escaped(&rule.controls.join(", ")),
            why.join("<br>"),
            code(&finding.fingerprint.chars().take(SHORT).collect::<String>()),
        ];
        out.write_all(row(&cells).as_bytes())?;
    }
    Ok(())
}

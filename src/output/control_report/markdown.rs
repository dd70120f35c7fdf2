//! A framework's report for documents and pull requests.

use super::scope::{looked_at, not_looked_at};
use super::table::disclaimer;
use super::{ControlReport, Part, call, counted, reasons};
use crate::compliance::{Framework, Joined};
use crate::output::markdown::{code, escaped, table};
use crate::output::scan_table::SHORT;
use crate::rules::Outcome;

/// The report.
pub fn report(report: &ControlReport<'_>) -> String {
    let framework = report.framework;
    let mut text = format!("# {}\n", escaped(&framework.full_name()));
    if let Some(joined) = &report.joined {
        text.push_str(&all(framework, joined, report.parts.len()));
    }
    for part in &report.parts {
        text.push_str(&account(framework, part));
    }
    text.push_str(&format!(
        "\n---\n\n{} List of controls as of {}: {}.\n",
        disclaimer(framework),
        framework.date,
        escaped(&framework.source)
    ));
    text
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
    for (title, outcome) in [
        ("What failed", Outcome::Fail),
        ("What is not known", Outcome::Unknown),
        ("Rules at fault", Outcome::Error),
    ] {
        text.push_str(&findings(part, title, outcome));
    }
    text
}

fn findings(part: &Part<'_>, title: &str, outcome: Outcome) -> String {
    let rows = part.findings(outcome).into_iter().map(|(rule, finding)| {
        let mut why: Vec<String> = finding.gaps.iter().map(|gap| escaped(&call(gap))).collect();
        if finding.suppressed {
            why.push("suppressed".to_owned());
        }
        vec![
            finding.severity.to_string(),
            escaped(finding.title),
            code(finding.resource),
            escaped(finding.region),
            escaped(&rule.controls.join(", ")),
            why.join("<br>"),
            code(&finding.fingerprint.chars().take(SHORT).collect::<String>()),
        ]
    });
    let head = ["Severity", "Finding", "Resource", "Region", "Controls", "Note", "Id"];
    let table = table(&head, rows);
    if table.is_empty() { table } else { format!("\n### {title}\n\n{table}") }
}

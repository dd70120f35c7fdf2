//! A framework's report for terminals.

use super::scope::{looked_at, not_looked_at};
use super::{ControlReport, Part, counted, is_suppressed, title, unknown_because};
use crate::compliance::{Framework, Joined, Status};
use crate::output::Layout;
use crate::output::report::OutputError;
use crate::output::scan_table::SHORT;
use crate::output::table::{Row, Tone, table, write_rows};
use crate::output::text::{safe_line, wrapped};
use crate::rules::Outcome;
use std::io::Write;

/// The report.
///
/// # Errors
/// The findings cannot be read, or it cannot be written.
pub fn write(
    report: &ControlReport<'_>,
    layout: Layout,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if let Some(joined) = &report.joined {
        out.write_all(all(report, joined, layout).as_bytes())?;
    }
    for (number, part) in report.parts.iter().enumerate() {
        if number > 0 || report.joined.is_some() {
            out.write_all(b"\n")?;
        }
        account(report.framework, part, layout, out)?;
    }
    Ok(())
}

/// The sentence under every report's numbers.
pub fn disclaimer(framework: &Framework) -> &'static str {
    match framework.kind {
        crate::compliance::Kind::Benchmark => {
            "Controls without an automated check need a person; so does the decision what applies."
        }
        crate::compliance::Kind::ManagementSystem => {
            "This standard asks an organization for more than a tool can see. The checks are \
             evidence for a person, never proof that a control is met."
        }
    }
}

fn all(report: &ControlReport<'_>, joined: &Joined<'_>, layout: Layout) -> String {
    let framework = report.framework;
    let mut text = format!(
        "{}: {} of {} accounts\n\n",
        framework.full_name(),
        framework.extent(),
        report.parts.len()
    );
    let rows = joined
        .controls
        .iter()
        .filter(|it| it.status != Status::NoCheck)
        .map(|it| {
            vec![
                (it.control.id.clone(), Tone::Plain),
                (it.status.wording(framework.kind, it.checks), tone(it.status)),
                (it.judged.to_string(), Tone::Plain),
                (it.failed.to_string(), Tone::Plain),
                (it.unknown.to_string(), Tone::Plain),
                (it.control.title.clone(), Tone::Plain),
            ]
        })
        .collect();
    text.push_str(&table(&HEAD, rows, layout));
    if let Some(summary) = &joined.summary {
        let words = counted(&summary.by_status, framework.kind);
        text.push_str(&format!("\n{} controls: {words}\n", summary.controls));
    }
    text
}

const HEAD: [&str; 6] = ["CONTROL", "STATUS", "JUDGED", "FAILED", "UNKNOWN", "ASKS FOR"];

fn account(
    framework: &Framework,
    part: &Part<'_>,
    layout: Layout,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let meta = &part.evidence.scan.meta;
    let mut text = format!(
        "{}: {} of {}\n\n",
        framework.full_name(),
        framework.extent(),
        safe_line(&meta.tenant)
    );
    for (name, value) in looked_at(part.evidence).into_iter().chain(not_looked_at(part.evidence)) {
        let value = wrapped(&safe_line(&value), layout.columns, INDENT);
        text.push_str(&format!("{name:<20}{}", value.trim_start()));
    }
    text.push('\n');
    text.push_str(&controls(framework, part, layout));
    out.write_all(text.as_bytes())?;
    failed(part, layout, out)?;
    out.write_all(unknown(part, layout).as_bytes())?;
    faults(part, layout, out)?;
    let mut text = left_out(part, layout);
    text.push('\n');
    if let Some(summary) = &part.assessment.summary {
        let words = counted(&summary.by_status, framework.kind);
        let words = format!("{} controls: {words}", summary.controls);
        text.push_str(&wrapped(&words, layout.columns, ""));
    }
    let verdicts = part.verdicts();
    text.push_str(&format!(
        "verdicts of these rules: {} pass, {} fail, {} unknown\n",
        verdicts.pass,
        verdicts.fail,
        verdicts.unknown + verdicts.error
    ));
    text.push_str(&wrapped(disclaimer(framework), layout.columns, ""));
    text.push_str(&wrapped(
        &format!("List of controls as of {}: {}.", framework.date, framework.source),
        layout.columns,
        "",
    ));
    Ok(out.write_all(text.as_bytes())?)
}

const INDENT: &str = "                    ";

/// Every control, under its section.
fn controls(framework: &Framework, part: &Part<'_>, layout: Layout) -> String {
    let mut rows: Vec<Row> = Vec::new();
    for section in &framework.sections {
        let own = part.assessment.controls.iter().filter(|it| it.control.section == section.id);
        let mut blank: Row = vec![(section.id.clone(), Tone::Dim)];
        blank.extend((0..4).map(|_| (String::new(), Tone::Dim)));
        blank.push((section.title.to_uppercase(), Tone::Dim));
        rows.push(blank);
        for it in own {
            let number = |number: u64| match it.status {
                Status::NoCheck => (String::new(), Tone::Plain),
                _ => (number.to_string(), Tone::Plain),
            };
            rows.push(vec![
                (it.control.id.clone(), Tone::Plain),
                (it.wording(framework.kind), tone(it.status)),
                number(it.judged),
                number(it.failed),
                number(it.unknown),
                (it.control.title.clone(), Tone::Plain),
            ]);
        }
    }
    table(&HEAD, rows, layout)
}

fn failed(part: &Part<'_>, layout: Layout, out: &mut dyn Write) -> Result<(), OutputError> {
    let rows = part.findings(Outcome::Fail).map(|found| {
        let (rule, finding) = found?;
        let mut controls = rule.controls.join(", ");
        if is_suppressed(&finding) {
            controls.push_str(" (suppressed)");
        }
        Ok(vec![
            (finding.severity.to_string(), Tone::Severity(finding.severity)),
            (title(&finding).to_owned(), Tone::Plain),
            (finding.region, Tone::Plain),
            (controls, Tone::Plain),
            (finding.fingerprint.chars().take(SHORT).collect(), Tone::Dim),
        ])
    });
    let head = ["SEVERITY", "FINDING", "REGION", "CONTROLS", "ID"];
    write_rows("\nWhat failed\n", &head, rows, layout, out)?;
    Ok(())
}

fn unknown(part: &Part<'_>, layout: Layout) -> String {
    let rows = part
        .rules()
        .into_iter()
        .filter(|rule| rule.facts.total().unknown > 0)
        .map(|rule| {
            vec![
                (rule.facts.id.to_owned(), Tone::Plain),
                (rule.facts.total().unknown.to_string(), Tone::Unknown),
                (unknown_because(rule.facts).join("; "), Tone::Plain),
                (rule.controls.join(", "), Tone::Plain),
            ]
        })
        .collect();
    titled("What is not known", &["RULE", "UNKNOWN", "WHY", "CONTROLS"], rows, layout)
}

fn faults(part: &Part<'_>, layout: Layout, out: &mut dyn Write) -> Result<(), OutputError> {
    let rows = part.findings(Outcome::Error).map(|found| {
        let (rule, finding) = found?;
        Ok(vec![
            (rule.facts.id.to_owned(), Tone::Plain),
            (finding.resource_id.clone(), Tone::Plain),
            (title(&finding).to_owned(), Tone::Plain),
            (rule.controls.join(", "), Tone::Plain),
        ])
    });
    let head = ["RULE", "RESOURCE", "WHAT IS WRONG", "CONTROLS"];
    write_rows("\nRules at fault\n", &head, rows, layout, out)?;
    Ok(())
}

fn left_out(part: &Part<'_>, layout: Layout) -> String {
    let rows = part
        .left_out_by_reason()
        .into_iter()
        .map(|it| {
            vec![
                (it.why, Tone::Plain),
                (it.rules.join(", "), Tone::Plain),
                (it.controls.join(", "), Tone::Plain),
            ]
        })
        .collect();
    titled("What was left out", &["WHY", "RULES", "CONTROLS"], rows, layout)
}

fn titled(title: &str, head: &[&str], rows: Vec<Row>, layout: Layout) -> String {
    let table = table(head, rows, layout);
    if table.is_empty() { String::new() } else { format!("\n{title}\n{table}") }
}

fn tone(status: Status) -> Tone {
    match status {
        Status::Met => Tone::Good,
        Status::NotMet => Tone::Severity(crate::rules::Severity::High),
        Status::NotAssessed | Status::Partly => Tone::Unknown,
        Status::NotApplicable | Status::NoCheck => Tone::Dim,
    }
}

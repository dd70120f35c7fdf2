//! One account's part: what was looked at, what was not, what is wrong.

use super::chart::{bar, legend, trend};
use super::controls::controls;
use super::{account_name, anchor};
use crate::compliance::Framework;
use crate::findings::Finding;
use crate::output::control_report::scope::{looked_at, minute, not_looked_at};
use crate::output::control_report::{Part, RuleUse, is_suppressed, title};
use crate::output::html::Html;
use crate::output::report::OutputError;
use crate::output::scan_table::{SHORT, advice, because};
use crate::output::text::count;
use crate::rules::{Outcome, Severity};
use std::io::Write;

/// The chapters of an account, with the names of their places.
const PLACES: [(&str, &str); 6] = [
    ("looked", "What was looked at"),
    ("not-looked", "What was not looked at, or differently"),
    ("wrong", "What is wrong"),
    ("unknown", "What is not known"),
    ("controls", "Control by control"),
    ("trend", "Trend"),
];

/// Writes the part. What is a list of findings is written row by row.
pub(super) fn account(
    html: &mut Html,
    framework: &Framework,
    part: &Part<'_>,
    number: u64,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    html.raw("<article id=\"a").number(number).raw("\">\n<h1>").text(&framework.full_name());
    html.raw("</h1>\n<p class=\"soft\">");
    account_name(html, part);
    html.raw(", read ").text(&minute(part.evidence.scan.meta.observed_at)).raw("</p>\n");
    contents(html, number);
    html.raw("<h2>In short</h2>\n");
    in_short(html, framework, part);
    for (place, title) in PLACES {
        html.raw("<h2 id=\"");
        anchor(html, number, place);
        html.raw("\">").raw(title).raw("</h2>\n");
        match place {
            "looked" => pairs(html, looked_at(part.evidence)),
            "not-looked" => {
                pairs(html, not_looked_at(part.evidence));
                left_out(html, part);
            }
            "wrong" => failed(html, part, number, out)?,
            "unknown" => {
                unknown(html, part, number, out)?;
                faults(html, part, number, out)?;
            }
            "controls" => {
                html.raw("<p class=\"soft\">The list has ").raw(framework.extent());
                html.raw(" of the standard.</p>\n");
                controls(html, framework, part, number);
            }
            _ => history(html, framework, part),
        }
    }
    html.raw("</article>\n");
    Ok(html.send(out)?)
}

fn contents(html: &mut Html, account: u64) {
    html.raw("<nav><ul>");
    for (place, title) in PLACES {
        html.raw("<li><a href=\"#");
        anchor(html, account, place);
        html.raw("\">").raw(title).raw("</a></li>");
    }
    html.raw("</ul></nav>\n");
}

fn history(html: &mut Html, framework: &Framework, part: &Part<'_>) {
    if part.trend.len() > 1 {
        html.raw("<p class=\"soft\">The scans of this account, oldest first. Controls without ");
        html.raw("a check are not drawn. A scan that looked at less also knows less.</p>\n");
        trend(html, &part.trend, framework.kind);
    } else {
        html.raw("<p>This is the first scan of this account: there is nothing to compare it ");
        html.raw("with yet.</p>\n");
    }
}

fn in_short(html: &mut Html, framework: &Framework, part: &Part<'_>) {
    if let Some(summary) = &part.assessment.summary {
        html.raw("<p class=\"lead\">Of ").number(summary.controls).raw(" controls, ");
        html.number(summary.with_check).raw(" have an automated check.");
        let others = summary.controls > summary.with_check;
        html.raw(if others { " The others need a person.</p>\n" } else { "</p>\n" });
        bar(html, &summary.by_status, framework.kind, true);
        legend(html, &summary.by_status, framework.kind);
    } else {
        html.raw("<p class=\"lead\">These are selected controls, not the whole standard: ");
        html.raw("there are no totals.</p>\n");
    }
    let rules = part.rules();
    let found = || rules.iter().map(|rule| &rule.facts.found);
    let fails: u64 = found().map(|it| it.failed.number).sum();
    let verdicts = part.verdicts();
    html.raw("<p class=\"lead\">");
    if fails == 0 {
        html.raw("No check failed. ");
    } else {
        html.text(&count(fails, "problem")).raw(": ");
        let of = |severity| found().filter_map(|it| it.severities.get(&severity)).sum::<u64>();
        let worst_first = Severity::WORST_FIRST.into_iter();
        let numbers: Vec<String> = worst_first
            .map(|it| (it, of(it)))
            .filter(|(_, number)| *number > 0)
            .map(|(severity, number)| format!("{number} {severity}"))
            .collect();
        html.text(&numbers.join(", "));
        let suppressed: u64 = found().map(|it| it.suppressed).sum();
        if suppressed > 0 {
            html.raw(" (").number(suppressed).raw(" suppressed)");
        }
        html.raw(". ");
    }
    html.number(verdicts.pass).raw(" verdicts passed, ").number(verdicts.unknown + verdicts.error);
    html.raw(" could not be given.</p>\n");
    for (name, value) in not_looked_at(part.evidence) {
        if matches!(name, "Unfinished" | "Newer scan") {
            html.raw("<p class=\"warn\"><strong>").raw(name).raw("</strong>: ").name(&value);
            html.raw("</p>\n");
        }
    }
    let left_out = part.left_out().len() as u64;
    if left_out > 0 {
        html.raw("<p class=\"warn\"><strong>").text(&count(left_out, "check"));
        html.raw("</strong> of this standard did not judge all that there is; what that leaves ");
        html.raw("open counts as not assessed.</p>\n");
    }
}

fn pairs(html: &mut Html, pairs: Vec<(&'static str, String)>) {
    html.raw("<table class=\"scope\"><tbody>\n");
    for (name, value) in pairs {
        html.raw("<tr><th scope=\"row\">").raw(name).raw("</th>").cell(&value).raw("</tr>\n");
    }
    html.end_table();
}

fn left_out(html: &mut Html, part: &Part<'_>) {
    let reasons = part.left_out_by_reason();
    if reasons.is_empty() {
        return;
    }
    html.raw("<h3>Checks of this standard that did not judge all that there is</h3>\n");
    html.table("", &["Why", "Checks", "Controls"]);
    for it in reasons {
        html.raw("<tr>").cell(&it.why).raw("<td>");
        for (number, rule) in it.rules.iter().enumerate() {
            html.raw(if number > 0 { ", " } else { "" }).raw("<code>").text(rule).raw("</code>");
        }
        html.raw("</td>").cell(&it.controls.join(", ")).raw("</tr>\n");
    }
    html.end_table();
}

fn failed(
    html: &mut Html,
    part: &Part<'_>,
    account: u64,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if !any(part, Outcome::Fail) {
        html.raw("<p>No check of this standard failed on what was looked at.</p>\n");
        return Ok(());
    }
    html.table("", &["Severity", "Problem", "Region", "Controls", "Id"]);
    for found in part.findings(Outcome::Fail) {
        let (rule, finding) = found?;
        begin(html, account, &finding);
        html.raw("<span class=\"").raw(finding.severity.as_str()).raw("\">");
        html.raw(finding.severity.as_str()).raw("</span></td><td>").name(title(&finding));
        if is_suppressed(&finding) {
            html.raw(" <span class=\"soft\">(suppressed: an accepted risk)</span>");
        }
        end(html, &rule, &finding);
        html.send(out)?;
    }
    html.end_table();
    Ok(())
}

fn unknown(
    html: &mut Html,
    part: &Part<'_>,
    account: u64,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if !any(part, Outcome::Unknown) {
        html.raw("<p>Every call that the checks of this standard need was answered.</p>\n");
        return Ok(());
    }
    html.raw("<p class=\"soft\">These calls got no answer. ");
    html.raw("What they hide is neither a pass nor a fail.</p>\n");
    html.table("", &["Up to", "What", "Why, and what to do", "Region", "Controls", "Id"]);
    for found in part.findings(Outcome::Unknown) {
        let (rule, finding) = found?;
        begin(html, account, &finding);
        html.raw(finding.severity.as_str()).raw("</td><td>").name(title(&finding));
        html.raw("</td><td>");
        for gap in &finding.gaps {
            html.raw("<div><code>").text(&gap.operation).raw("</code>: ");
            html.raw(because(gap.class)).raw("; ").text(&advice(gap.class, &gap.iam_action));
            html.raw("</div>");
        }
        end(html, &rule, &finding);
        html.send(out)?;
    }
    html.end_table();
    Ok(())
}

fn faults(
    html: &mut Html,
    part: &Part<'_>,
    account: u64,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    if !any(part, Outcome::Error) {
        return Ok(());
    }
    html.raw("<h3>Checks that are at fault</h3>\n");
    html.table("", &["Check", "What is wrong with it", "Region", "Controls", "Id"]);
    for found in part.findings(Outcome::Error) {
        let (rule, finding) = found?;
        begin(html, account, &finding);
        html.raw("<code>").text(rule.facts.id).raw("</code></td><td>").name(title(&finding));
        end(html, &rule, &finding);
        html.send(out)?;
    }
    html.end_table();
    Ok(())
}

/// Whether a rule of the framework has a finding with this outcome.
fn any(part: &Part<'_>, outcome: Outcome) -> bool {
    part.rules().iter().any(|rule| rule.facts.found.of(outcome) > 0)
}

/// The beginning of a finding's row, within its first cell.
fn begin(html: &mut Html, account: u64, finding: &Finding) {
    html.raw("<tr id=\"");
    anchor(html, account, &finding.fingerprint);
    html.raw("\"><td>");
}

/// The end of a finding's row, from within the cell before the region.
fn end(html: &mut Html, rule: &RuleUse<'_>, finding: &Finding) {
    html.raw("</td><td class=\"keep\">").name(&finding.region).raw("</td>");
    html.cell(&rule.controls.join(", ")).raw("<td class=\"keep\"><code>");
    html.text(&finding.fingerprint.chars().take(SHORT).collect::<String>());
    html.raw("</code></td></tr>\n");
}

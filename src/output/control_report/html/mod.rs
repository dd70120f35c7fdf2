//! A framework's report for auditors: one HTML file, no script, no network.

mod account;
mod chart;
mod controls;

use super::{ControlReport, Part};
use crate::compliance::{Framework, Joined, Kind, Status};
use crate::output::html::Html;
use crate::output::report::OutputError;
use chart::{bar, legend};
use std::io::Write;

/// The one style sheet.
const STYLE: &str = include_str!("report.css");

/// What the browser compares with the style sheet: base64 of its SHA-256.
/// Nothing else may style or run.
const STYLE_HASH: &str = "LK2oNIjL9xAUHoVKYHF7BUwVND9OVEWZQwa6gmJoQeI=";

/// The order of bars and legends.
const WORST_FIRST: [Status; 6] = [
    Status::NotMet,
    Status::NotAssessed,
    Status::Partly,
    Status::Met,
    Status::NotApplicable,
    Status::NoCheck,
];

/// The report.
///
/// # Errors
/// The findings cannot be read, or it cannot be written.
pub fn write(report: &ControlReport<'_>, out: &mut dyn Write) -> Result<(), OutputError> {
    let framework = report.framework;
    let mut html = Html::default();
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    html.raw("style-src 'sha256-")
        .raw(STYLE_HASH)
        .raw("'; base-uri 'none'; form-action 'none'\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html.text(&framework.full_name());
    for part in report.parts.iter().take(1).filter(|_| report.joined.is_none()) {
        html.raw(": ").text(&part.evidence.scan.meta.tenant);
    }
    html.raw("</title>\n<style>").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    if let Some(joined) = &report.joined {
        all(&mut html, report, joined);
    }
    for (number, part) in (1..).zip(&report.parts) {
        account::account(&mut html, framework, part, number, out)?;
    }
    how_to_read(&mut html, framework);
    html.raw("</body>\n</html>\n");
    Ok(html.send(out)?)
}

/// All accounts together.
fn all(html: &mut Html, report: &ControlReport<'_>, joined: &Joined<'_>) {
    let framework = report.framework;
    html.raw("<header><h1>").text(&framework.full_name()).raw("</h1>\n<p class=\"soft\">");
    html.number(report.parts.len() as u64).raw(" accounts, ").raw(framework.extent());
    html.raw(". A control has the worst status that it has in any of them.</p></header>\n");
    html.raw("<nav><ul>");
    for (number, part) in (1..).zip(&report.parts) {
        let meta = &part.evidence.scan.meta;
        html.raw("<li><a href=\"#a").number(number).raw("\">").name(&meta.tenant);
        html.raw(" (").text(&meta.account_id).raw(")</a></li>");
    }
    html.raw("</ul></nav>\n");
    if let Some(summary) = &joined.summary {
        bar(html, &summary.by_status, framework.kind, true);
        legend(html, &summary.by_status, framework.kind);
    }
    html.raw("<h2>Controls over all accounts</h2>\n");
    let head =
        ["Control", "Asks for", "Status", "Passed", "Failed", "Unknown", "Does not apply", "Where"];
    html.table("joined", &head);
    for (position, it) in joined.controls.iter().enumerate() {
        html.raw(if it.status == Status::NoCheck { "<tr class=\"quiet\">" } else { "<tr>" });
        html.raw("<td>").text(&it.control.id).raw("</td><td>").text(&it.control.title);
        html.raw("</td><td>");
        pill(html, it.status, &it.status.wording(framework.kind, it.checks));
        html.raw("</td>").count(it.passed).count(it.failed).count(it.unknown);
        html.count(it.not_applicable).raw("<td>");
        let worst = report.parts.iter().filter(|part| {
            let status = part.assessment.controls.get(position).map(|it| it.status);
            status == Some(it.status) && matches!(it.status, Status::NotMet | Status::NotAssessed)
        });
        for (place, part) in worst.enumerate() {
            if place > 0 {
                html.raw(", ");
            }
            html.name(&part.evidence.scan.meta.tenant);
        }
        html.raw("</td></tr>\n");
    }
    html.end_table();
}

/// A status in words.
fn pill(html: &mut Html, status: Status, words: &str) {
    html.raw("<span class=\"pill ").raw(status.as_str()).raw("\">").text(words).raw("</span>");
}

fn how_to_read(html: &mut Html, framework: &Framework) {
    html.raw("<footer><h2>How to read this report</h2>\n<table class=\"scope\"><tbody>\n");
    let met = match framework.kind {
        Kind::Benchmark => "Every check of the control passed on everything that it looked at.",
        Kind::ManagementSystem => {
            "Every automated check passed on everything that it looked at. That is evidence for \
             the control, not proof that it is met: the standard asks for more than a tool can see."
        }
    };
    for (status, meaning) in [
        (Status::NotMet, "At least one check failed. An accepted risk is still not met."),
        (
            Status::NotAssessed,
            "No check failed, but something could not be read or was left out. This is no pass.",
        ),
        (Status::Partly, "What can be checked passed. A person has to look at the rest."),
        (Status::Met, met),
        (Status::NotApplicable, "The account has nothing that the checks could judge."),
        (Status::NoCheck, "cspm has no check for this control. A person has to look at it."),
    ] {
        html.raw("<tr><th scope=\"row\">");
        pill(html, status, status.label(framework.kind));
        html.raw("</th><td>").raw(meaning).raw("</td></tr>\n");
    }
    html.raw("</tbody></table>\n");
    html.raw("<p>Numbers of passed, failed and unknown count verdicts: one check on one ");
    html.raw("resource, or on one part of it. One resource may be judged by several checks.</p>\n");
    if !framework.complete {
        html.raw("<p>The controls of this report are selected, not the whole standard: ");
        html.raw("there are no totals.</p>\n");
    }
    html.raw("<p class=\"soft\">List of controls as of ").text(&framework.date).raw(": ");
    html.text(&framework.source).raw(".</p></footer>\n");
}

/// The beginning of the ids of an account's places in the document.
fn anchor(html: &mut Html, account: u64, fingerprint: &str) {
    html.raw("a").number(account).raw("-").text(fingerprint);
}

/// Where a finding's row is.
fn link(html: &mut Html, account: u64, fingerprint: &str, name: &str) {
    html.raw("<a href=\"#");
    anchor(html, account, fingerprint);
    html.raw("\">").name(name).raw("</a>");
}

/// How an account is called in headings.
fn account_name(html: &mut Html, part: &Part<'_>) {
    let meta = &part.evidence.scan.meta;
    html.name(&meta.tenant).raw(", account ").text(&meta.account_id);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

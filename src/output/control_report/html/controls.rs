//! Every control: its status, its numbers, what failed, what is unknown and
//! why.

use super::chart::{bar, legend};
use super::{link, pill};
use crate::compliance::{ControlResult, Framework, RuleResult, Several, Status};
use crate::output::control_report::{Part, unknown_because};
use crate::output::html::Html;

pub(super) fn controls(html: &mut Html, framework: &Framework, part: &Part<'_>, account: u64) {
    for section in &part.assessment.sections {
        html.raw("<h3>").text(&section.section.id).raw(" ").text(&section.section.title);
        html.raw("</h3>\n");
        if let Some(summary) = &section.summary {
            bar(html, &summary.by_status, framework.kind, false);
            legend(html, &summary.by_status, framework.kind);
        }
        let head = ["Control", "Asks for", "Status", "Passed", "Failed", "Unknown"];
        html.table("controls", &head);
        let own = part.assessment.controls.iter();
        for result in own.filter(|it| it.control.section == section.section.id) {
            row(html, framework, result, account);
        }
        html.end_table();
    }
}

fn row(html: &mut Html, framework: &Framework, result: &ControlResult<'_>, account: u64) {
    let explained = result.rules.iter().any(|rule| rule.status != Status::Met || !rule.needed);
    html.raw(match (result.status, explained) {
        (Status::NoCheck, _) => "<tr class=\"quiet\">",
        (_, true) => "<tr class=\"more\">",
        (_, false) => "<tr>",
    });
    html.raw("<td>").text(&result.control.id).raw("</td><td>").text(&result.control.title);
    html.raw("</td><td>");
    pill(html, result.status, &result.wording(framework.kind));
    html.raw("</td>").count(result.passed).count(result.failed).count(result.unknown);
    html.raw("</tr>\n");
    if explained {
        html.raw("<tr class=\"why\"><td></td><td colspan=\"5\"><ul>");
        for rule in &result.rules {
            why(html, rule, account);
        }
        html.raw("</ul></td></tr>\n");
    }
}

fn why(html: &mut Html, rule: &RuleResult<'_>, account: u64) {
    let (facts, total) = (rule.facts, rule.facts.total());
    let item = |html: &mut Html| {
        html.raw("<li><code>").text(facts.id).raw("</code>: ");
    };
    if !rule.needed {
        item(html);
        html.raw("not needed, another check of its group was enough</li>");
        return;
    }
    if total.fail > 0 {
        item(html);
        html.number(total.fail).raw(" of ").number(total.pass + total.fail).raw(" failed");
        let accepted = facts.found.suppressed;
        if accepted > 0 {
            html.raw(" (").number(accepted).raw(" suppressed)");
        }
        html.raw(": ");
        names(html, &facts.found.failed, account);
        html.raw("</li>");
    }
    if total.unknown > 0 {
        item(html);
        html.number(total.unknown).raw(" unknown, ");
        html.text(&unknown_because(facts).join("; ")).raw(": ");
        names(html, &facts.found.unknown, account);
        html.raw("</li>");
    }
    if total.error > 0 {
        item(html);
        html.raw("the check itself is at fault, ").number(total.error).raw(" times</li>");
    }
    for left_out in &facts.left_out {
        item(html);
        html.text(&left_out.to_string()).raw("</li>");
    }
}

/// The first findings of a rule; the list of what is wrong has all.
fn names(html: &mut Html, several: &Several, account: u64) {
    for (place, (fingerprint, resource)) in several.first.iter().enumerate() {
        if place > 0 {
            html.raw(", ");
        }
        link(html, account, fingerprint, resource);
    }
    let more = several.number.saturating_sub(several.first.len() as u64);
    if more > 0 {
        html.raw(" and ").number(more).raw(" more");
    }
}

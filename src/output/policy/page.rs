//! The answers for people: the answer first, then what shows it.

use super::{Check, Escalation, IdentityCheck, OpeningCheck, Outside, Simulation, Witness};
use crate::output::Layout;
use crate::output::text::{count, safe_line, wrapped};
use crate::policy::Decision;
use std::collections::BTreeSet;

/// The page of `policy check`.
pub fn check_page(check: &Check, layout: Layout) -> String {
    match check {
        Check::Opening(check) => opening(check, layout),
        Check::Identity(check) => identity(check, layout),
    }
}

fn opening(check: &OpeningCheck, layout: Layout) -> String {
    let mut page = wrapped(opening_answer(check), layout.columns, "");
    page.push('\n');
    fact(&mut page, "policy", &check.subject);
    fact(&mut page, "public", &format!("{} (as AWS defines it)", check.public));
    let writes = format!("{} (an action that is neither Read nor List to AWS)", check.public_write);
    fact(&mut page, "public write", &writes);
    fact(&mut page, "reachable", &format!("{} (by a stranger, Deny considered)", check.reachable));
    if let Some(witness) = &check.witness {
        show(&mut page, witness);
    }
    if !check.outside.is_empty() {
        page.push_str("\nOpen to\n");
        for entry in &check.outside {
            outsider(&mut page, entry, layout);
        }
    }
    why(&mut page, &check.reasons, layout);
    page
}

fn opening_answer(check: &OpeningCheck) -> &'static str {
    match (check.public, check.reachable) {
        ("yes", "yes") => "Public: AWS calls it public, and a stranger gets through.",
        ("yes", "no") => "AWS calls it public, but no stranger gets through.",
        ("yes", _) => "AWS calls it public. Whether a stranger gets through is not decided.",
        ("no", "yes") => "Not public as AWS defines it, but a stranger gets through.",
        (_, "yes") => "Open: a stranger gets through. AWS does not define public here.",
        (_, "no") if !check.outside.is_empty() => {
            "Not open to strangers. Those named below get through from outside."
        }
        (_, "no") => "Closed: nobody outside the account gets through.",
        _ => "Not decided whether a stranger gets through.",
    }
}

fn outsider(page: &mut String, entry: &Outside, layout: Layout) {
    let who = if entry.principal == "*" { "* (anyone)" } else { &entry.principal };
    bullet(page, &format!("{}, by statement {}", safe_line(who), entry.statement), layout);
    detail(page, &safe_line(&entry.actions.join(", ")), layout);
    for condition in &entry.conditions {
        detail(page, &format!("if {}", safe_line(condition)), layout);
    }
}

fn identity(check: &IdentityCheck, layout: Layout) -> String {
    let ways = u64::try_from(check.escalation.len()).unwrap_or(u64::MAX);
    let mut page = wrapped(&identity_answer(check, ways), layout.columns, "");
    page.push('\n');
    fact(&mut page, "policy", &check.subject);
    fact(&mut page, "administrator", check.admin);
    fact(&mut page, "escalation", &count(ways, "way"));
    if let Some(witness) = &check.witness {
        show(&mut page, witness);
        for condition in &check.conditions {
            page.push_str(&wrapped(&format!("if {}", safe_line(condition)), layout.columns, "  "));
        }
    }
    if check.admin == "yes" && !check.escalation.is_empty() {
        page.push_str("\nWays to raise privileges\n");
        bullet(&mut page, "an administrator needs none of them; JSON output lists them", layout);
    } else if !check.escalation.is_empty() {
        page.push_str("\nWays to raise privileges\n");
        for way in &check.escalation {
            escalation(&mut page, way, layout);
        }
    }
    why(&mut page, &check.reasons, layout);
    if check.admin != "yes" && !check.escalation.is_empty() {
        page.push_str("\nPublished in\n");
        let references: BTreeSet<&str> = check.escalation.iter().map(|w| w.reference).collect();
        for reference in references {
            page.push_str(&format!("  {reference}\n"));
        }
    }
    page
}

fn identity_answer(check: &IdentityCheck, ways: u64) -> String {
    let always = check.escalation.iter().any(|way| !way.conditional);
    let (can, ways) = match (check.escalation.is_empty(), always) {
        (true, _) => ("", String::new()),
        (_, true) => ("raise", count(ways, "way")),
        (_, false) => ("raise under a condition", count(ways, "way")),
    };
    match (check.admin, can) {
        ("yes", _) => "Administrator-equivalent.".to_owned(),
        ("conditional", _) => "Administrator-equivalent under a condition.".to_owned(),
        ("no", "") if check.undecided => {
            "Not administrator-equivalent. Not decided whether its holder can raise its own \
             privileges."
                .to_owned()
        }
        ("no", "") => {
            "Not administrator-equivalent, and no known way to raise its own privileges.".to_owned()
        }
        ("no", "raise") => format!(
            "Not administrator-equivalent, but its holder can raise its own privileges: {ways}."
        ),
        ("no", _) => format!(
            "Not administrator-equivalent, but its holder can raise its own privileges under a \
             condition: {ways}."
        ),
        _ => "Not decided whether it is administrator-equivalent.".to_owned(),
    }
}

fn escalation(page: &mut String, way: &Escalation, layout: Layout) {
    bullet(page, &format!("{}: {}", way.method, way.summary), layout);
    let statements: Vec<String> = way.statements.iter().map(usize::to_string).collect();
    let by = match statements.as_slice() {
        [one] => format!("by statement {one}"),
        many => format!("by statements {}", many.join(", ")),
    };
    detail(page, &format!("{}, {by}", way.actions.join(" + ")), layout);
    for condition in &way.conditions {
        detail(page, &format!("if {}", safe_line(condition)), layout);
    }
}

/// The page of `policy simulate`.
pub fn simulate_page(simulation: &Simulation, layout: Layout) -> String {
    let by = match (simulation.statement, &simulation.policy) {
        (Some(statement), Some(policy)) if !simulation.alone => {
            format!("statement {statement} of the {}", safe_line(policy))
        }
        (statement, _) => format!("statement {}", statement.unwrap_or_default()),
    };
    let (answer, why) = match simulation.outcome {
        Decision::Allowed => (format!("Allowed by {by}."), "another policy may still deny it"),
        Decision::ExplicitDeny => (format!("Denied by {by} (explicit deny)."), ""),
        Decision::ImplicitDeny if simulation.alone => (
            "Denied: no statement allows it (implicit deny).".to_owned(),
            "another policy may allow it",
        ),
        Decision::ImplicitDeny => {
            let lacking = simulation.lacking.join(", ");
            (format!("Denied: not allowed by the {lacking} (implicit deny)."), "")
        }
        Decision::Undecided => {
            ("Undecided: it depends on condition keys that every such request has.".to_owned(), "")
        }
    };
    let mut page = wrapped(&answer, layout.columns, "");
    let limits = match (simulation.outcome, simulation.alone) {
        (Decision::Undecided, _) => "Give their values with --context key=value:".to_owned(),
        (Decision::ExplicitDeny, _) => "No other policy can allow it.".to_owned(),
        (_, true) => format!("By this policy alone: {why}."),
        (_, false) => "By the policies given; those that are not do not limit it.".to_owned(),
    };
    page.push_str(&wrapped(&limits, layout.columns, ""));
    for key in &simulation.missing {
        bullet(&mut page, &safe_line(key), layout);
    }
    page
}

/// One fact on a line of its own.
fn fact(page: &mut String, name: &str, value: &str) {
    page.push_str(&format!("  {name:<15}{value}\n"));
}

fn show(page: &mut String, witness: &Witness) {
    page.push_str(&format!("\nOne request that statement {} lets through\n", witness.statement));
    let who = match witness.principal.as_str() {
        "*" => "* (without credentials)".to_owned(),
        principal => safe_line(principal),
    };
    fact(page, "principal", &who);
    fact(page, "action", &safe_line(&witness.action));
    fact(page, "resource", &safe_line(&witness.resource));
    for (key, values) in &witness.context {
        let values = values.join(", ");
        page.push_str(&format!("  {} = {}\n", safe_line(key), safe_line(&values)));
    }
}

fn why(page: &mut String, reasons: &[String], layout: Layout) {
    if reasons.is_empty() {
        return;
    }
    page.push_str("\nWhy\n");
    for reason in reasons {
        bullet(page, &safe_line(reason), layout);
    }
}

/// A point of a list; further lines are indented.
fn bullet(page: &mut String, text: &str, layout: Layout) {
    let lines = wrapped(text, layout.columns, "    ");
    page.push_str("  - ");
    page.push_str(lines.trim_start());
}

fn detail(page: &mut String, text: &str, layout: Layout) {
    page.push_str(&wrapped(text, layout.columns, "      "));
}

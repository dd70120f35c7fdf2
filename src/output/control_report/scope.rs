//! The scope of a report in words: what every format begins with.

use super::Evidence;
use crate::history::ScanStatus;
use crate::output::text::count;

/// What was looked at, as names and values for people, in the order in which
/// they are shown.
pub fn looked_at(evidence: &Evidence<'_>) -> Vec<(&'static str, String)> {
    let scan = &evidence.scan;
    let (meta, scope) = (&scan.meta, &scan.meta.scope);
    let mut lines = vec![
        ("Account", format!("{} ({}), partition {}", meta.account_id, meta.tenant, meta.partition)),
        ("Read by", meta.caller.clone().unwrap_or_else(|| "nobody: there was no session".into())),
        ("Read at", format!("{}, {}", minute(meta.observed_at), source(&meta.source))),
        ("Scan", format!("{}, {}", meta.id, scan.status.as_str())),
        ("Rules", format!("{}, digest {}", count(scan.rules, "rule"), meta.rules_digest)),
        ("Version", format!("cspm {}", meta.version)),
    ];
    let chosen = if scope.regions_chosen { " (chosen; no others were looked at)" } else { "" };
    lines.push(("Regions", format!("{}{chosen}", list(&scope.regions))));
    lines
}

/// What was not looked at, or differently, as names and values for people.
pub fn not_looked_at(evidence: &Evidence<'_>) -> Vec<(&'static str, String)> {
    let scan = &evidence.scan;
    let scope = &scan.meta.scope;
    let mut lines = Vec::new();
    if scan.status != ScanStatus::Completed {
        let reason = scan.reason.as_deref().unwrap_or("the scan did not come to its end");
        lines.push(("Unfinished", reason.to_owned()));
    }
    if let Some(newer) = &evidence.newer {
        let reason = newer.reason.as_deref().map(|it| format!(": {it}")).unwrap_or_default();
        let (at, status) = (minute(newer.meta.started_at), newer.status.as_str());
        lines.push(("Newer scan", format!("one of {at} is not shown here, {status}{reason}")));
    }
    let reasons = |map: &std::collections::BTreeMap<String, String>| {
        let mut by_reason: std::collections::BTreeMap<&str, Vec<&str>> = Default::default();
        for (region, reason) in map {
            by_reason.entry(reason).or_default().push(region);
        }
        let parts: Vec<String> = by_reason
            .into_iter()
            .map(|(reason, regions)| format!("{}: {reason}", regions.join(", ")))
            .collect();
        if parts.is_empty() { "none".to_owned() } else { parts.join("; ") }
    };
    lines.push(("Regions skipped", reasons(&scope.regions_skipped)));
    lines.push(("Regions refused", reasons(&scope.regions_refused)));
    let left_out = match scope.rules_left_out.len() {
        0 => "none".to_owned(),
        number => format!(
            "{} by {}: {}",
            count(number as u64, "rule"),
            evidence.rule_filters().join(", "),
            scope.rules_left_out.join(", ")
        ),
    };
    lines.push(("Rules left out", left_out));
    let overrides: Vec<String> = scope
        .severity_overrides
        .iter()
        .map(|(rule, severity)| format!("{rule} is {severity}"))
        .collect();
    lines.push(("Severities changed", list(&overrides)));
    let set: Vec<String> = scope
        .parameter_overrides
        .iter()
        .flat_map(|(rule, set)| set.iter().map(move |(name, value)| (rule, name, value)))
        .map(|(rule, name, value)| format!("{name} of {rule} is {value}"))
        .collect();
    lines.push(("Parameters changed", list(&set)));
    let suppressed: Vec<String> = evidence
        .suppressions
        .iter()
        .map(|hiding| {
            let suppression = &hiding.suppression;
            let owner = suppression.owner.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
            format!(
                "{} {}: {} (until {}{owner})",
                hiding.target(),
                hiding.effect(),
                suppression.reason,
                suppression.until
            )
        })
        .collect();
    lines.push(("Suppressions", list(&suppressed)));
    let unanswered = match evidence.gaps.len() {
        0 => "none".to_owned(),
        number => format!(
            "{}; what they hide of this standard is said below",
            count(number as u64, "call")
        ),
    };
    lines.push(("Calls unanswered", unanswered));
    lines
}

/// A moment to the minute.
pub fn minute(at: jiff::Timestamp) -> String {
    at.strftime("%F %H:%M UTC").to_string()
}

fn source(source: &str) -> String {
    if source == "aws" { "from AWS".to_owned() } else { format!("from {source}") }
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

//! What changed between two scans.

use super::Layout;
use super::report::view;
use super::scan_table::SHORT;
use super::table::{Row, Tone, table};
use super::text::{count, safe_line};
use crate::findings::FindingView;
use crate::history::{Change, ChangeKind, Changes, ScanRecord};
use crate::rules::{Catalogue, Outcome};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the JSON of `diff`.
pub const SCHEMA: &str = "cspm-diff/1";

/// The kinds in the order of the report, with their headings.
const KINDS: [(ChangeKind, &str); 7] = [
    (ChangeKind::New, "New"),
    (ChangeKind::Reopened, "Reopened"),
    (ChangeKind::Changed, "Changed"),
    (ChangeKind::VisibleAgain, "Visible again"),
    (ChangeKind::Fixed, "Fixed"),
    (ChangeKind::Deleted, "Deleted with their resources"),
    (ChangeKind::NoLongerVisible, "No longer visible"),
];

/// The changes as tables, by kind; what did not change is counted only.
pub fn changes(changes: &Changes, layout: Layout) -> String {
    let mut text = format!(
        "{}: {} ({}) to {} ({})\n",
        safe_line(&changes.to.meta.tenant),
        changes.from.meta.started_at,
        score(&changes.from),
        changes.to.meta.started_at,
        score(&changes.to),
    );
    for (kind, title) in KINDS {
        let of_kind: Vec<&Change> = changes.changes.iter().filter(|c| c.kind == kind).collect();
        let (by_rule, by_account): (Vec<&Change>, Vec<&Change>) =
            of_kind.into_iter().partition(|change| change.rule_changed);
        let (by_choice, by_rule): (Vec<&Change>, Vec<&Change>) =
            by_rule.into_iter().partition(|change| was_left_out(changes, change));
        for (some, why) in [
            (by_account, ""),
            (by_choice, ", because one of the scans left the rule out"),
            (by_rule, ", because the rule is new or changed"),
        ] {
            if !some.is_empty() {
                text.push_str(&format!("\n{title}{why}: {}\n", some.len()));
                let rows = some.into_iter().map(row).collect();
                let head = ["SEVERITY", "FINDING", "REGION", "RULE", "ID"];
                text.push_str(&table(&head, rows, layout));
            }
        }
    }
    let unchanged =
        changes.changes.iter().filter(|change| change.kind == ChangeKind::Unchanged).count();
    text.push_str(&format!("\n{} unchanged\n", count(unchanged as u64, "finding")));
    text
}

/// Whether one of the scans was told not to judge by the finding's rule.
fn was_left_out(changes: &Changes, change: &Change) -> bool {
    let id = &change.finding.rule_id;
    [&changes.from, &changes.to].iter().any(|scan| scan.meta.scope.rules_left_out.contains(id))
}

fn score(scan: &ScanRecord) -> String {
    let score = scan.summary.as_ref().and_then(|summary| summary.score);
    score.map_or("no score".to_owned(), |score| format!("score {score:.1}"))
}

fn row(change: &Change) -> Row {
    let finding = &change.finding;
    let mut title = finding.title.clone();
    if finding.verdict != Outcome::Fail {
        title = format!("{} ({})", title, finding.verdict.as_str());
    }
    if let Some(reason) = change.reason {
        title.push_str(&format!(" [{}]", reason.as_str().replace('_', " ")));
    }
    vec![
        (finding.severity.to_string(), Tone::Severity(finding.severity)),
        (title, Tone::Plain),
        (finding.region.clone(), Tone::Plain),
        (finding.rule_id.clone(), Tone::Dim),
        (finding.fingerprint.chars().take(SHORT).collect(), Tone::Dim),
    ]
}

/// The JSON of `diff`.
#[derive(Debug, Serialize)]
pub struct ChangesDocument<'a> {
    schema: &'static str,
    from: ScanPoint<'a>,
    to: ScanPoint<'a>,
    summary: BTreeMap<&'static str, usize>,
    changes: Vec<ChangeItem<'a>>,
}

/// One of the two scans.
#[derive(Debug, Serialize)]
struct ScanPoint<'a> {
    id: String,
    tenant: &'a str,
    account_id: &'a str,
    started_at: Timestamp,
    rules_digest: &'a str,
    score: Option<f64>,
}

#[derive(Debug, Serialize)]
struct ChangeItem<'a> {
    change: ChangeKind,
    reason: Option<&'static str>,
    rule_changed: bool,
    finding: FindingView<'a>,
}

impl<'a> ScanPoint<'a> {
    fn new(scan: &'a ScanRecord) -> Self {
        Self {
            id: scan.meta.id.to_string(),
            tenant: &scan.meta.tenant,
            account_id: &scan.meta.account_id,
            started_at: scan.meta.started_at,
            rules_digest: &scan.meta.rules_digest,
            score: scan.summary.as_ref().and_then(|summary| summary.score),
        }
    }
}

impl<'a> ChangesDocument<'a> {
    /// The changes in their order; every kind is counted, also with 0.
    pub fn new(changes: &'a Changes, catalogue: &'a Catalogue) -> Self {
        let count = |kind| changes.changes.iter().filter(|change| change.kind == kind).count();
        Self {
            schema: SCHEMA,
            from: ScanPoint::new(&changes.from),
            to: ScanPoint::new(&changes.to),
            summary: BTreeMap::from([
                ("new", count(ChangeKind::New)),
                ("reopened", count(ChangeKind::Reopened)),
                ("visible_again", count(ChangeKind::VisibleAgain)),
                ("changed", count(ChangeKind::Changed)),
                ("unchanged", count(ChangeKind::Unchanged)),
                ("fixed", count(ChangeKind::Fixed)),
                ("deleted", count(ChangeKind::Deleted)),
                ("no_longer_visible", count(ChangeKind::NoLongerVisible)),
            ]),
            changes: changes
                .changes
                .iter()
                .map(|change| ChangeItem {
                    change: change.kind,
                    reason: change.reason.map(crate::findings::GoneReason::as_str),
                    rule_changed: change.rule_changed,
                    finding: view(&change.finding, catalogue),
                })
                .collect(),
        }
    }
}

//! What changed between two scans.

use super::Layout;
use super::report::{Findings, OutputError, view};
use super::scan_table::SHORT;
use super::table::{Row, Tone, write_rows};
use super::text::{count, safe_line};
use crate::findings::{Finding, FindingView, GoneReason};
use crate::history::{Change, ChangeKind, Changes, ScanRecord};
use crate::rules::{Catalogue, Outcome};
use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{Error, SerializeSeq, Serializer};
use std::collections::BTreeMap;
use std::io::Write;

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

/// The changes as tables, by kind, with their findings; what did not change is
/// counted only.
///
/// # Errors
/// The findings cannot be read, or it cannot be written.
pub fn write(
    changes: &Changes,
    findings: &Findings<'_>,
    layout: Layout,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let head = format!(
        "{}: {} ({}) to {} ({})\n",
        safe_line(&changes.to.meta.tenant),
        changes.from.meta.started_at,
        score(&changes.from),
        changes.to.meta.started_at,
        score(&changes.to),
    );
    out.write_all(head.as_bytes())?;
    type Numbered<'a> = Vec<(usize, &'a Change)>;
    for (kind, title) in KINDS {
        let all = changes.changes.iter().enumerate();
        let of_kind: Numbered<'_> = all.filter(|(_, change)| change.kind == kind).collect();
        let (by_rule, by_account): (Numbered<'_>, Numbered<'_>) =
            of_kind.into_iter().partition(|(_, change)| change.rule_changed);
        let (by_choice, by_rule): (Numbered<'_>, Numbered<'_>) =
            by_rule.into_iter().partition(|(_, change)| was_left_out(changes, change));
        for (some, why) in [
            (by_account, ""),
            (by_choice, ", because one of the scans left the rule out"),
            (by_rule, ", because the rule is new or changed"),
        ] {
            let title = format!("\n{title}{why}: {}\n", some.len());
            let found = findings.those(some.iter().map(|(place, _)| *place));
            let rows = found.zip(&some).map(|(finding, (_, change))| Ok(row(change, &finding?)));
            let head = ["SEVERITY", "FINDING", "REGION", "RULE", "ID"];
            write_rows(&title, &head, rows, layout, out)?;
        }
    }
    let unchanged =
        changes.changes.iter().filter(|change| change.kind == ChangeKind::Unchanged).count();
    let text = format!("\n{} unchanged\n", count(unchanged as u64, "finding"));
    Ok(out.write_all(text.as_bytes())?)
}

/// Whether one of the scans was told not to judge by the finding's rule.
fn was_left_out(changes: &Changes, change: &Change) -> bool {
    let left_out = |scan: &&ScanRecord| scan.meta.scope.rules_left_out.contains(&change.rule_id);
    [&changes.from, &changes.to].iter().any(left_out)
}

fn score(scan: &ScanRecord) -> String {
    let score = scan.summary.as_ref().and_then(|summary| summary.score);
    score.map_or("no score".to_owned(), |score| format!("score {score:.1}"))
}

fn row(change: &Change, finding: &Finding) -> Row {
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
#[derive(Serialize)]
pub struct ChangesDocument<'a> {
    schema: &'static str,
    from: ScanPoint<'a>,
    to: ScanPoint<'a>,
    summary: BTreeMap<&'static str, usize>,
    changes: Items<'a>,
}

/// Changes with their findings, which are read while they are written.
struct Items<'a> {
    changes: &'a [Change],
    findings: &'a Findings<'a>,
    catalogue: &'a Catalogue,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.changes.len()))?;
        for (change, finding) in self.changes.iter().zip(self.findings.iter()) {
            list.serialize_element(&ChangeItem {
                change: change.kind,
                reason: change.reason.map(GoneReason::as_str),
                rule_changed: change.rule_changed,
                finding: view(&finding.map_err(S::Error::custom)?, self.catalogue),
            })?;
        }
        list.end()
    }
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
    pub fn new(changes: &'a Changes, findings: &'a Findings<'a>, catalogue: &'a Catalogue) -> Self {
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
            changes: Items { changes: &changes.changes, findings, catalogue },
        }
    }
}

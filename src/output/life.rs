//! The whole life of a finding.

use super::Layout;
use super::report::view;
use super::scans;
use super::table::{Tone, table};
use super::text::{safe, wrapped};
use crate::findings::FindingView;
use crate::history::{Life, Step, StepEvent};
use crate::rules::Catalogue;
use jiff::Timestamp;
use serde::Serialize;

/// The version of the JSON of `history show`.
pub const SCHEMA: &str = "cspm-finding-history/1";

/// The JSON of `history show`.
#[derive(Debug, Serialize)]
pub struct LifeDocument<'a> {
    schema: &'static str,
    finding: FindingView<'a>,
    open_seconds: i64,
    steps: &'a [Step],
}

impl<'a> LifeDocument<'a> {
    /// A life, seen at `now`.
    pub fn new(life: &'a Life, catalogue: &'a Catalogue, now: Timestamp) -> Self {
        Self {
            schema: SCHEMA,
            finding: view(&life.finding, catalogue),
            open_seconds: life.open_for(now).as_secs(),
            steps: &life.steps,
        }
    }
}

/// The life as a page.
pub fn life(life: &Life, layout: Layout, now: Timestamp) -> String {
    let mut page = wrapped(&life.finding.title, layout.columns, "");
    page.push_str(&format!("  {}\n\n", life.finding.resource_arn));
    let shown = scans::shown(layout);
    let rows = life
        .steps
        .iter()
        .map(|step| {
            let (event, what) = match &step.event {
                StepEvent::Seen { began, verdict, severity, title, .. } => (
                    began.as_str().replace('_', " "),
                    format!("{} ({severity}): {title}", verdict.as_str()),
                ),
                StepEvent::Gone { status, reason } => {
                    (status.as_str().replace('_', " "), reason.as_str().replace('_', " "))
                }
                StepEvent::Suppressed { by, owner, why, until, .. } => {
                    let owner =
                        owner.as_ref().map(|owner| format!(", owner {owner}")).unwrap_or_default();
                    ("suppressed".to_owned(), format!("until {until} by {by}{owner}: {why}"))
                }
                StepEvent::Unsuppressed { by, .. } => {
                    let what = match by {
                        Some(by) => format!("suppression taken back by {by}"),
                        None => "suppression expired".to_owned(),
                    };
                    ("not suppressed".to_owned(), what)
                }
            };
            let scan = match (&step.event, step.scan) {
                (StepEvent::Suppressed { .. } | StepEvent::Unsuppressed { .. }, _) => "-".into(),
                (_, Some(scan)) => scan.to_string().chars().take(shown).collect(),
                (_, None) => "pruned".to_owned(),
            };
            vec![
                (step.at.strftime("%F %H:%M").to_string(), Tone::Plain),
                (event, Tone::Plain),
                (what, Tone::Plain),
                (scan, Tone::Dim),
            ]
        })
        .collect();
    page.push_str(&table(&["WHEN", "EVENT", "WHAT", "SCAN"], rows, layout));
    for step in &life.steps {
        if let StepEvent::Seen { evidence, .. } = &step.event
            && !evidence.is_empty()
        {
            page.push_str(&format!("\nEvidence of {}\n", step.at.strftime("%F %H:%M")));
            let json = serde_json::to_string_pretty(evidence).unwrap_or_default();
            for line in json.lines() {
                page.push_str(&format!("  {line}\n"));
            }
        }
    }
    let hours = life.open_for(now).as_hours();
    page.push_str(&format!("\nopen for {} days {} hours\n", hours / 24, hours % 24));
    safe(&page)
}

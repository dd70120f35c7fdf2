//! The life of a finding.

use super::error::Result;
use super::record::ScanId;
use super::store::{History, uuid};
use super::{json, severity_of, time, word};
use crate::findings::{Finding, FindingStatus, GoneReason, Suppression};
use crate::rules::{Outcome, Severity};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use std::collections::BTreeMap;

/// One step in the life of a finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The start of the scan that found out, or when it was decided.
    pub at: Timestamp,
    /// That scan; `None` if it was pruned, or if no scan was needed.
    pub scan: Option<ScanId>,
    /// What happened.
    #[serde(flatten)]
    pub event: StepEvent,
}

/// What happened in a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StepEvent {
    /// It was seen for the first time, again, or with another content.
    Seen {
        /// How it came to be seen.
        began: Began,
        /// Fail, unknown or error.
        verdict: Outcome,
        /// How bad.
        severity: Severity,
        /// In words.
        title: String,
        /// What was seen.
        evidence: serde_json::Map<String, serde_json::Value>,
        /// The digest of the rule that said so.
        rule_digest: String,
    },
    /// It was gone.
    Gone {
        /// Fixed, deleted or no longer visible.
        status: FindingStatus,
        /// Why.
        reason: GoneReason,
    },
    /// Somebody decided to live with it.
    Suppressed {
        /// The suppression.
        id: String,
        /// Who.
        by: String,
        /// Who answers for it.
        owner: Option<String>,
        /// Why.
        why: String,
        /// The last day on which it holds.
        until: Date,
    },
    /// Such a decision ended.
    Unsuppressed {
        /// The suppression.
        id: String,
        /// Who took it back; `None` if its last day was over.
        by: Option<String>,
    },
}

/// How a finding came to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Began {
    /// For the first time.
    New,
    /// It was open, and says something else now.
    Changed,
    /// It had been fixed or deleted.
    Reopened,
    /// It had been out of sight.
    VisibleAgain,
}

impl Began {
    /// All.
    pub const ALL: [Began; 4] = [Self::New, Self::Changed, Self::Reopened, Self::VisibleAgain];

    /// The word of the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Reopened => "reopened",
            Self::VisibleAgain => "visible_again",
        }
    }

    /// From that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|began| began.as_str() == word)
    }
}

/// The whole life of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// As it stands now.
    pub finding: Finding,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
}

impl Life {
    /// How long it was known to be open, up to `now` if it still is. Times out
    /// of sight do not count.
    pub fn open_for(&self, now: Timestamp) -> SignedDuration {
        let mut total = SignedDuration::ZERO;
        let mut since = None;
        for step in &self.steps {
            match step.event {
                StepEvent::Seen { .. } => since = since.or(Some(step.at)),
                StepEvent::Suppressed { .. } | StepEvent::Unsuppressed { .. } => {}
                StepEvent::Gone { .. } => {
                    if let Some(since) = since.take() {
                        total += step.at.duration_since(since);
                    }
                }
            }
        }
        since.map_or(total, |since| total + now.duration_since(since))
    }
}

impl History {
    /// The life of the finding whose fingerprint begins with `prefix`.
    pub fn life(&self, prefix: &str, now: Timestamp) -> Result<Life> {
        let finding = self.finding(prefix, now)?;
        let mut steps = self.seen(&finding.fingerprint)?;
        steps.extend(self.gone(&finding.fingerprint)?);
        let suppressions = self.suppressions()?;
        for suppression in suppressions.meant_for((&finding).into()) {
            steps.extend(decisions(suppression, now));
        }
        steps.sort_by_key(|step| step.at);
        Ok(Life { finding, steps })
    }

    fn seen(&self, print: &str) -> Result<Vec<Step>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.from_time, c.id, s.began, s.verdict, s.severity, s.title, s.evidence, u.digest
             FROM finding f JOIN finding_span s ON s.finding = f.seq JOIN rule u ON u.seq = s.rule
             LEFT JOIN scan c ON c.seq = s.from_scan
             WHERE f.fingerprint = ?1 ORDER BY s.from_time, s.seq",
        )?;
        let mut rows = statement.query([print])?;
        let mut steps = Vec::new();
        while let Some(row) = rows.next()? {
            let (began, verdict, evidence): (String, String, String) =
                (row.get(2)?, row.get(3)?, row.get(6)?);
            steps.push(Step {
                at: time::timestamp(row.get(0)?)?,
                scan: scan_id(row.get(1)?)?,
                event: StepEvent::Seen {
                    began: word(Began::parse, &began)?,
                    verdict: word(Outcome::parse, &verdict)?,
                    severity: severity_of(row.get(4)?)?,
                    title: row.get(5)?,
                    evidence: json(&evidence)?,
                    rule_digest: row.get(7)?,
                },
            });
        }
        Ok(steps)
    }

    fn gone(&self, print: &str) -> Result<Vec<Step>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT g.time, c.id, g.status, g.reason FROM finding f
             JOIN finding_gone g ON g.finding = f.seq LEFT JOIN scan c ON c.seq = g.scan
             WHERE f.fingerprint = ?1 ORDER BY g.time, g.seq",
        )?;
        let mut rows = statement.query([print])?;
        let mut steps = Vec::new();
        while let Some(row) = rows.next()? {
            let (status, reason): (String, String) = (row.get(2)?, row.get(3)?);
            steps.push(Step {
                at: time::timestamp(row.get(0)?)?,
                scan: scan_id(row.get(1)?)?,
                event: StepEvent::Gone {
                    status: word(FindingStatus::parse, &status)?,
                    reason: word(GoneReason::parse, &reason)?,
                },
            });
        }
        Ok(steps)
    }

    /// When and why a finding was gone for the last time up to `at`.
    pub(super) fn last_gone(
        &self,
        print: &str,
        at: Timestamp,
    ) -> Result<Option<(i64, GoneReason)>> {
        let found: Option<(i64, String)> = self
            .connection
            .prepare_cached(
                "SELECT g.time, g.reason FROM finding f JOIN finding_gone g ON g.finding = f.seq
                 WHERE f.fingerprint = ?1 AND g.time <= ?2 ORDER BY g.time DESC, g.seq DESC LIMIT 1",
            )?
            .query_row(params![print, time::micros(at)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        found.map(|(at, reason)| Ok((at, word(GoneReason::parse, &reason)?))).transpose()
    }

    /// Digest and severity of each rule of a scan, by uid.
    pub(super) fn rules_of(&self, scan: ScanId) -> Result<BTreeMap<String, (String, i64)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.uid, r.digest, s.severity FROM scan c JOIN scan_rule s ON s.scan = c.seq
             JOIN rule r ON r.seq = s.rule WHERE c.id = ?1",
        )?;
        let rows = statement
            .query_map([scan.to_string()], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// When a suppression was written, and when it ended, if it did by `now`.
fn decisions(suppression: &Suppression, now: Timestamp) -> Vec<Step> {
    let id = || suppression.id.clone();
    let began = StepEvent::Suppressed {
        id: id(),
        by: suppression.created_by.clone(),
        owner: suppression.owner.clone(),
        why: suppression.reason.clone(),
        until: suppression.until,
    };
    let mut steps = vec![Step { at: suppression.created_at, scan: None, event: began }];
    let over = suppression.over();
    let removed = suppression.removed_at.filter(|at| over.is_none_or(|over| *at < over));
    let ended = match (removed, over) {
        (Some(removed), _) => Some((removed, suppression.removed_by.clone())),
        (None, Some(over)) if over <= now => Some((over.max(suppression.created_at), None)),
        (None, _) => None,
    };
    if let Some((at, by)) = ended {
        steps.push(Step { at, scan: None, event: StepEvent::Unsuppressed { id: id(), by } });
    }
    steps
}

fn scan_id(text: Option<String>) -> Result<Option<ScanId>> {
    text.map(|text| Ok(ScanId(uuid(&text)?))).transpose()
}

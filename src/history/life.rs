//! What happened to findings: the life of one, and what changed between two
//! scans.

use super::error::{HistoryError, Result};
use super::read::{COLUMNS, ORDER, Reader, spans};
use super::record::{ScanId, ScanRecord};
use super::store::{History, uuid};
use super::{Filter, json, scans, severity_of, time, to_json, word};
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

/// What became of a finding from one scan to a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was never seen before.
    New,
    /// It had been fixed or deleted by the first scan.
    Reopened,
    /// The first scan could not see it, or did not get to it.
    VisibleAgain,
    /// Both scans saw it, with another verdict, severity, title or evidence.
    Changed,
    /// Both scans saw the same.
    Unchanged,
    /// It is fixed.
    Fixed,
    /// Its resource is deleted.
    Deleted,
    /// Nobody looked; without a reason: the later scan ended before.
    NoLongerVisible,
}

/// One finding from one scan to a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// As the later scan saw it; if it did not, as the first one did.
    pub finding: Finding,
    /// As the first scan saw it, if it changed.
    pub before: Option<Finding>,
    /// Why it is gone, if it is.
    pub reason: Option<GoneReason>,
    /// Whether its rule is new or changed between the scans (its document or
    /// its severity), so that the account need not have changed at all.
    pub rule_changed: bool,
}

/// What changed between two scans of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The earlier scan.
    pub from: ScanRecord,
    /// The later scan.
    pub to: ScanRecord,
    /// Every finding of either, in the order of findings: first those that the
    /// later scan saw, then those that are gone.
    pub changes: Vec<Change>,
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

    /// What changed between two scans of one account, given in any order.
    pub fn diff(&self, one: ScanId, other: ScanId, now: Timestamp) -> Result<Changes> {
        let (_, mut from) = scans::by_id(&self.connection, one)?;
        let (_, mut to) = scans::by_id(&self.connection, other)?;
        let account = |s: &ScanRecord| (s.meta.partition.clone(), s.meta.account_id.clone());
        if account(&from) != account(&to) {
            return Err(HistoryError::OtherAccount { one, other });
        }
        let age = |scan: &ScanRecord| (scan.meta.started_at, scan.meta.id);
        if age(&from) > age(&to) {
            std::mem::swap(&mut from, &mut to);
        }
        let first = self.findings(&Filter::of_scan(from.meta.id), now)?;
        let mut before: BTreeMap<String, Finding> =
            first.iter().map(|finding| (finding.fingerprint.clone(), finding.clone())).collect();
        let rules = (self.rules_of(from.meta.id)?, self.rules_of(to.meta.id)?);
        let rule_changed = |uid: &str| rules.0.get(uid) != rules.1.get(uid);
        let mut changes = Vec::new();
        for finding in self.findings(&Filter::of_scan(to.meta.id), now)? {
            let rule_changed = rule_changed(&finding.rule_uid);
            let (kind, before) = match before.remove(&finding.fingerprint) {
                Some(before) if same(&before, &finding) => (ChangeKind::Unchanged, None),
                Some(before) => (ChangeKind::Changed, Some(before)),
                None => (self.appeared(&finding, &from)?, None),
            };
            changes.push(Change { kind, finding, before, reason: None, rule_changed });
        }
        for finding in first {
            if !before.contains_key(&finding.fingerprint) {
                continue;
            }
            let gone = self.last_gone(&finding.fingerprint, to.meta.started_at)?;
            let reason = gone
                .filter(|(at, _)| *at > time::micros(from.meta.started_at))
                .map(|(_, reason)| reason);
            let kind = match reason.map(GoneReason::status) {
                Some(FindingStatus::Fixed) => ChangeKind::Fixed,
                Some(FindingStatus::Deleted) => ChangeKind::Deleted,
                _ => ChangeKind::NoLongerVisible,
            };
            let rule_changed = rule_changed(&finding.rule_uid);
            changes.push(Change { kind, finding, before: None, reason, rule_changed });
        }
        Ok(Changes { from, to, changes })
    }

    /// Calls `each` with every finding of a scan that an earlier one did not
    /// see though it was known: it was only out of sight.
    pub fn each_visible_again(
        &self,
        from: &ScanRecord,
        to: ScanId,
        mut each: impl FnMut(&Finding),
    ) -> Result<()> {
        let file = &self.connection;
        let (earlier, _) = scans::by_id(file, from.meta.id)?;
        let (seq, record) = scans::by_id(file, to)?;
        let sql = format!(
            "{COLUMNS} WHERE s.seq IN (SELECT value FROM json_each(?1)) AND f.seq NOT IN (
                 SELECT finding FROM finding_span WHERE seq IN (SELECT value FROM json_each(?2))
             ) {ORDER}"
        );
        let lists = [to_json(&spans(file, seq)?)?, to_json(&spans(file, earlier)?)?];
        let reader = Reader::new(file, Some((seq, &record)), record.as_of())?;
        reader.each(&sql, lists, &mut |_, finding| {
            if self.appeared(&finding, from)? == ChangeKind::VisibleAgain {
                each(&finding);
            }
            Ok(())
        })
    }

    /// How a finding that the earlier scan did not see came into the later one.
    fn appeared(&self, finding: &Finding, from: &ScanRecord) -> Result<ChangeKind> {
        if finding.first_seen.is_none_or(|first| first > from.meta.started_at) {
            return Ok(ChangeKind::New);
        }
        let gone = self.last_gone(&finding.fingerprint, from.meta.started_at)?;
        Ok(match gone.map(|(_, reason)| reason.status()) {
            Some(FindingStatus::Fixed | FindingStatus::Deleted) => ChangeKind::Reopened,
            _ => ChangeKind::VisibleAgain,
        })
    }

    /// When and why a finding was gone for the last time up to `at`.
    fn last_gone(&self, print: &str, at: Timestamp) -> Result<Option<(i64, GoneReason)>> {
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
    fn rules_of(&self, scan: ScanId) -> Result<BTreeMap<String, (String, i64)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.uid, r.digest, s.severity FROM scan c JOIN scan_rule s ON s.scan = c.seq
             JOIN rule r ON r.seq = s.rule WHERE c.id = ?1",
        )?;
        let rows = statement
            .query_map([scan.to_string()], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Whether two scans saw the same. Messages of gaps differ from call to call.
fn same(a: &Finding, b: &Finding) -> bool {
    let calls = |finding: &Finding| -> Vec<_> {
        let mut gaps = finding.gaps.clone();
        gaps.iter_mut().for_each(|gap| gap.message.clear());
        gaps
    };
    (a.verdict, a.severity, &a.title, &a.evidence, &a.error)
        == (b.verdict, b.severity, &b.title, &b.evidence, &b.error)
        && calls(a) == calls(b)
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

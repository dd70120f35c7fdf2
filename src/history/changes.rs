//! What changed between two scans of an account.

use super::error::{HistoryError, Result};
use super::listing::Listing;
use super::read::{COLUMNS, ORDER, Reader, spans};
use super::record::{ScanId, ScanRecord};
use super::store::History;
use super::{Filter, scans, time, to_json};
use crate::findings::{Finding, FindingStatus, GoneReason};
use crate::rules::Outcome;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

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

/// What became of one finding from one scan to a later one.
#[derive(Clone, Debug)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// Its verdict, as the later scan saw it; if it did not, as the first one did.
    pub verdict: Outcome,
    /// Its rule.
    pub rule_id: String,
    /// Why it is gone, if it is.
    pub reason: Option<GoneReason>,
    /// Whether its rule is new or changed between the scans (its document or
    /// its severity), so that the account need not have changed at all.
    pub rule_changed: bool,
    place: Place,
}

/// The place of a finding in what a scan saw.
#[derive(Clone, Copy, Debug)]
enum Place {
    Later(usize),
    Earlier(usize),
}

/// What changed between two scans of an account. The findings themselves are read
/// page by page by [`History::changed`].
#[derive(Debug)]
pub struct Changes {
    /// The earlier scan.
    pub from: ScanRecord,
    /// The later scan.
    pub to: ScanRecord,
    /// Every finding of either, in the order of findings: first those that the
    /// later scan saw, then those that are gone.
    pub changes: Vec<Change>,
    earlier: Listing,
    later: Listing,
}

/// A finding of the earlier scan.
struct Before {
    place: usize,
    span: i64,
    rule_id: String,
    rule_uid: String,
    verdict: Outcome,
}

/// How many findings are compared at a time.
const PAGE: usize = 512;

impl History {
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
        let mut before = HashMap::new();
        let earlier = self.list(&Filter::of_scan(from.meta.id), now, &mut |span, finding| {
            let Finding { fingerprint, rule_id, rule_uid, verdict, .. } = finding;
            let place = before.len();
            before.insert(fingerprint, Before { place, span, rule_id, rule_uid, verdict });
            Ok(())
        })?;
        let rules = (self.rules_of(from.meta.id)?, self.rules_of(to.meta.id)?);
        let rule_changed = |uid: &str| rules.0.get(uid) != rules.1.get(uid);
        let mut changes: Vec<Change> = Vec::new();
        let mut differ = Vec::new();
        let later = self.list(&Filter::of_scan(to.meta.id), now, &mut |span, finding| {
            let place = changes.len();
            let kind = match before.remove(&finding.fingerprint) {
                // What is the same is written once.
                Some(before) if before.span == span => ChangeKind::Unchanged,
                Some(before) => {
                    differ.push((before.place, place));
                    ChangeKind::Changed
                }
                None => self.appeared(&finding, &from)?,
            };
            changes.push(Change {
                kind,
                verdict: finding.verdict,
                rule_changed: rule_changed(&finding.rule_uid),
                rule_id: finding.rule_id,
                reason: None,
                place: Place::Later(place),
            });
            Ok(())
        })?;
        for pairs in differ.chunks(PAGE) {
            for place in self.unchanged(&earlier, &later, pairs)? {
                if let Some(change) = changes.get_mut(place) {
                    change.kind = ChangeKind::Unchanged;
                }
            }
        }
        let mut gone: Vec<(String, Before)> = before.into_iter().collect();
        gone.sort_unstable_by_key(|(_, before)| before.place);
        for (print, Before { place, rule_id, rule_uid, verdict, .. }) in gone {
            let gone = self.last_gone(&print, to.meta.started_at)?;
            let reason = gone
                .filter(|(at, _)| *at > time::micros(from.meta.started_at))
                .map(|(_, reason)| reason);
            let kind = match reason.map(GoneReason::status) {
                Some(FindingStatus::Fixed) => ChangeKind::Fixed,
                Some(FindingStatus::Deleted) => ChangeKind::Deleted,
                _ => ChangeKind::NoLongerVisible,
            };
            let rule_changed = rule_changed(&rule_uid);
            let place = Place::Earlier(place);
            changes.push(Change { kind, verdict, rule_id, reason, rule_changed, place });
        }
        Ok(Changes { from, to, changes, earlier, later })
    }

    /// Those of the later places whose findings say what the earlier ones said: what
    /// changed and changed back is written again.
    fn unchanged(
        &self,
        earlier: &Listing,
        later: &Listing,
        pairs: &[(usize, usize)],
    ) -> Result<Vec<usize>> {
        let (mut before, after): (Vec<usize>, Vec<usize>) = pairs.iter().copied().unzip();
        before.sort_unstable();
        let before: BTreeMap<String, Finding> = self
            .listed(earlier, &before)?
            .into_iter()
            .map(|finding| (finding.fingerprint.clone(), finding))
            .collect();
        let after = after.iter().zip(all(self.listed(later, &after)?, pairs.len())?);
        let same = after.filter(|(_, finding)| {
            before.get(&finding.fingerprint).is_some_and(|before| same(before, finding))
        });
        Ok(same.map(|(place, _)| *place).collect())
    }

    /// The findings of the changes at these places, which ascend, in their order: as
    /// the later scan saw them; if it did not, as the first one did.
    pub fn changed(&self, changes: &Changes, places: &[usize]) -> Result<Vec<Finding>> {
        let (mut later, mut earlier) = (Vec::new(), Vec::new());
        for change in places.iter().filter_map(|place| changes.changes.get(*place)) {
            match change.place {
                Place::Later(place) => later.push(place),
                Place::Earlier(place) => earlier.push(place),
            }
        }
        let mut found = self.listed(&changes.later, &later)?;
        found.extend(self.listed(&changes.earlier, &earlier)?);
        all(found, places.len())
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
}

/// The findings, if none of them was pruned while they were read.
fn all(findings: Vec<Finding>, number: usize) -> Result<Vec<Finding>> {
    if findings.len() == number {
        return Ok(findings);
    }
    Err(HistoryError::Damaged("findings went away while they were read".to_owned()))
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

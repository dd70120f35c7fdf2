//! Seeing a finding: new, as before, changed, or back again.

use super::error::Result;
use super::numbers::small;
use super::{severity_number, severity_of, to_json, word};
use crate::rules::{Outcome, Verdict};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// What a sighting means for the scan's list.
pub(super) enum Sighted {
    /// The finding goes on the list with this span. If a milder verdict of the
    /// same scan is on it, the newer span counts.
    Listed(u32),
    /// The finding is on the list already.
    Known,
}

/// Who sees, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewer<'a> {
    /// The scan; `None` if it was forgotten.
    pub(super) scan: Option<i64>,
    pub(super) account: i64,
    pub(super) tenant: &'a str,
    pub(super) started_at: i64,
    pub(super) observed_at: i64,
}

/// Which finding it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity<'a> {
    pub(super) print: &'a str,
    pub(super) rule_uid: &'a str,
    pub(super) key: &'a str,
}

/// What a finding says.
#[derive(Debug, PartialEq)]
pub(super) struct Content {
    pub(super) resource: i64,
    pub(super) outcome: Outcome,
    pub(super) severity: i64,
    pub(super) title: String,
    pub(super) evidence: String,
    pub(super) gaps: String,
    pub(super) error: Option<String>,
}

impl Content {
    /// What a verdict says; `gaps` are the numbers of its gaps in the file.
    pub(super) fn of(verdict: Verdict, resource: u32, gaps: &BTreeSet<i64>) -> Result<Self> {
        Ok(Self {
            resource: resource.into(),
            outcome: verdict.outcome,
            severity: severity_number(verdict.severity),
            evidence: to_json(&verdict.evidence)?,
            gaps: to_json(gaps)?,
            title: verdict.title,
            error: verdict.error,
        })
    }

    /// Orders two verdicts on one thing, so that the order in which they come
    /// does not matter.
    fn badness(&self) -> impl Ord + '_ {
        let outcome = match self.outcome {
            Outcome::Fail => 2,
            Outcome::Error => 1,
            _ => 0,
        };
        (outcome, self.severity, &self.title, &self.evidence, &self.gaps, &self.error)
    }
}

/// The newest state of a finding.
struct Known {
    finding: i64,
    status: String,
    last_seen: i64,
    last_scan: Option<i64>,
    span: i64,
    from_scan: Option<i64>,
    content: Content,
}

/// Writes findings and spans within one transaction.
pub(super) struct Sight<'a> {
    to: &'a Connection,
    viewer: Viewer<'a>,
    next_span: i64,
}

impl<'a> Sight<'a> {
    /// Numbers spans itself: nobody else writes during the transaction.
    pub(super) fn new(to: &'a Connection, viewer: Viewer<'a>) -> Result<Self> {
        let last: Option<i64> =
            to.query_row("SELECT max(seq) FROM finding_span", [], |row| row.get(0))?;
        Ok(Self { to, viewer, next_span: last.unwrap_or(0) + 1 })
    }

    /// Notes that a finding is seen, by a version of its rule (`rule.seq`).
    pub(super) fn see(
        &mut self,
        identity: Identity<'_>,
        rule: i64,
        content: &Content,
    ) -> Result<Sighted> {
        let Identity { print, rule_uid, key } = identity;
        let Some(known) = self.known(print)? else {
            let span = self.next_span;
            self.to
                .prepare_cached(
                    "INSERT INTO finding (fingerprint, account, rule_uid, key, span, status,
                                          first_seen, last_seen, last_scan, tenant, observed_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, ?6, ?7, ?8, ?9)",
                )?
                .execute(params![
                    print,
                    self.viewer.account,
                    rule_uid,
                    key,
                    span,
                    self.viewer.started_at,
                    self.viewer.scan,
                    self.viewer.tenant,
                    self.viewer.observed_at
                ])?;
            let finding = self.to.last_insert_rowid();
            return Ok(Sighted::Listed(self.insert(finding, rule, "new", content)?));
        };
        if self.viewer.scan.is_some() && known.last_scan == self.viewer.scan {
            return self.again(rule, known, content);
        }
        let open = known.status == "open";
        if open && known.content == *content {
            self.mark_seen(&known, known.span)?;
            return Ok(Sighted::Listed(small(known.span)?));
        }
        if open {
            self.close(&known)?;
        }
        let began = match known.status.as_str() {
            "open" => "changed",
            "no_longer_visible" => "visible_again",
            _ => "reopened",
        };
        let span = self.insert(known.finding, rule, began, content)?;
        self.mark_seen(&known, span.into())?;
        Ok(Sighted::Listed(span))
    }

    /// A second verdict of this scan on the same thing.
    fn again(&mut self, rule: i64, known: Known, content: &Content) -> Result<Sighted> {
        if content.badness() <= known.content.badness() {
            return Ok(Sighted::Known);
        }
        if known.from_scan == self.viewer.scan {
            self.to
                .prepare_cached(
                    "UPDATE finding_span SET resource = ?2, rule = ?3, verdict = ?4, severity = ?5,
                            title = ?6, evidence = ?7, gaps = ?8, error = ?9
                     WHERE seq = ?1",
                )?
                .execute(params![
                    known.span,
                    content.resource,
                    rule,
                    content.outcome.as_str(),
                    content.severity,
                    content.title,
                    content.evidence,
                    content.gaps,
                    content.error
                ])?;
            return Ok(Sighted::Known);
        }
        self.close(&known)?;
        let span = self.insert(known.finding, rule, "changed", content)?;
        self.mark_seen(&known, span.into())?;
        Ok(Sighted::Listed(span))
    }

    fn known(&self, print: &str) -> Result<Option<Known>> {
        let row = self
            .to
            .prepare_cached(
                "SELECT f.seq, f.status, f.last_seen, f.last_scan, s.seq, s.from_scan, s.resource,
                        s.verdict, s.severity, s.title, s.evidence, s.gaps, s.error
                 FROM finding f JOIN finding_span s ON s.seq = f.span WHERE f.fingerprint = ?1",
            )?
            .query_row([print], |row| {
                let verdict: String = row.get(7)?;
                let content = Content {
                    resource: row.get(6)?,
                    outcome: Outcome::Error,
                    severity: row.get(8)?,
                    title: row.get(9)?,
                    evidence: row.get(10)?,
                    gaps: row.get(11)?,
                    error: row.get(12)?,
                };
                let known = Known {
                    finding: row.get(0)?,
                    status: row.get(1)?,
                    last_seen: row.get(2)?,
                    last_scan: row.get(3)?,
                    span: row.get(4)?,
                    from_scan: row.get(5)?,
                    content,
                };
                Ok((known, verdict))
            })
            .optional()?;
        let Some((mut known, verdict)) = row else { return Ok(None) };
        known.content.outcome = word(Outcome::parse, &verdict)?;
        severity_of(known.content.severity)?;
        Ok(Some(known))
    }

    fn insert(&mut self, finding: i64, rule: i64, began: &str, content: &Content) -> Result<u32> {
        let span = self.next_span;
        self.to
            .prepare_cached(
                "INSERT INTO finding_span (seq, finding, resource, rule, from_scan, from_time,
                        began, verdict, severity, title, evidence, gaps, error)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                span,
                finding,
                content.resource,
                rule,
                self.viewer.scan,
                self.viewer.started_at,
                began,
                content.outcome.as_str(),
                content.severity,
                content.title,
                content.evidence,
                content.gaps,
                content.error
            ])?;
        self.next_span += 1;
        small(span)
    }

    /// The newest span ends because the finding says something else now.
    fn close(&self, known: &Known) -> Result<()> {
        self.to
            .prepare_cached("UPDATE finding_span SET to_scan = ?2, to_time = ?3 WHERE seq = ?1")?
            .execute(params![known.span, known.last_scan, known.last_seen])?;
        Ok(())
    }

    /// The finding is open, and this scan saw it last. Scans of one account
    /// that run at the same time may come here in any order.
    fn mark_seen(&self, known: &Known, span: i64) -> Result<()> {
        self.to
            .prepare_cached(
                "UPDATE finding SET span = ?2, status = 'open', reason = NULL, last_scan = ?3,
                        last_seen = max(last_seen, ?4), tenant = ?5, observed_at = ?6
                 WHERE seq = ?1",
            )?
            .execute(params![
                known.finding,
                span,
                self.viewer.scan,
                self.viewer.started_at,
                self.viewer.tenant,
                self.viewer.observed_at
            ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_two_verdicts_is_the_same_in_any_order() {
        let content = |outcome, severity, title: &str| Content {
            resource: 1,
            outcome,
            severity,
            title: title.to_owned(),
            evidence: String::new(),
            gaps: String::new(),
            error: None,
        };
        let mild = content(Outcome::Unknown, 5, "z");
        assert!(content(Outcome::Fail, 1, "a").badness() > mild.badness());
        assert!(content(Outcome::Error, 1, "a").badness() > mild.badness());
        assert!(content(Outcome::Unknown, 5, "zz").badness() > mild.badness());
    }
}

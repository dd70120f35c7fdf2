//! The life of an account's findings, lived again in the order of time.

use crate::history::error::Result;
use crate::history::packed::{Ref, pack, unpack};
use crate::history::sight::{Content, Identity, Sight, Sighted, Viewer};
use crate::history::write::FINDING;
use crate::history::{settle, word};
use crate::rules::Outcome;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Something that happened at a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// In microseconds.
    pub(super) at: i64,
    /// What.
    pub(super) turn: Turn,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// A scan that was forgotten saw what this staged span says.
    Seen(i64),
    /// A scan that was forgotten found a finding gone.
    Gone {
        /// The finding.
        print: String,
        /// Its status then.
        status: String,
        /// Why.
        reason: String,
    },
    /// A scan.
    Scan {
        /// Its id: orders scans that began together.
        id: String,
        /// Its number.
        seq: i64,
    },
}

impl Moment {
    /// A scan's turn.
    pub(super) fn of_scan(file: &Connection, seq: i64) -> Result<Self> {
        let mut statement =
            file.prepare_cached("SELECT started_at, id FROM scan WHERE seq = ?1")?;
        Ok(statement.query_row([seq], |row| {
            Ok(Self { at: row.get(0)?, turn: Turn::Scan { id: row.get(1)?, seq } })
        })?)
    }

    /// The scan whose turn it is.
    pub(super) fn scan(&self) -> Option<i64> {
        match &self.turn {
            Turn::Scan { seq, .. } => Some(*seq),
            Turn::Seen(_) | Turn::Gone { .. } => None,
        }
    }
}

/// A span that was put aside.
struct Staged {
    print: String,
    rule_uid: String,
    key: String,
    rule: i64,
    content: Content,
    tenant: String,
    observed_at: i64,
}

/// Lives through an account's moments.
pub(super) fn replay(to: &Connection, account: i64, mut moments: Vec<Moment>) -> Result<()> {
    moments.sort_unstable();
    for Moment { at, turn } in moments {
        match turn {
            Turn::Seen(span) => {
                let staged = staged(to, span)?;
                let viewer = Viewer {
                    scan: None,
                    account,
                    tenant: &staged.tenant,
                    started_at: at,
                    observed_at: staged.observed_at,
                };
                see(&mut Sight::new(to, viewer)?, &staged, staged.rule)?;
            }
            Turn::Gone { print, status, reason } => mark_gone(to, at, &print, &status, &reason)?,
            Turn::Scan { seq, .. } => {
                scan_again(to, account, seq)?;
                settle::end_again(to, seq)?;
            }
        }
    }
    Ok(())
}

/// A scan sees its findings again; its lists then name the spans that came of
/// that.
fn scan_again(to: &Connection, account: i64, scan: i64) -> Result<()> {
    let (tenant, started_at, observed_at): (String, i64, i64) = to
        .prepare_cached("SELECT tenant, started_at, observed_at FROM scan WHERE seq = ?1")?
        .query_row([scan], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let viewer = Viewer { scan: Some(scan), account, tenant: &tenant, started_at, observed_at };
    let mut sight = Sight::new(to, viewer)?;
    for (rule, spans) in lists(to, scan)? {
        let mut seen = Vec::with_capacity(spans.len());
        for span in spans {
            let span = i64::from(Ref::from_number(span).resource);
            if let Sighted::Listed(span) = see(&mut sight, &staged(to, span)?, rule)? {
                seen.push(Ref { resource: span, part: 0 }.number());
            }
        }
        to.prepare_cached("DELETE FROM judged WHERE scan = ?1 AND rule = ?2 AND outcome = ?3")?
            .execute(params![scan, rule, FINDING])?;
        to.prepare_cached(
            "INSERT INTO judged (scan, rule, outcome, refs) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![scan, rule, FINDING, pack(&mut seen)?])?;
    }
    Ok(())
}

fn see(sight: &mut Sight<'_>, staged: &Staged, rule: i64) -> Result<Sighted> {
    let identity = Identity { print: &staged.print, rule_uid: &staged.rule_uid, key: &staged.key };
    sight.see(identity, rule, &staged.content)
}

/// A scan's lists of findings, by rule.
fn lists(file: &Connection, scan: i64) -> Result<BTreeMap<i64, Vec<u64>>> {
    let mut statement = file.prepare_cached(
        "SELECT rule, refs FROM judged WHERE scan = ?1 AND outcome = ?2 ORDER BY rule, seq",
    )?;
    let mut rows = statement.query(params![scan, FINDING])?;
    let mut lists: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let list = lists.entry(row.get(0)?).or_default();
        unpack(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, list)?;
    }
    Ok(lists)
}

fn staged(file: &Connection, span: i64) -> Result<Staged> {
    let mut statement = file.prepare_cached(
        "SELECT fingerprint, rule_uid, key, rule, resource, verdict, severity, title, evidence,
                gaps, error, tenant, observed_at
         FROM staged_span WHERE seq = ?1",
    )?;
    let (mut staged, verdict) = statement.query_row([span], |row| {
        let content = Content {
            resource: row.get(4)?,
            outcome: Outcome::Error,
            severity: row.get(6)?,
            title: row.get(7)?,
            evidence: row.get(8)?,
            gaps: row.get(9)?,
            error: row.get(10)?,
        };
        let staged = Staged {
            print: row.get(0)?,
            rule_uid: row.get(1)?,
            key: row.get(2)?,
            rule: row.get(3)?,
            content,
            tenant: row.get(11)?,
            observed_at: row.get(12)?,
        };
        Ok((staged, row.get::<_, String>(5)?))
    })?;
    staged.content.outcome = word(Outcome::parse, &verdict)?;
    Ok(staged)
}

/// A scan that was forgotten found a finding gone.
fn mark_gone(to: &Connection, at: i64, print: &str, status: &str, reason: &str) -> Result<()> {
    to.prepare_cached(
        "UPDATE finding_span SET
            to_scan = (SELECT f.last_scan FROM finding f WHERE f.span = finding_span.seq),
            to_time = (SELECT f.last_seen FROM finding f WHERE f.span = finding_span.seq)
         WHERE to_time IS NULL AND seq = (SELECT span FROM finding WHERE fingerprint = ?1)",
    )?
    .execute([print])?;
    to.prepare_cached("UPDATE finding SET status = ?2, reason = ?3 WHERE fingerprint = ?1")?
        .execute([print, status, reason])?;
    to.prepare_cached(
        "INSERT INTO finding_gone (finding, time, status, reason)
         SELECT seq, ?2, ?3, ?4 FROM finding WHERE fingerprint = ?1",
    )?
    .execute(params![print, at, status, reason])?;
    Ok(())
}

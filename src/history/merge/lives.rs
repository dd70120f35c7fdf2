//! Which accounts' findings have to live again, and from when on.
//!
//! If all that is new of an account lies after all that is known of it, only
//! the new scans see the findings, on top of what is known. Else the account's
//! findings are taken out, and all its scans see them anew, in order.

use super::copy::{Copying, NewScan};
use super::replay::{Moment, Turn, replay};
use crate::history::error::Result;
use rusqlite::{Connection, Row, params};
use std::collections::{BTreeMap, BTreeSet};

/// Lets the findings of every account that has something new live again.
pub(super) fn live_again(copying: &mut Copying<'_>, scans: &[NewScan]) -> Result<()> {
    let to = copying.to;
    to.execute_batch(STAGE)?;
    let mut new: BTreeMap<i64, Vec<Moment>> = BTreeMap::new();
    for scan in scans {
        let moments = new.entry(scan.account).or_default();
        moments.push(Moment::of_scan(to, scan.seq)?);
    }
    let accounts: Vec<(i64, i64)> =
        copying.accounts.iter().map(|(there, here)| (*there, *here)).collect();
    for (there, here) in accounts {
        let mut moments = new.remove(&here).unwrap_or_default();
        let forgotten = stage_theirs(copying, there, here, !moments.is_empty())?;
        moments.extend(forgotten);
        if moments.is_empty() {
            continue;
        }
        let added: BTreeSet<i64> = moments.iter().filter_map(Moment::scan).collect();
        let first_new = moments.iter().map(|moment| moment.at).min();
        if first_new <= last_known(to, here, &added)? {
            moments.extend(stage_ours(to, here)?);
            for scan in scans_of(to, here)? {
                if !added.contains(&scan) {
                    moments.push(Moment::of_scan(to, scan)?);
                }
            }
            to.execute("DELETE FROM finding WHERE account = ?1", [here])?;
        }
        replay(to, here, moments)?;
        to.execute("DELETE FROM staged_span", [])?;
    }
    to.execute_batch("DROP TABLE temp.staged_span")?;
    Ok(())
}

/// Spans on their way: what findings said. `seq` is the number that lists of
/// findings name.
const STAGE: &str = "CREATE TEMP TABLE staged_span (
    seq INTEGER PRIMARY KEY, fingerprint TEXT, rule_uid TEXT, key TEXT, resource INTEGER,
    rule INTEGER, verdict TEXT, severity INTEGER, title TEXT, evidence TEXT, gaps TEXT, error TEXT,
    tenant TEXT, observed_at INTEGER)";

/// The columns of a span and its finding.
const SPANS: &str = "SELECT s.seq, f.fingerprint, f.rule_uid, f.key, s.resource, s.rule, s.verdict,
        s.severity, s.title, s.evidence, s.gaps, s.error, f.tenant, f.observed_at,
        s.from_time, s.from_scan IS NULL,
        ifnull(s.to_time, f.last_seen),
        CASE WHEN s.to_time IS NULL THEN f.last_scan IS NULL ELSE s.to_scan IS NULL END
     FROM finding f JOIN finding_span s ON s.finding = f.seq
     WHERE f.account = ?1 ORDER BY s.seq";

const GONE: &str = "SELECT g.time, f.fingerprint, g.status, g.reason
     FROM finding f JOIN finding_gone g ON g.finding = f.seq
     WHERE f.account = ?1 AND g.scan IS NULL ORDER BY g.seq";

/// Puts a span aside; when scans that were forgotten since saw it so.
fn stage(
    to: &Connection,
    row: &Row<'_>,
    seq: i64,
    resource: i64,
    rule: i64,
    gaps: &str,
) -> Result<Vec<Moment>> {
    to.prepare_cached(
        "INSERT INTO staged_span (seq, fingerprint, rule_uid, key, resource, rule, verdict,
            severity, title, evidence, gaps, error, tenant, observed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        seq,
        row.get::<_, String>(1)?,
        row.get::<_, String>(2)?,
        row.get::<_, String>(3)?,
        resource,
        rule,
        row.get::<_, String>(6)?,
        row.get::<_, i64>(7)?,
        row.get::<_, String>(8)?,
        row.get::<_, String>(9)?,
        gaps,
        row.get::<_, Option<String>>(11)?,
        row.get::<_, String>(12)?,
        row.get::<_, i64>(13)?
    ])?;
    let (from, to): (i64, i64) = (row.get(14)?, row.get(16)?);
    let mut forgotten = Vec::new();
    if row.get(15)? {
        forgotten.push(Moment { at: from, turn: Turn::Seen(seq) });
    }
    if row.get(17)? && to > from {
        forgotten.push(Moment { at: to, turn: Turn::Seen(seq) });
    }
    Ok(forgotten)
}

fn gone(row: &Row<'_>) -> Result<Moment> {
    let turn = Turn::Gone { print: row.get(1)?, status: row.get(2)?, reason: row.get(3)? };
    Ok(Moment { at: row.get(0)?, turn })
}

/// Puts the other file's spans of an account aside; what scans that were
/// forgotten there saw and that nobody here knows of. An account without new
/// scans is looked at only if such scans were all it had.
fn stage_theirs(
    copying: &mut Copying<'_>,
    there: i64,
    here: i64,
    scanned: bool,
) -> Result<Vec<Moment>> {
    let from = copying.from;
    if !scanned {
        let forgotten: bool = from.query_row(
            "SELECT EXISTS (SELECT 1 FROM finding f JOIN finding_span s ON s.finding = f.seq
                            WHERE f.account = ?1 AND s.from_scan IS NULL)",
            [there],
            |row| row.get(0),
        )?;
        if !forgotten {
            return Ok(Vec::new());
        }
        copying.resources(there)?;
    }
    let starts = starts(copying.to, here)?;
    let mut moments = Vec::new();
    let mut statement = from.prepare_cached(SPANS)?;
    let mut rows = statement.query([there])?;
    while let Some(row) = rows.next()? {
        let resource = copying.resource(row.get(4)?)?;
        let rule = copying.rule(row.get(5)?)?;
        let gaps = copying.gap_list(&row.get::<_, String>(10)?)?;
        let seq = row.get::<_, i64>(0)? + copying.offset;
        let print: String = row.get(1)?;
        for moment in stage(copying.to, row, seq, resource, rule, &gaps)? {
            if !starts.contains(&moment.at) && !seen_here(copying.to, &print, moment.at)? {
                moments.push(moment);
            }
        }
    }
    let mut statement = from.prepare_cached(GONE)?;
    let mut rows = statement.query([there])?;
    while let Some(row) = rows.next()? {
        let moment = gone(row)?;
        let print: String = row.get(1)?;
        if !starts.contains(&moment.at) && !gone_here(copying.to, &print, moment.at)? {
            moments.push(moment);
        }
    }
    if moments.is_empty() && !scanned {
        copying.to.execute("DELETE FROM staged_span", [])?;
    }
    Ok(moments)
}

/// Puts this file's spans of an account aside; what scans that were forgotten
/// saw.
fn stage_ours(to: &Connection, account: i64) -> Result<Vec<Moment>> {
    let starts = starts(to, account)?;
    let mut moments = Vec::new();
    let mut statement = to.prepare_cached(SPANS)?;
    let mut rows = statement.query([account])?;
    while let Some(row) = rows.next()? {
        let gaps: String = row.get(10)?;
        moments.extend(stage(to, row, row.get(0)?, row.get(4)?, row.get(5)?, &gaps)?);
    }
    let mut statement = to.prepare_cached(GONE)?;
    let mut rows = statement.query([account])?;
    while let Some(row) = rows.next()? {
        moments.push(gone(row)?);
    }
    // A scan that was forgotten here may have come back from there.
    moments.retain(|moment| !starts.contains(&moment.at));
    Ok(moments)
}

/// When the scans of an account began.
fn starts(file: &Connection, account: i64) -> Result<BTreeSet<i64>> {
    let mut statement =
        file.prepare_cached("SELECT DISTINCT started_at FROM scan WHERE account = ?1")?;
    let rows = statement.query_map([account], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn scans_of(file: &Connection, account: i64) -> Result<Vec<i64>> {
    let mut statement = file.prepare_cached("SELECT seq FROM scan WHERE account = ?1")?;
    let rows = statement.query_map([account], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The last moment that this file knows something of an account, `new` scans
/// apart.
fn last_known(to: &Connection, account: i64, new: &BTreeSet<i64>) -> Result<Option<i64>> {
    let findings: Option<i64> = to
        .query_row(
            "SELECT max(f.last_seen, ifnull((SELECT max(g.time) FROM finding_gone g
                                         WHERE g.finding = f.seq), 0)) AS known
         FROM finding f WHERE f.account = ?1 ORDER BY known DESC LIMIT 1",
            [account],
            |row| row.get(0),
        )
        .map(Some)
        .or_else(none)?;
    let mut statement = to.prepare_cached("SELECT seq, started_at FROM scan WHERE account = ?1")?;
    let mut rows = statement.query([account])?;
    let mut last = findings;
    while let Some(row) = rows.next()? {
        if !new.contains(&row.get(0)?) {
            last = last.max(Some(row.get(1)?));
        }
    }
    Ok(last)
}

fn none<T>(error: rusqlite::Error) -> Result<Option<T>, rusqlite::Error> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(None),
        error => Err(error),
    }
}

fn seen_here(to: &Connection, print: &str, at: i64) -> Result<bool> {
    Ok(to
        .prepare_cached(
            "SELECT 1 FROM finding f JOIN finding_span s ON s.finding = f.seq
             WHERE f.fingerprint = ?1 AND s.from_time <= ?2
               AND ifnull(s.to_time, f.last_seen) >= ?2",
        )?
        .exists(params![print, at])?)
}

fn gone_here(to: &Connection, print: &str, at: i64) -> Result<bool> {
    Ok(to
        .prepare_cached(
            "SELECT 1 FROM finding f JOIN finding_gone g ON g.finding = f.seq
             WHERE f.fingerprint = ?1 AND g.time = ?2",
        )?
        .exists(params![print, at])?)
}

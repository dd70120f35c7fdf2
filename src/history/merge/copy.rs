//! Rows of another file under the numbers of this one.

use crate::history::error::{HistoryError, Result};
use crate::history::json;
use crate::history::numbers::small;
use crate::history::packed::{Ref, pack, unpack};
use crate::history::to_json;
use crate::history::write::FINDING;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use std::collections::BTreeMap;

/// Numbers of the other file, and what they are here.
type Numbers = BTreeMap<i64, i64>;

/// One file on its way into another.
pub(super) struct Copying<'a> {
    pub(super) to: &'a Connection,
    pub(super) from: &'a Connection,
    pub(super) accounts: Numbers,
    runs: Numbers,
    rules: Numbers,
    gaps: Numbers,
    parts: Numbers,
    resources: Numbers,
    /// What is added to numbers of spans of the other file, so that they
    /// differ from those here.
    pub(super) offset: i64,
}

/// A scan that was not there before.
#[derive(Clone, Debug)]
pub(super) struct NewScan {
    /// Its number here.
    pub(super) seq: i64,
    /// Its account's number here.
    pub(super) account: i64,
}

impl<'a> Copying<'a> {
    /// Copies what names things: accounts, runs, rules, gaps and parts.
    pub(super) fn new(to: &'a Connection, from: &'a Connection) -> Result<Self> {
        let last: Option<i64> =
            to.query_row("SELECT max(seq) FROM finding_span", [], |row| row.get(0))?;
        let mut copying = Self {
            to,
            from,
            accounts: named(to, from, "account", &["partition", "account"], &[])?,
            runs: Numbers::new(),
            rules: named(to, from, "rule", &["uid", "digest", "id"], &["cause", "resources"])?,
            gaps: named(to, from, "gap", GAP, &[])?,
            parts: named(to, from, "part", &["key"], &[])?,
            resources: Numbers::new(),
            offset: last.unwrap_or(0),
        };
        copying.runs()?;
        Ok(copying)
    }

    fn runs(&mut self) -> Result<()> {
        let mut insert = self.to.prepare_cached(
            "INSERT INTO run (id, origin, version, request, started_at, finished_at)
             VALUES (?1, (SELECT seq FROM origin WHERE id = ?2), ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET finished_at = ifnull(finished_at, excluded.finished_at)
             RETURNING seq",
        )?;
        let mut statement = self.from.prepare(
            "SELECT n.seq, n.id, o.id, n.version, n.request, n.started_at, n.finished_at
             FROM run n JOIN origin o ON o.seq = n.origin ORDER BY n.seq",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq =
                insert.query_row(params_from_iter(values(row, 1, 6)?.iter()), |row| row.get(0))?;
            self.runs.insert(row.get(0)?, seq);
        }
        Ok(())
    }

    /// Copies suppressions; how many were new or were taken back since. One
    /// that comes from a file under version control is the same in every
    /// history that read that file.
    pub(super) fn suppressions(&self) -> Result<usize> {
        let mut insert = self.to.prepare_cached(
            "INSERT INTO suppression (id, fingerprint, rule_uid, resource, tenant, reason, until,
                owner, file, created_at, created_by, removed_at, removed_by)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
             WHERE NOT EXISTS (SELECT 1 FROM suppression s WHERE ?9 IS NOT NULL AND s.file = ?9
               AND s.fingerprint IS ?2 AND s.rule_uid IS ?3 AND s.resource IS ?4
               AND s.tenant IS ?5 AND s.reason = ?6 AND s.until = ?7 AND s.owner IS ?8
               AND (s.removed_at IS NULL) = (?12 IS NULL) AND s.id <> ?1)
             ON CONFLICT (id) DO UPDATE
               SET removed_at = excluded.removed_at, removed_by = excluded.removed_by
               WHERE removed_at IS NULL AND excluded.removed_at IS NOT NULL",
        )?;
        let mut statement = self.from.prepare(
            "SELECT id, fingerprint, rule_uid, resource, tenant, reason, until, owner, file,
                    created_at, created_by, removed_at, removed_by
             FROM suppression ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut changed = 0;
        while let Some(row) = rows.next()? {
            changed += insert.execute(params_from_iter(values(row, 0, 13)?.iter()))?;
        }
        Ok(changed)
    }

    /// Copies the scans that are not there yet, with what each of them said.
    /// Their lists of findings keep the numbers of the other file, plus the
    /// offset, until the findings are there.
    pub(super) fn scans(&mut self) -> Result<Vec<NewScan>> {
        let mut known = self.to.prepare("SELECT 1 FROM scan WHERE id = ?1")?;
        let mut statement = self.from.prepare(
            "SELECT id, run, account, tenant, caller, source, version, rules, rules_digest, scope,
                    listed, observed_at, started_at, finished_at, status, reason, api_calls,
                    summary, seq
             FROM scan ORDER BY seq",
        )?;
        let mut rows = statement.query([])?;
        let mut scans = Vec::new();
        while let Some(row) = rows.next()? {
            if known.exists([row.get::<_, String>(0)?])? {
                continue;
            }
            let (run, account) = (
                number(&self.runs, row.get(1)?, "run")?,
                number(&self.accounts, row.get(2)?, "account")?,
            );
            let mut columns = values(row, 0, 18)?;
            for (column, value) in columns.iter_mut().zip(0..) {
                match value {
                    1 => *column = run.into(),
                    2 => *column = account.into(),
                    _ => {}
                }
            }
            let seq = self
                .to
                .prepare_cached(
                    "INSERT INTO scan (id, run, account, tenant, caller, source, version, rules,
                        rules_digest, scope, listed, observed_at, started_at, finished_at, status,
                        reason, api_calls, summary)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                             ?16, ?17, ?18)",
                )?
                .insert(params_from_iter(columns.iter()))?;
            scans.push((row.get::<_, i64>(18)?, row.get::<_, i64>(2)?, NewScan { seq, account }));
        }
        let mut accounts: Vec<i64> = scans.iter().map(|(_, account, _)| *account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        for account in accounts {
            self.resources(account)?;
        }
        for (there, _, scan) in &scans {
            self.said(*there, scan.seq)?;
        }
        Ok(scans.into_iter().map(|(_, _, scan)| scan).collect())
    }

    /// Copies the resources of an account (by its number there).
    pub(super) fn resources(&mut self, account: i64) -> Result<()> {
        let here = number(&self.accounts, account, "account")?;
        let mut insert = self.to.prepare_cached(
            "INSERT OR IGNORE INTO resource (account, arn, type, region, name)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let mut find = self.to.prepare_cached(
            "SELECT seq FROM resource WHERE account = ?1 AND arn = ?2 AND type = ?3
             AND region = ?4 AND name = ?5",
        )?;
        let mut statement = self.from.prepare_cached(
            "SELECT seq, arn, type, region, name FROM resource WHERE account = ?1",
        )?;
        let mut rows = statement.query([account])?;
        while let Some(row) = rows.next()? {
            let mut columns = vec![Value::from(here)];
            columns.extend(values(row, 1, 4)?);
            insert.execute(params_from_iter(columns.iter()))?;
            let seq = find.query_row(params_from_iter(columns.iter()), |row| row.get(0))?;
            self.resources.insert(row.get(0)?, seq);
        }
        Ok(())
    }

    /// Copies what a scan said: its rules, counts, gaps and lists.
    fn said(&self, there: i64, here: i64) -> Result<()> {
        let each = |sql: &str, act: &mut dyn FnMut(&Row<'_>) -> Result<()>| -> Result<()> {
            let mut statement = self.from.prepare_cached(sql)?;
            let mut rows = statement.query([there])?;
            while let Some(row) = rows.next()? {
                act(row)?;
            }
            Ok(())
        };
        each("SELECT rule, severity FROM scan_rule WHERE scan = ?1", &mut |row| {
            self.to
                .prepare_cached("INSERT INTO scan_rule (scan, rule, severity) VALUES (?1, ?2, ?3)")?
                .execute(params![here, self.rule(row.get(0)?)?, row.get::<_, i64>(1)?])?;
            Ok(())
        })?;
        each("SELECT rule, region, outcome, count FROM result WHERE scan = ?1", &mut |row| {
            self.to
                .prepare_cached(
                    "INSERT INTO result (scan, rule, region, outcome, count)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    here,
                    self.rule(row.get(0)?)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, i64>(3)?
                ])?;
            Ok(())
        })?;
        each("SELECT gap, message FROM scan_gap WHERE scan = ?1", &mut |row| {
            self.to
                .prepare_cached("INSERT INTO scan_gap (scan, gap, message) VALUES (?1, ?2, ?3)")?
                .execute(params![here, self.gap(row.get(0)?)?, row.get::<_, String>(1)?])?;
            Ok(())
        })?;
        each("SELECT rule, outcome, refs FROM judged WHERE scan = ?1 ORDER BY seq", &mut |row| {
            let outcome: String = row.get(1)?;
            let mut numbers = Vec::new();
            unpack(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?, &mut numbers)?;
            for number in &mut numbers {
                *number = self.reference(*number, outcome == FINDING)?;
            }
            self.to
                .prepare_cached(
                    "INSERT INTO judged (scan, rule, outcome, refs) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![here, self.rule(row.get(0)?)?, outcome, pack(&mut numbers)?])?;
            Ok(())
        })
    }

    /// A reference of a list: to a span, or to a resource and its part.
    fn reference(&self, number_there: u64, span: bool) -> Result<u64> {
        let Ref { resource, part } = Ref::from_number(number_there);
        let here = if span {
            Ref { resource: small(i64::from(resource) + self.offset)?, part }
        } else {
            let part = match part {
                0 => 0,
                part => small(number(&self.parts, part.into(), "part")?)?,
            };
            Ref { resource: small(self.resource(resource.into())?)?, part }
        };
        Ok(here.number())
    }

    pub(super) fn rule(&self, there: i64) -> Result<i64> {
        number(&self.rules, there, "rule")
    }

    pub(super) fn resource(&self, there: i64) -> Result<i64> {
        number(&self.resources, there, "resource")
    }

    fn gap(&self, there: i64) -> Result<i64> {
        number(&self.gaps, there, "gap")
    }

    /// A list of gaps, as a span keeps it.
    pub(super) fn gap_list(&self, there: &str) -> Result<String> {
        let mut here: Vec<i64> =
            json::<Vec<i64>>(there)?.into_iter().map(|gap| self.gap(gap)).collect::<Result<_>>()?;
        here.sort_unstable();
        to_json(&here)
    }
}

const GAP: &[&str] = &["operation", "iam_action", "region", "resource", "class", "code"];

/// Copies a table of things that are known by their names; their numbers here
/// by their numbers there. `rest` are further columns.
fn named(
    to: &Connection,
    from: &Connection,
    table: &str,
    names: &[&str],
    rest: &[&str],
) -> Result<Numbers> {
    let columns = [names, rest].concat();
    let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
    let wanted: Vec<String> =
        names.iter().zip(1..).map(|(name, n)| format!("{name} = ?{n}")).collect();
    let mut insert = to.prepare(&format!(
        "INSERT OR IGNORE INTO {table} ({}) VALUES ({})",
        columns.join(", "),
        places.join(", ")
    ))?;
    let mut find =
        to.prepare(&format!("SELECT seq FROM {table} WHERE {}", wanted.join(" AND ")))?;
    let mut statement =
        from.prepare(&format!("SELECT seq, {} FROM {table} ORDER BY seq", columns.join(", ")))?;
    let mut rows = statement.query([])?;
    let mut numbers = Numbers::new();
    while let Some(row) = rows.next()? {
        let all = values(row, 1, columns.len())?;
        insert.execute(params_from_iter(all.iter()))?;
        let seq = find
            .query_row(params_from_iter(all.iter().take(names.len())), |row| row.get(0))
            .optional()?;
        let damaged = || HistoryError::Damaged(format!("a row of {table} cannot be copied"));
        numbers.insert(row.get(0)?, seq.ok_or_else(damaged)?);
    }
    Ok(numbers)
}

/// Some columns of a row as they are.
fn values(row: &Row<'_>, first: usize, count: usize) -> Result<Vec<Value>> {
    Ok((first..first + count).map(|column| row.get(column)).collect::<Result<_, _>>()?)
}

fn number(numbers: &Numbers, there: i64, what: &str) -> Result<i64> {
    numbers
        .get(&there)
        .copied()
        .ok_or_else(|| HistoryError::Damaged(format!("{what} {there} is missing")))
}

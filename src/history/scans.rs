//! Reading scans: which there are, and their numbers.

use super::error::{HistoryError, Result, ScanLookup};
use super::record::{RuleResult, RunId, ScanId, ScanMeta, ScanRecord, ScanStatus};
use super::store::{History, uuid};
use super::{json, time, word};
use crate::rules::Outcome;
use rusqlite::{Connection, Params, Row};
use std::collections::BTreeSet;

/// The columns that [`record`] reads.
const COLUMNS: &str = "SELECT c.seq, c.id, n.id, c.tenant, a.account, a.partition, c.caller,
        c.source, c.version, c.rules_digest, c.scope, c.observed_at, c.started_at, c.rules,
        c.status, c.reason, c.finished_at, c.api_calls, c.summary
     FROM scan c JOIN run n ON n.seq = c.run JOIN account a ON a.seq = c.account";

impl History {
    /// All scans, newest first; of one tenant, if asked.
    pub fn scans(&self, tenant: Option<&str>) -> Result<Vec<ScanRecord>> {
        let sql = "WHERE ?1 IS NULL OR c.tenant = ?1 ORDER BY c.started_at DESC, c.id DESC";
        Ok(several(&self.connection, sql, [tenant])?.into_iter().map(|(_, scan)| scan).collect())
    }

    /// The scans of a run, by tenant.
    pub fn scans_of_run(&self, run: RunId) -> Result<Vec<ScanRecord>> {
        let sql = "WHERE n.id = ?1 ORDER BY c.tenant, c.started_at, c.id";
        let found = several(&self.connection, sql, [run.to_string()])?;
        Ok(found.into_iter().map(|(_, scan)| scan).collect())
    }

    /// The scan whose id begins with `prefix`.
    pub fn scan(&self, prefix: &str) -> Result<ScanRecord> {
        let prefix = prefix.to_ascii_lowercase();
        let sql = "WHERE substr(c.id, 1, length(?1)) = ?1 ORDER BY c.id";
        let mut found = several(&self.connection, sql, [&prefix])?;
        match found.len() {
            1 => found
                .pop()
                .map(|(_, scan)| scan)
                .ok_or_else(|| HistoryError::Scan(ScanLookup::None(prefix))),
            0 => Err(HistoryError::Scan(ScanLookup::None(prefix))),
            _ => Err(HistoryError::Scan(ScanLookup::Several {
                prefix,
                candidates: found.iter().map(|(_, scan)| scan.meta.id.to_string()).collect(),
            })),
        }
    }

    /// The newest scan of a tenant that came to an end.
    pub fn latest_scan(&self, tenant: &str) -> Result<Option<ScanRecord>> {
        let sql = "WHERE c.tenant = ?1 AND c.status IN ('completed', 'partial')
                   ORDER BY c.started_at DESC, c.id DESC LIMIT 1";
        Ok(several(&self.connection, sql, [tenant])?.pop().map(|(_, scan)| scan))
    }

    /// The newest scan of every tenant, by tenant, whatever became of it.
    pub fn latest_scans(&self) -> Result<Vec<ScanRecord>> {
        let sql = "WHERE NOT EXISTS (SELECT 1 FROM scan d WHERE d.tenant = c.tenant
                   AND (d.started_at, d.id) > (c.started_at, c.id)) ORDER BY c.tenant";
        Ok(several(&self.connection, sql, [])?.into_iter().map(|(_, scan)| scan).collect())
    }

    /// The scan of the same account that came to its end before this one.
    pub fn previous_scan(&self, scan: ScanId) -> Result<Option<ScanRecord>> {
        let sql = "JOIN scan d ON d.id = ?1 AND d.account = c.account
                   WHERE c.status = 'completed' AND (c.started_at, c.id) < (d.started_at, d.id)
                   ORDER BY c.started_at DESC, c.id DESC LIMIT 1";
        Ok(several(&self.connection, sql, [scan.to_string()])?.pop().map(|(_, scan)| scan))
    }

    /// The rules that judged in a scan, by the ids under which they first
    /// shipped.
    pub fn judging_rules(&self, scan: ScanId) -> Result<BTreeSet<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.uid FROM scan_rule s JOIN rule r ON r.seq = s.rule
             JOIN scan c ON c.seq = s.scan WHERE c.id = ?1",
        )?;
        let found = statement.query_map([scan.to_string()], |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// How often each rule said what in a scan, by rule id, region and
    /// outcome.
    pub fn results(&self, scan: ScanId) -> Result<Vec<RuleResult>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.id, r.uid, t.region, t.outcome, t.count
             FROM result t JOIN rule r ON r.seq = t.rule JOIN scan c ON c.seq = t.scan
             WHERE c.id = ?1 AND t.count > 0",
        )?;
        let mut rows = statement.query([scan.to_string()])?;
        let mut results = Vec::new();
        while let Some(row) = rows.next()? {
            results.push(RuleResult {
                rule_id: row.get(0)?,
                rule_uid: row.get(1)?,
                region: row.get(2)?,
                outcome: word(Outcome::parse, &row.get::<_, String>(3)?)?,
                count: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
            });
        }
        results.sort_unstable();
        Ok(results)
    }
}

/// A scan by its number in the file.
pub(super) fn by_seq(file: &Connection, seq: i64) -> Result<ScanRecord> {
    several(file, "WHERE c.seq = ?1", [seq])?
        .pop()
        .map(|(_, scan)| scan)
        .ok_or_else(|| HistoryError::Damaged(format!("scan {seq} is missing")))
}

/// A scan by its id, with its number in the file.
pub(super) fn by_id(file: &Connection, id: ScanId) -> Result<(i64, ScanRecord)> {
    several(file, "WHERE c.id = ?1", [id.to_string()])?
        .pop()
        .ok_or_else(|| HistoryError::Scan(ScanLookup::None(id.to_string())))
}

fn several(
    file: &Connection,
    condition: &str,
    values: impl Params,
) -> Result<Vec<(i64, ScanRecord)>> {
    let mut statement = file.prepare_cached(&format!("{COLUMNS} {condition}"))?;
    let mut rows = statement.query(values)?;
    let mut scans = Vec::new();
    while let Some(row) = rows.next()? {
        scans.push((row.get(0)?, record(row)?));
    }
    Ok(scans)
}

fn record(row: &Row<'_>) -> Result<ScanRecord> {
    let text = |column: usize| row.get::<_, String>(column);
    let count = |column: usize| -> Result<u64> {
        Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
    };
    let meta = ScanMeta {
        id: ScanId(uuid(&text(1)?)?),
        run: RunId(uuid(&text(2)?)?),
        tenant: text(3)?,
        account_id: text(4)?,
        partition: text(5)?,
        caller: row.get(6)?,
        source: text(7)?,
        version: text(8)?,
        rules_digest: text(9)?,
        scope: json(&text(10)?)?,
        observed_at: time::timestamp(row.get(11)?)?,
        started_at: time::timestamp(row.get(12)?)?,
    };
    let summary: Option<String> = row.get(18)?;
    Ok(ScanRecord {
        meta,
        rules: count(13)?,
        status: word(ScanStatus::parse, &text(14)?)?,
        reason: row.get(15)?,
        finished_at: time::maybe_timestamp(row.get(16)?)?,
        api_calls: count(17)?,
        summary: summary.map(|summary| json(&summary)).transpose()?,
    })
}

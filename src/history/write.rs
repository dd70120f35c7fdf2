//! Writing a scan: verdicts stream into the file as they come.

use super::error::{HistoryError, Result};
use super::lock::Lock;
use super::numbers::Numbers;
use super::packed::{Ref, pack};
use super::record::{ScanEnd, ScanId, ScanMeta, ScanRecord, ScanRule};
use super::sight::{Content, Identity, Sight, Sighted, Viewer};
use super::store::{Turn, write_transaction};
use super::{scans, settle, severity_number, time, to_json};
use crate::findings::fingerprint;
use crate::inventory::{Gap, GapId, GapTable};
use crate::rules::{Outcome, Verdict};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

/// How many verdicts wait in memory before they are written together.
const BATCH: usize = 4096;

/// A scan of more batches than this is a large one: it gets a larger cache of
/// the file's pages than [`Recorder`](super::Recorder) gives, and larger batches,
/// since fingerprints fall on all pages of their index.
const LARGE: usize = 8;

/// That cache, as SQLite counts: negative, in KiB.
const LARGE_CACHE: i64 = -8192;

/// How many verdicts of a large scan wait.
const LARGE_BATCH: usize = 16_384;

/// The word of the lists of findings in `judged.outcome`.
pub(super) const FINDING: &str = "finding";

/// A scan that is being written. Verdicts may come in any order. They wait in
/// batches of some thousands, so memory does not grow with the account, and
/// other scans can write to the file in between. If the process dies, the
/// batches that were written are kept, and the next to open the file marks the
/// scan as partial.
#[derive(Debug)]
pub struct ScanWriter {
    connection: Connection,
    turn: Turn,
    scan: ScanKey,
    rules: BTreeMap<usize, WrittenRule>,
    waiting: Vec<Verdict>,
    gaps: BTreeMap<GapId, Gap>,
    written_gaps: BTreeMap<GapId, i64>,
    numbers: Numbers,
    /// How many batches were written.
    batches: usize,
    broken: bool,
    // Last, so that the lock goes after the connection.
    _lock: Lock,
}

/// What identifies the scan in every statement.
#[derive(Clone, Debug)]
struct ScanKey {
    seq: i64,
    id: ScanId,
    account: i64,
    partition: String,
    account_id: String,
    tenant: String,
    started_at: i64,
    observed_at: i64,
}

impl ScanKey {
    fn viewer(&self) -> Viewer<'_> {
        Viewer {
            scan: Some(self.seq),
            account: self.account,
            tenant: &self.tenant,
            started_at: self.started_at,
            observed_at: self.observed_at,
        }
    }
}

/// A rule of the scan, with its number in the file.
#[derive(Debug)]
struct WrittenRule {
    seq: i64,
    uid: String,
}

impl ScanWriter {
    pub(super) fn begin(
        mut connection: Connection,
        turn: Turn,
        lock: Lock,
        meta: ScanMeta,
        rules: Vec<ScanRule>,
    ) -> Result<Self> {
        let in_turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = write_transaction(&mut connection)?;
        let scan = insert_scan(&transaction, &meta, rules.len())?;
        let mut written = BTreeMap::new();
        for rule in rules {
            let seq = insert_rule(&transaction, scan.seq, &rule)?;
            written.insert(rule.index, WrittenRule { seq, uid: rule.uid });
        }
        transaction.commit()?;
        drop(in_turn);
        Ok(Self {
            connection,
            turn,
            scan,
            rules: written,
            waiting: Vec::new(),
            gaps: BTreeMap::new(),
            written_gaps: BTreeMap::new(),
            numbers: Numbers::default(),
            batches: 0,
            broken: false,
            _lock: lock,
        })
    }

    /// The scan's id.
    pub fn id(&self) -> ScanId {
        self.scan.id
    }

    /// Takes a verdict. `gaps` must know the gaps that the verdict names.
    /// The same rule on the same part of the same resource counts once: the
    /// worst verdict stays.
    pub fn push(&mut self, verdict: Verdict, gaps: &GapTable) -> Result<()> {
        if self.broken {
            return Err(HistoryError::Broken);
        }
        if !self.rules.contains_key(&verdict.rule) {
            return Err(HistoryError::UnknownRule(verdict.rule));
        }
        for id in verdict.gaps.iter() {
            if let Some(gap) = gaps.get(id)
                && !self.written_gaps.contains_key(&id)
            {
                self.gaps.entry(id).or_insert_with(|| gap.clone());
            }
        }
        self.waiting.push(verdict);
        let batch = if self.batches < LARGE { BATCH } else { LARGE_BATCH };
        if self.waiting.len() >= batch { self.flush() } else { Ok(()) }
    }

    /// Writes what is waiting. Happens by itself; calling it when a part of the
    /// scan is done keeps that part through a crash.
    pub fn flush(&mut self) -> Result<()> {
        if self.broken {
            return Err(HistoryError::Broken);
        }
        if self.waiting.is_empty() && self.gaps.is_empty() {
            return Ok(());
        }
        self.broken = true;
        let _in_turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = write_transaction(&mut self.connection)?;
        for (id, gap) in std::mem::take(&mut self.gaps) {
            let seq = insert_gap(&transaction, self.scan.seq, &gap)?;
            self.written_gaps.insert(id, seq);
        }
        let batch = Batch {
            transaction: &transaction,
            scan: &self.scan,
            rules: &self.rules,
            gaps: &self.written_gaps,
            numbers: &mut self.numbers,
            judged: BTreeMap::new(),
            counts: BTreeMap::new(),
        };
        batch.write(self.waiting.drain(..))?;
        transaction.commit()?;
        self.batches += 1;
        if self.batches == LARGE {
            self.connection.pragma_update(None, "cache_size", LARGE_CACHE)?;
        }
        self.broken = false;
        Ok(())
    }

    /// How many things are kept in memory.
    #[cfg(test)]
    pub(super) fn in_memory(&self) -> usize {
        self.waiting.len() + self.gaps.len() + self.numbers.len()
    }

    /// Ends the scan: settles what became of former findings, counts, and
    /// notes it in the trail. `gaps` are all gaps of the scan, also those that
    /// decided no verdict.
    ///
    /// Only a completed scan can tell that something is deleted or no longer
    /// visible; a partial or failed one leaves what it did not reach as it was.
    pub fn finish(mut self, end: ScanEnd, gaps: &GapTable) -> Result<ScanRecord> {
        for (id, gap) in gaps.iter() {
            if !self.written_gaps.contains_key(&id) {
                self.gaps.insert(id, gap.clone());
            }
        }
        self.flush()?;
        let _in_turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = write_transaction(&mut self.connection)?;
        settle::end(&transaction, self.scan.seq, &settle::End::of(end))?;
        transaction.commit()?;
        scans::by_seq(&self.connection, self.scan.seq)
    }
}

/// One batch on its way into the file.
struct Batch<'a> {
    transaction: &'a Transaction<'a>,
    scan: &'a ScanKey,
    rules: &'a BTreeMap<usize, WrittenRule>,
    gaps: &'a BTreeMap<GapId, i64>,
    numbers: &'a mut Numbers,
    judged: BTreeMap<(i64, &'static str), Vec<u64>>,
    counts: BTreeMap<(i64, Arc<str>, Outcome), i64>,
}

impl Batch<'_> {
    fn write(mut self, verdicts: impl Iterator<Item = Verdict>) -> Result<()> {
        let mut sighted = Vec::new();
        for verdict in verdicts {
            let rule =
                self.rules.get(&verdict.rule).ok_or(HistoryError::UnknownRule(verdict.rule))?;
            let resource = self.numbers.resource(self.transaction, self.scan.account, &verdict)?;
            match verdict.outcome {
                Outcome::Pass | Outcome::NotApplicable => {
                    let part = self.numbers.part(self.transaction, &verdict)?;
                    let number = Ref { resource, part }.number();
                    let list = (rule.seq, verdict.outcome.as_str());
                    self.judged.entry(list).or_default().push(number);
                    self.count(rule.seq, verdict.subject.region, verdict.outcome);
                }
                Outcome::Fail | Outcome::Unknown | Outcome::Error => {
                    let subject = &verdict.subject;
                    let print = fingerprint(
                        &self.scan.partition,
                        &self.scan.account_id,
                        &rule.uid,
                        &subject.arn,
                        subject.key.as_deref(),
                    );
                    sighted.push((print, rule, resource, verdict));
                }
            }
        }
        // The file's index of fingerprints is gone through once, not to and fro.
        sighted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut sight = Sight::new(self.transaction, self.scan.viewer())?;
        for (print, rule, resource, verdict) in sighted {
            let gaps: BTreeSet<i64> =
                verdict.gaps.iter().filter_map(|id| self.gaps.get(&id).copied()).collect();
            let outcome = verdict.outcome;
            let region = Arc::clone(&verdict.subject.region);
            let key = verdict.subject.key.clone().unwrap_or_default();
            let identity = Identity { print: &print, rule_uid: &rule.uid, key: &key };
            let content = Content::of(verdict, resource, &gaps)?;
            if let Sighted::Listed(span) = sight.see(identity, rule.seq, &content)? {
                let number = Ref { resource: span, part: 0 }.number();
                self.judged.entry((rule.seq, FINDING)).or_default().push(number);
                self.count(rule.seq, region, outcome);
            }
        }
        self.store()
    }

    fn count(&mut self, rule: i64, region: Arc<str>, outcome: Outcome) {
        *self.counts.entry((rule, region, outcome)).or_default() += 1;
    }

    fn store(self) -> Result<()> {
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO judged (scan, rule, outcome, refs) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for ((rule, outcome), mut numbers) in self.judged {
            insert.execute(params![self.scan.seq, rule, outcome, pack(&mut numbers)?])?;
        }
        let mut add = self.transaction.prepare_cached(
            "INSERT INTO result (scan, rule, region, outcome, count) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
        )?;
        for ((rule, region, outcome), count) in self.counts {
            add.execute(params![self.scan.seq, rule, region, outcome.as_str(), count])?;
        }
        Ok(())
    }
}

fn insert_scan(to: &Connection, meta: &ScanMeta, rules: usize) -> Result<ScanKey> {
    to.execute(
        "INSERT OR IGNORE INTO account (partition, account) VALUES (?1, ?2)",
        params![meta.partition, meta.account_id],
    )?;
    let account: i64 = to.query_row(
        "SELECT seq FROM account WHERE partition = ?1 AND account = ?2",
        params![meta.partition, meta.account_id],
        |row| row.get(0),
    )?;
    let run: i64 = to
        .query_row("SELECT seq FROM run WHERE id = ?1", [meta.run.to_string()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| HistoryError::Damaged(format!("run {} was not begun", meta.run)))?;
    let started_at = time::micros(meta.started_at);
    to.execute(
        "INSERT INTO scan (id, run, account, tenant, caller, source, version, rules, rules_digest,
                           scope, observed_at, started_at, status, api_calls)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'running', 0)",
        params![
            meta.id.to_string(),
            run,
            account,
            meta.tenant,
            meta.caller,
            meta.source,
            meta.version,
            i64::try_from(rules).unwrap_or(i64::MAX),
            meta.rules_digest,
            to_json(&meta.scope)?,
            time::micros(meta.observed_at),
            started_at
        ],
    )?;
    Ok(ScanKey {
        seq: to.last_insert_rowid(),
        id: meta.id,
        account,
        partition: meta.partition.clone(),
        account_id: meta.account_id.clone(),
        tenant: meta.tenant.clone(),
        started_at,
        observed_at: time::micros(meta.observed_at),
    })
}

fn insert_rule(to: &Connection, scan: i64, rule: &ScanRule) -> Result<i64> {
    let cause = rule.cause.as_deref().unwrap_or_default();
    to.prepare_cached(
        "INSERT OR IGNORE INTO rule (uid, id, digest, cause, resources)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![rule.uid, rule.id, rule.digest, cause, to_json(&rule.resources)?])?;
    let seq: i64 = to
        .prepare_cached("SELECT seq FROM rule WHERE uid = ?1 AND digest = ?2 AND id = ?3")?
        .query_row(params![rule.uid, rule.digest, rule.id], |row| row.get(0))?;
    to.prepare_cached("INSERT INTO scan_rule (scan, rule, severity) VALUES (?1, ?2, ?3)")?
        .execute(params![scan, seq, severity_number(rule.severity)])?;
    Ok(seq)
}

fn insert_gap(to: &Connection, scan: i64, gap: &Gap) -> Result<i64> {
    let values = params![
        gap.operation,
        gap.iam_action,
        gap.region,
        gap.resource.as_deref().unwrap_or_default(),
        gap.class.as_str(),
        gap.code.as_deref().unwrap_or_default()
    ];
    to.prepare_cached(
        "INSERT OR IGNORE INTO gap (operation, iam_action, region, resource, class, code)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(values)?;
    let seq: i64 = to
        .prepare_cached(
            "SELECT seq FROM gap WHERE operation = ?1 AND iam_action = ?2 AND region = ?3
             AND resource = ?4 AND class = ?5 AND code = ?6",
        )?
        .query_row(values, |row| row.get(0))?;
    to.prepare_cached("INSERT OR IGNORE INTO scan_gap (scan, gap, message) VALUES (?1, ?2, ?3)")?
        .execute(params![scan, seq, gap.message])?;
    Ok(seq)
}

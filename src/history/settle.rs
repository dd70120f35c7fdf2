//! Ending a scan: what became of former findings, its numbers, and the trail.

use super::error::Result;
use super::packed::{Ref, unpack};
use super::record::{Coverage, ScanEnd, ScanStatus, Scope};
use super::tally::{PERMANENT, Tally, tally};
use super::{event, json, time, to_json, word};
use crate::findings::GoneReason;
use crate::inventory::GLOBAL;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// How many findings one event of the trail names at most.
const PER_EVENT: usize = 1000;

/// How a scan ends.
pub(super) struct End {
    status: ScanStatus,
    reason: Option<String>,
    finished_at: Option<Timestamp>,
    noted_at: Timestamp,
    api_calls: u64,
    coverage: Coverage,
    regions_refused: BTreeMap<String, String>,
}

impl End {
    /// By its own word.
    pub(super) fn of(end: ScanEnd) -> Self {
        Self {
            status: end.status,
            reason: end.reason,
            finished_at: Some(end.finished_at),
            noted_at: end.finished_at,
            api_calls: end.api_calls,
            coverage: end.coverage,
            regions_refused: end.regions_refused,
        }
    }

    /// Its process is gone.
    pub(super) fn abandoned(status: ScanStatus, noted_at: Timestamp) -> Self {
        Self {
            status,
            reason: Some("the process ended before the scan did".to_owned()),
            finished_at: None,
            noted_at,
            api_calls: 0,
            coverage: Coverage::default(),
            regions_refused: BTreeMap::new(),
        }
    }
}

/// The scan that ends.
struct Ending {
    seq: i64,
    id: String,
    account: i64,
    tenant: String,
    caller: Option<String>,
    scope: Scope,
    started_at: i64,
}

/// A former finding that this scan did not see.
struct Candidate {
    finding: i64,
    span: i64,
    print: String,
    uid: String,
    key: String,
    status: String,
    last_seen: i64,
    last_scan: Option<i64>,
    kind: String,
    arn: String,
    region: String,
}

/// Ends a scan, within a write transaction.
pub(super) fn end(file: &Connection, scan: i64, end: &End) -> Result<()> {
    let mut ending = ending(file, scan)?;
    ending.scope.regions_refused.extend(end.regions_refused.clone());
    let at = match end.finished_at {
        Some(at) => at,
        None => time::timestamp(ending.started_at)?,
    };
    let tally = tally(file, scan, ending.account, &ending.tenant, at)?;
    let gone = match end.status {
        ScanStatus::Completed | ScanStatus::Partial => {
            settle(file, &ending, end.status, &end.coverage, &tally)?
        }
        ScanStatus::Running | ScanStatus::Failed => BTreeMap::new(),
    };
    file.execute(
        "UPDATE scan SET scope = ?2, listed = ?3, finished_at = ?4, status = ?5, reason = ?6,
                api_calls = ?7, summary = ?8 WHERE seq = ?1",
        params![
            scan,
            to_json(&ending.scope)?,
            end.coverage.to_json().map_err(|e| super::HistoryError::Damaged(e.to_string()))?,
            end.finished_at.map(time::micros),
            end.status.as_str(),
            end.reason,
            i64::try_from(end.api_calls).unwrap_or(i64::MAX),
            to_json(&tally.summary)?
        ],
    )?;
    note(file, &ending, end, &tally, gone)
}

/// Gives former findings their statuses once more, for a scan that ended
/// before: in a history that was merged, its turn in the account's life may be
/// another.
pub(super) fn end_again(file: &Connection, scan: i64) -> Result<()> {
    let (status, listed): (String, Option<String>) =
        file.query_row("SELECT status, listed FROM scan WHERE seq = ?1", [scan], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let status = word(ScanStatus::parse, &status)?;
    if !matches!(status, ScanStatus::Completed | ScanStatus::Partial) {
        return Ok(());
    }
    let coverage = match listed {
        Some(listed) => Coverage::from_json(&listed)?,
        None => Coverage::default(),
    };
    let ending = ending(file, scan)?;
    let at = time::timestamp(ending.started_at)?;
    let tally = tally(file, scan, ending.account, &ending.tenant, at)?;
    settle(file, &ending, status, &coverage, &tally)?;
    Ok(())
}

fn ending(file: &Connection, scan: i64) -> Result<Ending> {
    let (ending, scope) = file.query_row(
        "SELECT id, account, tenant, caller, started_at, scope FROM scan WHERE seq = ?1",
        [scan],
        |row| {
            let ending = Ending {
                seq: scan,
                id: row.get(0)?,
                account: row.get(1)?,
                tenant: row.get(2)?,
                caller: row.get(3)?,
                scope: Scope::default(),
                started_at: row.get(4)?,
            };
            Ok((ending, row.get::<_, String>(5)?))
        },
    )?;
    Ok(Ending { scope: json(&scope)?, ..ending })
}

/// Gives every former finding that was not seen its status; the fingerprints
/// by status.
fn settle(
    file: &Connection,
    ending: &Ending,
    status: ScanStatus,
    coverage: &Coverage,
    tally: &Tally,
) -> Result<BTreeMap<&'static str, Vec<String>>> {
    let mut gone: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let candidates = candidates(file, ending)?;
    for of_rule in candidates.chunk_by(|a, b| a.uid == b.uid) {
        let Some(uid) = of_rule.first().map(|candidate| &candidate.uid) else { continue };
        let rule = SettlingRule::read(file, ending.seq, uid)?;
        for candidate in of_rule {
            let reason = match &rule {
                None => GoneReason::RuleLeftOut,
                Some(rule) => rule.reason(file, candidate, ending, coverage, tally)?,
            };
            let reached = matches!(
                reason,
                GoneReason::Passes | GoneReason::NotApplicable | GoneReason::ListedAgain
            );
            let now = reason.status().as_str();
            if (status == ScanStatus::Completed || reached) && candidate.status != now {
                mark_gone(file, ending, candidate, reason)?;
                gone.entry(now).or_default().push(candidate.print.clone());
            }
        }
    }
    Ok(gone)
}

/// Findings of the account that are open or out of sight, that this scan did
/// not see, and that no later scan saw.
fn candidates(file: &Connection, ending: &Ending) -> Result<Vec<Candidate>> {
    let mut statement = file.prepare(
        "SELECT f.seq, f.span, f.fingerprint, f.rule_uid, f.key, f.status, f.last_seen, f.last_scan,
                r.type, r.arn, r.region
         FROM finding f JOIN finding_span s ON s.seq = f.span JOIN resource r ON r.seq = s.resource
         WHERE f.account = ?1 AND f.status IN ('open', 'no_longer_visible')
           AND f.last_scan IS NOT ?2 AND f.last_seen <= ?3
         ORDER BY f.rule_uid, f.fingerprint",
    )?;
    let rows =
        statement.query_map(params![ending.account, ending.seq, ending.started_at], |row| {
            Ok(Candidate {
                finding: row.get(0)?,
                span: row.get(1)?,
                print: row.get(2)?,
                uid: row.get(3)?,
                key: row.get(4)?,
                status: row.get(5)?,
                last_seen: row.get(6)?,
                last_scan: row.get(7)?,
                kind: row.get(8)?,
                arn: row.get(9)?,
                region: row.get(10)?,
            })
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a rule of the scan said.
struct SettlingRule {
    seq: i64,
    types: Vec<String>,
    pass: Vec<u64>,
    not_applicable: Vec<u64>,
}

impl SettlingRule {
    /// `None` if the rule did not judge in the scan.
    fn read(file: &Connection, scan: i64, uid: &str) -> Result<Option<Self>> {
        let mut statement = file.prepare_cached(
            "SELECT r.seq, r.resources FROM scan_rule s JOIN rule r ON r.seq = s.rule
             WHERE s.scan = ?1 AND r.uid = ?2",
        )?;
        let mut rows = statement.query(params![scan, uid])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let seq: i64 = row.get(0)?;
        let types = json(&row.get::<_, String>(1)?)?;
        let list = |outcome| -> Result<Vec<u64>> {
            let mut statement = file.prepare_cached(
                "SELECT refs FROM judged WHERE scan = ?1 AND rule = ?2 AND outcome = ?3",
            )?;
            let mut rows = statement.query(params![scan, seq, outcome])?;
            let mut list = Vec::new();
            while let Some(row) = rows.next()? {
                unpack(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, &mut list)?;
            }
            list.sort_unstable();
            Ok(list)
        };
        let (pass, not_applicable) = (list("pass")?, list("not_applicable")?);
        Ok(Some(Self { seq, types, pass, not_applicable }))
    }

    /// Why a finding of this rule was not seen.
    fn reason(
        &self,
        file: &Connection,
        of: &Candidate,
        ending: &Ending,
        coverage: &Coverage,
        tally: &Tally,
    ) -> Result<GoneReason> {
        let resources = resources(file, ending.account, &of.arn)?;
        let part = part(file, &of.key)?;
        let judged = |list: &[u64]| {
            part.is_some_and(|part| {
                resources.iter().any(|resource| {
                    list.binary_search(&Ref { resource: *resource, part }.number()).is_ok()
                })
            })
        };
        if judged(&self.pass) {
            return Ok(GoneReason::Passes);
        }
        if judged(&self.not_applicable) {
            return Ok(GoneReason::NotApplicable);
        }
        let left_out = of.region != GLOBAL && !ending.scope.regions.contains(&of.region);
        if self.stands_for_a_list(of) {
            return Ok(if coverage.has(&of.key, &of.region) {
                GoneReason::ListedAgain
            } else if left_out {
                GoneReason::RegionLeftOut
            } else {
                GoneReason::Gap
            });
        }
        if !self.types.contains(&of.kind) {
            return Ok(GoneReason::RuleLeftOut);
        }
        if left_out {
            return Ok(GoneReason::RegionLeftOut);
        }
        let undecided = |resource: &u32| tally.undecided.contains(&(self.seq, *resource));
        if resources.iter().any(undecided) {
            return Ok(GoneReason::Gap);
        }
        if resources.iter().any(|resource| tally.seen.binary_search(resource).is_ok()) {
            return Ok(GoneReason::PartGone);
        }
        Ok(if coverage.has(&of.kind, &of.region) { GoneReason::NotListed } else { GoneReason::Gap })
    }

    /// Whether a finding says that a list could not be read: it is about the
    /// account or a region, and its key is the type that was hidden.
    fn stands_for_a_list(&self, of: &Candidate) -> bool {
        PERMANENT.contains(&of.kind.as_str())
            && !of.key.is_empty()
            && (self.types.contains(&of.key) || !self.types.contains(&of.kind))
    }
}

/// The numbers of everything that ever had an ARN.
fn resources(file: &Connection, account: i64, arn: &str) -> Result<Vec<u32>> {
    let mut statement =
        file.prepare_cached("SELECT seq FROM resource WHERE account = ?1 AND arn = ?2")?;
    let rows = statement.query_map(params![account, arn], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The number of a part; `None` if none of that key ever passed.
fn part(file: &Connection, key: &str) -> Result<Option<u32>> {
    use rusqlite::OptionalExtension;
    if key.is_empty() {
        return Ok(Some(0));
    }
    let mut statement = file.prepare_cached("SELECT seq FROM part WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

fn mark_gone(
    file: &Connection,
    ending: &Ending,
    candidate: &Candidate,
    reason: GoneReason,
) -> Result<()> {
    let status = reason.status().as_str();
    file.prepare_cached("UPDATE finding SET status = ?2, reason = ?3 WHERE seq = ?1")?
        .execute(params![candidate.finding, status, reason.as_str()])?;
    file.prepare_cached(
        "UPDATE finding_span SET to_scan = ?2, to_time = ?3 WHERE seq = ?1 AND to_time IS NULL",
    )?
    .execute(params![candidate.span, candidate.last_scan, candidate.last_seen])?;
    file.prepare_cached(
        "INSERT INTO finding_gone (finding, scan, time, status, reason)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        candidate.finding,
        ending.seq,
        ending.started_at,
        status,
        reason.as_str()
    ])?;
    Ok(())
}

/// Writes into the trail what the scan found out.
fn note(
    file: &Connection,
    ending: &Ending,
    end: &End,
    tally: &Tally,
    gone: BTreeMap<&'static str, Vec<String>>,
) -> Result<()> {
    let at = time::micros(end.noted_at);
    let actor = ending.caller.as_deref().unwrap_or("cspm");
    let data = serde_json::json!({
        "scan": ending.id,
        "tenant": ending.tenant,
        "status": end.status.as_str(),
        "reason": end.reason,
        "summary": tally.summary,
    });
    event::append(file, at, actor, "scan_ended", &data)?;
    let mut findings: BTreeMap<&str, Vec<String>> = gone;
    let mut print = file.prepare_cached("SELECT fingerprint FROM finding WHERE seq = ?1")?;
    for (began, numbers) in &tally.opened {
        let prints = numbers
            .iter()
            .map(|number| print.query_row([number], |row| row.get(0)))
            .collect::<Result<Vec<String>, _>>()?;
        findings.entry(began).or_default().extend(prints);
    }
    for (what, mut prints) in findings {
        prints.sort_unstable();
        for prints in prints.chunks(PER_EVENT) {
            let data = serde_json::json!({ "scan": ending.id, "findings": prints });
            event::append(file, at, actor, &format!("findings_{what}"), &data)?;
        }
    }
    Ok(())
}

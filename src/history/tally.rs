//! Adding a scan up when it ends: one list per rule and outcome, counts that
//! agree with them, and the numbers of the summary. One rule at a time, so
//! memory does not grow with the number of rules.

use super::error::Result;
use super::numbers::small;
use super::packed::{Ref, pack, unpack};
use super::write::FINDING;
use super::{severity_of, suppress, word};
use crate::findings::{Judgement, Named, Scorer, Summary, Suppressions};
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Types that nobody can delete.
pub(super) const PERMANENT: [&str; 2] = ["aws.account", "aws.region"];

/// A scan, added up.
#[derive(Debug)]
pub(super) struct Tally {
    /// The numbers.
    pub(super) summary: Summary,
    /// Every resource that any rule judged (`resource.seq`), in order.
    pub(super) seen: Vec<u32>,
    /// Where a rule could not decide: (`rule.seq`, `resource.seq`).
    pub(super) undecided: BTreeSet<(i64, u32)>,
    /// Findings that this scan opened, by how (`finding_span.began`).
    pub(super) opened: BTreeMap<String, Vec<i64>>,
}

/// One finding of the scan, as far as adding up needs it.
struct Row {
    span: i64,
    resource: u32,
    part: u32,
    outcome: Outcome,
    severity: Severity,
    suppressed: bool,
}

/// What one rule said.
#[derive(Default)]
struct Lists {
    pass: Vec<u64>,
    not_applicable: Vec<u64>,
    findings: Vec<u64>,
    /// Whether what is stored is what is here.
    stored: bool,
}

struct Tallying<'a> {
    file: &'a Connection,
    scan: i64,
    tenant: &'a str,
    at: Timestamp,
    suppressions: Suppressions,
    permanent: BTreeSet<u32>,
    severities: BTreeMap<Severity, u64>,
    verdicts: BTreeMap<Outcome, u64>,
    scorer: Scorer<u32>,
    tally: Tally,
}

/// Adds up a scan of `account`; `at` is the moment whose suppressions count.
pub(super) fn tally(
    file: &Connection,
    scan: i64,
    account: i64,
    tenant: &str,
    at: Timestamp,
) -> Result<Tally> {
    let mut tallying = Tallying {
        file,
        scan,
        tenant,
        at,
        suppressions: suppress::all(file)?,
        permanent: permanent(file, account)?,
        severities: BTreeMap::new(),
        verdicts: BTreeMap::new(),
        scorer: Scorer::default(),
        tally: Tally {
            summary: Summary::new(&BTreeMap::new(), &BTreeMap::new(), None),
            seen: Vec::new(),
            undecided: BTreeSet::new(),
            opened: BTreeMap::new(),
        },
    };
    let rules: Vec<(i64, String, String, i64)> = file
        .prepare(
            "SELECT r.seq, r.uid, r.cause, s.severity FROM scan_rule s JOIN rule r ON r.seq = s.rule
             WHERE s.scan = ?1 ORDER BY r.cause, r.uid",
        )?
        .query_map([scan], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    for same_cause in rules.chunk_by(|a, b| a.2 == b.2) {
        let mut of_cause = Vec::new();
        for (rule, uid, cause, severity) in same_cause {
            let judgements = tallying.rule(*rule, uid, severity_of(*severity)?)?;
            if cause.is_empty() {
                judgements.into_iter().for_each(|judgement| tallying.scorer.add(judgement));
            } else {
                of_cause.extend(judgements);
            }
        }
        tallying.scorer.add_cause(of_cause);
    }
    let mut tally = tallying.tally;
    tally.seen.sort_unstable();
    tally.seen.dedup();
    tally.summary = Summary::new(&tallying.severities, &tallying.verdicts, tallying.scorer.score());
    Ok(tally)
}

impl Tallying<'_> {
    /// Adds up one rule; its passes and fails.
    fn rule(&mut self, rule: i64, uid: &str, severity: Severity) -> Result<Vec<Judgement<u32>>> {
        let mut lists = self.lists(rule)?;
        let rows = self.findings(uid, &mut lists)?;
        let before = (lists.pass.len(), lists.not_applicable.len());
        let found: BTreeSet<u64> = rows
            .iter()
            .map(|row| Ref { resource: row.resource, part: row.part }.number())
            .collect();
        lists.pass.dedup();
        lists.pass.retain(|number| !found.contains(number));
        lists.not_applicable.dedup();
        let Lists { pass, not_applicable, .. } = &mut lists;
        not_applicable
            .retain(|number| !found.contains(number) && pass.binary_search(number).is_err());
        lists.stored &= before == (lists.pass.len(), lists.not_applicable.len());
        if !lists.stored {
            self.store(rule, &mut lists)?;
        }
        self.count(rule, &lists, &rows)?;

        let judge = |resource, passed, severity| Judgement {
            resource,
            permanent: self.permanent.contains(&resource),
            passed,
            severity,
        };
        let passes = lists
            .pass
            .iter()
            .map(|number| judge(Ref::from_number(*number).resource, true, severity));
        let fails = rows
            .iter()
            .filter(|row| row.outcome == Outcome::Fail && !row.suppressed)
            .map(|row| judge(row.resource, false, row.severity));
        let judgements = passes.chain(fails).collect();

        let resources = lists.pass.iter().chain(&lists.not_applicable);
        let mut seen: Vec<u32> = resources.map(|n| Ref::from_number(*n).resource).collect();
        seen.extend(rows.iter().map(|row| row.resource));
        seen.retain(|resource| self.tally.seen.binary_search(resource).is_err());
        if !seen.is_empty() {
            self.tally.seen.extend(seen);
            self.tally.seen.sort_unstable();
            self.tally.seen.dedup();
        }
        for row in &rows {
            if row.outcome == Outcome::Fail {
                if !row.suppressed {
                    *self.severities.entry(row.severity).or_default() += 1;
                }
            } else {
                self.tally.undecided.insert((rule, row.resource));
            }
        }
        Ok(judgements)
    }

    fn lists(&self, rule: i64) -> Result<Lists> {
        let mut lists = Lists::default();
        let mut statement = self
            .file
            .prepare_cached("SELECT outcome, refs FROM judged WHERE scan = ?1 AND rule = ?2")?;
        let mut rows = statement.query([self.scan, rule])?;
        let mut kinds = BTreeSet::new();
        lists.stored = true;
        while let Some(row) = rows.next()? {
            let outcome: String = row.get(0)?;
            let list = match outcome.as_str() {
                "pass" => &mut lists.pass,
                "not_applicable" => &mut lists.not_applicable,
                _ => &mut lists.findings,
            };
            unpack(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, list)?;
            lists.stored &= kinds.insert(outcome);
        }
        lists.pass.sort_unstable();
        lists.not_applicable.sort_unstable();
        lists.findings.sort_unstable();
        Ok(lists)
    }

    /// The findings on the list. Of several spans of one finding the newest
    /// stays: the scan itself replaced the others.
    fn findings(&mut self, uid: &str, lists: &mut Lists) -> Result<Vec<Row>> {
        let mut statement = self.file.prepare_cached(
            "SELECT f.seq, s.resource, ifnull(p.seq, 0), s.verdict, s.severity, s.from_scan, s.began,
                    f.fingerprint, r.arn, r.name
             FROM finding_span s JOIN finding f ON f.seq = s.finding
             JOIN resource r ON r.seq = s.resource LEFT JOIN part p ON p.key = f.key
             WHERE s.seq = ?1",
        )?;
        let mut newest: BTreeMap<i64, Row> = BTreeMap::new();
        let mut began: BTreeMap<i64, String> = BTreeMap::new();
        for number in &lists.findings {
            let span = i64::from(Ref::from_number(*number).resource);
            let mut rows = statement.query([span])?;
            let Some(row) = rows.next()? else { continue };
            let finding: i64 = row.get(0)?;
            let (print, arn, name): (String, String, String) =
                (row.get(7)?, row.get(8)?, row.get(9)?);
            let named = Named {
                fingerprint: &print,
                rule_uid: uid,
                tenant: self.tenant,
                resource_arn: &arn,
                resource_id: &name,
            };
            if row.get::<_, Option<i64>>(5)? == Some(self.scan) {
                began.insert(finding, row.get(6)?);
            }
            let row = Row {
                span,
                resource: small(row.get(1)?)?,
                part: small(row.get(2)?)?,
                outcome: word(Outcome::parse, &row.get::<_, String>(3)?)?,
                severity: severity_of(row.get(4)?)?,
                suppressed: self.suppressions.hiding(named, self.at).is_some(),
            };
            // Spans come in the order of their numbers: the newest is last.
            newest.insert(finding, row);
        }
        for (finding, began) in began {
            if began != "changed" {
                self.tally.opened.entry(began).or_default().push(finding);
            }
        }
        let rows: Vec<Row> = newest.into_values().collect();
        if rows.len() != lists.findings.len() {
            lists.stored = false;
            lists.findings = rows
                .iter()
                .filter_map(|row| small(row.span).ok())
                .map(|resource| Ref { resource, part: 0 }.number())
                .collect();
        }
        Ok(rows)
    }

    /// Replaces the lists of a rule by one per outcome.
    fn store(&self, rule: i64, lists: &mut Lists) -> Result<()> {
        self.file
            .prepare_cached("DELETE FROM judged WHERE scan = ?1 AND rule = ?2")?
            .execute([self.scan, rule])?;
        let mut insert = self.file.prepare_cached(
            "INSERT INTO judged (scan, rule, outcome, refs) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (outcome, list) in [
            ("pass", &mut lists.pass),
            ("not_applicable", &mut lists.not_applicable),
            (FINDING, &mut lists.findings),
        ] {
            if !list.is_empty() {
                insert.execute(params![self.scan, rule, outcome, pack(list)?])?;
            }
        }
        Ok(())
    }

    /// Adds the counts of a rule, and mends those in `result` if something was
    /// judged twice.
    fn count(&mut self, rule: i64, lists: &Lists, rows: &[Row]) -> Result<()> {
        let mut counts: BTreeMap<Outcome, i64> = BTreeMap::new();
        let mut add = |outcome, by: usize| {
            if by > 0 {
                *counts.entry(outcome).or_default() += i64::try_from(by).unwrap_or(i64::MAX);
            }
        };
        add(Outcome::Pass, lists.pass.len());
        add(Outcome::NotApplicable, lists.not_applicable.len());
        rows.iter().for_each(|row| add(row.outcome, 1));
        let mut stored: BTreeMap<Outcome, i64> = BTreeMap::new();
        let mut statement = self.file.prepare_cached(
            "SELECT outcome, sum(count) FROM result WHERE scan = ?1 AND rule = ?2
             GROUP BY outcome HAVING sum(count) > 0",
        )?;
        let mut sums = statement.query([self.scan, rule])?;
        while let Some(row) = sums.next()? {
            stored.insert(word(Outcome::parse, &row.get::<_, String>(0)?)?, row.get(1)?);
        }
        if stored != counts {
            self.recount(rule, lists, rows)?;
        }
        for (outcome, count) in counts {
            *self.verdicts.entry(outcome).or_default() += u64::try_from(count).unwrap_or(0);
        }
        Ok(())
    }

    fn recount(&self, rule: i64, lists: &Lists, rows: &[Row]) -> Result<()> {
        let mut counts: BTreeMap<(String, Outcome), i64> = BTreeMap::new();
        let mut region = self.file.prepare_cached("SELECT region FROM resource WHERE seq = ?1")?;
        let mut add = |resource: u32, outcome| -> Result<()> {
            let region: String = region.query_row([resource], |row| row.get(0))?;
            *counts.entry((region, outcome)).or_default() += 1;
            Ok(())
        };
        for number in &lists.pass {
            add(Ref::from_number(*number).resource, Outcome::Pass)?;
        }
        for number in &lists.not_applicable {
            add(Ref::from_number(*number).resource, Outcome::NotApplicable)?;
        }
        for row in rows {
            add(row.resource, row.outcome)?;
        }
        self.file
            .prepare_cached("DELETE FROM result WHERE scan = ?1 AND rule = ?2")?
            .execute([self.scan, rule])?;
        let mut insert = self.file.prepare_cached(
            "INSERT INTO result (scan, rule, region, outcome, count) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for ((region, outcome), count) in counts {
            insert.execute(params![self.scan, rule, region, outcome.as_str(), count])?;
        }
        Ok(())
    }
}

fn permanent(file: &Connection, account: i64) -> Result<BTreeSet<u32>> {
    let mut statement =
        file.prepare("SELECT seq FROM resource WHERE account = ?1 AND type IN (?2, ?3)")?;
    let [one, other] = PERMANENT;
    let mut rows = statement.query(params![account, one, other])?;
    let mut permanent = BTreeSet::new();
    while let Some(row) = rows.next()? {
        permanent.insert(small(row.get(0)?)?);
    }
    Ok(permanent)
}

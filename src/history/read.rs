//! Reading findings, in one fixed order: severity (worst first), rule id,
//! region, ARN, sub-key.

use super::error::Result;
use super::packed::{Ref, unpack};
use super::record::{ScanId, ScanRecord};
use super::store::History;
use super::write::FINDING;
use super::{json, scans, severity_of, suppress, time, word};
use crate::findings::{
    AmbiguousPrefix, Finding, FindingStatus, GoneReason, Named, Suppressions, is_fingerprint_prefix,
};
use crate::inventory::{ErrorClass, Gap};
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use std::collections::BTreeSet;

/// Which findings to read. Empty lists ask for everything. What only the
/// catalogue knows (category, service, controls, aliases) is asked for by
/// [`rules`](Self::rules).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// What this scan saw. Without it: where every finding stands now.
    pub scan: Option<ScanId>,
    /// Only these tenants.
    pub tenants: BTreeSet<String>,
    /// Only these rules, by the ids under which they first shipped; `None` for
    /// all of them.
    pub rules: Option<BTreeSet<String>>,
    /// Only these severities.
    pub severities: BTreeSet<Severity>,
    /// Only these regions.
    pub regions: BTreeSet<String>,
    /// Only these statuses.
    pub statuses: BTreeSet<FindingStatus>,
    /// Only these verdicts.
    pub verdicts: BTreeSet<Outcome>,
    /// Only those with this text in title, rule id, resource or sub-key,
    /// whatever its case.
    pub text: Option<String>,
}

impl Filter {
    /// What a scan saw.
    pub fn of_scan(scan: ScanId) -> Self {
        Self { scan: Some(scan), ..Self::default() }
    }

    /// Whether it asks for a finding. Evidence and gaps do not matter.
    pub(super) fn takes(&self, finding: &Finding) -> bool {
        fn any<T: Ord>(set: &BTreeSet<T>, value: &T) -> bool {
            set.is_empty() || set.contains(value)
        }
        any(&self.tenants, &finding.tenant)
            && self.rules.as_ref().is_none_or(|rules| rules.contains(&finding.rule_uid))
            && any(&self.severities, &finding.severity)
            && any(&self.regions, &finding.region)
            && (self.statuses.is_empty()
                || finding.status.is_some_and(|status| self.statuses.contains(&status)))
            && any(&self.verdicts, &finding.verdict)
            && self.text.as_ref().is_none_or(|text| {
                let text = text.to_lowercase();
                let key = finding.key.as_deref().unwrap_or_default();
                [
                    finding.title.as_str(),
                    &finding.rule_id,
                    &finding.resource_id,
                    &finding.resource_arn,
                    key,
                ]
                .into_iter()
                .any(|field| field.to_lowercase().contains(&text))
            })
    }
}

/// The columns that [`Reader::finding`] reads.
pub(super) const COLUMNS: &str =
    "SELECT f.fingerprint, u.id, f.rule_uid, s.verdict, s.title, s.severity,
        f.tenant, a.account, a.partition, r.region, r.type, r.name, r.arn, f.key, s.evidence,
        s.gaps, s.error, f.observed_at, f.status, f.reason, f.first_seen, f.last_seen, f.last_scan,
        s.seq
     FROM finding f
     JOIN finding_span s ON s.finding = f.seq
     JOIN rule u ON u.seq = s.rule
     JOIN resource r ON r.seq = s.resource
     JOIN account a ON a.seq = f.account";

pub(super) const ORDER: &str =
    "ORDER BY s.severity DESC, u.id, r.region, r.arn, f.key, f.fingerprint";

impl History {
    /// The finding whose fingerprint begins with `prefix`, as it stands now.
    pub fn finding(&self, prefix: &str, now: Timestamp) -> Result<Finding> {
        let print = self.fingerprint(prefix)?;
        let sql = format!("{COLUMNS} WHERE s.seq = f.span AND f.fingerprint = ?1");
        let mut found = None;
        Reader::new(&self.connection, None, now)?.each(
            &sql,
            params![print],
            &mut |_, finding| {
                found = Some(finding);
                Ok(())
            },
        )?;
        found.ok_or_else(|| AmbiguousPrefix::None(prefix.to_owned()).into())
    }

    /// The one fingerprint that begins with `prefix`.
    pub fn fingerprint(&self, prefix: &str) -> Result<String> {
        const NAMED: usize = 5;
        let prefix = prefix.to_ascii_lowercase();
        if !is_fingerprint_prefix(&prefix) {
            return Err(AmbiguousPrefix::Malformed(prefix).into());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT fingerprint FROM finding WHERE fingerprint >= ?1 AND fingerprint < ?1 || 'g'
             ORDER BY fingerprint",
        )?;
        let found: Vec<String> =
            statement.query_map([&prefix], |row| row.get(0))?.collect::<Result<_, _>>()?;
        match found.as_slice() {
            [] => Err(AmbiguousPrefix::None(prefix).into()),
            [one] => Ok(one.clone()),
            several => Err(AmbiguousPrefix::Several {
                prefix,
                number: several.len(),
                candidates: several.iter().take(NAMED).cloned().collect(),
            }
            .into()),
        }
    }

    /// The calls of a scan that got no answer, in order.
    pub fn gaps(&self, scan: ScanId) -> Result<Vec<Gap>> {
        let (seq, _) = scans::by_id(&self.connection, scan)?;
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {GAP}, s.message FROM scan_gap s JOIN gap g ON g.seq = s.gap WHERE s.scan = ?1"
        ))?;
        let mut rows = statement.query([seq])?;
        let mut gaps = Vec::new();
        while let Some(row) = rows.next()? {
            gaps.push(gap(row)?);
        }
        gaps.sort_unstable();
        Ok(gaps)
    }
}

/// The spans on the lists of a scan.
pub(super) fn spans(file: &Connection, scan: i64) -> Result<Vec<u32>> {
    let mut statement =
        file.prepare_cached("SELECT refs FROM judged WHERE scan = ?1 AND outcome = ?2")?;
    let mut rows = statement.query(params![scan, FINDING])?;
    let mut numbers = Vec::new();
    while let Some(row) = rows.next()? {
        unpack(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, &mut numbers)?;
    }
    Ok(numbers.into_iter().map(|number| Ref::from_number(number).resource).collect())
}

/// Turns rows into findings.
pub(super) struct Reader<'a> {
    file: &'a Connection,
    /// The scan that is read, or `None` for where things stand now.
    scan: Option<(i64, &'a ScanRecord)>,
    at: Timestamp,
    suppressions: Suppressions,
    /// Whether evidence and gaps are read as well.
    evidence: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        file: &'a Connection,
        scan: Option<(i64, &'a ScanRecord)>,
        at: Timestamp,
    ) -> Result<Self> {
        Ok(Self { file, scan, at, suppressions: suppress::all(file)?, evidence: true })
    }

    /// Leaves evidence and gaps out, which are most of what there is to read.
    pub(super) fn without_evidence(self) -> Self {
        Self { evidence: false, ..self }
    }

    /// Calls `each` with the span and the finding of each row.
    pub(super) fn each(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        each: &mut impl FnMut(i64, Finding) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.file.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            each(row.get(23)?, self.finding(row)?)?;
        }
        Ok(())
    }

    fn finding(&self, row: &Row<'_>) -> Result<Finding> {
        let text = |column: usize| row.get::<_, String>(column);
        let last_seen = time::timestamp(row.get(21)?)?;
        let (evidence, gaps) = match self.evidence {
            true => (json(&text(14)?)?, json(&text(15)?)?),
            false => (serde_json::Map::new(), Vec::new()),
        };
        let mut finding = Finding {
            fingerprint: text(0)?,
            rule_id: text(1)?,
            rule_uid: text(2)?,
            verdict: word(Outcome::parse, &text(3)?)?,
            title: text(4)?,
            severity: severity_of(row.get(5)?)?,
            tenant: text(6)?,
            account_id: text(7)?,
            partition: text(8)?,
            region: text(9)?,
            resource_type: text(10)?,
            resource_id: text(11)?,
            resource_arn: text(12)?,
            key: Some(text(13)?).filter(|key| !key.is_empty()),
            evidence,
            gaps: self.gaps(&gaps, self.scan.map_or(row.get(22)?, |(seq, _)| Some(seq)))?,
            error: row.get(16)?,
            observed_at: time::timestamp(row.get(17)?)?,
            status: Some(FindingStatus::Open),
            reason: None,
            suppression: None,
            first_seen: Some(time::timestamp(row.get(20)?)?),
            last_seen: Some(last_seen),
        };
        match self.scan {
            Some((_, scan)) => {
                finding.tenant.clone_from(&scan.meta.tenant);
                finding.observed_at = scan.meta.observed_at;
                finding.last_seen = Some(scan.meta.started_at);
            }
            None => {
                finding.status = Some(word(FindingStatus::parse, &text(18)?)?);
                let reason: Option<String> = row.get(19)?;
                finding.reason = reason.map(|r| word(GoneReason::parse, &r)).transpose()?;
            }
        }
        if finding.status == Some(FindingStatus::Open)
            && let Some(hiding) = self.suppressions.hiding(Named::from(&finding), self.at)
        {
            finding.suppression = Some(hiding.id.clone());
            finding.status = Some(FindingStatus::Suppressed);
        }
        Ok(finding)
    }

    fn gaps(&self, numbers: &[i64], scan: Option<i64>) -> Result<Vec<Gap>> {
        let mut gaps = Vec::with_capacity(numbers.len());
        for number in numbers {
            let mut statement = self.file.prepare_cached(&format!(
                "SELECT {GAP}, ifnull(s.message, '') FROM gap g
                 LEFT JOIN scan_gap s ON s.gap = g.seq AND s.scan = ?2 WHERE g.seq = ?1"
            ))?;
            let mut rows = statement.query(params![number, scan])?;
            if let Some(row) = rows.next()? {
                gaps.push(gap(row)?);
            }
        }
        gaps.sort_unstable();
        Ok(gaps)
    }
}

/// The columns that [`gap`] reads, without the message behind them.
const GAP: &str = "g.operation, g.iam_action, g.region, g.resource, g.class, g.code";

fn gap(row: &Row<'_>) -> Result<Gap> {
    let class: String = row.get(4)?;
    let parse = |word: &str| ErrorClass::ALL.into_iter().find(|class| class.as_str() == word);
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Ok(Gap {
        operation: row.get(0)?,
        iam_action: row.get(1)?,
        region: row.get(2)?,
        resource: some(row.get(3)?),
        class: word(parse, &class)?,
        code: some(row.get(5)?),
        message: row.get(6)?,
    })
}

/// What passed a rule in a scan, each once: numbers of [`Ref`]s.
pub(super) fn passed(file: &Connection, scan: i64, rule: i64) -> Result<Vec<u64>> {
    let mut statement = file.prepare_cached(
        "SELECT refs FROM judged WHERE scan = ?1 AND rule = ?2 AND outcome = 'pass'",
    )?;
    let mut rows = statement.query(params![scan, rule])?;
    let mut numbers = Vec::new();
    while let Some(row) = rows.next()? {
        unpack(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, &mut numbers)?;
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

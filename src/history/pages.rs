//! What a scan saw, page by page: memory does not grow with its findings.

use super::error::Result;
use super::read::{COLUMNS, ORDER, Reader, passed, spans};
use super::record::{ScanId, ScanRecord};
use super::store::History;
use super::{scans, severity_of, to_json, word};
use crate::findings::{Finding, fingerprint};
use crate::rules::{Outcome, Severity};
use rusqlite::{Connection, params};

/// What a scan saw, in its order: severity (worst first), rule id, region, ARN,
/// sub-key; the passes behind it. Made by [`History::contents`].
#[derive(Debug)]
pub struct Contents {
    seq: i64,
    record: ScanRecord,
    spans: Vec<(i64, Outcome)>,
    rules: Vec<PassedRule>,
    /// The place of the rule, and the number of what passed it.
    passes: Vec<(usize, i64)>,
}

#[derive(Debug)]
struct PassedRule {
    id: String,
    uid: String,
    severity: Severity,
}

impl Contents {
    /// How many findings there are, passes included.
    pub fn len(&self) -> usize {
        self.spans.len() + self.passes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The verdicts, in order.
    pub fn verdicts(&self) -> impl Iterator<Item = Outcome> {
        let found = self.spans.iter().map(|(_, verdict)| *verdict);
        found.chain(self.passes.iter().map(|_| Outcome::Pass))
    }
}

impl History {
    /// What a scan saw, for [`page`](Self::page); with its passes, if wanted.
    pub fn contents(&self, scan: ScanId, with_passes: bool) -> Result<Contents> {
        let file = &self.connection;
        let (seq, record) = scans::by_id(file, scan)?;
        let spans = file
            .prepare_cached(&format!(
                "SELECT s.seq, s.verdict FROM finding f
                 JOIN finding_span s ON s.finding = f.seq
                 JOIN rule u ON u.seq = s.rule
                 JOIN resource r ON r.seq = s.resource
                 WHERE s.seq IN (SELECT value FROM json_each(?1)) {ORDER}"
            ))?
            .query_map([to_json(&spans(file, seq)?)?], |row| Ok((row.get(0)?, row.get(1)?)))?
            .map(|row| {
                let (span, verdict): (i64, String) = row?;
                Ok((span, word(Outcome::parse, &verdict)?))
            })
            .collect::<Result<_>>()?;
        let mut contents = Contents { seq, record, spans, rules: Vec::new(), passes: Vec::new() };
        if with_passes {
            contents.list_passes(file)?;
        }
        Ok(contents)
    }

    /// The findings at these places, in their order.
    pub fn page(&self, contents: &Contents, places: &[usize]) -> Result<Vec<Finding>> {
        let Contents { seq, record, spans, passes, .. } = contents;
        let mut page = Vec::with_capacity(places.len());
        let found: Vec<i64> =
            places.iter().filter_map(|place| Some(spans.get(*place)?.0)).collect();
        if !found.is_empty() {
            let sql = format!("{COLUMNS} WHERE s.seq IN (SELECT value FROM json_each(?1)) {ORDER}");
            let reader = Reader::new(&self.connection, Some((*seq, record)), record.as_of())?;
            reader.each(&sql, params![to_json(&found)?], &mut |_, finding| {
                page.push(finding);
                Ok(())
            })?;
        }
        let behind = places.iter().filter_map(|place| place.checked_sub(spans.len()));
        let passed: Vec<(usize, i64)> =
            behind.filter_map(|place| passes.get(place).copied()).collect();
        for of_rule in passed.chunk_by(|(one, _), (other, _)| one == other) {
            let numbers: Vec<i64> = of_rule.iter().map(|(_, number)| *number).collect();
            let rule = of_rule.first().and_then(|(rule, _)| contents.rules.get(*rule));
            if let Some(rule) = rule {
                passes_of(&self.connection, rule, &numbers, record, &mut page)?;
            }
        }
        Ok(page)
    }
}

impl Contents {
    fn list_passes(&mut self, file: &Connection) -> Result<()> {
        let rules: Vec<(i64, String, String, i64)> = file
            .prepare_cached(
                "SELECT r.seq, r.id, r.uid, s.severity FROM scan_rule s JOIN rule r ON r.seq = s.rule
                 WHERE s.scan = ?1 ORDER BY s.severity DESC, r.id",
            )?
            .query_map([self.seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<Result<_, _>>()?;
        for (rule, id, uid, severity) in rules {
            let place = self.rules.len();
            let numbers = passed(file, self.seq, rule)?;
            let mut statement = file.prepare_cached(
                "SELECT j.value FROM json_each(?1) j JOIN resource r ON r.seq = j.value >> 32
                 LEFT JOIN part p ON p.seq = j.value & 4294967295
                 ORDER BY r.region, r.arn, p.key",
            )?;
            let mut rows = statement.query([to_json(&numbers)?])?;
            while let Some(row) = rows.next()? {
                self.passes.push((place, row.get(0)?));
            }
            self.rules.push(PassedRule { id, uid, severity: severity_of(severity)? });
        }
        Ok(())
    }
}

/// The passes of one rule with these numbers.
fn passes_of(
    file: &Connection,
    rule: &PassedRule,
    numbers: &[i64],
    scan: &ScanRecord,
    page: &mut Vec<Finding>,
) -> Result<()> {
    let meta = &scan.meta;
    let mut statement = file.prepare_cached(
        "SELECT r.type, r.region, r.name, r.arn, p.key
         FROM json_each(?1) j JOIN resource r ON r.seq = j.value >> 32
         LEFT JOIN part p ON p.seq = j.value & 4294967295
         ORDER BY r.region, r.arn, p.key",
    )?;
    let mut rows = statement.query([to_json(&numbers)?])?;
    while let Some(row) = rows.next()? {
        let (arn, key): (String, Option<String>) = (row.get(3)?, row.get(4)?);
        let print = fingerprint(&meta.partition, &meta.account_id, &rule.uid, &arn, key.as_deref());
        page.push(Finding {
            fingerprint: print,
            rule_id: rule.id.clone(),
            rule_uid: rule.uid.clone(),
            verdict: Outcome::Pass,
            title: String::new(),
            severity: rule.severity,
            tenant: meta.tenant.clone(),
            account_id: meta.account_id.clone(),
            partition: meta.partition.clone(),
            resource_type: row.get(0)?,
            region: row.get(1)?,
            resource_id: row.get(2)?,
            resource_arn: arn,
            key,
            evidence: serde_json::Map::new(),
            gaps: Vec::new(),
            error: None,
            observed_at: meta.observed_at,
            status: None,
            reason: None,
            suppression: None,
            first_seen: None,
            last_seen: None,
        });
    }
    Ok(())
}

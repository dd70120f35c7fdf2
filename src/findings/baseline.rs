//! Baselines: failures that are known, so that a gate only heeds what is new.

use super::{FINGERPRINT_DIGITS, Finding, FindingStatus, is_fingerprint_prefix};
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the file.
const SCHEMA: &str = "cspm-baseline/1";

/// Failures that a gate passes over, by fingerprint, each with the severity
/// at which it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known(BTreeMap<String, Severity>);

impl Known {
    /// Whether a finding is a failure that is known as at least this bad.
    pub fn has(&self, finding: &Finding) -> bool {
        finding.verdict == Outcome::Fail
            && self.0.get(&finding.fingerprint).is_some_and(|known| *known >= finding.severity)
    }

    /// Adds a failure, at its severity.
    pub fn add(&mut self, finding: &Finding) {
        self.0.insert(finding.fingerprint.clone(), finding.severity);
    }

    /// Renames the fingerprints.
    #[must_use]
    pub fn renamed(self, name: impl Fn(&str) -> String) -> Self {
        Self(self.0.into_iter().map(|(print, severity)| (name(&print), severity)).collect())
    }
}

/// Whether a finding is a failure that stands: what a baseline is made of. A
/// suppressed failure is not: when its suppression ends, it counts.
pub fn stands(finding: &Finding) -> bool {
    finding.verdict == Outcome::Fail && finding.status == Some(FindingStatus::Open)
}

/// The file: failures that were accepted as they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: String,
    /// The version of cspm that wrote it.
    pub version: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// The scans that it was made of.
    pub scans: Vec<BaselineScan>,
    /// The failures, in the order of findings.
    pub findings: Vec<BaselineFinding>,
}

/// A scan that a baseline was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineScan {
    /// The tenant.
    pub tenant: String,
    /// The account: twelve digits.
    pub account_id: String,
    /// When the scan began.
    pub started_at: Timestamp,
    /// The digest of its rules.
    pub rules_digest: String,
}

/// A known failure. All but the first two are for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineFinding {
    /// Its identity; the whole fingerprint.
    pub fingerprint: String,
    /// How bad it was, in capitals. A worse one is new.
    pub severity: String,
    /// In words.
    pub title: String,
    /// The rule.
    pub rule_id: String,
    /// The account.
    pub account_id: String,
    /// The region, or `global`.
    pub region: String,
    /// The resource.
    pub resource_arn: String,
}

/// Why a baseline cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// It is not JSON of this form.
    #[error("{line}:{column}: {message}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It is something else, or of a newer cspm.
    #[error("its schema is `{0}`, and this cspm reads `{SCHEMA}`")]
    Schema(String),
    /// A finding is wrong.
    #[error("findings[{index}]: {message}")]
    Finding {
        /// Its place in the list, from 0.
        index: usize,
        /// What is wrong with it.
        message: String,
    },
}

impl From<&Finding> for BaselineFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            fingerprint: finding.fingerprint.clone(),
            severity: finding.severity.in_capitals().to_owned(),
            title: finding.title.clone(),
            rule_id: finding.rule_id.clone(),
            account_id: finding.account_id.clone(),
            region: finding.region.clone(),
            resource_arn: finding.resource_arn.clone(),
        }
    }
}

impl Baseline {
    /// A baseline that knows of no failure yet.
    pub fn new(version: &str, written_at: Timestamp, scans: Vec<BaselineScan>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            version: version.to_owned(),
            written_at,
            scans,
            findings: Vec::new(),
        }
    }

    /// Adds a finding, if it is a failure that stands.
    pub fn add(&mut self, finding: &Finding) {
        if stands(finding) {
            self.findings.push(BaselineFinding::from(finding));
        }
    }

    /// Reads the file. Unknown keys are refused: a gate that overlooks what
    /// it was told is worse than none.
    ///
    /// # Errors
    /// It is malformed, of another schema, or names a finding twice.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<String>,
        }
        let malformed = |error: serde_json::Error| {
            let message = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            BaselineError::Malformed {
                line: error.line().max(1),
                column: error.column().max(1),
                message: message.strip_suffix(&place).unwrap_or(&message).to_owned(),
            }
        };
        let head: Head = serde_json::from_str(text).map_err(malformed)?;
        match head.schema {
            Some(schema) if schema == SCHEMA => {}
            other => return Err(BaselineError::Schema(other.unwrap_or_default())),
        }
        let baseline: Self = serde_json::from_str(text).map_err(malformed)?;
        let mut seen = BTreeSet::new();
        for (index, finding) in baseline.findings.iter().enumerate() {
            let print = &finding.fingerprint;
            let wrong = |message: String| BaselineError::Finding { index, message };
            if print.len() != FINGERPRINT_DIGITS || !is_fingerprint_prefix(print) {
                return Err(wrong(format!("`{print}` is not a whole fingerprint")));
            }
            if severity(&finding.severity).is_none() {
                return Err(wrong(format!("`{}` is not a severity", finding.severity)));
            }
            if !seen.insert(print) {
                return Err(wrong(format!("`{print}` is there twice")));
            }
        }
        Ok(baseline)
    }

    /// What it makes known.
    pub fn known(&self) -> Known {
        let findings = self.findings.iter();
        Known(
            findings
                .filter_map(|it| Some((it.fingerprint.clone(), severity(&it.severity)?)))
                .collect(),
        )
    }
}

fn severity(word: &str) -> Option<Severity> {
    Severity::WORST_FIRST.into_iter().find(|severity| severity.in_capitals() == word)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::finding::tests::finding;

    fn failed(print: char, severity: Severity) -> Finding {
        let fingerprint = print.to_string().repeat(FINGERPRINT_DIGITS);
        Finding { fingerprint, severity, ..finding() }
    }

    fn baseline(findings: &[Finding]) -> String {
        let at = "2026-03-01T00:00:00Z".parse().unwrap();
        let mut baseline = Baseline::new("0.1.0", at, Vec::new());
        findings.iter().for_each(|finding| baseline.add(finding));
        serde_json::to_string(&baseline).unwrap()
    }

    #[test]
    fn it_holds_the_failures_that_stand_and_comes_back() {
        let open = failed('a', Severity::High);
        let suppressed =
            Finding { status: Some(FindingStatus::Suppressed), ..failed('b', Severity::High) };
        let unknown = Finding { verdict: Outcome::Unknown, ..failed('c', Severity::High) };
        let read = Baseline::parse(&baseline(&[open, suppressed, unknown])).unwrap();
        assert_eq!(read.findings.len(), 1);
        let known = read.known();
        assert!(known.has(&failed('a', Severity::High)));
        assert!(known.has(&failed('a', Severity::Low)), "it got better");
        assert!(!known.has(&failed('a', Severity::Critical)), "it got worse");
        assert!(!known.has(&failed('b', Severity::High)));
        let unknown = Finding { verdict: Outcome::Unknown, ..failed('a', Severity::High) };
        assert!(!known.has(&unknown), "an unknown is never known");
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_place() {
        let good = baseline(&[failed('a', Severity::High)]);
        for (from, to, says) in [
            ("cspm-baseline/1", "cspm-baseline/2", "its schema is `cspm-baseline/2`"),
            ("\"schema\":\"cspm-baseline/1\",", "", "its schema is ``"),
            ("\"region\"", "\"regoin\"", "1:"),
            ("\"scans\":[]", "\"scans\":[", "1:"),
            ("HIGH", "high", "findings[0]: `high` is not a severity"),
            ("aaaa", "zzzz", "is not a whole fingerprint"),
            ("{\"fingerprint\":\"aa", "{\"fingerprint\":\"a", "is not a whole fingerprint"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good, "{from}");
            let error = Baseline::parse(&bad).unwrap_err().to_string();
            assert!(error.contains(says), "{to}: {error}");
        }
        let twice = baseline(&[failed('a', Severity::High), failed('a', Severity::Low)]);
        let error = Baseline::parse(&twice).unwrap_err().to_string();
        assert!(error.contains("findings[1]") && error.contains("there twice"), "{error}");
        let error = Baseline::parse("{\n  x").unwrap_err().to_string();
        assert!(error.starts_with("2:3: "), "{error}");
    }
}

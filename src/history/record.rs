//! What is told to a history, and what it tells.

use super::error::Result;
use crate::findings::Summary;
use crate::rules::{Outcome, ParameterValue, Rule, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use uuid::Uuid;

/// The id of a run: a uuid v7, made by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub Uuid);

/// The id of a scan: a uuid v7, made by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanId(pub Uuid);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ScanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for RunId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Serialize for ScanId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// One command that scans.
#[derive(Clone, Debug, PartialEq)]
pub struct RunMeta {
    /// Its id.
    pub id: RunId,
    /// The version of cspm.
    pub version: String,
    /// What was asked for; a resumed run reads it again.
    pub request: serde_json::Value,
    /// When it began.
    pub started_at: Timestamp,
}

/// A run as history knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// What was told when it began.
    pub meta: RunMeta,
    /// When it ended; `None` if it is running or was interrupted.
    pub finished_at: Option<Timestamp>,
}

/// What a scan looks at, and what it leaves out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// The regions that were asked.
    pub regions: Vec<String>,
    /// Whether somebody chose those regions: what lies elsewhere was left out.
    pub regions_chosen: bool,
    /// Regions that were left out, and why.
    pub regions_skipped: BTreeMap<String, String>,
    /// Regions that refused, and why.
    pub regions_refused: BTreeMap<String, String>,
    /// The ids of rules of the catalogue that did not judge.
    pub rules_left_out: Vec<String>,
    /// The options that narrowed the scan, as given.
    pub filters: Vec<String>,
    /// Severities that the tenants file changed, by rule id.
    pub severity_overrides: BTreeMap<String, Severity>,
    /// Parameters that the tenants file set, by rule id and name.
    pub parameter_overrides: BTreeMap<String, BTreeMap<String, ParameterValue>>,
}

/// What is known when a scan begins.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanMeta {
    /// Its id.
    pub id: ScanId,
    /// The run it belongs to.
    pub run: RunId,
    /// The tenant.
    pub tenant: String,
    /// The account: twelve digits.
    pub account_id: String,
    /// The partition: `aws`, `aws-us-gov` or `aws-cn`.
    pub partition: String,
    /// The ARN that reads the account; `None` if there is no session.
    pub caller: Option<String>,
    /// `aws`, or the name of the snapshot that is judged.
    pub source: String,
    /// The version of cspm.
    pub version: String,
    /// The digest of all rules that judge.
    pub rules_digest: String,
    /// What is looked at.
    pub scope: Scope,
    /// The moment of the inventory: `now` for a live scan, the time of the
    /// snapshot otherwise.
    pub observed_at: Timestamp,
    /// When the scan began.
    pub started_at: Timestamp,
}

/// A rule that judges in a scan.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanRule {
    /// Its position in the catalogue: [`Verdict::rule`](crate::rules::Verdict::rule).
    pub index: usize,
    /// The id under which it first shipped.
    pub uid: String,
    /// Its id.
    pub id: String,
    /// Its digest.
    pub digest: String,
    /// Its severity, overrides applied.
    pub severity: Severity,
    /// Its cause.
    pub cause: Option<String>,
    /// The types it judges.
    pub resources: Vec<String>,
}

impl ScanRule {
    /// A rule at its position in the catalogue.
    pub fn new(index: usize, rule: &Rule) -> Self {
        Self {
            index,
            uid: rule.uid.clone(),
            id: rule.id.clone(),
            digest: rule.digest.clone(),
            severity: rule.severity,
            cause: rule.cause.clone(),
            resources: rule.resources.clone(),
        }
    }
}

/// How a scan ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScanStatus {
    /// It has not.
    Running,
    /// To its end; gaps alone leave it so.
    Completed,
    /// Interrupted: what was judged is kept.
    Partial,
    /// Nothing could be scanned.
    Failed,
}

impl ScanStatus {
    /// All.
    pub const ALL: [ScanStatus; 4] = [Self::Running, Self::Completed, Self::Partial, Self::Failed];

    /// The word of the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }

    /// From that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// What was listed to its end: (type, region) of each
/// [`Sink::done`](crate::inventory::Sink::done) without missing gaps. Only
/// what is in here can tell that a finding's resource is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    listed: BTreeMap<String, BTreeSet<String>>,
}

impl Coverage {
    /// Notes that everything of a type in a region was listed; `global` for
    /// types that are listed once for all regions.
    pub fn listed(&mut self, kind: &str, region: &str) {
        self.listed.entry(kind.to_owned()).or_default().insert(region.to_owned());
    }

    /// Whether a type was listed to its end in a region, there or globally.
    pub fn has(&self, kind: &str, region: &str) -> bool {
        self.listed.get(kind).is_some_and(|regions| {
            regions.contains(region) || regions.contains(crate::inventory::GLOBAL)
        })
    }

    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(&self.listed)
    }

    /// From what [`to_json`](Self::to_json) wrote.
    pub(super) fn from_json(text: &str) -> Result<Self> {
        Ok(Self { listed: super::json(text)? })
    }
}

/// What is known when a scan ends.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanEnd {
    /// Completed, partial or failed.
    pub status: ScanStatus,
    /// Why it is partial or failed.
    pub reason: Option<String>,
    /// When it ended.
    pub finished_at: Timestamp,
    /// How many requests were made.
    pub api_calls: u64,
    /// What was listed to its end.
    pub coverage: Coverage,
    /// Regions that refused while the scan ran, and why; added to its scope.
    pub regions_refused: BTreeMap<String, String>,
}

/// A scan as history knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScanRecord {
    /// What was told when it began.
    pub meta: ScanMeta,
    /// How many rules judged.
    pub rules: u64,
    /// How it ended.
    pub status: ScanStatus,
    /// Why it is partial or failed.
    pub reason: Option<String>,
    /// When it ended; `None` if it is running, or if its process ended without
    /// a word.
    pub finished_at: Option<Timestamp>,
    /// How many requests were made.
    pub api_calls: u64,
    /// Its numbers, with the suppressions of its time; `None` while it runs.
    pub summary: Option<Summary>,
}

impl ScanRecord {
    /// The moment at which its suppressions count: its end, or its beginning.
    pub fn as_of(&self) -> Timestamp {
        self.finished_at.unwrap_or(self.meta.started_at)
    }

    /// Its numbers for people: none if nothing could be scanned, for noughts
    /// would look like good news.
    pub fn numbers(&self) -> Option<&Summary> {
        self.summary.as_ref().filter(|_| self.status != ScanStatus::Failed)
    }
}

/// How often a rule said what in a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleResult {
    /// The rule's id then.
    pub rule_id: String,
    /// The id under which it first shipped.
    pub rule_uid: String,
    /// The region, or `global`.
    pub region: String,
    /// What it said.
    pub outcome: Outcome,
    /// How often.
    pub count: u64,
}

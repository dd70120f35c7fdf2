//! A history in a temporary folder, with a clock and ids of its own.

use super::super::*;
use crate::findings::Finding;
use crate::inventory::{self, ErrorClass, Gap, GapTable, RecordType, ResourceType};
use crate::rules::{Outcome, Severity, Subject, Verdict};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

pub(super) const RULES: [(&str, Severity, &str); 6] = [
    ("iam-user-mfa", Severity::High, "iam.user"),
    ("iam-user-keys", Severity::Medium, "iam.user"),
    ("s3-public", Severity::Critical, "s3.bucket"),
    ("s3-encryption", Severity::Medium, "s3.bucket"),
    ("trail", Severity::High, "aws.account"),
    ("region-thing", Severity::Low, "aws.region"),
];

static RECORD: RecordType = RecordType { name: "thing", doc: "A thing.", fields: Vec::new() };

static TYPES: [ResourceType; 4] = [
    kind("iam.user", inventory::Scope::Global),
    kind("s3.bucket", inventory::Scope::GlobalList),
    kind("aws.account", inventory::Scope::Global),
    kind("aws.region", inventory::Scope::Regional),
];

const fn kind(name: &'static str, scope: inventory::Scope) -> ResourceType {
    ResourceType { name, scope, listings: &[], tags: &[], record: &RECORD }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    Pass,
    Fail,
    Unknown,
    Error,
    NotApplicable,
}

pub(super) struct Lab {
    _folder: tempfile::TempDir,
    pub(super) path: PathBuf,
    pub(super) history: History,
    clock: i64,
    run: RunId,
    /// The tenant that is scanned, and its account.
    tenant: (String, String),
    /// Tells this file's ids from those of others.
    number: u128,
}

impl Lab {
    pub(super) fn new() -> Self {
        Self::numbered(1)
    }

    /// One of several histories, with ids of its own.
    pub(super) fn numbered(number: u128) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("history.db");
        let mut history = History::open(&path, Uuid::from_u128(number), at(0)).unwrap();
        let run = RunId(Uuid::from_u128(number << 64));
        history
            .begin_run(&RunMeta {
                id: run,
                version: "0.1.0".to_owned(),
                request: serde_json::json!({ "tenants": ["acme"] }),
                started_at: at(0),
            })
            .unwrap();
        let tenant = ("acme".to_owned(), "123456789012".to_owned());
        Self { _folder: folder, path, history, clock: 0, run, tenant, number }
    }

    /// What follows is about this tenant, and happens from this second on.
    pub(super) fn turn_to(&mut self, tenant: &str, account_id: &str, second: i64) {
        self.tenant = (tenant.to_owned(), account_id.to_owned());
        self.clock = second;
    }

    /// A second passes.
    pub(super) fn tick(&mut self) -> Timestamp {
        self.clock += 1;
        self.now()
    }

    pub(super) fn now(&self) -> Timestamp {
        at(self.clock)
    }

    /// Takes over other files.
    pub(super) fn merge(&mut self, files: &[PathBuf]) -> Result<Merged, HistoryError> {
        let now = self.tick();
        self.history.merge(files, now, "me")
    }

    pub(super) fn reopen(&mut self) {
        self.clock += 1;
        self.history = History::open(&self.path, Uuid::from_u128(2), self.now()).unwrap();
    }

    /// Begins a scan with every rule, all regions.
    pub(super) fn begin(&mut self) -> ScanWriter {
        let meta = self.meta(&["eu-west-1", "us-east-1"]);
        self.history.begin_scan(meta, rules(None)).unwrap()
    }

    pub(super) fn meta(&mut self, regions: &[&str]) -> ScanMeta {
        self.clock += 60;
        ScanMeta {
            id: ScanId(Uuid::from_u128((u128::try_from(self.clock).unwrap() << 80) + self.number)),
            run: self.run,
            tenant: self.tenant.0.clone(),
            account_id: self.tenant.1.clone(),
            partition: "aws".to_owned(),
            caller: Some("arn:aws:iam::123456789012:role/audit".to_owned()),
            source: "aws".to_owned(),
            version: "0.1.0".to_owned(),
            rules_digest: "d".to_owned(),
            scope: Scope {
                regions: regions.iter().map(|r| (*r).to_owned()).collect(),
                ..Scope::default()
            },
            observed_at: self.now(),
            started_at: self.now(),
        }
    }

    /// A whole scan in which `listed` types were listed everywhere.
    pub(super) fn scan(
        &mut self,
        listed: &[&str],
        says: impl FnOnce(&mut Scanning<'_>),
    ) -> ScanRecord {
        let mut scanning = Scanning {
            verdicts: Vec::new(),
            gaps: GapTable::default(),
            rules: None,
            regions: vec!["eu-west-1", "us-east-1"],
            status: ScanStatus::Completed,
            digest: "1",
            cause: None,
        };
        says(&mut scanning);
        let meta = self.meta(&scanning.regions);
        let mut rules = rules(scanning.rules);
        for rule in &mut rules {
            scanning.digest.clone_into(&mut rule.digest);
            rule.cause = scanning.cause.map(str::to_owned);
        }
        let mut writer = self.history.begin_scan(meta, rules).unwrap();
        for verdict in scanning.verdicts {
            writer.push(verdict, &scanning.gaps).unwrap();
        }
        self.clock += 5;
        let mut coverage = Coverage::default();
        for kind in listed {
            coverage.listed(kind, "global");
        }
        let end = ScanEnd { status: scanning.status, coverage, ..end_at(self.now()) };
        writer.finish(end, &scanning.gaps).unwrap()
    }

    /// An empty scan of another account.
    pub(super) fn scan_of(&mut self, account_id: &str) -> ScanRecord {
        let meta = ScanMeta { account_id: account_id.to_owned(), ..self.meta(&[]) };
        let writer = self.history.begin_scan(meta, Vec::new()).unwrap();
        writer.finish(end_at(self.now()), &GapTable::default()).unwrap()
    }

    pub(super) fn findings(&self, scan: ScanId) -> Vec<Finding> {
        self.asked_for(&Filter::of_scan(scan))
    }

    /// What a filter asks for now.
    pub(super) fn asked_for(&self, filter: &Filter) -> Vec<Finding> {
        let listing = self.history.listing(filter, self.now()).unwrap();
        let places: Vec<usize> = listing.verdicts().enumerate().map(|(place, _)| place).collect();
        self.history.listed(&listing, &places).unwrap()
    }

    /// What a scan saw, with its passes.
    pub(super) fn contents(&self, scan: ScanId) -> Vec<Finding> {
        let contents = self.history.contents(scan, true).unwrap();
        self.history.page(&contents, &(0..contents.len()).collect::<Vec<_>>()).unwrap()
    }

    /// The kinds of all events of the trail.
    pub(super) fn kinds_of_events(&self) -> Vec<String> {
        let mut kinds = Vec::new();
        self.history
            .for_each_event(|event| {
                kinds.push(event.kind);
                Ok::<_, HistoryError>(())
            })
            .unwrap();
        kinds
    }

    /// Title and status of every finding there ever was.
    pub(super) fn standing(&self) -> Vec<(String, String)> {
        self.asked_for(&Filter::default())
            .into_iter()
            .map(|f| (f.title, f.status.unwrap().as_str().to_owned()))
            .collect()
    }
}

pub(super) fn end_at(finished_at: Timestamp) -> ScanEnd {
    ScanEnd {
        status: ScanStatus::Completed,
        reason: None,
        finished_at,
        api_calls: 42,
        coverage: Coverage::default(),
        regions_refused: BTreeMap::new(),
    }
}

/// Every rule of the laboratory.
pub(super) fn all_rules() -> Vec<ScanRule> {
    rules(None)
}

fn rules(only: Option<Vec<&str>>) -> Vec<ScanRule> {
    RULES
        .iter()
        .enumerate()
        .filter(|(_, (id, ..))| only.as_ref().is_none_or(|only| only.contains(id)))
        .map(|(index, (id, severity, kind))| ScanRule {
            index,
            uid: (*id).to_owned(),
            id: (*id).to_owned(),
            digest: "1".to_owned(),
            severity: *severity,
            cause: None,
            resources: vec![(*kind).to_owned()],
        })
        .collect()
}

/// What a scan of the laboratory says.
pub(super) struct Scanning<'a> {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) gaps: GapTable,
    rules: Option<Vec<&'a str>>,
    regions: Vec<&'a str>,
    status: ScanStatus,
    digest: &'a str,
    cause: Option<&'a str>,
}

impl<'a> Scanning<'a> {
    pub(super) fn say(&mut self, rule: &str, kind: &str, name: &str, said: Said) {
        let verdict = verdict(rule, kind, name, None, said, &mut self.gaps);
        self.verdicts.push(verdict);
    }

    pub(super) fn say_of(&mut self, rule: &str, kind: &str, name: &str, key: &str, said: Said) {
        let verdict = verdict(rule, kind, name, Some(key), said, &mut self.gaps);
        self.verdicts.push(verdict);
    }

    pub(super) fn only_rules(&mut self, rules: &[&'a str]) {
        self.rules = Some(rules.to_vec());
    }

    pub(super) fn only_regions(&mut self, regions: &[&'a str]) {
        self.regions = regions.to_vec();
    }

    pub(super) fn digest(&mut self, digest: &'a str) {
        self.digest = digest;
    }

    /// All rules share a cause.
    pub(super) fn cause(&mut self, cause: &'a str) {
        self.cause = Some(cause);
    }

    pub(super) fn status(&mut self, status: ScanStatus) {
        self.status = status;
    }
}

pub(super) fn verdict(
    rule: &str,
    kind: &str,
    name: &str,
    key: Option<&str>,
    said: Said,
    gaps: &mut GapTable,
) -> Verdict {
    let kind = TYPES.iter().find(|known| known.name == kind).unwrap();
    let index = RULES.iter().position(|(id, ..)| *id == rule).unwrap();
    let outcome = match said {
        Said::Pass => Outcome::Pass,
        Said::Fail => Outcome::Fail,
        Said::Unknown => Outcome::Unknown,
        Said::Error => Outcome::Error,
        Said::NotApplicable => Outcome::NotApplicable,
    };
    let (arn, region) = match kind.name {
        "iam.user" => (format!("arn:aws:iam::123456789012:user/{name}"), "global"),
        "aws.account" => ("arn:aws:account::123456789012:account".to_owned(), "global"),
        "aws.region" => (format!("arn:aws:account::123456789012:region/{name}"), name),
        _ => (format!("arn:aws:s3:::{name}"), "eu-west-1"),
    };
    let title = match key {
        Some(key) => format!("{rule}: {name} {key}"),
        None => format!("{rule}: {name}"),
    };
    let mut evidence = serde_json::Map::new();
    if said == Said::Fail {
        evidence.insert("seen".to_owned(), name.into());
    }
    Verdict {
        rule: index,
        subject: Subject {
            kind,
            id: Arc::from(name),
            arn: Arc::from(arn),
            region: Arc::from(region),
            key: key.map(str::to_owned),
        },
        outcome,
        severity: RULES[index].1,
        title,
        evidence,
        gaps: if said == Said::Unknown {
            gaps.number(gap(name)).into()
        } else {
            Default::default()
        },
        error: (said == Said::Error).then(|| "a rule at fault".to_owned()),
    }
}

fn gap(name: &str) -> Gap {
    Gap {
        operation: "iam:ListThings".to_owned(),
        iam_action: "iam:ListThings".to_owned(),
        region: "global".to_owned(),
        resource: Some(name.to_owned()),
        class: ErrorClass::AccessDenied,
        code: Some("AccessDenied".to_owned()),
        message: "denied, request 1".to_owned(),
    }
}

fn at(seconds: i64) -> Timestamp {
    "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

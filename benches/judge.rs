//! What judging costs: a snapshot of many resources, judged by all rules.
//!
//! `cargo bench --no-default-features --bench judge [-- RESOURCES]` prints a
//! table. CPU time and memory are read from /proc, so there are none of them
//! elsewhere than on Linux. Nothing here asserts a time.

use cspm::history::{History, RunId, RunMeta, ScanId};
use cspm::inventory::snapshot::SnapshotReader;
use cspm::inventory::{GapTable, ResourceType};
use cspm::rules::{Catalogue, Outcome, Verdict, Vocabulary, built_in};
use cspm::scan::{Account, DEMO_SNAPSHOT, Judge, Progress, Request, Verdicts, scan_snapshot};
use cspm::services;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const RESOURCES: usize = 100_000;

/// An account has no more of these, unless AWS raises its quota:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>,
/// five trails a region
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>),
/// a hundred filters a log group
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>).
const QUOTAS: [(&str, usize); 7] = [
    ("iam.user", 5000),
    ("iam.role", 1000),
    ("iam.group", 300),
    ("iam.policy", 1500),
    ("iam.server-certificate", 20),
    ("cloudtrail.trail", 5),
    ("cloudwatch.metric-filter", 100),
];

fn main() -> Result<()> {
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let resources = wanted.unwrap_or(RESOURCES);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("large.jsonl");
    generate(&path, resources)?;
    let size = path.metadata()?.len() / 1_000_000;
    let mut out = io::stdout().lock();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    writeln!(out, "{resources} resources, a snapshot of {size} MB, {cores} cores\n")?;
    writeln!(
        out,
        "{:<24}{:>10}{:>10}{:>10}{:>16}{:>12}",
        "what", "verdicts", "wall", "CPU", "CPU a verdict", "peak so far"
    )?;
    let (catalogue, loading) = measured(catalogue)?;
    row(&mut out, "loading the rules", 0, &loading)?;
    let catalogue = Arc::new(catalogue);
    let (verdicts, judging) = measured(|| judge_only(&path, &catalogue))?;
    row(&mut out, "reading and judging", verdicts, &judging)?;
    let (verdicts, scanning) = measured(|| scan(&path, folder.path(), &catalogue))?;
    row(&mut out, "the same into a history", verdicts, &scanning)?;
    Ok(())
}

/// A snapshot with the demo's resources, copied under other names.
fn generate(path: &Path, wanted: usize) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut originals = Vec::new();
    let mut resources = 0;
    for line in DEMO_SNAPSHOT.lines() {
        let value: Value = serde_json::from_str(line)?;
        if value.get("end").is_some() {
            continue;
        }
        if let Some(resource) = value.get("resource") {
            resources += 1;
            let kind = resource.get("type").and_then(Value::as_str).unwrap_or_default();
            // There is one account, and no further region.
            if !kind.starts_with("aws.") {
                originals.push(value.clone());
            }
        }
        writeln!(out, "{value}")?;
    }
    let gaps = DEMO_SNAPSHOT.lines().filter(|line| line.starts_with("{\"gap\"")).count();
    let rename = |value: &mut Value, number: usize| {
        if let Some(text) = value.as_str() {
            *value = Value::from(format!("{text}-{number}"));
        }
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (number, original) in (0..).zip(originals.iter().cycle()) {
        if resources >= wanted {
            break;
        }
        let mut copy = original.clone();
        let kind = copy.pointer("/resource/type").and_then(Value::as_str).unwrap_or_default();
        let count = counts.entry(kind.to_owned()).or_default();
        *count += 1;
        if QUOTAS.iter().any(|(quota, most)| *quota == kind && *count > *most) {
            continue;
        }
        for member in ["id", "arn"] {
            if let Some(name) = copy.get_mut("resource").and_then(|it| it.get_mut(member)) {
                rename(name, number);
            }
        }
        writeln!(out, "{copy}")?;
        resources += 1;
    }
    writeln!(out, "{}", json!({ "end": { "resources": resources, "gaps": gaps } }))?;
    Ok(out.flush()?)
}

fn catalogue() -> Result<Catalogue> {
    let vocabulary = Vocabulary { types: services::types(), questions: services::questions() };
    Catalogue::load(built_in(), vocabulary).map_err(|errors| format!("{errors:?}").into())
}

#[derive(Default)]
struct Counted(AtomicU64);

impl Verdicts for Counted {
    fn verdict(&self, _verdict: Verdict, _gaps: &GapTable) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Progress for Counted {
    fn phase(&self, _what: &str) {}

    fn judged(&self, _outcome: Outcome) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn judge_only(path: &Path, catalogue: &Arc<Catalogue>) -> Result<u64> {
    let reader = SnapshotReader::open(BufReader::new(File::open(path)?))?;
    let header = reader.header();
    let account = Account {
        id: header.account.clone(),
        partition: header.partition.clone(),
        known_accounts: Vec::new(),
        now: header.taken_at,
        regions: header.regions.clone(),
    };
    let counted = Arc::new(Counted::default());
    let verdicts = Arc::clone(&counted) as Arc<dyn Verdicts>;
    let judge =
        Judge::new(Arc::clone(catalogue), services::questions(), Arc::new(account), verdicts);
    let types: Vec<&'static ResourceType> = services::types().to_vec();
    let operations = catalogue.rules().iter().flat_map(|rule| rule.operations()).collect();
    reader.feed(&types, &operations, &judge)?;
    judge.finish();
    Ok(counted.0.load(Ordering::Relaxed))
}

fn scan(path: &Path, folder: &Path, catalogue: &Arc<Catalogue>) -> Result<u64> {
    let now = Timestamp::now;
    let mut history = History::open(&folder.join("history.db"), Uuid::new_v4(), now())?;
    let run = RunId(Uuid::now_v7());
    history.begin_run(&RunMeta {
        id: run,
        version: "bench".to_owned(),
        request: json!({}),
        started_at: now(),
    })?;
    let counted = Arc::new(Counted::default());
    let request = Request {
        id: ScanId(Uuid::now_v7()),
        run,
        tenant: "large".to_owned(),
        catalogue: Arc::clone(catalogue),
        rules_left_out: Vec::new(),
        filters: Vec::new(),
        severity_overrides: BTreeMap::new(),
        parameter_overrides: BTreeMap::new(),
        known_accounts: Vec::new(),
        regions: Vec::new(),
        version: "bench".to_owned(),
        now,
        progress: Arc::clone(&counted) as Arc<dyn Progress>,
    };
    let reader = SnapshotReader::open(BufReader::new(File::open(path)?))?;
    scan_snapshot(&request, "large", None, reader, &history.recorder())?;
    Ok(counted.0.load(Ordering::Relaxed))
}

/// What something cost.
struct Cost {
    wall: Duration,
    cpu: Option<Duration>,
}

fn measured<T>(what: impl FnOnce() -> Result<T>) -> Result<(T, Cost)> {
    let (began, before) = (Instant::now(), cpu());
    let done = what()?;
    let cpu = before.zip(cpu()).map(|(before, after)| after.saturating_sub(before));
    Ok((done, Cost { wall: began.elapsed(), cpu }))
}

fn row(out: &mut impl Write, what: &str, verdicts: u64, cost: &Cost) -> io::Result<()> {
    let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let unknown = || "-".to_owned();
    let each = cost.cpu.filter(|_| verdicts > 0).map_or_else(unknown, |cpu| {
        format!(
            "{:.1} us",
            cpu.as_secs_f64() * 1e6 / f64::from(u32::try_from(verdicts).unwrap_or(u32::MAX))
        )
    });
    writeln!(
        out,
        "{what:<24}{verdicts:>10}{:>10}{:>10}{each:>16}{:>12}",
        seconds(cost.wall),
        cost.cpu.map_or_else(unknown, seconds),
        peak().map_or_else(unknown, |megabytes| format!("{megabytes} MB")),
    )
}

/// CPU time of this process so far, in steps of 10 ms.
fn cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // What follows the name, which may have spaces: state is field 3.
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks(14)? + ticks(15)?)))
}

/// The most memory that this process had so far.
fn peak() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1000)
}

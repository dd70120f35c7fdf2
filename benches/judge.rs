//! What judging costs: a snapshot of many resources, judged by all rules.
//!
//! `cargo bench --no-default-features --features jemalloc --bench judge` prints a
//! table; behind `--` may stand how many resources to make, or a snapshot. CPU
//! time and memory are read from /proc, so there are none of them elsewhere than
//! on Linux. Nothing here asserts a time.

use cspm::history::{History, RunId, RunMeta, ScanId};
use cspm::inventory::snapshot::SnapshotReader;
use cspm::inventory::{GapTable, ResourceType};
use cspm::rules::{Catalogue, Outcome, Verdict, Vocabulary, built_in};
use cspm::scan::{Account, DEMO_SNAPSHOT, Judge, Progress, Request, Verdicts, scan_snapshot};
use cspm::services;
use jiff::Timestamp;
use regex::{Captures, Regex};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The one of the program.
#[cfg(all(feature = "jemalloc", not(target_env = "msvc")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const RESOURCES: usize = 100_000;

/// An account has no more of these, unless AWS raises its quota:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>,
/// five trails a region
/// (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>),
/// a hundred filters a log group
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>).
const QUOTAS: [(&str, usize); 8] = [
    ("organizations.organization", 1),
    ("iam.user", 5000),
    ("iam.role", 1000),
    ("iam.group", 300),
    ("iam.policy", 1500),
    ("iam.server-certificate", 20),
    ("cloudtrail.trail", 5),
    ("cloudwatch.metric-filter", 100),
];

/// Who acts, and what it may do.
const IDENTITIES: [&str; 4] = ["iam.user", "iam.role", "iam.group", "iam.policy"];

fn main() -> Result<()> {
    let given = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let folder = tempfile::tempdir()?;
    let (what, path) = match given {
        Some(file) if Path::new(&file).is_file() => (file.clone(), PathBuf::from(file)),
        wanted => {
            let resources = wanted.map_or(Ok(RESOURCES), |number| number.parse())?;
            let path = folder.path().join("large.jsonl");
            generate(&path, resources)?;
            (format!("{resources} resources"), path)
        }
    };
    let size = path.metadata()?.len() / 1_000_000;
    let mut out = io::stdout().lock();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    writeln!(out, "{what}, a snapshot of {size} MB, {cores} cores\n")?;
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

/// A snapshot of the demo's resources and copies of them all under other names,
/// by which the copies know each other: as many separate estates in one account,
/// which share identities where IAM's quotas have no room for more.
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
            let member = |name| resource.get(name).and_then(Value::as_str).unwrap_or_default();
            // There is one account, no further region, and what is AWS's own is there once.
            let [kind, id, arn] = ["type", "id", "arn"].map(|name| member(name).to_owned());
            if !kind.starts_with("aws.") && !arn.contains(":iam::aws:") && id != "default" {
                originals.push(Original { line: line.to_owned(), kind, names: [id, arn] });
            }
        }
        writeln!(out, "{line}")?;
    }
    let gaps = DEMO_SNAPSHOT.lines().filter(|line| line.starts_with("{\"gap\"")).count();
    let names = names(&originals)?;
    let is_identity = |kind: &str| IDENTITIES.contains(&kind);
    let identities: BTreeSet<&str> = originals
        .iter()
        .filter(|original| is_identity(&original.kind))
        .flat_map(|original| &original.names)
        .map(String::as_str)
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for original in &originals {
        *counts.entry(&original.kind).or_default() += 1;
    }
    let room = |(quota, most): &(&str, usize)| {
        let there = counts.get(quota).filter(|_| is_identity(quota))?;
        most.checked_div(*there)?.checked_sub(1)
    };
    let estates = QUOTAS.iter().filter_map(room).min().ok_or("no identity has a quota")?;
    'copies: for copy in 1.. {
        let renamed = |name: &str| match identities.contains(name) {
            true => format!("{name}-{}", (copy - 1) % estates + 1),
            false => format!("{name}-{copy}"),
        };
        for Original { line, kind, .. } in &originals {
            let count = counts.entry(kind).or_default();
            let full = QUOTAS.iter().any(|(quota, most)| quota == kind && *count >= *most);
            if full || copy > estates && is_identity(kind) {
                continue;
            }
            if resources >= wanted {
                break 'copies;
            }
            *count += 1;
            resources += 1;
            let copied = names.replace_all(line, |found: &Captures<'_>| match found.get(1) {
                Some(word) => format!("\"{}\"", renamed(word.as_str())),
                None => renamed(&found[0]),
            });
            writeln!(out, "{copied}")?;
        }
    }
    writeln!(out, "{}", json!({ "end": { "resources": resources, "gaps": gaps } }))?;
    Ok(out.flush()?)
}

/// A line of the demo that is copied.
struct Original {
    line: String,
    kind: String,
    names: [String; 2],
}

/// Finds the names of resources in a line: the longest first, and those that are
/// as short as everyday words only where they are all that is said.
fn names(originals: &[Original]) -> Result<Regex> {
    let mut names: Vec<&str> =
        originals.iter().flat_map(|original| &original.names).map(String::as_str).collect();
    names.sort_unstable_by_key(|name| Reverse(name.len()));
    let (long, short): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|it| it.len() > 6);
    let any = |names: Vec<&str>| names.into_iter().map(regex::escape).collect::<Vec<_>>().join("|");
    Ok(Regex::new(&format!("\"({})\"|{}", any(short), any(long)))?)
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

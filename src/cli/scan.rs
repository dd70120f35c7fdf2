//! `cspm scan`: reads, judges, and says what came of it.

mod compare;
mod fleet;
mod fleet_args;
mod gate;
mod live;
pub(super) mod outputs;
mod plan;
mod progress;
mod render;
mod resume;
mod shard;
mod source;

use super::error::CliError;
use super::exit::{self, Exit};
use super::settings::{Overrides, RuleFilter, Settings};
use crate::history::{Filter, History, RunId, RunMeta, ScanId, ScanRecord, ScanStatus};
use crate::output::overview;
use crate::output::report::ScanReport;
use crate::rules::Catalogue;
use crate::scan::ScanError;
use clap::Args;
use compare::{CompareArgs, Comparison};
use fleet::Fleet;
use fleet_args::FleetArgs;
use gate::{FailOn, judge_exit};
use live::Cloud;
use outputs::Outputs;
use plan::{Place, Plan};
use render::{Format, framework_report, render};
use resume::{Asked, Resumed};
use shard::Shard;
use source::Source;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Args)]
#[command(after_help = exit::table())]
pub(super) struct ScanArgs {
    /// The tenant of the tenants file, or `demo`; may be repeated
    #[arg(
        long = "tenant",
        short,
        value_name = "NAME",
        required_unless_present_any = ["snapshot", "all", "resume"],
        help_heading = "What to scan"
    )]
    tenants: Vec<String>,
    /// Judge this snapshot in place of an account
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "save_snapshot",
        help_heading = "What to scan"
    )]
    snapshot: Option<PathBuf>,
    /// Only this region; may be repeated [default: all that are enabled]
    #[arg(long = "region", value_name = "REGION", help_heading = "What to scan")]
    regions: Vec<String>,
    #[command(flatten)]
    fleet: FleetArgs,
    #[command(flatten)]
    filter: RuleFilter,
    /// End with 11 to 15 if anything of this severity or worse failed; `none` for never
    #[arg(long, value_name = "SEVERITY", default_value = "high", help_heading = "Exit code")]
    fail_on: FailOn,
    /// End with 0 also if something at or above --fail-on is unknown
    #[arg(long, help_heading = "Exit code")]
    allow_unknown: bool,
    #[command(flatten)]
    compare: CompareArgs,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    /// Write the result to this file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Show what passed, too
    #[arg(long, help_heading = "Output")]
    show_passed: bool,
    /// Write what AWS answered to this file, to be judged later; compressed if
    /// it ends in .zst
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    save_snapshot: Option<PathBuf>,
}

/// One tenant's part of the run.
struct Done {
    report: Option<ScanReport>,
    exit: Exit,
}

impl Done {
    /// Its turn never came.
    const INTERRUPTED: Self = Self { report: None, exit: Exit::Interrupted };
}

pub(super) fn run(args: &ScanArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    if !args.fleet.resume {
        return start(args, settings, None);
    }
    let (args, resumed) = Resumed::find(&settings.history()?, settings)?;
    start(&args, settings, Some(resumed))
}

/// Scans, or goes on with scanning.
fn start(
    args: &ScanArgs,
    settings: &mut Settings,
    resumed: Option<Resumed>,
) -> Result<Exit, CliError> {
    let chosen = Chosen::new(args, settings)?;
    let sources = sources(args, settings, resumed.as_ref())?;
    let many = args.fleet.all || sources.len() > 1;
    if args.save_snapshot.is_some() && sources.len() > 1 {
        return Err(CliError::usage("--save-snapshot takes one tenant"));
    }
    let mut comparison = Comparison::open(&args.compare)?;
    let mut outputs = Outputs::open(args.output.as_deref(), args.save_snapshot.as_deref())?;
    let mut history = settings.history()?;
    let (run, _held, finished) = match resumed {
        Some(resumed) => (resumed.run, Some(resumed.held), resumed.finished),
        None => {
            let run = begin_run(&sources, &mut history, settings)?;
            (run, history.hold_run(run)?, BTreeMap::new())
        }
    };
    let plan = Plan::new(sources, finished, run, &chosen, (args, &mut outputs, settings));
    let fleet = Fleet {
        jobs: usize::try_from(args.fleet.jobs).unwrap_or(1),
        timeout: args.fleet.timeout,
        recorder: history.recorder(),
        cloud: Cloud::new(args),
        board: plan.board,
    };
    let ended = fleet.scan(plan.parts)?;
    let mut results = ended.results.into_iter();
    let mut done = Vec::new();
    let gate = Gate { args, comparison: &comparison };
    for place in plan.places {
        done.push(match place {
            Place::Finished(record) => conclude(*record, gate, &history, settings)?,
            Place::Now { tenant, id } => match results.next() {
                Some(Ok(record)) => conclude(record, gate, &history, settings)?,
                Some(Err(ScanError::Interrupted)) if many => Done::INTERRUPTED,
                Some(Err(error)) => {
                    failed(CliError::scan(&tenant, error), many, id, settings, &history)?
                }
                None => continue,
            },
        });
    }
    let mut exit = done.iter().fold(Exit::Ok, |worst, done| worst.worse(done.exit));
    if ended.interrupted {
        exit = Exit::Interrupted;
        settings.environment.console.say("interrupted; `cspm scan --resume` goes on from here");
    } else {
        history.finish_run(run, (settings.environment.now)())?;
    }
    let reports: Vec<ScanReport> = done.iter_mut().filter_map(|done| done.report.take()).collect();
    let layout = outputs.layout(settings);
    let mut text = render(args.format, &reports, &chosen.catalogue, layout)?;
    if many && matches!(args.format, Format::Table) {
        text.push_str(&overview::summary(&reports, layout));
    }
    text.push_str(&framework_report(args, &reports, &history, settings, layout)?);
    outputs.write(&text, settings)?;
    comparison.write(&reports, settings)?;
    comparison.tell(&reports, settings);
    explain(exit, args, settings);
    Ok(exit)
}

/// What decides over a scan's exit code.
#[derive(Clone, Copy)]
struct Gate<'a> {
    args: &'a ScanArgs,
    comparison: &'a Comparison,
}

/// The tenants that the options and the environment name.
fn sources(
    args: &ScanArgs,
    settings: &mut Settings,
    resumed: Option<&Resumed>,
) -> Result<Vec<Source>, CliError> {
    let shard = Shard::of(args, &settings.environment)?;
    let mut sources = Source::of(args, settings)?;
    if let Some(shard) = shard {
        sources.retain(|source| source.account_id().is_none_or(|account| shard.takes(&account)));
        if sources.is_empty() {
            settings.environment.console.say("no tenant belongs to this part");
        }
    }
    match resumed {
        Some(resumed) => resumed.narrow(sources),
        None => Ok(sources),
    }
}

/// Notes that a run begins, and what was asked for.
fn begin_run(
    sources: &[Source],
    history: &mut History,
    settings: &Settings,
) -> Result<RunId, CliError> {
    let now = (settings.environment.now)();
    let run = RunId(uuid_v7(now, (settings.environment.random)()));
    let tenants = sources.iter().map(|source| source.tenant().to_owned()).collect();
    history.begin_run(&RunMeta {
        id: run,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        request: serde_json::to_value(Asked::new(tenants, settings))?,
        started_at: now,
    })?;
    Ok(run)
}

/// The rules that judge, and what was left out.
struct Chosen {
    catalogue: Arc<Catalogue>,
    left_out: Vec<String>,
    filters: Vec<String>,
    overrides: Overrides,
}

impl Chosen {
    fn new(args: &ScanArgs, settings: &Settings) -> Result<Self, CliError> {
        let mut all = settings.catalogue()?;
        let needs_file =
            args.fleet.all || args.tenants.iter().any(|name| name != crate::tenant::DEMO);
        let overrides =
            if needs_file { settings.apply_overrides(&mut all)? } else { Default::default() };
        let ids: Vec<String> = all.rules().iter().map(|c| c.rule.id.clone()).collect();
        let catalogue = args.filter.apply(all)?;
        let kept = |id: &String| catalogue.rules().iter().any(|c| c.rule.id == *id);
        let left_out = ids.into_iter().filter(|id| !kept(id)).collect();
        let mut filters: Vec<String> = Vec::new();
        filters.extend(args.filter.rules.iter().map(|rule| format!("--rule {rule}")));
        filters.extend(args.filter.services.iter().map(|name| format!("--service {name}")));
        filters.extend(args.filter.framework.iter().map(|id| format!("--framework {id}")));
        filters.extend(args.filter.severity.map(|severity| format!("--severity {severity}")));
        filters.extend(args.regions.iter().map(|region| format!("--region {region}")));
        Ok(Self { catalogue: Arc::new(catalogue), left_out, filters, overrides })
    }
}

/// A tenant that could not be scanned. One of many does not stop the others.
fn failed(
    error: CliError,
    many: bool,
    scan: ScanId,
    settings: &mut Settings,
    history: &History,
) -> Result<Done, CliError> {
    if error.exit != Exit::Failed && !many {
        return Err(error);
    }
    settings.environment.console.complain(&error);
    let record = history.scan(&scan.to_string()).ok();
    let report =
        record.map(|scan| ScanReport { scan, findings: Vec::new(), gaps: Vec::new(), known: None });
    Ok(Done { report, exit: Exit::Failed })
}

/// What a scan that ended says, and what it means for the exit code.
fn conclude(
    record: ScanRecord,
    Gate { args, comparison }: Gate<'_>,
    history: &History,
    settings: &mut Settings,
) -> Result<Done, CliError> {
    let filter = Filter { passes: args.show_passed, ..Filter::of_scan(record.meta.id) };
    let findings = history.findings(&filter, record.as_of())?;
    let gaps = history.gaps(record.meta.id)?;
    let known = comparison.known(&record, history, settings)?;
    let report = ScanReport { scan: record, findings, gaps, known };
    let exit = match report.scan.status {
        ScanStatus::Completed | ScanStatus::Partial => {
            judge_exit(&report, args.fail_on, args.allow_unknown)
        }
        ScanStatus::Running | ScanStatus::Failed => Exit::Failed,
    };
    Ok(Done { report: Some(report), exit })
}

/// Says on standard error why the exit code is what it is.
fn explain(exit: Exit, args: &ScanArgs, settings: &mut Settings) {
    let console = &mut settings.environment.console;
    match exit {
        Exit::Findings(severity) => {
            console.say(&format!("exit {}: worst failure is {severity}", exit.code()));
        }
        Exit::Undecided => console.say(&format!(
            "exit 3: something at or above {} could not be decided; \
             --allow-unknown accepts that",
            args.fail_on
        )),
        _ => {}
    }
}

/// A uuid v7 from the clock and randomness that were handed in.
fn uuid_v7(now: jiff::Timestamp, random: u128) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    let bytes = random.to_be_bytes();
    let mut tail = [0; 10];
    tail.copy_from_slice(bytes.first_chunk::<10>().unwrap_or(&[0; 10]));
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

//! One run, from its options to what is printed.

use super::compare::Comparison;
use super::fleet::Fleet;
use super::gate::judge_exit;
use super::live::Cloud;
use super::outputs::Outputs;
use super::plan::{Place, Plan};
use super::render::{Format, framework_report, render};
use super::resume::{Asked, Resumed};
use super::shard::Shard;
use super::source::Source;
use super::{Chosen, ScanArgs, explain, stats, uuid_v7};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::settings::Settings;
use crate::history::{Filter, History, RunId, RunMeta, ScanId, ScanRecord, ScanStatus};
use crate::output::report::ScanReport;
use crate::output::{Layout, overview};
use crate::scan::ScanError;
use std::collections::BTreeMap;

/// One tenant's part of the run.
struct Done {
    report: Option<ScanReport>,
    exit: Exit,
}

impl Done {
    /// Its turn never came.
    const INTERRUPTED: Self = Self { report: None, exit: Exit::Interrupted };
}

/// Scans, or goes on with scanning.
pub(super) fn start(
    args: &ScanArgs,
    settings: &mut Settings,
    resumed: Option<Resumed>,
) -> Result<Exit, CliError> {
    let chosen = Chosen::new(args, settings)?;
    let cloud = Cloud::new(args)?;
    let sources = sources(args, &cloud, settings, resumed.as_ref())?;
    let many = args.fleet.all || args.organization.tenants_from.is_some() || sources.len() > 1;
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
        cloud,
        board: plan.board,
    };
    let ended = fleet.scan(plan.parts);
    if args.fleet.stats {
        let layout = settings.environment.console.layout();
        let text = stats::text(&ended.stats, Layout { color: false, ..layout });
        settings.environment.console.say(text.trim_end());
    }
    let mut results = ended.results.into_iter();
    let mut done = Vec::new();
    for place in plan.places {
        done.push(match place {
            Place::Finished(record) => conclude(*record, (args, &comparison), &history, settings)?,
            Place::Now { tenant, id } => match results.next() {
                Some(Ok(record)) => conclude(record, (args, &comparison), &history, settings)?,
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

/// The tenants that the options and the environment name.
fn sources(
    args: &ScanArgs,
    cloud: &Cloud,
    settings: &mut Settings,
    resumed: Option<&Resumed>,
) -> Result<Vec<Source>, CliError> {
    let shard = Shard::of(args, &settings.environment)?;
    let mut sources = Source::of(args, cloud, settings)?;
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
    (args, comparison): (&ScanArgs, &Comparison),
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

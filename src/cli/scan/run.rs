//! One run, from its options to what is printed.

use super::compare::Comparison;
use super::fleet::Fleet;
use super::folder::OutputFolder;
use super::gate::judge_exit;
use super::histories::Histories;
use super::live::Cloud;
use super::outputs::Outputs;
use super::plan::{Place, Plan};
use super::render::{Rendering, framework_evidence};
use super::resume::Resumed;
use super::shard::Shard;
use super::source::Source;
use super::{Chosen, ScanArgs, explain, stats, uuid_v7};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::redaction::Redaction;
use crate::cli::settings::Settings;
use crate::cli::suppressions_file::SuppressionFile;
use crate::findings::Known;
use crate::history::{History, RunId, ScanId, ScanRecord, ScanStatus};
use crate::output::Layout;
use crate::output::report::{Findings, ScanReport};
use crate::scan::ScanError;
use std::collections::BTreeMap;

/// One tenant's part of the run.
struct Done {
    scan: Option<Scanned>,
    exit: Exit,
}

/// A scan, and the failures in it that a gate passes over.
struct Scanned {
    record: ScanRecord,
    known: Option<Known>,
}

impl Done {
    /// Its turn never came.
    const INTERRUPTED: Self = Self { scan: None, exit: Exit::Interrupted };
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
    if args.save_snapshot.is_some()
        && let Some(Source::Snapshot { name, .. }) = sources.first()
    {
        let what = format!("--save-snapshot writes what AWS answers, and {name} is a snapshot");
        return Err(CliError::usage(what).hint("leave --save-snapshot out, or copy the file"));
    }
    if settings.redact && (args.save_snapshot.is_some() || args.compare.writes()) {
        let what = "--save-snapshot and --write-baseline write names, which --redact forbids";
        return Err(CliError::usage(what).hint("leave --redact out, or write them in another run"));
    }
    let redaction = settings.redaction(&chosen.catalogue)?;
    let suppressions = SuppressionFile::find(args.suppressions.as_deref(), settings)?;
    let mut comparison = Comparison::open(&args.compare)?;
    let mut folder = folder(args, &sources, &redaction)?;
    let mut outputs = Outputs::open(args.output.as_deref(), args.save_snapshot.as_deref())?;
    if let (Some(path), [Source::Demo]) = (&args.save_snapshot, sources.as_slice()) {
        outputs.save_demo(path)?;
    }
    let places: BTreeMap<String, String> =
        sources.iter().map(|it| (it.tenant().to_owned(), it.place())).collect();
    let new = resumed.is_none();
    let (run, _held, finished) = match resumed {
        Some(resumed) => (resumed.run, Some(resumed.held), resumed.finished),
        None => (new_run(settings), None, BTreeMap::new()),
    };
    let mut histories = Histories::open(run, new, &sources, settings)?;
    histories.sync(suppressions.as_ref(), settings)?;
    let asked = (args, &mut outputs, &*settings);
    let plan = Plan::new(sources, finished, run, &chosen, &histories, asked)?;
    let fleet = Fleet {
        jobs: usize::try_from(args.fleet.jobs).unwrap_or(1),
        timeout: args.fleet.timeout,
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
    let mut done: Vec<Done> = Vec::new();
    for place in plan.places {
        let gate = (args, &comparison);
        done.push(match place {
            Place::Finished(record) => conclude(*record, gate, &histories, settings)?,
            Place::Now { tenant, id } => match results.next() {
                Some(Ok(record)) => conclude(record, gate, &histories, settings)?,
                Some(Err(ScanError::Interrupted)) if many => Done::INTERRUPTED,
                Some(Err(error)) => {
                    let history = histories.get(&tenant)?;
                    let place = places.get(&tenant).map_or(tenant.as_str(), String::as_str);
                    let error = CliError::scan(&tenant, place, error);
                    failed(error, many, id, settings, history)?
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
        histories.finish((settings.environment.now)())?;
    }
    let reports = done
        .into_iter()
        .filter_map(|done| done.scan)
        .map(|scanned| report(scanned, args.show_passed, &histories))
        .collect::<Result<Vec<ScanReport<'_>>, CliError>>()?;
    comparison.write(&reports, settings)?;
    comparison.tell(&reports, settings)?;
    histories.tell(&reports, settings)?;
    let framework = framework_evidence(args, &reports, &histories)?;
    let tenants: Vec<String> = reports.iter().map(|it| it.scan.meta.tenant.clone()).collect();
    let result = Rendering {
        reports: redaction.reports(reports),
        framework: redaction.evidence(framework),
        catalogue: &chosen.catalogue,
        many,
        args,
    };
    match &mut folder {
        Some(folder) => {
            for (number, tenant) in tenants.iter().enumerate() {
                let part = result.one(number, settings)?;
                folder.write(tenant, |out| part.write(out))?;
            }
        }
        None => {
            let all = result.all(outputs.layout(settings), settings)?;
            outputs.write(settings, |out| all.write(out))?;
        }
    }
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

fn new_run(settings: &Settings) -> RunId {
    RunId(uuid_v7((settings.environment.now)(), (settings.environment.random)()))
}

/// The folder for a file per tenant, if one was asked for.
fn folder(
    args: &ScanArgs,
    sources: &[Source],
    redaction: &Redaction,
) -> Result<Option<OutputFolder>, CliError> {
    let Some(folder) = &args.output_dir else { return Ok(None) };
    let tenants: Vec<&str> = sources.iter().map(Source::tenant).collect();
    let extension = args.format.extension();
    OutputFolder::open(folder, extension, &tenants, |tenant| redaction.name(tenant)).map(Some)
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
    let scan = record.map(|record| Scanned { record, known: None });
    Ok(Done { scan, exit: Exit::Failed })
}

/// What a scan that ended means for the exit code.
fn conclude(
    record: ScanRecord,
    (args, comparison): (&ScanArgs, &Comparison),
    histories: &Histories,
    settings: &mut Settings,
) -> Result<Done, CliError> {
    let known = comparison.known(&record, histories.get(&record.meta.tenant)?, settings)?;
    let report = report(Scanned { record, known }, false, histories)?;
    let exit = match report.scan.status {
        ScanStatus::Completed | ScanStatus::Partial => {
            judge_exit(&report, args.fail_on, args.allow_unknown)?
        }
        ScanStatus::Running | ScanStatus::Failed => Exit::Failed,
    };
    let ScanReport { scan: record, known, .. } = report;
    Ok(Done { scan: Some(Scanned { record, known }), exit })
}

/// What a scan that ended says.
fn report(
    Scanned { record, known }: Scanned,
    with_passes: bool,
    histories: &Histories,
) -> Result<ScanReport<'_>, CliError> {
    let history = histories.get(&record.meta.tenant)?;
    let id = record.meta.id;
    let findings = Findings::of_scan(history, id, with_passes)?;
    Ok(ScanReport { findings, gaps: history.gaps(id)?, scan: record, known })
}

//! `cspm scan`: reads, judges, and says what came of it.

mod compare;
pub(super) mod folder;
mod gate;
mod histories;
pub(super) mod outputs;
mod progress;
mod render;
mod source;

use super::error::CliError;
use super::exit::{self, Exit};
use super::settings::{RuleFilter, Settings};
use super::suppressions_file::SuppressionFile;
use crate::history::{Filter, History, RunId, ScanId, ScanStatus};
use crate::output::report::ScanReport;
use crate::rules::Catalogue;
use crate::scan::Request;
use clap::Args;
use compare::{CompareArgs, Comparison};
use folder::OutputFolder;
use gate::{FailOn, judge_exit};
use histories::Histories;
use outputs::Outputs;
use render::{Format, Rendering, framework_evidence};
use source::Source;
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
        required_unless_present = "snapshot",
        help_heading = "What to scan"
    )]
    tenants: Vec<String>,
    /// Judge this snapshot in place of an account: a file, s3://BUCKET/KEY, or - for standard input
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
    filter: RuleFilter,
    /// End with 11 to 15 if anything of this severity or worse failed; `none` for never
    #[arg(long, value_name = "SEVERITY", default_value = "high", help_heading = "Exit code")]
    fail_on: FailOn,
    /// End with 0 also if something at or above --fail-on is unknown
    #[arg(long, help_heading = "Exit code")]
    allow_unknown: bool,
    #[command(flatten)]
    compare: CompareArgs,
    /// The suppressions file [default: that of the tenants file]
    #[arg(long, value_name = "FILE", help_heading = "Exit code")]
    suppressions: Option<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    format: Format,
    /// Write the result to this file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Write a file for each tenant into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "output", help_heading = "Output")]
    output_dir: Option<PathBuf>,
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

pub(super) fn run(args: &ScanArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let chosen = Chosen::new(args, settings)?;
    let sources = Source::of(args, settings)?;
    if args.save_snapshot.is_some() && sources.len() > 1 {
        return Err(CliError::usage("--save-snapshot takes one tenant"));
    }
    if settings.redact && (args.save_snapshot.is_some() || args.compare.writes()) {
        let what = "--save-snapshot and --write-baseline write names, which --redact forbids";
        return Err(CliError::usage(what).hint("leave --redact out, or write them in another run"));
    }
    let redaction = settings.redaction(&chosen.catalogue)?;
    let suppressions = SuppressionFile::find(args.suppressions.as_deref(), settings)?;
    let mut comparison = Comparison::open(&args.compare)?;
    let tenants: Vec<&str> = sources.iter().map(Source::tenant).collect();
    let extension = args.format.extension();
    let open = |folder| OutputFolder::open(folder, extension, &tenants, |it| redaction.name(it));
    let mut folder = args.output_dir.as_deref().map(open).transpose()?;
    let mut outputs = Outputs::open(args.output.as_deref(), args.save_snapshot.as_deref())?;
    let now = settings.environment.now;
    let random = settings.environment.random;
    let run = RunId(uuid_v7(now(), random()));
    let mut histories = Histories::open(run, &sources, settings)?;
    histories.sync(suppressions.as_ref(), settings)?;
    let mut done = Vec::new();
    for source in sources {
        let history = histories.get(source.tenant())?;
        let request = Request {
            id: ScanId(uuid_v7(now(), random())),
            run,
            tenant: source.tenant().to_owned(),
            catalogue: Arc::clone(&chosen.catalogue),
            rules_left_out: chosen.left_out.clone(),
            filters: chosen.filters.clone(),
            severity_overrides: chosen.overrides.clone(),
            known_accounts: source.known_accounts(),
            regions: source.regions(args),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            now,
            progress: progress::progress(&settings.environment.console),
        };
        let snapshot = outputs.snapshot();
        let gate = Gate { args, comparison: &comparison };
        done.push(scan_one(&request, source, snapshot, gate, settings, history)?);
    }
    histories.finish(now())?;
    let reports: Vec<ScanReport> = done.iter_mut().filter_map(|done| done.report.take()).collect();
    comparison.write(&reports, settings)?;
    comparison.tell(&reports, settings);
    histories.tell(&reports, settings)?;
    let framework = framework_evidence(args, &reports, &histories)?;
    let tenants: Vec<String> = reports.iter().map(|it| it.scan.meta.tenant.clone()).collect();
    let result = Rendering {
        reports: redaction.reports(reports),
        framework: redaction.evidence(framework),
        catalogue: &chosen.catalogue,
        args,
    };
    match &mut folder {
        Some(folder) => {
            for (number, tenant) in tenants.iter().enumerate() {
                folder.write(tenant, &result.one(number, settings)?)?;
            }
        }
        None => {
            let text = result.all(outputs.layout(settings), settings)?;
            outputs.write(&text, settings)?;
        }
    }
    let exit = done.iter().fold(Exit::Ok, |worst, done| worst.worse(done.exit));
    explain(exit, args, settings);
    Ok(exit)
}

/// What decides over a scan's exit code.
#[derive(Clone, Copy)]
struct Gate<'a> {
    args: &'a ScanArgs,
    comparison: &'a Comparison,
}

/// The rules that judge, and what was left out.
struct Chosen {
    catalogue: Arc<Catalogue>,
    left_out: Vec<String>,
    filters: Vec<String>,
    overrides: std::collections::BTreeMap<String, crate::rules::Severity>,
}

impl Chosen {
    fn new(args: &ScanArgs, settings: &Settings) -> Result<Self, CliError> {
        let mut all = settings.catalogue()?;
        let needs_file = args.tenants.iter().any(|name| name != crate::tenant::DEMO);
        let overrides =
            if needs_file { settings.override_severities(&mut all)? } else { Default::default() };
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

fn scan_one(
    request: &Request,
    source: Source,
    snapshot: Option<Box<dyn std::io::Write + Send>>,
    gate: Gate<'_>,
    settings: &mut Settings,
    history: &History,
) -> Result<Done, CliError> {
    let Gate { args, comparison } = gate;
    let result = source.scan(request, snapshot, history);
    request.progress.phase("");
    match result {
        Ok(record) => {
            let filter = Filter { passes: args.show_passed, ..Filter::of_scan(record.meta.id) };
            let findings = history.findings(&filter, record.as_of())?;
            let gaps = history.gaps(record.meta.id)?;
            let known = comparison.known(&record, history, settings)?;
            let report = ScanReport { scan: record, findings, gaps, known };
            let exit = match report.scan.status {
                ScanStatus::Completed => judge_exit(&report, args.fail_on, args.allow_unknown),
                ScanStatus::Partial => Exit::Interrupted,
                ScanStatus::Running | ScanStatus::Failed => Exit::Failed,
            };
            Ok(Done { report: Some(report), exit })
        }
        Err(error) => {
            let error = CliError::scan(&request.tenant, error);
            if error.exit != Exit::Failed {
                return Err(error);
            }
            settings.environment.console.complain(&error);
            let record = history.scan(&request.id.to_string()).ok();
            let report = record.map(|scan| ScanReport {
                scan,
                findings: Vec::new(),
                gaps: Vec::new(),
                known: None,
            });
            Ok(Done { report, exit: Exit::Failed })
        }
    }
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

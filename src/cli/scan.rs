//! `cspm scan`: reads, judges, and says what came of it.

mod compare;
mod fleet;
mod fleet_args;
pub(super) mod folder;
mod gate;
mod histories;
mod live;
mod organization;
pub(super) mod outputs;
mod plan;
mod progress;
mod render;
mod resume;
mod run;
mod shard;
mod source;
mod stats;

use super::error::CliError;
use super::exit::{self, Exit};
use super::settings::{Overrides, RuleFilter, Settings};
use crate::rules::Catalogue;
use crate::tenant::is_region_shaped;
use clap::Args;
use compare::CompareArgs;
use fleet_args::FleetArgs;
use gate::FailOn;
use organization::OrganizationArgs;
use render::Format;
use resume::Resumed;
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
        required_unless_present_any = ["snapshot", "all", "resume", "tenants_from"],
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
    #[arg(long = "region", value_name = "REGION", value_parser = region,
          help_heading = "What to scan")]
    regions: Vec<String>,
    #[command(flatten)]
    organization: OrganizationArgs,
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

pub(super) fn run(args: &ScanArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    if !args.fleet.resume {
        return run::start(args, settings, None);
    }
    let mut nothing = None;
    for history in settings.histories(&[])? {
        match Resumed::find(&history, args, settings) {
            Ok((args, resumed)) => return run::start(&args, settings, Some(resumed)),
            Err(error) => nothing = Some(error),
        }
    }
    Err(nothing.unwrap_or_else(|| CliError::usage("there is nothing to resume")))
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
        // Whatever is scanned: the demo and a snapshot take them over, too.
        let overrides = settings.apply_overrides(&mut all)?;
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

/// A region on the command line. A mistyped one would be read as one that
/// answers nothing.
fn region(text: &str) -> Result<String, String> {
    if is_region_shaped(text) {
        Ok(text.to_owned())
    } else {
        Err("a region such as eu-west-1".to_owned())
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

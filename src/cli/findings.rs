//! `cspm findings`: what the scans found, and where it stands now.

use super::error::CliError;
use super::exit::Exit;
use super::settings::Settings;
use crate::findings::Finding;
use crate::history::Filter;
use crate::output::finding;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
pub(super) struct FindingsArgs {
    #[command(subcommand)]
    command: FindingsCommand,
}

#[derive(Debug, Subcommand)]
enum FindingsCommand {
    /// List the findings that are open, or that a scan saw
    List(ListArgs),
    /// Show one finding: what was seen, why it matters, how to fix it
    Show {
        /// Its id: any unambiguous beginning
        id: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Only this tenant; may be repeated
    #[arg(long = "tenant", short, value_name = "NAME")]
    tenants: Vec<String>,
    /// What this scan saw, in place of what is open now
    #[arg(long, value_name = "ID")]
    scan: Option<String>,
    /// Also what is fixed, deleted or no longer visible
    #[arg(long, conflicts_with = "scan")]
    all: bool,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
}

pub(super) fn run(args: &FindingsArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    match &args.command {
        FindingsCommand::List(args) => list(args, settings),
        FindingsCommand::Show { id, format } => show(id, *format, settings),
    }
}

fn list(args: &ListArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let history = settings.history()?;
    let now = (settings.environment.now)();
    let scan = args.scan.as_deref().map(|id| history.scan(id)).transpose()?;
    let filter = Filter {
        scan: scan.map(|scan| scan.meta.id),
        tenants: args.tenants.iter().cloned().collect(),
        ..Filter::default()
    };
    let mut findings: Vec<Finding> = history.findings(&filter, now)?;
    if filter.scan.is_none() && !args.all {
        findings.retain(finding::is_standing);
    }
    let text = match args.format {
        Format::Table => finding::list(&findings, settings.environment.console.layout()),
        Format::Json => {
            let catalogue = settings.catalogue()?;
            let document = finding::FindingList::new(&findings, &catalogue);
            serde_json::to_string_pretty(&document)? + "\n"
        }
    };
    settings.environment.console.print(&text)?;
    if findings.is_empty() {
        settings.environment.console.say("no findings");
    }
    Ok(Exit::Ok)
}

fn show(id: &str, format: Format, settings: &mut Settings) -> Result<Exit, CliError> {
    let history = settings.history()?;
    let now = (settings.environment.now)();
    let found = history.finding(id, now)?;
    let catalogue = settings.catalogue()?;
    let text = match format {
        Format::Table => finding::page(&found, &catalogue, settings.environment.console.layout()),
        Format::Json => {
            let findings = [found];
            let document = finding::FindingList::new(&findings, &catalogue);
            serde_json::to_string_pretty(&document)? + "\n"
        }
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

//! `cspm findings`: what the scans found, and where it stands now.

mod list;

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::Settings;
use crate::findings::Finding;
use crate::output::finding;
use crate::output::joined::Joined;
use crate::output::report::Findings;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(super) struct FindingsArgs {
    #[command(subcommand)]
    command: FindingsCommand,
}

#[derive(Debug, Subcommand)]
enum FindingsCommand {
    /// List the findings that are open, or that a scan saw
    List(list::ListArgs),
    /// Show one finding: what was seen, why it matters, how to fix it
    Show {
        /// Its id: any unambiguous beginning
        id: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(super) fn run(args: &FindingsArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    match &args.command {
        FindingsCommand::List(args) => list::run(args, settings),
        FindingsCommand::Show { id, format } => show(id, *format, settings),
    }
}

fn show(id: &str, format: Format, settings: &mut Settings) -> Result<Exit, CliError> {
    let now = (settings.environment.now)();
    let catalogue = settings.catalogue()?;
    let redaction = settings.redaction(&catalogue)?;
    let (found, _) = settings
        .in_histories(|history| history.finding(&redaction.fingerprint(history, id, now)?, now))?;
    let findings = redaction.joined(Joined::new(vec![Findings::given(vec![found])]));
    let layout = settings.environment.console.layout();
    let page = |found: Finding| finding::page(&found, &catalogue, layout);
    let text = match format {
        Format::Table => {
            findings.iter().map(|found| Ok(page(found?))).collect::<Result<_, CliError>>()?
        }
        Format::Json => json(&finding::FindingList::new(&findings, &catalogue))?,
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

//! `cspm history`: the scans.

use super::error::CliError;
use super::exit::Exit;
use super::settings::Settings;
use crate::output::scans;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// Only this tenant
    #[arg(long, short, value_name = "NAME")]
    tenant: Option<String>,
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

pub(super) fn run(args: &HistoryArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let history = settings.history()?;
    let records = history.scans(args.tenant.as_deref())?;
    let text = match args.format {
        Format::Table => scans::list(&records, settings.environment.console.layout()),
        Format::Json => serde_json::to_string_pretty(&scans::ScanList::new(&records))? + "\n",
    };
    settings.environment.console.print(&text)?;
    if records.is_empty() {
        settings
            .environment
            .console
            .say("no scans yet; `cspm scan --tenant demo` makes one without AWS");
    }
    Ok(Exit::Ok)
}

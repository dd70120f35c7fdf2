//! `cspm trend`: score and counts over time.

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::Settings;
use crate::output::trend;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct TrendArgs {
    /// Only this tenant
    #[arg(long, short, value_name = "NAME")]
    tenant: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &TrendArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let records = super::history::scans(args.tenant.as_deref(), settings)?;
    let records = settings.redaction(&settings.catalogue()?)?.scans(records);
    let series = trend::series(&records);
    let text = match args.format {
        Format::Table => trend::trend(&series, settings.environment.console.layout()),
        Format::Json => json(&trend::TrendDocument::new(&series))?,
    };
    settings.environment.console.print(&text)?;
    if series.is_empty() {
        settings.environment.console.say("no scans yet");
    }
    Ok(Exit::Ok)
}

//! `cspm overview`: all tenants, worst first.

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::Settings;
use super::time::interval;
use crate::history::ScanRecord;
use crate::output::overview;
use crate::output::text::wrapped;
use clap::Args;
use std::time::Duration;

#[derive(Debug, Args)]
pub(super) struct OverviewArgs {
    /// Show it again every so often, such as 30s or 5m, until interrupted
    #[arg(long, value_name = "TIME", value_parser = interval, conflicts_with = "format")]
    watch: Option<Duration>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &OverviewArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let Some(every) = args.watch else {
        let text = render(args.format, settings)?;
        settings.environment.console.print(&text)?;
        return Ok(Exit::Ok);
    };
    loop {
        let text = render(args.format, settings)?;
        let console = &mut settings.environment.console;
        // Home, and clear what is below: in place, without flicker.
        let clear = if console.out_is_terminal { "\x1b[H\x1b[J" } else { "" };
        console.print(&format!("{clear}{text}"))?;
        std::thread::sleep(every);
    }
}

fn render(format: Format, settings: &mut Settings) -> Result<String, CliError> {
    let mut latest = Vec::new();
    for history in settings.histories(&[])? {
        latest.extend(history.latest_scans()?);
    }
    let records = overview::worst_first(latest);
    let redaction = settings.redaction(&settings.catalogue()?)?;
    let never: Vec<String> = never_scanned(&records, settings)?;
    let never: Vec<String> = never.iter().map(|name| redaction.name(name)).collect();
    let records = redaction.scans(records);
    if records.is_empty() {
        settings.environment.console.say("no scans yet");
    }
    match format {
        Format::Table => {
            let layout = settings.environment.console.layout();
            let mut text = overview::overview(&records, layout);
            if !never.is_empty() {
                text.push_str(&wrapped(
                    &format!("never scanned: {}", never.join(", ")),
                    layout.columns,
                    " ",
                ));
            }
            Ok(text)
        }
        Format::Json => json(&overview::OverviewDocument::new(&records)),
    }
}

/// The tenants of the tenants file of which there is no scan.
fn never_scanned(records: &[ScanRecord], settings: &Settings) -> Result<Vec<String>, CliError> {
    let scanned = |name: &String| records.iter().any(|scan| scan.meta.tenant == *name);
    let Some((_, tenants)) = settings.tenants_if_any()? else { return Ok(Vec::new()) };
    let names = tenants.tenants.into_iter().map(|tenant| tenant.name);
    Ok(names.filter(|name| !scanned(name)).collect())
}

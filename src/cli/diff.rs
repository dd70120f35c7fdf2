//! `cspm diff`: what changed between two scans.

use super::error::CliError;
use super::exit::Exit;
use super::format::Format;
use super::scan::outputs::json;
use super::settings::Settings;
use crate::history::{History, ScanRecord};
use crate::output::changes;
use crate::output::report::Findings;
use clap::Args;
use std::io::{BufWriter, Write};

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// A scan: any unambiguous beginning of its id [default: the newest]
    scan: Option<String>,
    /// Another scan of the same account [default: the one before]
    other: Option<String>,
    /// The newest scans of this tenant
    #[arg(long, short, value_name = "NAME", conflicts_with = "scan")]
    tenant: Option<String>,
    /// How to print the changes
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &DiffArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let now = (settings.environment.now)();
    let (to, history) = match &args.scan {
        Some(id) => settings.in_histories(|history| history.scan(id))?,
        None => newest(args, settings)?,
    };
    let from = match &args.other {
        Some(id) => history.scan(id)?,
        None => history.previous_scan(to.meta.id)?.ok_or_else(|| {
            CliError::usage(format!(
                "there is no completed scan of {} before {}",
                to.meta.tenant, to.meta.started_at
            ))
            .hint("`cspm history` lists the scans; scan again to compare")
        })?,
    };
    let found = history.diff(from.meta.id, to.meta.id, now)?;
    let catalogue = settings.catalogue()?;
    let redaction = settings.redaction(&catalogue)?;
    let found = redaction.changes(found);
    let findings = redaction.findings(Findings::of_changes(&history, &found));
    let layout = settings.environment.console.layout();
    let mut out = BufWriter::new(settings.environment.console.out());
    match args.format {
        Format::Table => changes::write(&found, &findings, layout, &mut out)?,
        Format::Json => {
            json(&changes::ChangesDocument::new(&found, &findings, &catalogue), &mut out)?;
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn newest(args: &DiffArgs, settings: &Settings) -> Result<(ScanRecord, History), CliError> {
    let named: Vec<String> = args.tenant.iter().cloned().collect();
    let mut newest: Option<(ScanRecord, History)> = None;
    for history in settings.histories(&named)? {
        let found = match &args.tenant {
            Some(tenant) => history.latest_scan(tenant)?,
            None => history.scans(None)?.into_iter().find(|scan| scan.summary.is_some()),
        };
        let Some(scan) = found else { continue };
        let age = |scan: &ScanRecord| (scan.meta.started_at, scan.meta.id);
        if newest.as_ref().is_none_or(|(known, _)| age(known) < age(&scan)) {
            newest = Some((scan, history));
        }
    }
    newest.ok_or_else(|| {
        CliError::usage("there is no scan to compare")
            .hint("`cspm history` lists the scans, `cspm scan` makes one")
    })
}

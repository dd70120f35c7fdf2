//! `cspm report`: a framework's controls, from what the history knows.

use super::error::CliError;
use super::exit::Exit;
use super::scan::folder::OutputFolder;
use super::scan::outputs::{FILE, Outputs, json};
use super::settings::{Settings, frameworks};
use crate::compliance::Framework;
use crate::history::{History, ScanRecord, ScanStatus};
use crate::output::Layout;
use crate::output::control_report::json::ReportDocument;
use crate::output::control_report::{ControlReport, Evidence, csv, html, markdown, table};
use crate::output::report::OutputError;
use crate::rules::Catalogue;
use clap::{Args, ValueEnum};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The framework: an id or alias of `cspm frameworks list`
    #[arg(long, value_name = "ID")]
    framework: String,
    /// Only this tenant; may be repeated [default: all that were scanned]
    #[arg(long = "tenant", short, value_name = "NAME", conflicts_with = "scan")]
    tenants: Vec<String>,
    /// All tenants that were scanned, as without --tenant
    #[arg(long, conflicts_with_all = ["tenants", "scan"])]
    all: bool,
    /// This scan, in place of each tenant's latest
    #[arg(long, value_name = "ID")]
    scan: Option<String>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the report to this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write a file for each tenant into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    output_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Table,
    /// For documents and pull requests
    Markdown,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
    /// For auditors: one file that needs no network
    Html,
}

impl Format {
    /// How the name of a file of this format ends.
    fn extension(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

pub(super) fn run(args: &ReportArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let framework = frameworks()?.get(&args.framework)?;
    let catalogue = settings.catalogue()?;
    let (histories, scan) = match &args.scan {
        Some(id) => {
            let (scan, history) = settings.in_histories(|history| history.scan(id))?;
            (vec![history], Some(scan))
        }
        None => (settings.histories(&args.tenants)?, None),
    };
    let evidence = match (scan, histories.as_slice()) {
        (Some(scan), [history]) => vec![Evidence::read(history, ended(scan)?)?],
        (_, histories) => latest(args, histories, settings)?,
    };
    let redaction = settings.redaction(&catalogue)?;
    let tenants: Vec<String> = evidence.iter().map(|it| it.scan.meta.tenant.clone()).collect();
    let evidence = redaction.evidence(evidence);
    if let Some(folder) = &args.output_dir {
        let names: Vec<&str> = tenants.iter().map(String::as_str).collect();
        let extension = args.format.extension();
        let mut folder =
            OutputFolder::open(folder, extension, &names, |tenant| redaction.name(tenant))?;
        for (tenant, evidence) in tenants.iter().zip(&evidence) {
            let asked = Asked { framework, evidence: vec![evidence], layout: FILE };
            folder.write(tenant, |out| write(&asked, args.format, &catalogue, out))?;
        }
        return Ok(Exit::Ok);
    }
    // Not before there is something to write: an older report would be lost.
    let mut outputs = Outputs::open(args.output.as_deref(), None)?;
    let layout = outputs.layout(settings);
    let asked = Asked { framework, evidence: evidence.iter().collect(), layout };
    outputs.write(settings, |out| write(&asked, args.format, &catalogue, out))?;
    Ok(Exit::Ok)
}

/// What a report is asked for.
pub(super) struct Asked<'a> {
    /// The framework.
    pub(super) framework: &'a Framework,
    /// What the history says of scans, each of which came to an end.
    pub(super) evidence: Vec<&'a Evidence<'a>>,
    /// How text for people is laid out.
    pub(super) layout: Layout,
}

/// Writes the report on scans in a format.
pub(super) fn write(
    asked: &Asked<'_>,
    format: Format,
    catalogue: &Catalogue,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    let facts = asked.evidence.iter().map(|it| it.facts(catalogue));
    let facts = facts.collect::<Result<Vec<_>, _>>()?;
    let parts = asked.evidence.iter().copied().zip(facts.iter().map(Vec::as_slice));
    let report = ControlReport::new(asked.framework, catalogue, parts);
    match format {
        Format::Table => table::write(&report, asked.layout, out),
        Format::Json => json(&ReportDocument::new(&report), out),
        Format::Markdown => markdown::write(&report, out),
        Format::Csv => csv::write(&report, out),
        Format::Html => html::write(&report, out),
    }
}

/// A scan that says something.
fn ended(scan: ScanRecord) -> Result<ScanRecord, CliError> {
    match scan.status {
        ScanStatus::Completed | ScanStatus::Partial => Ok(scan),
        ScanStatus::Running => {
            Err(CliError::usage(format!("scan {} has not come to its end", scan.meta.id)))
        }
        ScanStatus::Failed => Err(CliError::usage(format!(
            "scan {} failed: there is nothing to report",
            scan.meta.id
        ))),
    }
}

/// The latest scan of each chosen tenant, by name. A tenant without one is an
/// error if it was named, else it is said.
fn latest<'h>(
    args: &ReportArgs,
    histories: &'h [History],
    settings: &mut Settings,
) -> Result<Vec<Evidence<'h>>, CliError> {
    let mut known: BTreeMap<String, &'h History> = BTreeMap::new();
    for history in histories {
        for scan in history.latest_scans()? {
            known.insert(scan.meta.tenant, history);
        }
    }
    let named: BTreeSet<&String> = args.tenants.iter().filter(|_| !args.all).collect();
    let chosen = if named.is_empty() { known.keys().collect() } else { named.clone() };
    let mut evidence = Vec::new();
    for tenant in chosen {
        let latest = match known.get(tenant) {
            Some(history) => history.latest_scan(tenant)?.map(|scan| (*history, scan)),
            None => None,
        };
        match latest {
            Some((history, scan)) => evidence.push(Evidence::read(history, scan)?),
            None if named.is_empty() => settings
                .environment
                .console
                .say(&format!("{tenant} is not in this report: no scan of it came to an end")),
            None => {
                let error = CliError::usage(format!("no scan of `{tenant}` came to an end"));
                let known: Vec<&str> = known.keys().map(String::as_str).collect();
                return Err(match known.as_slice() {
                    [] => error.hint("`cspm scan` makes one"),
                    some => error.hint(format!("there are scans of {}", some.join(", "))),
                });
            }
        }
    }
    if evidence.is_empty() {
        return Err(CliError::usage("the history has no scan to report on")
            .hint("`cspm scan --tenant demo` makes one without AWS"));
    }
    Ok(evidence)
}

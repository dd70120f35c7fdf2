//! `cspm report`: a framework's controls, from what the history knows.

use super::error::CliError;
use super::exit::Exit;
use super::scan::outputs::Outputs;
use super::settings::{Settings, frameworks};
use crate::history::{History, ScanRecord, ScanStatus};
use crate::output::Layout;
use crate::output::control_report::json::ReportDocument;
use crate::output::control_report::{ControlReport, Evidence, csv, html, markdown, table};
use crate::rules::Catalogue;
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
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

pub(super) fn run(args: &ReportArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    frameworks()?.get(&args.framework)?;
    let catalogue = settings.catalogue()?;
    let history = settings.history()?;
    let scans = match &args.scan {
        Some(id) => vec![ended(history.scan(id)?)?],
        None => latest(&history, args, settings)?,
    };
    // Not before there is something to write: an older report would be lost.
    let mut outputs = Outputs::open(args.output.as_deref(), None)?;
    let asked = Asked { framework: &args.framework, scans, layout: outputs.layout(settings) };
    let text = text(asked, args.format, &history, &catalogue)?;
    outputs.write(&text, settings)?;
    Ok(Exit::Ok)
}

/// What a report is asked for.
pub(super) struct Asked<'a> {
    /// The framework's id or alias.
    pub(super) framework: &'a str,
    /// The scans, each of which came to an end.
    pub(super) scans: Vec<ScanRecord>,
    /// How text for people is laid out.
    pub(super) layout: Layout,
}

/// The report on scans in a format.
pub(super) fn text(
    asked: Asked<'_>,
    format: Format,
    history: &History,
    catalogue: &Catalogue,
) -> Result<String, CliError> {
    let all = frameworks()?;
    let framework = all.get(asked.framework)?;
    let evidence = asked
        .scans
        .into_iter()
        .map(|scan| Evidence::read(history, scan))
        .collect::<Result<Vec<_>, _>>()?;
    let facts: Vec<_> = evidence.iter().map(|it| it.facts(catalogue)).collect();
    let parts = evidence.iter().zip(facts.iter().map(Vec::as_slice));
    let report = ControlReport::new(framework, catalogue, parts);
    render(&report, format, asked.layout)
}

fn render(report: &ControlReport<'_>, format: Format, layout: Layout) -> Result<String, CliError> {
    Ok(match format {
        Format::Table => table::report(report, layout),
        Format::Json => serde_json::to_string_pretty(&ReportDocument::new(report))? + "\n",
        Format::Markdown => markdown::report(report),
        Format::Csv => csv::report(report),
        Format::Html => html::report(report),
    })
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
fn latest(
    history: &History,
    args: &ReportArgs,
    settings: &mut Settings,
) -> Result<Vec<ScanRecord>, CliError> {
    let known: Vec<String> =
        history.latest_scans()?.into_iter().map(|scan| scan.meta.tenant).collect();
    let named: BTreeSet<&String> = args.tenants.iter().filter(|_| !args.all).collect();
    let chosen = if named.is_empty() { known.iter().collect() } else { named.clone() };
    let mut scans = Vec::new();
    for tenant in chosen {
        match history.latest_scan(tenant)? {
            Some(scan) => scans.push(scan),
            None if named.is_empty() => settings
                .environment
                .console
                .say(&format!("{tenant} is not in this report: no scan of it came to an end")),
            None => {
                let error = CliError::usage(format!("no scan of `{tenant}` came to an end"));
                return Err(match known.as_slice() {
                    [] => error.hint("`cspm scan` makes one"),
                    some => error.hint(format!("there are scans of {}", some.join(", "))),
                });
            }
        }
    }
    if scans.is_empty() {
        return Err(CliError::usage("the history has no scan to report on")
            .hint("`cspm scan --tenant demo` makes one without AWS"));
    }
    Ok(scans)
}

//! The result of a scan in the format that was asked for.

use super::ScanArgs;
use super::histories::Histories;
use crate::cli::error::CliError;
use crate::cli::report;
use crate::cli::settings::Settings;
use crate::history::ScanStatus;
use crate::output::control_report::Evidence;
use crate::output::report::ScanReport;
use crate::output::{Layout, finding_csv, github, junit, sarif, scan_json};
use crate::output::{scan_markdown, scan_table};
use crate::rules::Catalogue;
use clap::ValueEnum;

/// How to print a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// For spreadsheets: one row per finding
    Csv,
    /// For documents and pull requests
    Markdown,
    /// For GitHub Actions: annotations
    Github,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For CI systems that show test results
    Junit,
}

/// Each format is a view of the same reports.
pub(super) fn render(
    format: Format,
    reports: &[ScanReport],
    catalogue: &Catalogue,
    layout: Layout,
) -> Result<String, CliError> {
    Ok(match format {
        Format::Json => {
            let document = scan_json::ScanDocument::new(reports, catalogue);
            crate::cli::format::json(&document)?
        }
        Format::Csv => {
            finding_csv::sheet(reports.iter().flat_map(|report| &report.findings), catalogue)
        }
        Format::Markdown => {
            let parts: Vec<String> =
                reports.iter().map(|report| scan_markdown::scan(report, catalogue)).collect();
            parts.join("\n")
        }
        Format::Table => {
            let parts: Vec<String> =
                reports.iter().map(|report| scan_table::scan(report, layout)).collect();
            parts.join("\n")
        }
        Format::Github => {
            reports.iter().map(|report| github::annotations(report, catalogue)).collect()
        }
        Format::Sarif => crate::cli::format::json(&sarif::log(reports, catalogue))?,
        Format::Junit => junit::document(reports, catalogue),
    })
}

/// The report of the framework that chose the rules, for people. The formats
/// for programs have none: `cspm report` writes it.
pub(super) fn framework_report(
    args: &ScanArgs,
    reports: &[ScanReport],
    histories: &Histories,
    settings: &Settings,
    layout: Layout,
) -> Result<String, CliError> {
    let Some(id) = &args.filter.framework else { return Ok(String::new()) };
    let format = match args.format {
        Format::Table => report::Format::Table,
        Format::Markdown => report::Format::Markdown,
        _ => return Ok(String::new()),
    };
    let mut evidence = Vec::new();
    for report in reports {
        if matches!(report.scan.status, ScanStatus::Completed | ScanStatus::Partial) {
            let history = histories.get(&report.scan.meta.tenant)?;
            evidence.push(Evidence::read(history, report.scan.clone())?);
        }
    }
    if evidence.is_empty() {
        return Ok(String::new());
    }
    let asked = report::Asked { framework: id, evidence, layout };
    let report = report::text(&asked, format, &settings.catalogue()?)?;
    Ok(format!("\n{report}"))
}

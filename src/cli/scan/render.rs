//! The result of a scan in the format that was asked for.

use super::ScanArgs;
use super::histories::Histories;
use crate::cli::error::CliError;
use crate::cli::report;
use crate::cli::settings::Settings;
use crate::history::ScanStatus;
use crate::output::control_report::Evidence;
use crate::output::report::ScanReport;
use crate::output::{Layout, finding_csv, github, junit, overview, sarif};
use crate::output::{scan_json, scan_markdown, scan_table};
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

impl Format {
    /// How the name of a file of this format ends.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Table | Self::Github => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Sarif => "sarif",
            Self::Junit => "xml",
        }
    }
}

/// What is rendered: the reports, and what the report of the framework is made
/// of.
pub(super) struct Rendering<'a> {
    pub(super) reports: Vec<ScanReport>,
    pub(super) framework: Vec<Evidence>,
    pub(super) catalogue: &'a Catalogue,
    /// Whether several tenants are scanned, so that people want to compare.
    pub(super) many: bool,
    pub(super) args: &'a ScanArgs,
}

impl Rendering<'_> {
    /// All tenants together.
    pub(super) fn all(&self, layout: Layout, settings: &Settings) -> Result<String, CliError> {
        self.part(&self.reports, self.framework.iter().collect(), layout, settings)
    }

    /// One tenant alone, for a file.
    pub(super) fn one(&self, number: usize, settings: &Settings) -> Result<String, CliError> {
        let report = self.reports.get(number..=number).unwrap_or_default();
        let ids: Vec<_> = report.iter().map(|it| it.scan.meta.id).collect();
        let here = self.framework.iter().filter(|it| ids.contains(&it.report.scan.meta.id));
        self.part(report, here.collect(), super::outputs::FILE, settings)
    }

    fn part(
        &self,
        reports: &[ScanReport],
        framework: Vec<&Evidence>,
        layout: Layout,
        settings: &Settings,
    ) -> Result<String, CliError> {
        let mut text = render(self.args.format, reports, self.catalogue, layout)?;
        if self.many && reports.len() == self.reports.len() && self.args.format == Format::Table {
            text.push_str(&overview::summary(reports, layout));
        }
        text.push_str(&framework_report(self.args, framework, settings, layout)?);
        Ok(text)
    }
}

/// Each format is a view of the same reports.
fn render(
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

/// What the report of the framework is made of that chose the rules, for the
/// formats for people. Those for programs have none: `cspm report` writes it.
pub(super) fn framework_evidence(
    args: &ScanArgs,
    reports: &[ScanReport],
    histories: &Histories,
) -> Result<Vec<Evidence>, CliError> {
    let mut evidence = Vec::new();
    if args.filter.framework.is_none() || report_format(args.format).is_none() {
        return Ok(evidence);
    }
    for report in reports {
        if matches!(report.scan.status, ScanStatus::Completed | ScanStatus::Partial) {
            let history = histories.get(&report.scan.meta.tenant)?;
            evidence.push(Evidence::read(history, report.scan.clone())?);
        }
    }
    Ok(evidence)
}

/// The report of that framework; nothing without evidence.
fn framework_report(
    args: &ScanArgs,
    evidence: Vec<&Evidence>,
    settings: &Settings,
    layout: Layout,
) -> Result<String, CliError> {
    let (Some(id), Some(format)) = (&args.filter.framework, report_format(args.format)) else {
        return Ok(String::new());
    };
    if evidence.is_empty() {
        return Ok(String::new());
    }
    let asked = report::Asked { framework: id, evidence, layout };
    let report = report::text(&asked, format, &settings.catalogue()?)?;
    Ok(format!("\n{report}"))
}

fn report_format(format: Format) -> Option<report::Format> {
    match format {
        Format::Table => Some(report::Format::Table),
        Format::Markdown => Some(report::Format::Markdown),
        _ => None,
    }
}

//! The result of a scan in the format that was asked for.

use super::ScanArgs;
use super::histories::Histories;
use super::outputs::{FILE, json};
use crate::cli::error::CliError;
use crate::cli::report::{self, Asked};
use crate::cli::settings::{Settings, frameworks};
use crate::history::ScanStatus;
use crate::output::control_report::Evidence;
use crate::output::report::{OutputError, ScanReport};
use crate::output::{Layout, finding_csv, github, junit, overview, sarif};
use crate::output::{scan_json, scan_markdown, scan_table};
use crate::rules::Catalogue;
use clap::ValueEnum;
use std::io::Write;

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
    pub(super) reports: Vec<ScanReport<'a>>,
    pub(super) framework: Vec<Evidence<'a>>,
    pub(super) catalogue: &'a Catalogue,
    /// Whether several tenants are scanned, so that people want to compare.
    pub(super) many: bool,
    pub(super) args: &'a ScanArgs,
}

impl<'a> Rendering<'a> {
    /// All tenants together.
    pub(super) fn all<'r>(
        &'r self,
        layout: Layout,
        settings: &Settings,
    ) -> Result<Part<'r, 'a>, CliError> {
        let summary = (self.many && self.args.format == Format::Table)
            .then(|| overview::summary(&self.reports, layout));
        let evidence = self.framework.iter().collect();
        let framework = FrameworkReport::of(self.args, evidence, layout, settings)?;
        Ok(Part { whole: self, reports: &self.reports, layout, summary, framework })
    }

    /// One tenant alone, for a file.
    pub(super) fn one<'r>(
        &'r self,
        number: usize,
        settings: &Settings,
    ) -> Result<Part<'r, 'a>, CliError> {
        let report = self.reports.get(number..=number).unwrap_or_default();
        let ids: Vec<_> = report.iter().map(|it| it.scan.meta.id).collect();
        let here = self.framework.iter().filter(|it| ids.contains(&it.scan.meta.id));
        let framework = FrameworkReport::of(self.args, here.collect(), FILE, settings)?;
        Ok(Part { whole: self, reports: report, layout: FILE, summary: None, framework })
    }
}

/// Some of the reports, and what comes behind them.
pub(super) struct Part<'r, 'a> {
    whole: &'r Rendering<'a>,
    reports: &'r [ScanReport<'a>],
    layout: Layout,
    summary: Option<String>,
    framework: Option<FrameworkReport<'r>>,
}

impl Part<'_, '_> {
    /// Writes them in the format that was asked for.
    pub(super) fn write(&self, out: &mut dyn Write) -> Result<(), OutputError> {
        let Rendering { args, catalogue, .. } = self.whole;
        write(args.format, self.reports, catalogue, self.layout, out)?;
        if let Some(summary) = &self.summary {
            out.write_all(summary.as_bytes())?;
        }
        if let Some(FrameworkReport { asked, format, catalogue }) = &self.framework {
            out.write_all(b"\n")?;
            report::write(asked, *format, catalogue, out)?;
        }
        Ok(())
    }
}

/// Each format is a view of the same reports.
fn write(
    format: Format,
    reports: &[ScanReport<'_>],
    catalogue: &Catalogue,
    layout: Layout,
    out: &mut dyn Write,
) -> Result<(), OutputError> {
    match format {
        Format::Json => json(&scan_json::ScanDocument::new(reports, catalogue), out),
        Format::Csv => {
            let findings = reports.iter().flat_map(|report| report.findings.iter());
            finding_csv::write(findings, catalogue, out)
        }
        Format::Markdown => {
            apart(reports, out, |report, out| scan_markdown::write(report, catalogue, out))
        }
        Format::Table => apart(reports, out, |report, out| scan_table::write(report, layout, out)),
        Format::Github => {
            reports.iter().try_for_each(|report| github::write(report, catalogue, out))
        }
        Format::Sarif => json(&sarif::Log::new(reports, catalogue)?, out),
        Format::Junit => junit::write(reports, catalogue, out),
    }
}

/// Writes reports with an empty line between them.
fn apart(
    reports: &[ScanReport<'_>],
    out: &mut dyn Write,
    write: impl Fn(&ScanReport<'_>, &mut dyn Write) -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            out.write_all(b"\n")?;
        }
        write(report, out)?;
    }
    Ok(())
}

/// What the report of the framework is made of that chose the rules, for the
/// formats for people. Those for programs have none: `cspm report` writes it.
pub(super) fn framework_evidence<'h>(
    args: &ScanArgs,
    reports: &[ScanReport<'_>],
    histories: &'h Histories,
) -> Result<Vec<Evidence<'h>>, CliError> {
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

/// The report of that framework.
struct FrameworkReport<'r> {
    asked: Asked<'r>,
    format: report::Format,
    /// All rules: what the options left out is part of the report.
    catalogue: Catalogue,
}

impl<'r> FrameworkReport<'r> {
    /// Nothing without evidence.
    fn of(
        args: &ScanArgs,
        evidence: Vec<&'r Evidence<'r>>,
        layout: Layout,
        settings: &Settings,
    ) -> Result<Option<Self>, CliError> {
        let (Some(id), Some(format)) = (&args.filter.framework, report_format(args.format)) else {
            return Ok(None);
        };
        if evidence.is_empty() {
            return Ok(None);
        }
        let asked = Asked { framework: frameworks()?.get(id)?, evidence, layout };
        Ok(Some(Self { asked, format, catalogue: settings.catalogue()? }))
    }
}

fn report_format(format: Format) -> Option<report::Format> {
    match format {
        Format::Table => Some(report::Format::Table),
        Format::Markdown => Some(report::Format::Markdown),
        _ => None,
    }
}

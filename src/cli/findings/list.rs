//! `cspm findings list`: those that are asked for.

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::scan::outputs::json;
use crate::cli::settings::{Settings, frameworks, globs, matches, services_exist, severity};
use crate::compliance::{Control, Framework};
use crate::findings::FindingStatus;
use crate::history::Filter;
use crate::output::joined::Joined;
use crate::output::report::Findings;
use crate::output::{finding, finding_csv, scan_markdown};
use crate::rules::{Catalogue, Category, Severity};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::io::{BufWriter, Write};

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only this tenant; may be repeated
    #[arg(long = "tenant", short, value_name = "NAME", help_heading = "Which findings")]
    tenants: Vec<String>,
    /// What this scan saw, in place of what is open now
    #[arg(long, value_name = "ID", help_heading = "Which findings")]
    scan: Option<String>,
    /// Also what is fixed, deleted or no longer visible
    #[arg(long, conflicts_with_all = ["scan", "statuses"], help_heading = "Which findings")]
    all: bool,
    /// Only findings of this severity or worse
    #[arg(long, value_name = "SEVERITY", value_parser = severity, help_heading = "Which findings")]
    severity: Option<Severity>,
    /// Only of this category, like IAM or LOGGING; may be repeated
    #[arg(long = "category", value_name = "CATEGORY", value_parser = category,
          help_heading = "Which findings")]
    categories: Vec<Category>,
    /// Only of this service, like iam or s3; may be repeated
    #[arg(long = "service", value_name = "SERVICE", help_heading = "Which findings")]
    services: Vec<String>,
    /// Only of rules whose id or alias matches; may be repeated
    #[arg(long = "rule", value_name = "GLOB", help_heading = "Which findings")]
    rules: Vec<String>,
    /// Only in this region, or `global`; may be repeated
    #[arg(long = "region", value_name = "REGION", help_heading = "Which findings")]
    regions: Vec<String>,
    /// Only with this status: open, suppressed, fixed, deleted or
    /// no_longer_visible; may be repeated [default: open and suppressed]
    #[arg(long = "status", value_name = "STATUS", value_parser = status,
          help_heading = "Which findings")]
    statuses: Vec<FindingStatus>,
    /// Only those that touch this control, like `iso27001:A.8.5`, or `A.8.5`
    /// of any framework; may be repeated
    #[arg(long = "control", value_name = "CONTROL", help_heading = "Which findings")]
    controls: Vec<String>,
    /// Only those with this text in title, rule or resource, whatever its case
    #[arg(long, value_name = "TEXT", help_heading = "Which findings")]
    text: Option<String>,
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
    /// For spreadsheets
    Csv,
    /// For documents and pull requests
    Markdown,
}

fn category(word: &str) -> Result<Category, String> {
    let known: Vec<&str> = Category::ALL.iter().map(|category| category.as_str()).collect();
    let found = Category::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word));
    found.ok_or_else(|| format!("one of {}", known.join(", ")))
}

fn status(word: &str) -> Result<FindingStatus, String> {
    let known: Vec<&str> = FindingStatus::ALL.iter().map(|status| status.as_str()).collect();
    FindingStatus::parse(&word.to_ascii_lowercase().replace('-', "_"))
        .ok_or_else(|| format!("one of {}", known.join(", ")))
}

pub(super) fn run(args: &ListArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let catalogue = settings.catalogue()?;
    let rules = rules(args, &catalogue)?;
    let now = (settings.environment.now)();
    let (scan, histories) = match &args.scan {
        Some(id) => {
            let (scan, history) = settings.in_histories(|history| history.scan(id))?;
            let histories = vec![history];
            settings.tenants_exist(&args.tenants, &histories)?;
            (Some(scan), histories)
        }
        None => (None, settings.histories(&args.tenants)?),
    };
    let standing = [FindingStatus::Open, FindingStatus::Suppressed];
    let statuses = match scan.is_none() && !args.all && args.statuses.is_empty() {
        true => &standing[..],
        false => &args.statuses,
    };
    let filter = Filter {
        scan: scan.map(|scan| scan.meta.id),
        tenants: args.tenants.iter().cloned().collect(),
        rules,
        severities: Severity::WORST_FIRST
            .into_iter()
            .filter(|severity| args.severity.is_some_and(|least| *severity >= least))
            .collect(),
        regions: args.regions.iter().cloned().collect(),
        statuses: statuses.iter().copied().collect(),
        text: args.text.clone(),
        ..Filter::default()
    };
    let redaction = settings.redaction(&catalogue)?;
    let found = histories.iter().map(|history| Findings::asked_for(history, &filter, now));
    let findings = redaction.joined(Joined::new(found.collect::<Result<_, _>>()?));
    let layout = settings.environment.console.layout();
    let mut out = BufWriter::new(settings.environment.console.out());
    match args.format {
        Format::Table => finding::list(&findings, layout, &mut out)?,
        Format::Json => json(&finding::FindingList::new(&findings, &catalogue), &mut out)?,
        Format::Csv => finding_csv::write(findings.iter(), &catalogue, &mut out)?,
        Format::Markdown => scan_markdown::list(&findings, &catalogue, &mut out)?,
    }
    out.flush()?;
    drop(out);
    if findings.is_empty() {
        let mut scans = 0;
        for history in &histories {
            scans += history.latest_scans()?.len();
        }
        settings.environment.console.say(match scans {
            0 => "no findings: this history has no scan; `cspm scan` makes one",
            _ => "no findings",
        });
    }
    Ok(Exit::Ok)
}

/// The rules that category, service, pattern and control leave, by the ids
/// under which they first shipped; `None` if none of these was given, so that
/// findings of rules that are gone stay.
fn rules(args: &ListArgs, catalogue: &Catalogue) -> Result<Option<BTreeSet<String>>, CliError> {
    if args.categories.is_empty()
        && args.services.is_empty()
        && args.rules.is_empty()
        && args.controls.is_empty()
    {
        return Ok(None);
    }
    let globs = globs(&args.rules, catalogue)?;
    services_exist(&args.services, catalogue)?;
    let all = frameworks()?;
    let mut controls: Vec<(&Framework, &Control)> = Vec::new();
    for wanted in &args.controls {
        let found = named(wanted, all.iter(), |name| Ok(all.get(name)?))?;
        if found.is_empty() {
            return Err(CliError::usage(format!("no framework has a control `{wanted}`"))
                .hint("`cspm frameworks show ID` lists the controls of a framework"));
        }
        controls.extend(found);
    }
    let chosen = catalogue.rules().iter().filter(|compiled| {
        let rule = &compiled.rule;
        (args.categories.is_empty() || args.categories.contains(&rule.category))
            && (args.services.is_empty() || args.services.contains(&rule.service))
            && (globs.is_empty() || globs.iter().any(|glob| matches(compiled, glob)))
            && (controls.is_empty()
                || controls.iter().any(|(framework, control)| {
                    framework.looks_at(control, &rule.id, &rule.controls)
                }))
    });
    Ok(Some(chosen.map(|compiled| compiled.rule.uid.clone()).collect()))
}

/// The controls that `iso27001:A.8.5`, or `A.8.5` of any framework, means.
fn named<'f>(
    wanted: &str,
    all: impl Iterator<Item = &'f Framework>,
    get: impl Fn(&str) -> Result<&'f Framework, CliError>,
) -> Result<Vec<(&'f Framework, &'f Control)>, CliError> {
    let (frameworks, id): (Vec<&Framework>, &str) = match wanted.split_once(':') {
        Some((framework, id)) => (vec![get(framework)?], id),
        None => (all.collect(), wanted),
    };
    let id = id.trim();
    let found = frameworks
        .into_iter()
        .flat_map(|framework| framework.named(id).map(move |control| (framework, control)));
    Ok(found.collect())
}

//! `cspm history`: the scans, and the life of a finding.

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::Settings;
use super::suppress::actor;
use crate::history::{ScanId, ScanRecord};
use crate::output::{life, scans};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct HistoryArgs {
    #[command(subcommand)]
    command: Option<HistoryCommand>,
    /// Only this tenant
    #[arg(long, short, value_name = "NAME")]
    tenant: Option<String>,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum HistoryCommand {
    /// Show the whole life of a finding
    Show {
        /// The finding: any unambiguous beginning of its id
        finding: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Take over what other history files hold, such as those of shards
    #[command(after_help = "\
All files are merged, or none if one of them cannot be. Merging a file again changes nothing.")]
    Merge {
        /// The files; the history that takes them over is --db or its default
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Forget old scans; findings and the trail stay
    Prune {
        /// Keep the newest N scans of each tenant, or those of so many days, as 90d
        #[arg(long, value_name = "N|DAYS", value_parser = keep)]
        keep: Keep,
    },
}

/// Which scans stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    Newest(usize),
    Days(i64),
}

fn keep(text: &str) -> Result<Keep, String> {
    let wrong = || "a number of scans, or of days such as 90d".to_owned();
    match text.strip_suffix('d') {
        Some(days) => days.parse().ok().filter(|days| *days > 0).map(Keep::Days).ok_or_else(wrong),
        None => text.parse().ok().filter(|n| *n > 0).map(Keep::Newest).ok_or_else(wrong),
    }
}

const SECONDS_PER_DAY: i64 = 86_400;

pub(super) fn run(args: &HistoryArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    match &args.command {
        None => list(args, settings),
        Some(HistoryCommand::Show { finding, format }) => show(finding, *format, settings),
        Some(HistoryCommand::Merge { files }) => merge(files, settings),
        Some(HistoryCommand::Prune { keep }) => prune(*keep, settings),
    }
}

fn list(args: &HistoryArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let records = scans(args.tenant.as_deref(), settings)?;
    let records = settings.redaction(&settings.catalogue()?)?.scans(records);
    let text = match args.format {
        Format::Table => scans::list(&records, settings.environment.console.layout()),
        Format::Json => json(&scans::ScanList::new(&records))?,
    };
    let console = &mut settings.environment.console;
    console.print(&text)?;
    if records.is_empty() {
        console.say("no scans yet; `cspm scan --tenant demo` makes one without AWS");
    }
    Ok(Exit::Ok)
}

/// All scans, newest first; of one tenant, if asked.
pub(super) fn scans(
    tenant: Option<&str>,
    settings: &Settings,
) -> Result<Vec<ScanRecord>, CliError> {
    let named: Vec<String> = tenant.map(str::to_owned).into_iter().collect();
    let mut records = Vec::new();
    for history in settings.histories(&named)? {
        records.extend(history.scans(tenant)?);
    }
    records.sort_by_key(|scan| std::cmp::Reverse((scan.meta.started_at, scan.meta.id)));
    Ok(records)
}

fn show(finding: &str, format: Format, settings: &mut Settings) -> Result<Exit, CliError> {
    let now = (settings.environment.now)();
    let catalogue = settings.catalogue()?;
    let redaction = settings.redaction(&catalogue)?;
    let (found, _) = settings.in_histories(|history| {
        history.life(&redaction.fingerprint(history, finding, now)?, now)
    })?;
    let found = redaction.life(found);
    let text = match format {
        Format::Table => life::life(&found, settings.environment.console.layout(), now),
        Format::Json => json(&life::LifeDocument::new(&found, &catalogue, now))?,
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

fn merge(files: &[PathBuf], settings: &mut Settings) -> Result<Exit, CliError> {
    let now = (settings.environment.now)();
    let by = actor(settings);
    let merged = settings.history()?.merge(files, now, &by)?;
    let known = match merged.known {
        0 => String::new(),
        known => format!(", {known} were there already"),
    };
    settings.environment.console.say(&format!("took over {} scans{known}", merged.scans));
    Ok(Exit::Ok)
}

fn prune(keep: Keep, settings: &mut Settings) -> Result<Exit, CliError> {
    let now = (settings.environment.now)();
    let by = actor(settings);
    let mut forgotten = 0;
    for mut history in settings.histories(&[])? {
        let old = outdated(&history.scans(None)?, keep, now);
        forgotten += history.prune(&old, now, &by)?;
    }
    settings.environment.console.say(&format!("forgot {forgotten} scans"));
    Ok(Exit::Ok)
}

/// The scans that do not stay; `records` are newest first.
fn outdated(records: &[ScanRecord], keep: Keep, now: Timestamp) -> Vec<ScanId> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    records
        .iter()
        .filter(|scan| match keep {
            Keep::Days(days) => {
                let age = now.as_second() - scan.meta.started_at.as_second();
                age > days.saturating_mul(SECONDS_PER_DAY)
            }
            Keep::Newest(newest) => {
                let count = seen.entry(&scan.meta.tenant).or_default();
                *count += 1;
                *count > newest
            }
        })
        .map(|scan| scan.meta.id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_keep() {
        assert_eq!(keep("10"), Ok(Keep::Newest(10)));
        assert_eq!(keep("90d"), Ok(Keep::Days(90)));
        for wrong in ["", "0", "0d", "d", "x", "-1", "90h"] {
            assert!(keep(wrong).is_err(), "{wrong}");
        }
    }
}

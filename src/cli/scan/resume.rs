//! Going on with a run that was interrupted.

use super::ScanArgs;
use super::organization::EXTERNAL_ID;
use super::source::Source;
use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::cli::{Command, parse_overriding};
use crate::history::{History, RunId, RunLock, ScanRecord, ScanStatus};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// What was asked for, as the history keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Asked {
    /// The tenants, in their order.
    pub(super) tenants: Vec<String>,
    /// The options.
    #[serde(default)]
    args: Vec<String>,
    /// The tenants file, if it was named.
    #[serde(default)]
    config: Option<PathBuf>,
}

impl Asked {
    /// What this command asks for.
    pub(super) fn new(tenants: Vec<String>, settings: &Settings) -> Self {
        Self {
            tenants,
            args: options(&settings.environment.args),
            config: settings
                .config
                .as_ref()
                .map(|path| settings.environment.current_dir.join(path)),
        }
    }

    /// The same without a word about other tenants.
    pub(super) fn apart(mut self) -> Self {
        let mut args = Vec::new();
        let mut words = std::mem::take(&mut self.args).into_iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--tenant" | "-t" => drop(words.next()),
                "--all" => {}
                named if named.starts_with("--tenant=") || is_short_tenant(named) => {}
                _ => args.push(word),
            }
        }
        args.extend(self.tenants.iter().map(|tenant| format!("--tenant={tenant}")));
        self.args = args;
        self
    }
}

/// `-tNAME`, with or without `=`.
fn is_short_tenant(word: &str) -> bool {
    word.starts_with("-t") && !word.starts_with("--")
}

/// A run that goes on.
pub(super) struct Resumed {
    pub(super) run: RunId,
    pub(super) held: RunLock,
    /// Its tenants.
    tenants: Vec<String>,
    /// The scans that were finished, by tenant.
    pub(super) finished: BTreeMap<String, ScanRecord>,
}

impl Resumed {
    /// The run that was interrupted last, with its options and those that were
    /// given beside `--resume`.
    pub(super) fn find(
        history: &History,
        given: &ScanArgs,
        settings: &mut Settings,
    ) -> Result<(ScanArgs, Self), CliError> {
        let Some((record, held)) = history.interrupted_run()? else {
            return Err(CliError::usage("there is nothing to resume: no run was interrupted")
                .hint("`cspm history` lists the scans"));
        };
        let asked: Asked = serde_json::from_value(record.meta.request)
            .ok()
            .filter(|asked: &Asked| !asked.args.is_empty())
            .ok_or_else(|| {
                CliError::usage("the run that was interrupted last does not say what to scan")
                    .hint("an older cspm began it; scan again")
            })?;
        let mut line: Vec<OsString> = ["cspm", "scan"].map(OsString::from).to_vec();
        line.extend(asked.args.iter().map(OsString::from));
        line.extend(options(&settings.environment.args).into_iter().map(OsString::from));
        let parsed = parse_overriding(line).map_err(|error| {
            CliError::usage(format!("the options of the interrupted run do not fit: {error}"))
        })?;
        let Command::Scan(args) = parsed.command else {
            return Err(CliError::usage("the interrupted run was not a scan"));
        };
        settings.config = settings.config.take().or(asked.config);
        let organization = args.organization.clone().with_id_of(given);
        let args = ScanArgs { organization, ..*args };
        let finished: BTreeMap<String, ScanRecord> = history
            .scans_of_run(record.meta.id)?
            .into_iter()
            .filter(|scan| scan.status == ScanStatus::Completed)
            .map(|scan| (scan.meta.tenant.clone(), scan))
            .collect();
        let left = asked.tenants.len().saturating_sub(finished.len());
        settings.environment.console.say(&format!(
            "going on with the run of {}: {left} of {} tenants are left",
            record.meta.started_at,
            asked.tenants.len()
        ));
        Ok((args, Self { run: record.meta.id, held, tenants: asked.tenants, finished }))
    }

    /// Of the tenants that the options name now, those of the run.
    pub(super) fn narrow(&self, sources: Vec<Source>) -> Result<Vec<Source>, CliError> {
        let mut left: BTreeMap<String, Source> =
            sources.into_iter().map(|source| (source.tenant().to_owned(), source)).collect();
        self.tenants
            .iter()
            .map(|tenant| {
                left.remove(tenant).ok_or_else(|| {
                    CliError::usage(format!(
                        "tenant {tenant} of the interrupted run is not there any more"
                    ))
                    .hint("`cspm scan` begins a new run")
                })
            })
            .collect()
    }
}

/// The options of `scan` on a command line, but for `--resume`.
fn options(line: &[OsString]) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    let mut words = line.iter().skip(1).map(|word| word.to_string_lossy().into_owned());
    // What stands before `scan` is a file or its option.
    while let Some(word) = words.next() {
        match word.as_str() {
            "scan" => break,
            "--db" | "--config" => drop(words.next()),
            _ => {}
        }
    }
    while let Some(word) = words.next() {
        match word.as_str() {
            "--resume" => {}
            // Never written down.
            EXTERNAL_ID => drop(words.next()),
            id if id.starts_with("--org-external-id=") => {}
            // These hold for the command, and are kept apart.
            "--db" | "--config" => drop(words.next()),
            file if file.starts_with("--db=") || file.starts_with("--config=") => {}
            _ => options.push(word),
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_one_tenant_names_no_other() {
        let of = |args: &str| Asked {
            tenants: vec!["acme".to_owned()],
            args: args.split_whitespace().map(str::to_owned).collect(),
            config: None,
        };
        for (args, expected) in [
            ("--all --jobs 2", "--jobs 2 --tenant=acme"),
            ("--tenant acme -t bolt -tcorp --tenant=dole --region x", "--region x --tenant=acme"),
        ] {
            assert_eq!(of(args).apart().args.join(" "), expected);
        }
    }

    #[test]
    fn options_are_what_follows_scan() {
        let line = |text: &str| -> Vec<OsString> { text.split(' ').map(OsString::from).collect() };
        for (text, expected) in [
            ("cspm scan --all", "--all"),
            ("cspm --db scan scan --all --db x --jobs 3", "--all --jobs 3"),
            ("cspm --config=x scan --config=y --tenant scan", "--tenant scan"),
            ("cspm scan --resume --format json", "--format json"),
            ("cspm scan --org-external-id a --org-external-id=b --jobs 2", "--jobs 2"),
        ] {
            assert_eq!(options(&line(text)).join(" "), expected);
        }
        assert!(options(&line("cspm scan --resume")).is_empty());
    }
}

//! `cspm suppress`: findings to live with until a date.

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::Settings;
use super::suppressions_file::SuppressionFile;
use crate::findings::{Suppression, Target, Use};
use crate::history::History;
use crate::output::finding::can_be_hidden;
use crate::output::suppressions;
use crate::output::text::count;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct SuppressArgs {
    #[command(subcommand)]
    command: Option<SuppressCommand>,
    #[command(flatten)]
    add: AddArgs,
}

#[derive(Debug, Subcommand)]
enum SuppressCommand {
    /// List the suppressions: what each hides, which are expired or unused
    List {
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Make the suppressions of a file the ones that hold, as a scan does
    Sync {
        /// The file [default: that of the tenants file]
        file: Option<PathBuf>,
    },
    /// Take a suppression back
    Remove {
        /// Its id: any unambiguous beginning
        id: String,
    },
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The finding: any unambiguous beginning of its id
    #[arg(required_unless_present = "rule", conflicts_with_all = ["rule", "resource"])]
    finding: Option<String>,
    /// All that this rule finds
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Only on resources whose ARN or name matches
    #[arg(long, value_name = "GLOB", requires = "rule")]
    resource: Option<String>,
    /// Only in this tenant
    #[arg(long, short, value_name = "NAME")]
    tenant: Option<String>,
    /// Why it is acceptable
    #[arg(long, value_name = "TEXT", required = true)]
    reason: Option<String>,
    /// The last day on which it holds, as 2026-12-31
    #[arg(long, value_name = "DATE", value_parser = date, required = true)]
    until: Option<Date>,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
}

/// A day. The words of a parser help nobody.
fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "a date such as 2026-12-31".to_owned())
}

pub(super) fn run(args: &SuppressArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    match &args.command {
        None => add(&args.add, settings),
        Some(SuppressCommand::List { format }) => list(*format, settings),
        Some(SuppressCommand::Sync { file }) => sync(file.as_deref(), settings),
        Some(SuppressCommand::Remove { id }) => remove(id, settings),
    }
}

/// Who is at the keyboard, for the trail.
pub(super) fn actor(settings: &Settings) -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| settings.environment.text(name))
        .unwrap_or_else(|| "unknown".to_owned())
}

fn add(args: &AddArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let (Some(reason), Some(until)) = (&args.reason, args.until) else {
        return Err(CliError::usage("--reason and --until are needed"));
    };
    if reason.trim().is_empty() {
        return Err(CliError::usage("the reason is empty"));
    }
    let now = (settings.environment.now)();
    let named: Vec<String> = args.tenant.iter().cloned().collect();
    let (target, mut histories) = match (&args.finding, &args.rule) {
        (Some(id), _) => {
            let (print, history) = settings.in_histories(|history| history.fingerprint(id))?;
            let histories = vec![history];
            settings.tenants_exist(&named, &histories)?;
            (Target::Finding(print), histories)
        }
        (None, Some(rule)) => {
            let catalogue = settings.catalogue()?;
            let uid = settings.rule(&catalogue, rule)?.rule.uid.clone();
            (Target::Rule { uid, resource: args.resource.clone() }, settings.histories(&named)?)
        }
        (None, None) => return Err(CliError::usage("name a finding or a rule")),
    };
    let id = uuid::Builder::from_random_bytes((settings.environment.random)().to_be_bytes());
    let suppression = Suppression {
        id: id.into_uuid().to_string(),
        target,
        tenant: args.tenant.clone(),
        reason: reason.clone(),
        until,
        owner: args.owner.clone(),
        file: None,
        created_at: now,
        created_by: actor(settings),
        removed_at: None,
        removed_by: None,
    };
    if suppression.expired(now) {
        return Err(CliError::usage(format!("--until {until} is over already")));
    }
    let mut hides = 0;
    for history in &mut histories {
        history.suppress(&suppression)?;
        let of_this =
            uses(history, now)?.into_iter().filter(|it| it.suppression.id == suppression.id);
        hides += of_this.map(|it| it.findings.len()).sum::<usize>();
    }
    settings.environment.console.say(&format!(
        "suppressed until {until}; it hides {hides} of the findings known now (id {})",
        suppression.id
    ));
    Ok(Exit::Ok)
}

/// What the suppressions of a history do to what there is to hide.
fn uses(history: &History, now: Timestamp) -> Result<Vec<Use>, CliError> {
    let suppressions = history.suppressions()?;
    let mut uses = suppressions.uses(now);
    history.each_finding(now, |finding| {
        if can_be_hidden(&finding) {
            uses.add(&finding);
        }
    })?;
    Ok(uses.finish())
}

fn list(format: Format, settings: &mut Settings) -> Result<Exit, CliError> {
    let now = (settings.environment.now)();
    let mut all = Vec::new();
    for history in settings.histories(&[])? {
        all.extend(uses(&history, now)?);
    }
    let uses = settings.redaction(&settings.catalogue()?)?.uses(all);
    let text = match format {
        Format::Table => suppressions::list(&uses, settings.environment.console.layout()),
        Format::Json => json(&suppressions::SuppressionsDocument::new(&uses))?,
    };
    settings.environment.console.print(&text)?;
    if uses.is_empty() {
        settings.environment.console.say("no suppressions");
    }
    Ok(Exit::Ok)
}

fn remove(prefix: &str, settings: &mut Settings) -> Result<Exit, CliError> {
    let now = (settings.environment.now)();
    let by = actor(settings);
    let mut histories = settings.histories(&[])?;
    let mut found = BTreeSet::new();
    for history in &histories {
        let suppressions = history.suppressions()?;
        let held = suppressions.iter().filter(|it| it.removed_at.is_none());
        found.extend(held.map(|it| it.id.clone()).filter(|id| id.starts_with(prefix)));
    }
    let found: Vec<String> = found.into_iter().collect();
    let id = match found.as_slice() {
        [one] => one,
        [] => {
            return Err(CliError::usage(format!("there is no suppression `{prefix}`"))
                .hint("`cspm suppress list` shows them"));
        }
        several => {
            let several = several.join(", ");
            return Err(CliError::usage(format!("`{prefix}` may be any of {several}")));
        }
    };
    for history in &mut histories {
        history.remove_suppression(id, now, &by)?;
    }
    settings.environment.console.say(&format!("took back {id}"));
    Ok(Exit::Ok)
}

fn sync(file: Option<&Path>, settings: &mut Settings) -> Result<Exit, CliError> {
    let Some(file) = SuppressionFile::find(file, settings)? else {
        return Err(CliError::usage("there is no suppressions file")
            .hint("name it, or write `suppressions` below [defaults] of the tenants file"));
    };
    for mut history in settings.histories(&[])? {
        file.sync(&mut history, None, settings)?;
    }
    let number = count(file.len() as u64, "suppression");
    settings.environment.console.say(&format!("{}: {number}", file.name()));
    Ok(Exit::Ok)
}

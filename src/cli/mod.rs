//! The command line: prints and asks, decides nothing.

mod completions;
mod console;
mod diff;
mod error;
mod exit;
mod findings;
mod format;
mod frameworks;
mod histories;
mod history;
mod overview;
mod permissions;
mod policy;
mod redaction;
mod report;
mod rule_files;
mod rules;
mod scan;
mod schema;
#[cfg(feature = "aws")]
mod session;
mod settings;
mod snapshot;
mod snapshot_place;
mod suppress;
mod suppressions_file;
mod tenants;
mod time;
mod trend;

pub use console::{Console, Environment};
pub use error::CliError;
pub use exit::Exit;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use settings::Settings;
use std::ffi::OsString;
use std::path::PathBuf;

/// Tells how secure your AWS accounts are: what is wrong, what is right, what
/// could not be determined and why
#[derive(Debug, Parser)]
#[command(
    name = "cspm",
    version,
    max_term_width = 100,
    after_help = "\
Begin with `cspm scan --tenant demo`: it needs no AWS account."
)]
struct Cli {
    /// The tenants file [default: ./tenants.toml, then the user's configuration folder]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Files")]
    config: Option<PathBuf>,
    /// The history file [env: CSPM_DB] [default: that of the tenants file, else in the user's
    /// data folder]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Files")]
    db: Option<PathBuf>,
    /// Replace account ids, ARNs and names by keyed hashes in all that is printed
    #[arg(long, global = true, help_heading = "Output")]
    redact: bool,
    /// A folder of rules of your own, to be judged beside the built-in ones
    #[arg(long, global = true, value_name = "DIR", help_heading = "Files")]
    rules_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read accounts, judge them, and print what is wrong
    Scan(Box<scan::ScanArgs>),
    /// List findings, or show one
    Findings(findings::FindingsArgs),
    /// Report on the controls of a framework, from the latest scans
    Report(report::ReportArgs),
    /// List the scans, or show the life of a finding
    History(history::HistoryArgs),
    /// Say what changed between two scans
    Diff(diff::DiffArgs),
    /// Show score and counts over time
    Trend(trend::TrendArgs),
    /// Show all tenants, worst first
    Overview(overview::OverviewArgs),
    /// Live with findings until a date
    Suppress(suppress::SuppressArgs),
    /// Say what is in a snapshot
    Snapshot(snapshot::SnapshotArgs),
    /// List, show, check and write rules
    Rules(rules::RulesArgs),
    /// List the frameworks, or show one
    Frameworks(frameworks::FrameworksArgs),
    /// Add, list and check the accounts to scan
    Tenants(tenants::TenantsArgs),
    /// Print the least IAM policy that a scan needs
    Permissions(permissions::PermissionsArgs),
    /// Say what a policy allows and to whom, or decide one request by it
    Policy(policy::PolicyArgs),
    /// Print the JSON Schema of rule files, the tenants file or a resource
    Schema(schema::SchemaArgs),
    /// Print a completion script
    Completions(completions::CompletionsArgs),
}

/// Runs a command.
pub fn run(environment: Environment) -> Exit {
    let mut environment = environment;
    let cli = match Cli::try_parse_from(&environment.args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &mut environment.console),
    };
    let mut settings = Settings {
        environment,
        config: cli.config,
        db: cli.db,
        redact: cli.redact,
        rules_dir: cli.rules_dir,
        input_taken: false,
    };
    let result = match &cli.command {
        Command::Scan(args) => scan::run(args, &mut settings),
        Command::Findings(args) => findings::run(args, &mut settings),
        Command::Report(args) => report::run(args, &mut settings),
        Command::History(args) => history::run(args, &mut settings),
        Command::Diff(args) => diff::run(args, &mut settings),
        Command::Trend(args) => trend::run(args, &mut settings),
        Command::Overview(args) => overview::run(args, &mut settings),
        Command::Suppress(args) => suppress::run(args, &mut settings),
        Command::Snapshot(args) => snapshot::run(args, &mut settings),
        Command::Rules(args) => rules::run(args, &mut settings),
        Command::Frameworks(args) => frameworks::run(args, &mut settings),
        Command::Tenants(args) => {
            settings.refuse_redaction("tenants").and_then(|()| tenants::run(args, &mut settings))
        }
        Command::Permissions(args) => permissions::run(args, &mut settings),
        Command::Policy(args) => {
            settings.refuse_redaction("policy").and_then(|()| policy::run(args, &mut settings))
        }
        Command::Schema(args) => schema::run(args, &mut settings),
        Command::Completions(args) => completions::run(args, &mut settings),
    };
    result.unwrap_or_else(|error| {
        if !error.closed_pipe {
            settings.environment.console.complain(&error);
        }
        error.exit
    })
}

/// Reads a command line whose later options override earlier ones.
///
/// # Errors
/// It is wrong.
fn parse_overriding(args: Vec<OsString>) -> Result<Cli, clap::Error> {
    let command = Cli::command().mut_subcommand("scan", |scan| scan.args_override_self(true));
    Cli::from_arg_matches(&command.try_get_matches_from(args)?)
}

/// Help goes to standard output, complaints to standard error: those without
/// colours, since they repeat what was typed, and control characters in that
/// are shown as escapes.
fn usage(error: &clap::Error, console: &mut Console) -> Exit {
    let text = error.render();
    if error.use_stderr() {
        console.say(text.to_string().trim_end());
        return Exit::Usage;
    }
    let text = if console.color { text.ansi().to_string() } else { text.to_string() };
    match console.print(&text) {
        Ok(()) => Exit::Ok,
        Err(error) => CliError::from(error).exit,
    }
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "tests"
)]
mod tests;

//! `cspm rules`: what can be judged.

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::{RuleFilter, Settings};
use crate::output::rules;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// List the rules
    List {
        #[command(flatten)]
        filter: RuleFilter,
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show a rule: what, why, how to fix it, what it reads
    Show {
        /// The rule's id, or an alias of it
        id: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(super) fn run(args: &RulesArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let layout = settings.environment.console.layout();
    let text = match &args.command {
        RulesCommand::List { filter, format } => {
            let catalogue = filter.apply(settings.catalogue()?)?;
            match format {
                Format::Table => rules::list(catalogue.rules(), layout),
                Format::Json => json(&rules::RuleList::new(catalogue.rules()))?,
            }
        }
        RulesCommand::Show { id, format } => {
            let catalogue = settings.catalogue()?;
            let rule = settings.rule(&catalogue, id)?;
            match format {
                Format::Table => rules::page(rule, layout),
                Format::Json => json(&rules::RuleList::new([rule]))?,
            }
        }
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

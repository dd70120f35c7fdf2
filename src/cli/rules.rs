//! `cspm rules`: what can be judged.

mod author;

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::{RuleFilter, Settings};
use crate::output::{rule_page, rules};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::sync::Arc;

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
        format: PageFormat,
    },
    /// Run the examples of rules
    Test {
        /// A folder of rules, or one rule file [default: the rules of the
        /// program and of --rules-dir]
        #[arg(value_name = "DIR")]
        place: Option<PathBuf>,
    },
    /// Check rules: words, controls, examples, and whether these notice every
    /// operator and number
    Check {
        /// A folder of rules, or one rule file [default: the rules of the
        /// program and of --rules-dir]
        #[arg(value_name = "DIR")]
        place: Option<PathBuf>,
    },
    /// Write a rule to begin with: it passes the check
    New {
        /// The rule's id
        id: String,
        /// What it judges, as ec2.instance
        #[arg(long, value_name = "TYPE")]
        resource: String,
        /// The folder of rules to write to
        #[arg(long, value_name = "DIR", default_value = "rules")]
        dir: PathBuf,
    },
}

/// How to print a rule.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum PageFormat {
    /// For people
    #[default]
    Table,
    /// For documents
    Markdown,
    /// For programs
    Json,
}

pub(super) fn run(args: &RulesArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let layout = settings.environment.console.layout();
    let text = match &args.command {
        RulesCommand::List { filter, format } => {
            let catalogue = filter.apply(settings.catalogue()?)?;
            match format {
                Format::Table => rules::list(catalogue.rules().iter().map(Arc::as_ref), layout),
                Format::Json => {
                    json(&rules::RuleList::new(catalogue.rules().iter().map(Arc::as_ref)))?
                }
            }
        }
        RulesCommand::Show { id, format } => {
            let catalogue = settings.catalogue()?;
            let rule = settings.rule(&catalogue, id)?;
            let examples = settings.examples(rule)?;
            match format {
                PageFormat::Table => rule_page::page(rule, &examples, layout),
                PageFormat::Markdown => rule_page::markdown(rule, &examples),
                PageFormat::Json => json(&rules::RuleList::one(rule, &examples))?,
            }
        }
        RulesCommand::Test { place } => return author::test(place.as_deref(), settings),
        RulesCommand::Check { place } => return author::check(place.as_deref(), settings),
        RulesCommand::New { id, resource, dir } => {
            return author::new(id, resource, dir, settings);
        }
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

//! `cspm frameworks`: the standards, and what can be checked of them.

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::{Settings, frameworks};
use crate::output::frameworks::{FrameworkList, list, page};
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(super) struct FrameworksArgs {
    #[command(subcommand)]
    command: FrameworksCommand,
}

#[derive(Debug, Subcommand)]
enum FrameworksCommand {
    /// List the frameworks: how many controls they have, how many have a check
    List {
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show a framework: where its list comes from, every control and its rules
    Show {
        /// Its id, or an alias of it
        id: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(super) fn run(args: &FrameworksArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let layout = settings.environment.console.layout();
    let catalogue = settings.catalogue()?;
    let all = frameworks()?;
    let text = match &args.command {
        FrameworksCommand::List { format } => match format {
            Format::Table => list(all.iter(), &catalogue, layout),
            Format::Json => json(&FrameworkList::new(all.iter(), &catalogue))?,
        },
        FrameworksCommand::Show { id, format } => {
            let framework = all.get(id)?;
            match format {
                Format::Table => page(framework, &catalogue, layout),
                Format::Json => json(&FrameworkList::one(framework, &catalogue))?,
            }
        }
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

//! `cspm permissions`: the least policy that a scan needs.

use super::error::CliError;
use super::exit::Exit;
use super::settings::{RuleFilter, Settings};
use crate::output::permissions::{PolicyDocument, cloudformation, terraform};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;

#[derive(Debug, Args)]
pub(super) struct PermissionsArgs {
    #[command(flatten)]
    filter: RuleFilter,
    /// How to print the policy
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// An IAM policy document
    #[default]
    Json,
    /// A Terraform policy
    Terraform,
    /// A CloudFormation template
    Cloudformation,
}

pub(super) fn run(args: &PermissionsArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let catalogue = args.filter.apply(settings.catalogue()?)?;
    let actions: BTreeSet<&'static str> =
        catalogue.rules().iter().flat_map(|rule| rule.actions()).collect();
    let text = match args.format {
        Format::Json => serde_json::to_string_pretty(&PolicyDocument::new(&actions))? + "\n",
        Format::Terraform => terraform(&actions),
        Format::Cloudformation => cloudformation(&actions),
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

//! `cspm snapshot`: what AWS answered, as a file.

use super::error::CliError;
use super::exit::Exit;
use super::format::{Format, json};
use super::settings::Settings;
use super::snapshot_place::SnapshotPlace;
use crate::inventory::snapshot::SnapshotReader;
use crate::output::snapshot::{ContentsDocument, page};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct SnapshotArgs {
    #[command(subcommand)]
    command: SnapshotCommand,
}

#[derive(Debug, Subcommand)]
enum SnapshotCommand {
    /// Show what is in one: account, regions, when it was taken, resources by type, what is missing
    Show {
        /// A file, s3://BUCKET/KEY, or - for standard input
        snapshot: PathBuf,
        /// How to print it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(super) fn run(args: &SnapshotArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    match &args.command {
        SnapshotCommand::Show { snapshot, format } => show(snapshot, *format, settings),
    }
}

fn show(snapshot: &Path, format: Format, settings: &mut Settings) -> Result<Exit, CliError> {
    let redaction = settings.redaction(&settings.catalogue()?)?;
    let place = SnapshotPlace::new(snapshot, settings)?;
    let contents = place
        .open()
        .and_then(SnapshotReader::open)
        .and_then(SnapshotReader::contents)
        .map_err(|error| CliError::snapshot(&place.to_string(), &error))?;
    let contents = redaction.contents(contents);
    let text = match format {
        Format::Table => page(&contents, settings.environment.console.layout()),
        Format::Json => json(&ContentsDocument::new(&contents))?,
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

//! `cspm completions`: for shells.

use super::error::CliError;
use super::exit::Exit;
use super::settings::Settings;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::Cli::command(), "cspm", &mut script);
    settings.environment.console.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}

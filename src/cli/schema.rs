//! `cspm schema`: what files look like, for editors.

use super::error::CliError;
use super::exit::Exit;
use super::format::json;
use super::settings::{Settings, frameworks};
use crate::output::schema;
use crate::services;
use crate::tenant::nearest;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// `rule`, `tenants`, or a type of resources [default: list them]
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

pub(super) fn run(args: &SchemaArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let types = services::types();
    let names = || ["rule", "tenants"].into_iter().chain(types.iter().map(|kind| kind.name));
    let text = match args.name.as_deref() {
        None => names().map(|name| format!("{name}\n")).collect(),
        Some("rule") => {
            let all = frameworks()?;
            let frameworks: Vec<&str> = all.iter().map(|it| it.id.as_str()).collect();
            json(&schema::rule(types, &frameworks))?
        }
        Some("tenants") => json(&schema::tenants(settings.catalogue()?.rules()))?,
        Some(name) => match services::type_named(name) {
            Some(kind) => json(&schema::resource(kind))?,
            None => {
                let error = CliError::usage(format!("there is no schema `{name}`"));
                return Err(match nearest(name, names()) {
                    Some(near) => error.hint(format!("did you mean {near}?")),
                    None => error.hint("`cspm schema` lists them"),
                });
            }
        },
    };
    settings.environment.console.print(&text)?;
    Ok(Exit::Ok)
}

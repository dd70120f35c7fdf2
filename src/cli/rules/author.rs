//! For those who write rules: `cspm rules check`, `test` and `new`.

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::rule_files;
use crate::cli::settings::{Settings, frameworks, vocabulary};
use crate::compliance::control_faults;
use crate::output::text::count;
use crate::rules::{
    Catalogue, Checked, Controls, NewRule, RuleError, Source, Surroundings, built_in, check_all,
    skeleton, test_all,
};
use crate::services;
use crate::tenant::nearest;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Checks the rules of a folder, or those of the program and of `--rules-dir`.
pub(super) fn check(place: Option<&Path>, settings: &mut Settings) -> Result<Exit, CliError> {
    let sources = sources(place, settings)?;
    let frameworks = frameworks()?;
    let controls = |named: &Controls| control_faults(frameworks, named);
    let exists = |id: &str| {
        sources.iter().any(|source| source.id() == id) || built_in().any(|it| it.id() == id)
    };
    let around = Surroundings { vocabulary: vocabulary(), controls: &controls, exists: &exists };
    let mut checked = check_all(&sources, around);
    if place.is_some() {
        checked.errors.extend(taken(&sources, settings)?);
        checked.errors.sort();
    }
    report(&checked, settings)
}

/// Names that other rules have already: a scan with both would be refused. A
/// file of the program's own is no stranger to itself.
fn taken(sources: &[Source], settings: &Settings) -> Result<Vec<RuleError>, CliError> {
    let program = settings.catalogue()?;
    let (own, _) = Catalogue::load_right(sources.iter().cloned(), vocabulary());
    let mut errors = Vec::new();
    for compiled in own.rules() {
        let rule = &compiled.rule;
        let mut names: BTreeSet<&str> = rule.aliases.iter().map(String::as_str).collect();
        names.extend([rule.id.as_str(), rule.uid.as_str()]);
        for name in names {
            let Some(other) = program.find(name) else { continue };
            let file = fs::canonicalize(&compiled.path).unwrap_or_default();
            if file.ends_with(&other.path) {
                continue;
            }
            errors.push(RuleError {
                path: compiled.path.clone(),
                line: 1,
                column: 1,
                message: format!("`{name}` is also a name of `{}`", other.rule.id),
                hint: format!("that is in {}; choose another", other.path),
            });
        }
    }
    Ok(errors)
}

/// Runs the examples of the rules of a folder, or of those of the program and
/// of `--rules-dir`.
pub(super) fn test(place: Option<&Path>, settings: &mut Settings) -> Result<Exit, CliError> {
    let sources = sources(place, settings)?;
    report(&test_all(&sources, vocabulary()), settings)
}

fn sources(place: Option<&Path>, settings: &Settings) -> Result<Vec<Source>, CliError> {
    match place {
        Some(place) => rule_files::read(place),
        None => settings.sources(),
    }
}

fn report(checked: &Checked, settings: &mut Settings) -> Result<Exit, CliError> {
    let console = &mut settings.environment.console;
    for error in &checked.errors {
        console.say(&error.to_string());
    }
    let (rules, examples) =
        (count(checked.files as u64, "rule"), count(checked.examples as u64, "example"));
    if checked.errors.is_empty() {
        console.print(&format!("{rules}, {examples}: all right\n"))?;
        return Ok(Exit::Ok);
    }
    let problems = count(checked.errors.len() as u64, "problem");
    console.print(&format!("{rules}, {examples} that hold: {problems}\n"))?;
    Ok(Exit::Failed)
}

/// Writes a rule to begin with.
pub(super) fn new(
    id: &str,
    resource: &str,
    folder: &Path,
    settings: &mut Settings,
) -> Result<Exit, CliError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(plain) {
        return Err(CliError::usage(format!("`{id}` is not an id for a rule"))
            .hint("write a-z, 0-9 and -, a letter first, as ec2-instance-tagged"));
    }
    if let Some(other) = settings.catalogue()?.find(id) {
        return Err(CliError::usage(format!("there is a rule `{id}`: {}", other.rule.title)));
    }
    let kind = services::type_named(resource).ok_or_else(|| {
        let names = services::types().iter().map(|kind| kind.name);
        let error = CliError::usage(format!("there is no type `{resource}` of resources"));
        match nearest(resource, names) {
            Some(name) => error.hint(format!("did you mean {name}?")),
            None => error.hint("`cspm schema` lists the types"),
        }
    })?;
    let service = kind.name.split('.').next().unwrap_or_default();
    let path = folder.join(service).join(format!("{id}.yaml"));
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|error| CliError::file("make", parent, &error))?;
    let text = skeleton(NewRule { id, kind, since: env!("CARGO_PKG_VERSION") });
    let mut file = fs::File::create_new(&path).map_err(|error| {
        let exists = error.kind() == io::ErrorKind::AlreadyExists;
        let error = CliError::file("write", &path, &error);
        if exists { error.hint("choose another id, or take the file away") } else { error }
    })?;
    file.write_all(text.as_bytes()).map_err(|error| CliError::file("write", &path, &error))?;
    let shown = path.display();
    settings.environment.console.print(&format!(
        "wrote {shown}\nNow change its condition and its examples, and run: cspm rules check {shown}\n"
    ))?;
    Ok(Exit::Ok)
}

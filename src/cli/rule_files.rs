//! Rule files of somebody's own, read from a folder.

use super::error::CliError;
use crate::rules::Source;
use std::fs;
use std::path::{Path, PathBuf};

/// Reads the rule files of a folder and the folders in it, or one rule file.
/// Folders called `frameworks` are left alone, and so is what is hidden.
pub(super) fn read(place: &Path) -> Result<Vec<Source>, CliError> {
    let mut files = Vec::new();
    if place.is_dir() {
        list(place, &mut files)?;
        files.sort();
    } else {
        files.push(place.to_owned());
    }
    if files.is_empty() {
        let error = CliError::usage(format!("there is no rule in {}", place.display()));
        return Err(error.hint("a rule is a file ID.yaml; `cspm rules new` writes one"));
    }
    files.iter().map(|file| source(place, file)).collect()
}

fn source(place: &Path, file: &Path) -> Result<Source, CliError> {
    let text = fs::read_to_string(file).map_err(|error| CliError::file("read", file, &error))?;
    let within = file.strip_prefix(place).ok().filter(|within| !within.as_os_str().is_empty());
    let path = file.to_string_lossy();
    Ok(match within {
        Some(within) => Source::own(&path, &within.to_string_lossy(), &text),
        None => Source::own(&path, "", &text),
    })
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let failed = |error| CliError::file("read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "frameworks") {
                list(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    Ok(())
}

//! A folder with one file for each tenant.

use super::outputs::{create_private, write_file};
use crate::cli::error::CliError;
use crate::cli::histories::file_name;
use crate::output::report::OutputError;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Files that were opened before anything was scanned.
pub(in crate::cli) struct OutputFolder {
    files: BTreeMap<String, (PathBuf, File)>,
}

impl OutputFolder {
    /// Makes the folder and a file in it for each tenant. `shown` is what the
    /// name of its file is made of.
    ///
    /// # Errors
    /// It cannot be written, or two tenants would get one file: some file
    /// systems know no upper and lower case.
    pub(in crate::cli) fn open(
        folder: &Path,
        extension: &str,
        tenants: &[&str],
        shown: impl Fn(&str) -> String,
    ) -> Result<Self, CliError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| CliError::file("make", folder, &error))?;
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for tenant in tenants {
            let name = format!("{}.{extension}", file_name(&shown(tenant)));
            if let Some(other) = names.insert(name.to_lowercase(), tenant) {
                return Err(CliError::usage(format!(
                    "{tenant} and {other} would both be written to {name}"
                ))
                .hint("name one of them with --tenant"));
            }
        }
        let mut files = BTreeMap::new();
        for tenant in tenants {
            let path = folder.join(format!("{}.{extension}", file_name(&shown(tenant))));
            let file = create_private(&path)?;
            files.insert((*tenant).to_owned(), (path, file));
        }
        Ok(Self { files })
    }

    /// Lets `write` write a tenant's file.
    pub(in crate::cli) fn write(
        &mut self,
        tenant: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
    ) -> Result<(), CliError> {
        let Some((path, file)) = self.files.remove(tenant) else { return Ok(()) };
        write_file(&path, &file, write)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // Files without a report would look like reports that say nothing.
        for (path, _) in self.files.values() {
            let _ = fs::remove_file(path);
        }
    }
}

//! Which history files there are: one, or one for each tenant.

use super::error::CliError;
use super::settings::Settings;
use crate::history::{History, HistoryError};
use crate::tenant::{DEMO, TENANT_PLACE};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the history is.
enum Place {
    /// One file for all tenants.
    One(PathBuf),
    /// One file for each tenant of the tenants file.
    PerTenant { folder: PathBuf, template: String, tenants: Vec<String> },
}

impl Place {
    fn of(&self, tenant: &str) -> PathBuf {
        match self {
            Self::One(path) => path.clone(),
            Self::PerTenant { folder, template, .. } => {
                folder.join(template.replace(TENANT_PLACE, &file_name(tenant)))
            }
        }
    }
}

/// A tenant's name as part of the name of a file. Names of the tenants file
/// stay as they are; those of snapshots may hold anything.
pub(super) fn file_name(tenant: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let name: String = tenant.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "_".to_owned() } else { name.to_owned() }
}

impl Settings {
    /// `--db`, else `$CSPM_DB`, else `db` of the tenants file, else a file in
    /// the user's data folder.
    fn place(&self) -> Result<Place, CliError> {
        if let Some(path) = &self.db {
            return Ok(Place::One(path.clone()));
        }
        if let Some(path) = (self.environment.var)("CSPM_DB").filter(|path| !path.is_empty()) {
            return Ok(Place::One(PathBuf::from(path)));
        }
        if let Some((path, tenants)) = self.tenants_if_any()?
            && let Some(db) = tenants.defaults.db
        {
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            if !db.contains(TENANT_PLACE) {
                return Ok(Place::One(folder.join(db)));
            }
            let names = tenants.tenants.into_iter().map(|tenant| tenant.name);
            let tenants = names.chain([DEMO.to_owned()]).collect();
            return Ok(Place::PerTenant { folder, template: db, tenants });
        }
        self.data_file("history.db").map(Place::One).ok_or_else(|| {
            CliError::usage("there is no folder for the history: $HOME is not set")
                .hint("name a file with --db or $CSPM_DB")
        })
    }

    /// A file in cspm's folder of the user's data folder.
    pub(super) fn data_file(&self, name: &str) -> Option<PathBuf> {
        let folder = |name: &str| {
            (self.environment.var)(name).map(PathBuf::from).filter(|p| p.is_absolute())
        };
        folder("XDG_DATA_HOME")
            .or_else(|| folder("LOCALAPPDATA").filter(|_| cfg!(windows)))
            .or_else(|| folder("HOME").map(|home| home.join(".local").join("share")))
            .map(|base| base.join("cspm").join(name))
    }

    /// Opens the one history.
    ///
    /// # Errors
    /// Each tenant has its own.
    pub(super) fn history(&self) -> Result<History, CliError> {
        self.open_history(&self.history_path()?)
    }

    /// The file of the one history.
    ///
    /// # Errors
    /// Each tenant has its own.
    pub(super) fn history_path(&self) -> Result<PathBuf, CliError> {
        match self.place()? {
            Place::One(path) => Ok(path),
            Place::PerTenant { .. } => {
                Err(CliError::usage("the tenants file gives each tenant a history of its own")
                    .hint("name one with --db"))
            }
        }
    }

    /// The file of a tenant's history.
    pub(super) fn history_path_of(&self, tenant: &str) -> Result<PathBuf, CliError> {
        Ok(self.place()?.of(tenant))
    }

    /// Whether each tenant has a history of its own.
    pub(super) fn histories_are_apart(&self) -> Result<bool, CliError> {
        Ok(matches!(self.place()?, Place::PerTenant { .. }))
    }

    /// Opens the histories of tenants, in their order; of all if none is
    /// named. Never none: without any, there is an empty one.
    ///
    /// # Errors
    /// Nobody knows a tenant that is named; then no file is made.
    pub(super) fn histories(&self, named: &[String]) -> Result<Vec<History>, CliError> {
        let place = self.place()?;
        let mut paths: Vec<PathBuf> = match &place {
            Place::One(path) => vec![path.clone()],
            Place::PerTenant { tenants, .. } => {
                let tenants = if named.is_empty() { tenants } else { named };
                tenants.iter().map(|tenant| place.of(tenant)).collect()
            }
        };
        paths.dedup();
        let mut found = Vec::new();
        for path in paths.iter().filter(|path| path.exists()) {
            found.push(self.open_history(path)?);
        }
        self.tenants_exist(named, &found)?;
        match (found.is_empty(), paths.first()) {
            (true, Some(first)) => Ok(vec![self.open_history(first)?]),
            _ => Ok(found),
        }
    }

    /// Refuses names that neither the histories nor the tenants file know:
    /// that there is nothing about a tenant is no good news if its name is
    /// mistyped.
    pub(super) fn tenants_exist(
        &self,
        named: &[String],
        histories: &[History],
    ) -> Result<(), CliError> {
        if named.is_empty() {
            return Ok(());
        }
        let mut known = BTreeSet::from([DEMO.to_owned()]);
        for history in histories {
            known.extend(history.latest_scans()?.into_iter().map(|scan| scan.meta.tenant));
        }
        if named.iter().all(|name| known.contains(name)) {
            return Ok(());
        }
        if let Some((_, tenants)) = self.tenants_if_any()? {
            known.extend(tenants.tenants.into_iter().map(|tenant| tenant.name));
        }
        match named.iter().find(|name| !known.contains(*name)) {
            None => Ok(()),
            Some(name) => {
                let known: Vec<String> = known.into_iter().collect();
                Err(CliError::usage(format!("there is no tenant `{name}`"))
                    .hint(format!("there are {}", known.join(", "))))
            }
        }
    }

    /// What the first of the histories knows that has it, with its history;
    /// else what the last one says.
    pub(super) fn in_histories<T>(
        &self,
        look: impl Fn(&History) -> Result<T, HistoryError>,
    ) -> Result<(T, History), CliError> {
        let mut last = None;
        for history in self.histories(&[])? {
            match look(&history) {
                Ok(found) => return Ok((found, history)),
                Err(error) => last = Some(error),
            }
        }
        Err(last.map_or_else(|| CliError::usage("there is no history"), CliError::from))
    }

    pub(super) fn open_history(&self, path: &Path) -> Result<History, CliError> {
        let origin = uuid::Builder::from_random_bytes((self.environment.random)().to_be_bytes());
        Ok(History::open(path, origin.into_uuid(), (self.environment.now)())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_make_safe_names_of_files() {
        for (name, safe) in [
            ("acme-1.eu_x", "acme-1.eu_x"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a b\u{0}/ü", "a_b___"),
            ("..", "_"),
            ("", "_"),
        ] {
            assert_eq!(file_name(name), safe);
        }
    }
}

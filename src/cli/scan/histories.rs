//! The histories that a run writes: one, or one for each tenant.

use super::source::Source;
use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::cli::suppressions_file::{self, SuppressionFile};
use crate::history::{History, RunId, RunMeta};
use crate::output::report::ScanReport;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub(super) struct Histories {
    run: RunId,
    /// The file of each tenant.
    paths: BTreeMap<String, PathBuf>,
    open: BTreeMap<PathBuf, History>,
    apart: bool,
}

impl Histories {
    /// Opens those of all sources, and notes in each that the run begins; in
    /// each only with its own tenants.
    pub(super) fn open(
        run: RunId,
        sources: &[Source],
        settings: &Settings,
    ) -> Result<Self, CliError> {
        let mut paths = BTreeMap::new();
        for source in sources {
            let tenant = source.tenant();
            paths.insert(tenant.to_owned(), settings.history_path_of(tenant)?);
        }
        let mut open = BTreeMap::new();
        for path in paths.values() {
            if open.contains_key(path) {
                continue;
            }
            let here = sources.iter().map(Source::tenant).filter(|it| paths.get(*it) == Some(path));
            let tenants: Vec<&str> = here.collect();
            let mut history = settings.open_history(path)?;
            history.begin_run(&RunMeta {
                id: run,
                version: env!("CARGO_PKG_VERSION").to_owned(),
                request: serde_json::json!({ "tenants": tenants }),
                started_at: (settings.environment.now)(),
            })?;
            open.insert(path.clone(), history);
        }
        Ok(Self { run, paths, open, apart: settings.histories_are_apart()? })
    }

    /// A tenant's history.
    pub(super) fn get(&self, tenant: &str) -> Result<&History, CliError> {
        let history = self.paths.get(tenant).and_then(|path| self.open.get(path));
        history.ok_or_else(|| CliError::failed(format!("{tenant} has no history in this run")))
    }

    /// Makes the suppressions of the file the ones that hold. A history of one
    /// tenant does not learn of those of another.
    pub(super) fn sync(
        &mut self,
        file: Option<&SuppressionFile>,
        settings: &Settings,
    ) -> Result<(), CliError> {
        let Some(file) = file else { return Ok(()) };
        for (tenant, path) in &self.paths {
            if let Some(history) = self.open.get_mut(path) {
                file.sync(history, self.apart.then_some(tenant.as_str()), settings)?;
            }
        }
        Ok(())
    }

    /// Notes that the run came to its end.
    pub(super) fn finish(&mut self, at: Timestamp) -> Result<(), CliError> {
        for history in self.open.values_mut() {
            history.finish_run(self.run, at)?;
        }
        Ok(())
    }

    /// Says which suppressions that concern the scanned tenants have expired or
    /// are of no use.
    pub(super) fn tell(
        &self,
        reports: &[ScanReport],
        settings: &mut Settings,
    ) -> Result<(), CliError> {
        let tenants: BTreeSet<&str> =
            reports.iter().map(|report| report.scan.meta.tenant.as_str()).collect();
        for history in self.open.values() {
            suppressions_file::tell(history, &tenants, settings)?;
        }
        Ok(())
    }
}

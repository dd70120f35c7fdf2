//! The histories that a run writes: one, or one for each tenant.

use super::resume::Asked;
use super::source::Source;
use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::cli::suppressions_file::{self, SuppressionFile};
use crate::history::{History, Recorder, RunId, RunLock, RunMeta, ScanMeta};
use crate::output::report::ScanReport;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub(super) struct Histories {
    run: RunId,
    /// The file of each tenant.
    paths: BTreeMap<String, PathBuf>,
    open: BTreeMap<PathBuf, Open>,
    apart: bool,
}

struct Open {
    history: History,
    recorder: Recorder,
    /// Keeps others from going on with the run.
    _held: Option<RunLock>,
}

impl Histories {
    /// Opens those of all sources. A run that is `new` is noted in each, with
    /// the tenants of that file only.
    pub(super) fn open(
        run: RunId,
        new: bool,
        sources: &[Source],
        settings: &Settings,
    ) -> Result<Self, CliError> {
        let mut paths = BTreeMap::new();
        for source in sources {
            let tenant = source.tenant();
            paths.insert(tenant.to_owned(), settings.history_path_of(tenant)?);
        }
        let apart = settings.histories_are_apart()?;
        let mut files: BTreeSet<PathBuf> = paths.values().cloned().collect();
        if !apart {
            // Also a part of a fleet without tenants has a history to merge.
            files.insert(settings.history_path()?);
        }
        let mut open = BTreeMap::new();
        for path in &files {
            let mut history = settings.open_history(path)?;
            let mut held = None;
            if new {
                let here = sources.iter().map(Source::tenant);
                let here = here.filter(|tenant| paths.get(*tenant) == Some(path));
                let asked = Asked::new(here.map(str::to_owned).collect(), settings);
                let asked = if apart { asked.apart() } else { asked };
                history.begin_run(&RunMeta {
                    id: run,
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    request: serde_json::to_value(asked)?,
                    started_at: (settings.environment.now)(),
                })?;
                held = history.hold_run(run)?;
            }
            let recorder = history.recorder();
            open.insert(path.clone(), Open { history, recorder, _held: held });
        }
        Ok(Self { run, paths, open, apart })
    }

    /// A tenant's history.
    pub(super) fn get(&self, tenant: &str) -> Result<&History, CliError> {
        self.of(tenant).map(|open| &open.history)
    }

    /// Where a tenant's scan is recorded.
    pub(super) fn recorder(&self, tenant: &str) -> Result<Recorder, CliError> {
        self.of(tenant).map(|open| open.recorder.clone())
    }

    fn of(&self, tenant: &str) -> Result<&Open, CliError> {
        let open = self.paths.get(tenant).and_then(|path| self.open.get(path));
        open.ok_or_else(|| CliError::failed(format!("{tenant} has no history in this run")))
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
            if let Some(Open { history, .. }) = self.open.get_mut(path) {
                file.sync(history, self.apart.then_some(tenant.as_str()), settings)?;
            }
        }
        Ok(())
    }

    /// Notes that the run came to its end.
    pub(super) fn finish(&mut self, at: Timestamp) -> Result<(), CliError> {
        for Open { history, .. } in self.open.values_mut() {
            history.finish_run(self.run, at)?;
        }
        Ok(())
    }

    /// Says which suppressions that concern the scanned tenants have expired or
    /// are of no use.
    pub(super) fn tell(
        &self,
        reports: &[ScanReport<'_>],
        settings: &mut Settings,
    ) -> Result<(), CliError> {
        let scans: Vec<&ScanMeta> = reports.iter().map(|report| &report.scan.meta).collect();
        for Open { history, .. } in self.open.values() {
            suppressions_file::tell(history, &scans, settings)?;
        }
        Ok(())
    }
}

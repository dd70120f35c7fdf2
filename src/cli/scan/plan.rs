//! Which tenants are scanned now, and which were finished before.

use super::fleet::Part;
use super::histories::Histories;
use super::outputs::Outputs;
use super::progress::Board;
use super::source::Source;
use super::{Chosen, ScanArgs, uuid_v7};
use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::history::{RunId, ScanId, ScanRecord};
use crate::scan::Request;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The tenants of a run, in their order.
pub(super) struct Plan {
    /// Those that are scanned now.
    pub(super) parts: Vec<Part>,
    /// All of them.
    pub(super) places: Vec<Place>,
    pub(super) board: Board,
}

/// One tenant's place in the results.
pub(super) enum Place {
    /// It was finished before the run was interrupted.
    Finished(Box<ScanRecord>),
    /// It is scanned now.
    Now {
        tenant: String,
        /// Its scan.
        id: ScanId,
    },
}

impl Plan {
    pub(super) fn new(
        sources: Vec<Source>,
        mut finished: BTreeMap<String, ScanRecord>,
        run: RunId,
        chosen: &Chosen,
        histories: &Histories,
        (args, outputs, settings): (&ScanArgs, &mut Outputs, &Settings),
    ) -> Result<Self, CliError> {
        let board = Board::new(&settings.environment.console, sources.len());
        let mut plan = Self { parts: Vec::new(), places: Vec::new(), board };
        let (now, random) = (settings.environment.now, settings.environment.random);
        for source in sources {
            let tenant = source.tenant().to_owned();
            if let Some(record) = finished.remove(&tenant) {
                plan.board.one_ended();
                plan.places.push(Place::Finished(Box::new(record)));
                continue;
            }
            let id = ScanId(uuid_v7(now(), random()));
            let request = Request {
                id,
                run,
                tenant: tenant.clone(),
                catalogue: Arc::clone(&chosen.catalogue),
                rules_left_out: chosen.left_out.clone(),
                filters: chosen.filters.clone(),
                severity_overrides: chosen.overrides.severities.clone(),
                parameter_overrides: chosen.overrides.parameters.clone(),
                known_accounts: source.known_accounts(&chosen.overrides.known_accounts),
                regions: source.regions(args),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                now,
                progress: plan.board.tenant(&tenant),
            };
            let recorder = histories.recorder(&tenant)?;
            plan.parts.push(Part { source, request, recorder, snapshot: outputs.snapshot() });
            plan.places.push(Place::Now { tenant, id });
        }
        Ok(plan)
    }
}

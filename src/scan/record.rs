//! One scan on its way into the history.

use super::judge::{Account, Judge, Listed, Verdicts};
use super::{Progress, ScanError};
use crate::history::{
    Coverage, HistoryError, Recorder, RunId, ScanEnd, ScanId, ScanMeta, ScanRecord, ScanRule,
    ScanStatus, ScanWriter, Scope,
};
use crate::inventory::{Document, ErrorClass, GLOBAL, GapTable, Gaps, Operation};
use crate::rules::{Catalogue, ParameterValue, Severity, Verdict};
use crate::services::aws::Region;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What is asked of a scan.
pub struct Request {
    /// Its id.
    pub id: ScanId,
    /// The run that it belongs to.
    pub run: RunId,
    /// The tenant's name.
    pub tenant: String,
    /// The chosen rules.
    pub catalogue: Arc<Catalogue>,
    /// The ids of rules that were not chosen.
    pub rules_left_out: Vec<String>,
    /// The options that narrowed the scan, as given.
    pub filters: Vec<String>,
    /// Severities that the tenants file changed, by rule id.
    pub severity_overrides: BTreeMap<String, Severity>,
    /// Parameters that the tenants file set, by rule id and name.
    pub parameter_overrides: BTreeMap<String, BTreeMap<String, ParameterValue>>,
    /// Outside accounts that the tenants file calls known.
    pub known_accounts: Vec<String>,
    /// The regions that were chosen; empty for all.
    pub regions: Vec<String>,
    /// The version of cspm.
    pub version: String,
    /// The clock.
    pub now: fn() -> Timestamp,
    /// Told of what happens.
    pub progress: Arc<dyn Progress>,
}

impl Request {
    /// The types that the chosen rules judge or look up.
    pub(super) fn types(&self) -> BTreeSet<&'static str> {
        let variants = self.catalogue.rules().iter().flat_map(|rule| &rule.variants);
        variants
            .flat_map(|variant| {
                std::iter::once(variant.kind.name).chain(variant.lookups.iter().copied())
            })
            .collect()
    }

    /// The operations that the chosen rules need.
    pub(super) fn operations(&self) -> BTreeSet<&'static Operation> {
        self.catalogue.rules().iter().flat_map(|rule| rule.operations()).collect()
    }

    pub(super) fn scope(&self, regions: Vec<String>, skipped: BTreeMap<String, String>) -> Scope {
        Scope {
            regions,
            regions_chosen: !self.regions.is_empty(),
            regions_skipped: skipped,
            regions_refused: BTreeMap::new(),
            rules_left_out: self.rules_left_out.clone(),
            filters: self.filters.clone(),
            severity_overrides: self.severity_overrides.clone(),
            parameter_overrides: self.parameter_overrides.clone(),
        }
    }
}

/// Where the facts come from.
pub(super) struct Origin {
    pub(super) account: String,
    pub(super) partition: String,
    pub(super) caller: Option<String>,
    /// `aws`, or the name of a snapshot.
    pub(super) source: String,
    pub(super) observed_at: Timestamp,
    pub(super) started_at: Timestamp,
    pub(super) regions: Vec<String>,
    pub(super) skipped: BTreeMap<String, String>,
}

/// Notes that a tenant's account could not be scanned at all.
///
/// # Errors
/// The history cannot be written.
pub fn record_failure(
    request: &Request,
    account: &str,
    source: &str,
    reason: &str,
    recorder: &Recorder,
) -> Result<ScanRecord, ScanError> {
    let now = (request.now)();
    let origin = Origin {
        account: account.to_owned(),
        partition: "aws".to_owned(),
        caller: None,
        source: source.to_owned(),
        observed_at: now,
        started_at: now,
        regions: request.regions.clone(),
        skipped: BTreeMap::new(),
    };
    let recording = Recording::begin(request, origin, recorder)?;
    recording.end(ScanStatus::Failed, Some(reason.to_owned()), 0)
}

/// The regions that were refused, and why: those that AWS calls disabled, and
/// those where an organization policy let nothing be listed.
fn refused(
    gaps: &GapTable,
    done: &BTreeMap<(&'static str, String), Gaps>,
) -> BTreeMap<String, String> {
    // Regions themselves are listed elsewhere.
    let region_itself = Region::resource_type().name;
    let (mut seen, mut hidden) = (BTreeSet::new(), BTreeSet::new());
    for ((_, region), missing) in done.iter().filter(|((kind, _), _)| *kind != region_itself) {
        let of_kind = if missing.is_empty() { &mut seen } else { &mut hidden };
        of_kind.insert(region);
    }
    let mut refused: BTreeMap<String, String> = BTreeMap::new();
    for (_, gap) in gaps.iter().filter(|(_, gap)| gap.region != GLOBAL) {
        let region = &gap.region;
        let unsaid = match gap.class {
            ErrorClass::RegionDisabled => "it is not enabled for the account",
            ErrorClass::OrganizationDenied if hidden.contains(region) && !seen.contains(region) => {
                "an organization policy denies it"
            }
            _ => continue,
        };
        let why = gap.code.as_deref().unwrap_or(unsaid);
        refused
            .entry(region.clone())
            .or_insert_with(|| format!("{} was refused: {why}", gap.operation));
    }
    refused
}

/// A scan that runs: a judge whose verdicts are written as they come.
pub(super) struct Recording {
    pub(super) judge: Arc<Judge>,
    writer: Arc<Writer>,
    now: fn() -> Timestamp,
}

struct Writer {
    state: Mutex<WriterState>,
    progress: Arc<dyn Progress>,
}

struct WriterState {
    writer: Option<ScanWriter>,
    failed: Option<HistoryError>,
}

impl Verdicts for Writer {
    fn verdict(&self, verdict: Verdict, gaps: &GapTable) {
        self.progress.judged(verdict.outcome);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failed.is_some() {
            return;
        }
        if let Some(Err(error)) = state.writer.as_mut().map(|writer| writer.push(verdict, gaps)) {
            state.failed = Some(error);
        }
    }
}

impl Recording {
    pub(super) fn begin(
        request: &Request,
        origin: Origin,
        recorder: &Recorder,
    ) -> Result<Self, ScanError> {
        let rules = request
            .catalogue
            .rules()
            .iter()
            .enumerate()
            .map(|(index, compiled)| ScanRule::new(index, &compiled.rule))
            .collect();
        let meta = ScanMeta {
            id: request.id,
            run: request.run,
            tenant: request.tenant.clone(),
            account_id: origin.account.clone(),
            partition: origin.partition.clone(),
            caller: origin.caller,
            source: origin.source,
            version: request.version.clone(),
            rules_digest: request.catalogue.digest(),
            scope: request.scope(origin.regions.clone(), origin.skipped),
            observed_at: origin.observed_at,
            started_at: origin.started_at,
        };
        let writer = Arc::new(Writer {
            state: Mutex::new(WriterState {
                writer: Some(recorder.begin_scan(meta, rules)?),
                failed: None,
            }),
            progress: Arc::clone(&request.progress),
        });
        let account = Account {
            id: origin.account,
            partition: origin.partition,
            known_accounts: request.known_accounts.clone(),
            now: origin.observed_at,
            regions: origin.regions,
        };
        let judge = Judge::new(
            Arc::clone(&request.catalogue),
            crate::services::questions(),
            Arc::new(account),
            Arc::clone(&writer) as Arc<dyn Verdicts>,
        );
        Ok(Self { judge: Arc::new(judge), writer, now: request.now })
    }

    /// Ends the scan.
    pub(super) fn end(
        self,
        status: ScanStatus,
        reason: Option<String>,
        api_calls: u64,
    ) -> Result<ScanRecord, ScanError> {
        let Listed { gaps, done } = self.judge.finish();
        let mut coverage = Coverage::default();
        for ((kind, region), missing) in &done {
            if missing.is_empty() {
                coverage.listed(kind, region);
            }
        }
        let mut state = self.writer.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = state.failed.take() {
            return Err(error.into());
        }
        let Some(writer) = state.writer.take() else { return Err(ScanError::Ended) };
        let end = ScanEnd {
            status,
            reason,
            finished_at: (self.now)(),
            api_calls,
            coverage,
            regions_refused: refused(&gaps, &done),
        };
        Ok(writer.finish(end, &gaps)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Gap;

    fn gap(region: &str, class: ErrorClass) -> Gap {
        Gap { class, ..Gap::not_collected("ec2:DescribeVpcs", "ec2:DescribeVpcs", region) }
    }

    #[test]
    fn a_region_is_refused_if_it_is_disabled_or_an_organization_lets_nothing_be_listed() {
        let mut gaps = GapTable::default();
        let hidden = [
            ("eu-west-1", ErrorClass::OrganizationDenied),
            ("eu-west-2", ErrorClass::OrganizationDenied),
            ("eu-west-3", ErrorClass::AccessDenied),
            ("af-south-1", ErrorClass::RegionDisabled),
        ];
        let mut done = BTreeMap::new();
        for (region, class) in hidden {
            let number = gaps.number(gap(region, class));
            done.insert(("ec2.vpc", region.to_owned()), Gaps::one(number));
            // What follows from the region itself is no list.
            done.insert(("aws.region", region.to_owned()), Gaps::NONE);
        }
        done.insert(("ec2.volume", "eu-west-2".to_owned()), Gaps::NONE);
        let refused = refused(&gaps, &done);
        assert_eq!(
            refused.iter().map(|(region, why)| (region.as_str(), why.as_str())).collect::<Vec<_>>(),
            [
                ("af-south-1", "ec2:DescribeVpcs was refused: it is not enabled for the account"),
                ("eu-west-1", "ec2:DescribeVpcs was refused: an organization policy denies it"),
            ]
        );
    }
}

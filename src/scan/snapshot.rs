//! A scan of a snapshot: no AWS, no network.

use super::narrow::Narrowed;
use super::record::{Origin, Recording, Request};
use super::{ScanError, resource_types};
use crate::history::{Recorder, ScanRecord, ScanStatus};
use crate::inventory::Sink;
use crate::inventory::snapshot::{SnapshotError, SnapshotReader};
use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

/// Judges a snapshot. `name` is what people call it.
///
/// # Errors
/// The snapshot is malformed or of another account than `expected`, or the
/// history cannot be written.
pub fn scan_snapshot(
    request: &Request,
    name: &str,
    expected: Option<&str>,
    reader: SnapshotReader<impl BufRead>,
    recorder: &Recorder,
) -> Result<ScanRecord, ScanError> {
    let header = reader.header();
    if let Some(expected) = expected.filter(|expected| **expected != *header.account) {
        return Err(ScanError::WrongSnapshot {
            name: name.to_owned(),
            expected: expected.to_owned(),
            found: header.account.clone(),
        });
    }
    let regions: Vec<String> =
        if request.regions.is_empty() { header.regions.clone() } else { request.regions.clone() };
    let missing: Vec<&String> =
        regions.iter().filter(|region| !header.regions.contains(region)).collect();
    if let Some(region) = missing.first() {
        return Err(ScanError::RegionNotInSnapshot {
            region: (*region).clone(),
            regions: header.regions.clone(),
        });
    }
    let skipped: BTreeMap<String, String> = header.regions_skipped.clone();
    let origin = Origin {
        account: header.account.clone(),
        partition: header.partition.clone(),
        caller: Some(header.caller.clone()),
        source: name.to_owned(),
        observed_at: header.taken_at,
        started_at: (request.now)(),
        regions: regions.clone(),
        skipped,
    };
    let recording = Recording::begin(request, origin, recorder)?;
    let judge = Arc::clone(&recording.judge) as Arc<dyn Sink>;
    let sink: Arc<dyn Sink> = if request.regions.is_empty() {
        judge
    } else {
        Arc::new(Narrowed { inner: judge, regions })
    };
    let types = resource_types(&request.types());
    match reader.feed(&types, &request.operations(), sink.as_ref()) {
        Ok(()) => recording.end(ScanStatus::Completed, None, 0),
        Err(error) => {
            let error: SnapshotError = error;
            recording.end(ScanStatus::Failed, Some(error.to_string()), 0)?;
            Err(error.into())
        }
    }
}

//! Writing snapshots.

use super::{Counts, GapLine, Header, Hidden, LineOut, ResourceOut, SnapshotError};
use crate::inventory::gap::{Gap, GapId, GapTable, Gaps};
use crate::inventory::json::Typed;
use crate::inventory::resource::{Resource, TAGS_TYPE};
use crate::inventory::schema::{ResourceType, Type};
use crate::inventory::sink::Sink;
use crate::inventory::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

struct WriterState {
    out: Box<dyn Write + Send>,
    failed: Option<io::Error>,
    resources: u64,
    gaps: GapTable,
    hides: BTreeMap<GapId, BTreeSet<Hidden>>,
}

/// Writes a snapshot. Resources are written as they come; gaps, few as they
/// are, with the trailer.
pub struct SnapshotWriter {
    state: Mutex<WriterState>,
}

impl SnapshotWriter {
    /// Begins a snapshot on `out`.
    ///
    /// # Errors
    /// The header could not be written.
    pub fn begin(mut out: Box<dyn Write + Send>, header: &Header) -> Result<Self, SnapshotError> {
        write_line(&mut out, &LineOut::Header(header))?;
        Ok(Self {
            state: Mutex::new(WriterState {
                out,
                failed: None,
                resources: 0,
                gaps: GapTable::default(),
                hides: BTreeMap::new(),
            }),
        })
    }

    /// Writes gaps and trailer.
    ///
    /// # Errors
    /// Something could not be written, now or before.
    pub fn finish(&self) -> Result<(), SnapshotError> {
        let mut state = self.locked();
        if let Some(error) = state.failed.take() {
            return Err(error.into());
        }
        let table = std::mem::take(&mut state.gaps);
        let gaps = table.len() as u64;
        for (id, gap) in table.iter() {
            let hides = state.hides.remove(&id).unwrap_or_default().into_iter().collect();
            let line = GapLine { n: id.0, gap: gap.clone(), hides };
            write_line(&mut state.out, &LineOut::Gap(line))?;
        }
        let end = Counts { resources: state.resources, gaps };
        write_line(&mut state.out, &LineOut::End(end))?;
        state.out.flush()?;
        Ok(())
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, WriterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_line(out: &mut dyn Write, line: &LineOut<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

impl Sink for SnapshotWriter {
    fn resource(&self, resource: Resource) {
        let mut state = self.locked();
        if state.failed.is_some() {
            return;
        }
        let collected = |value: &Value| match value {
            Value::Unknown(gaps) => gaps.iter().all(|id| id != GapId::NOT_COLLECTED),
            _ => true,
        };
        let line = LineOut::Resource(ResourceOut {
            r#type: resource.kind.name,
            id: &resource.id,
            arn: &resource.arn,
            region: &resource.region,
            tags: collected(&resource.tags)
                .then_some(Typed { value: &resource.tags, ty: &TAGS_TYPE }),
            facts: Typed { value: &resource.document, ty: &Type::Record(resource.kind.record) },
        });
        match write_line(&mut state.out, &line) {
            Ok(()) => state.resources += 1,
            Err(error) => state.failed = Some(error),
        }
    }

    fn gap(&self, gap: Gap) -> GapId {
        self.locked().gaps.number(gap)
    }

    fn done(&self, kind: &'static ResourceType, region: &str, missing: Gaps) {
        let mut state = self.locked();
        for id in missing.iter() {
            let hidden = Hidden { r#type: kind.name.to_owned(), region: region.to_owned() };
            state.hides.entry(id).or_default().insert(hidden);
        }
    }
}

/// Feeds two sinks with the same resources under the same gap numbers: both
/// number gaps in the order in which they come.
pub struct Tee {
    first: Arc<dyn Sink>,
    second: Arc<SnapshotWriter>,
    order: Mutex<()>,
}

impl Tee {
    /// Both sinks must be new: gaps fed to one alone would shift its numbers.
    pub fn new(first: Arc<dyn Sink>, second: Arc<SnapshotWriter>) -> Self {
        Self { first, second, order: Mutex::new(()) }
    }
}

impl Sink for Tee {
    fn resource(&self, resource: Resource) {
        self.second.resource(resource.clone());
        self.first.resource(resource);
    }

    fn gap(&self, gap: Gap) -> GapId {
        let _in_one_order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        self.second.gap(gap.clone());
        self.first.gap(gap)
    }

    fn done(&self, kind: &'static ResourceType, region: &str, missing: Gaps) {
        self.second.done(kind, region, missing.clone());
        self.first.done(kind, region, missing);
    }
}

//! Reading snapshots.

use super::{Counts, FORMAT, Header, Hidden, LineIn, ResourceIn, SnapshotError, member_key};
use crate::inventory::gap::{Gap, GapId, Gaps};
use crate::inventory::json::{ReadContext, Reader};
use crate::inventory::operation::Operation;
use crate::inventory::resource::{GLOBAL, Resource, TAGS_TYPE};
use crate::inventory::schema::{Field, Presence, RecordType, ResourceType, Scope, Type};
use crate::inventory::sink::Sink;
use crate::inventory::value::Value;
use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_json::value::RawValue;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};
use std::sync::Arc;

/// A snapshot whose header was read.
pub struct SnapshotReader<R> {
    pub(super) lines: io::Lines<R>,
    pub(super) header: Header,
}

/// What a snapshot says about facts that are not in it.
struct Missing<'a> {
    header: &'a Header,
    kind: &'static ResourceType,
    region: &'a str,
    numbers: &'a BTreeMap<u32, GapId>,
    wanted: &'a BTreeSet<&'static Operation>,
    sink: &'a dyn Sink,
    asked: &'a RefCell<BTreeMap<(String, String), GapId>>,
}

impl Missing<'_> {
    /// A gap only where somebody wants to know, as in a scan of AWS.
    fn not_collected(&self, operation: &Operation) -> GapId {
        if !self.wanted.contains(operation) {
            return GapId::NOT_COLLECTED;
        }
        let mut asked = self.asked.borrow_mut();
        *asked.entry((operation.id(), self.region.to_owned())).or_insert_with(|| {
            self.sink.gap(Gap::not_collected(&operation.id(), &operation.iam_action(), self.region))
        })
    }
}

impl ReadContext for Missing<'_> {
    fn missing(
        &self,
        record: &RecordType,
        field: &Field,
        operation: Option<&'static Operation>,
    ) -> Option<GapId> {
        let operation = operation?;
        let ran = self.header.operations.contains(&operation.id());
        let known = self
            .header
            .members
            .get(&member_key(self.kind.name, record))
            .is_some_and(|members| members.iter().any(|member| member == field.name));
        let answered = ran && known && field.presence == Presence::Optional;
        (!answered).then(|| self.not_collected(operation))
    }

    fn gap(&self, number: u32) -> Option<GapId> {
        self.numbers.get(&number).copied()
    }

    fn strict(&self) -> bool {
        false
    }
}

impl<R: BufRead> SnapshotReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// Not a snapshot, or one of a newer format.
    pub fn open(input: R) -> Result<Self, SnapshotError> {
        #[derive(Deserialize)]
        struct Line {
            header: serde_json::Value,
        }
        let mut lines = input.lines();
        let first =
            lines.next().ok_or_else(|| SnapshotError::NotASnapshot("it is empty".to_owned()))??;
        let line: Line = serde_json::from_str(&first)
            .map_err(|error| SnapshotError::NotASnapshot(error.to_string()))?;
        match line.header.get("format").and_then(serde_json::Value::as_str) {
            Some(FORMAT) => {}
            Some(other) if other.starts_with("cspm-snapshot/") => {
                return Err(SnapshotError::NewerFormat(other.to_owned()));
            }
            _ => return Err(SnapshotError::NotASnapshot("its header has no format".to_owned())),
        }
        let header = serde_json::from_value(line.header)
            .map_err(|error| SnapshotError::NotASnapshot(error.to_string()))?;
        Ok(Self { lines, header })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Feeds everything to `sink`, and `done` for each of `types`. Resources
    /// of other types (a newer cspm wrote them) are passed over, and so are
    /// gaps of operations that are not `wanted` and hide none of the types.
    ///
    /// # Errors
    /// A malformed line, or no trailer. What was fed before is then worthless.
    pub fn feed(
        self,
        types: &[&'static ResourceType],
        wanted: &BTreeSet<&'static Operation>,
        sink: &dyn Sink,
    ) -> Result<(), SnapshotError> {
        let Self { lines, header } = self;
        let mut numbers: BTreeMap<u32, GapId> = BTreeMap::new();
        let mut hides: BTreeMap<Hidden, Vec<GapId>> = BTreeMap::new();
        let mut later: Vec<(usize, String)> = Vec::new();
        let mut counted = Counts { resources: 0, gaps: 0 };
        let mut end = None;
        let asked = RefCell::new(BTreeMap::new());
        let feed = |number: usize, input: ResourceIn<'_>, numbers: &BTreeMap<u32, GapId>| {
            let Some(kind) = types.iter().find(|kind| kind.name == input.r#type) else {
                return Ok(());
            };
            let missing = Missing {
                header: &header,
                kind,
                region: &input.region,
                numbers,
                wanted,
                sink,
                asked: &asked,
            };
            read_resource(&input, kind, &missing)
                .map(|resource| sink.resource(resource))
                .map_err(|error| malformed(number, &error))
        };
        for (number, line) in (2..).zip(lines) {
            let line = line?;
            if end.is_some() {
                return Err(malformed(number, &"there is more after the trailer"));
            }
            // Resources with unknowns wait for their gaps, which may come later.
            if line.contains("\"$unknown\"") && line.starts_with("{\"resource\"") {
                counted.resources += 1;
                later.push((number, line));
                continue;
            }
            match serde_json::from_str(&line).map_err(|error| malformed(number, &error))? {
                LineIn::Resource(input) => {
                    counted.resources += 1;
                    feed(number, input, &numbers)?;
                }
                LineIn::Gap(gap) => {
                    counted.gaps += 1;
                    let hides_some = gap
                        .hides
                        .iter()
                        .any(|hidden| types.iter().any(|k| k.name == hidden.r#type));
                    let is_wanted = wanted.iter().any(|op| op.id() == gap.gap.operation);
                    let id = if is_wanted || hides_some {
                        sink.gap(gap.gap)
                    } else {
                        GapId::NOT_COLLECTED
                    };
                    numbers.insert(gap.n, id);
                    for hidden in gap.hides {
                        hides.entry(hidden).or_default().push(id);
                    }
                }
                LineIn::End(counts) => end = Some(counts),
            }
        }
        Counts::check(end, &counted)?;
        for (number, line) in later {
            match serde_json::from_str(&line).map_err(|error| malformed(number, &error))? {
                LineIn::Resource(input) => feed(number, input, &numbers)?,
                _ => return Err(malformed(number, &"not a resource")),
            }
        }
        feed_done(&header, types, hides, sink);
        Ok(())
    }
}

pub(super) fn malformed(line: usize, message: &dyn std::fmt::Display) -> SnapshotError {
    SnapshotError::Malformed { line, message: message.to_string() }
}

fn read_resource(
    input: &ResourceIn<'_>,
    kind: &'static ResourceType,
    context: &Missing<'_>,
) -> Result<Resource, serde_json::Error> {
    let read = |raw: &RawValue, ty: &Type| {
        let mut json = serde_json::Deserializer::from_str(raw.get());
        let value = Reader { ty, context, operation: None }.deserialize(&mut json)?;
        json.end().map(|()| value)
    };
    let tags = match (input.tags, kind.tags.first()) {
        (Some(raw), _) => read(raw, &TAGS_TYPE)?,
        (None, Some(operation)) => Value::Unknown(Gaps::one(context.not_collected(operation))),
        (None, None) => Value::Map(Arc::default()),
    };
    Ok(Resource {
        kind,
        id: Arc::from(input.id.as_str()),
        arn: Arc::from(input.arn.as_str()),
        region: Arc::from(input.region.as_str()),
        tags,
        document: read(input.facts, &Type::Record(kind.record))?,
    })
}

/// Which types are complete, and which are hidden by what.
fn feed_done(
    header: &Header,
    types: &[&'static ResourceType],
    mut hides: BTreeMap<Hidden, Vec<GapId>>,
    sink: &dyn Sink,
) {
    for kind in types {
        let regions = match kind.scope {
            Scope::Global | Scope::GlobalList => vec![GLOBAL.to_owned()],
            Scope::Regional => header.regions.clone(),
        };
        for region in regions {
            let hidden = Hidden { r#type: kind.name.to_owned(), region: region.clone() };
            let missing = if header.ran(kind) {
                hides.remove(&hidden).unwrap_or_default()
            } else {
                let operation = kind.listings.first().and_then(|listing| listing.first());
                let operation = operation.map_or_else(
                    || (kind.name.to_owned(), kind.name.to_owned()),
                    |operation| (operation.id(), operation.iam_action()),
                );
                vec![sink.gap(Gap::not_collected(&operation.0, &operation.1, &region))]
            };
            sink.done(kind, &region, missing.into_iter().collect());
        }
    }
    // What lies in regions that nobody could name.
    for (hidden, missing) in hides {
        if let Some(kind) = types.iter().find(|kind| kind.name == hidden.r#type) {
            sink.done(kind, &hidden.region, missing.into_iter().collect());
        }
    }
}

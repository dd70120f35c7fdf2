//! Snapshots: what AWS answered, as a file.
//!
//! JSON Lines: a header, `resource` and `gap` lines in any order, and a
//! trailer with their counts. A file without trailer is refused as truncated.
//! What the header's operations do not cover is unknown ("not collected").

use super::gap::{Gap, GapId, GapTable, Gaps};
use super::json::{ReadContext, Reader, Typed};
use super::operation::Operation;
use super::resource::{GLOBAL, Resource, TAGS_TYPE};
use super::schema::{Field, RecordType, ResourceType, Scope, Type};
use super::sink::Sink;
use super::value::Value;
use jiff::Timestamp;
use serde::de::DeserializeSeed;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// The format written, and the only one read so far.
pub const FORMAT: &str = "cspm-snapshot/1";

/// The first line of a snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// The version of cspm that wrote it.
    pub cspm: String,
    /// The account: twelve digits.
    pub account: String,
    /// The partition: `aws`, `aws-us-gov` or `aws-cn`.
    pub partition: String,
    /// The ARN that read the account.
    pub caller: String,
    /// The regions that were read.
    pub regions: Vec<String>,
    /// Regions that were not read, and why.
    #[serde(default)]
    pub regions_skipped: BTreeMap<String, String>,
    /// When the reading began: the `now` of the rules.
    pub taken_at: Timestamp,
    /// The operations that ran, as `service:Operation`.
    pub operations: BTreeSet<String>,
    /// The members that the writer knew, by record: a member that is in no
    /// list and not in the file was never asked for.
    pub members: BTreeMap<String, Vec<String>>,
}

impl Header {
    /// The `members` for types of resources.
    pub fn members_of(types: &[&'static ResourceType]) -> BTreeMap<String, Vec<String>> {
        let mut members = BTreeMap::new();
        for kind in types {
            collect_members(kind.name, kind.record, &mut members);
        }
        members
    }

    /// The ways of listing `kind` that ran.
    fn ran(&self, kind: &ResourceType) -> bool {
        kind.listings
            .iter()
            .any(|listing| listing.iter().all(|op| self.operations.contains(&op.id())))
    }
}

fn member_key(kind: &str, record: &RecordType) -> String {
    if record.name == kind { kind.to_owned() } else { format!("{kind}/{}", record.name) }
}

fn collect_members(
    kind: &str,
    record: &'static RecordType,
    into: &mut BTreeMap<String, Vec<String>>,
) {
    let names = record.fields.iter().map(|field| field.name.to_owned()).collect();
    if into.insert(member_key(kind, record), names).is_some() {
        return;
    }
    for field in &record.fields {
        let mut ty = &field.ty;
        while let Type::List(item) | Type::Map(item) = ty {
            ty = item;
        }
        if let Type::Record(inner) = ty {
            collect_members(kind, inner, into);
        }
    }
}

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The first line is not a header.
    #[error("this is not a cspm snapshot: {0}")]
    NotASnapshot(String),
    /// The header names a format of a newer cspm.
    #[error("the snapshot has format `{0}`, and this cspm reads `{FORMAT}`")]
    NewerFormat(String),
    /// A line is wrong.
    #[error("line {line}: {message}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The trailer is missing, or counts something else.
    #[error("the snapshot is truncated: {0}")]
    Truncated(String),
}

#[derive(Serialize)]
struct ResourceOut<'a> {
    r#type: &'a str,
    id: &'a str,
    arn: &'a str,
    region: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Typed<'a>>,
    facts: Typed<'a>,
}

#[derive(Deserialize)]
struct ResourceIn<'a> {
    r#type: String,
    id: String,
    arn: String,
    region: String,
    #[serde(borrow, default)]
    tags: Option<&'a RawValue>,
    #[serde(borrow)]
    facts: &'a RawValue,
}

/// A type that a gap hides in a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Hidden {
    r#type: String,
    region: String,
}

#[derive(Serialize, Deserialize)]
struct GapLine {
    n: u32,
    #[serde(flatten)]
    gap: Gap,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hides: Vec<Hidden>,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Counts {
    resources: u64,
    gaps: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum LineOut<'a> {
    Header(&'a Header),
    Resource(ResourceOut<'a>),
    Gap(GapLine),
    End(Counts),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum LineIn<'a> {
    Resource(#[serde(borrow)] ResourceIn<'a>),
    Gap(GapLine),
    End(Counts),
}

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

/// A snapshot whose header was read.
pub struct SnapshotReader<R> {
    lines: io::Lines<R>,
    header: Header,
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
        let answered = ran && known && field.presence == super::schema::Presence::Optional;
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
        match end {
            Some(counts) if counts == counted => {}
            Some(_) => return Err(SnapshotError::Truncated("its trailer counts more".to_owned())),
            None => return Err(SnapshotError::Truncated("it has no trailer".to_owned())),
        }
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

fn malformed(line: usize, message: &dyn std::fmt::Display) -> SnapshotError {
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

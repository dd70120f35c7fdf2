//! Snapshots: what AWS answered, as a file.
//!
//! JSON Lines: a header, `resource` and `gap` lines in any order, and a
//! trailer with their counts. A file without trailer is refused as truncated.
//! What the header's operations do not cover is unknown ("not collected").

mod contents;
mod reader;
mod writer;

pub use contents::Contents;
pub use reader::SnapshotReader;
pub use writer::{SnapshotWriter, Tee};

use super::gap::Gap;
use super::json::Typed;
use super::schema::{RecordType, ResourceType, Type};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

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
    /// It could not be fetched from where it lies.
    #[error("{message}")]
    Fetch {
        /// What happened.
        message: String,
        /// What to do next.
        hint: String,
        /// Whether it is not there, or not named right.
        missing: bool,
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

impl Counts {
    /// Whether a trailer is there and says what was counted.
    fn check(end: Option<Self>, counted: &Self) -> Result<(), SnapshotError> {
        match end {
            Some(counts) if counts == *counted => Ok(()),
            Some(_) => Err(SnapshotError::Truncated("its trailer counts more".to_owned())),
            None => Err(SnapshotError::Truncated("it has no trailer".to_owned())),
        }
    }
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

//! The values that rules see: AWS's answers as a compact tree, with *absent*
//! and *unknown* as states of their own.

use super::gap::Gaps;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One value of a document. Records are positional: the names are in the
/// [`RecordType`](super::schema::RecordType).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// AWS answered that there is none.
    Absent,
    /// No answer, because of these gaps.
    Unknown(Gaps),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// A moment.
    Time(Timestamp),
    /// A list.
    List(Arc<List>),
    /// A record: one value per field, in the order of its type.
    Record(Arc<[Value]>),
    /// A map from text, such as tags.
    Map(Arc<BTreeMap<String, Value>>),
}

/// A list, perhaps half read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// What was read.
    pub items: Vec<Value>,
    /// The gaps that may hide more items; empty if the list is complete.
    pub missing: Gaps,
}

impl Value {
    /// Text.
    pub fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    /// A complete list.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Arc::new(List { items, missing: Gaps::NONE }))
    }

    /// A record.
    pub fn record(fields: Vec<Value>) -> Self {
        Self::Record(fields.into())
    }
}

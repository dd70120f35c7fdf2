//! The shapes of documents: what rules may read, and which operation fills it.

use super::operation::Operation;

/// The type of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// Any number.
    Float,
    /// Text.
    Text,
    /// A moment.
    Time,
    /// A list of one type.
    List(Box<Type>),
    /// A map from text to one type.
    Map(Box<Type>),
    /// A record with named fields.
    Record(&'static RecordType),
}

impl Type {
    /// The word for people.
    pub fn name(&self) -> String {
        match self {
            Self::Bool => "bool".to_owned(),
            Self::Int => "int".to_owned(),
            Self::Float => "number".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Time => "timestamp".to_owned(),
            Self::List(item) => format!("list of {}", item.name()),
            Self::Map(item) => format!("map of {}", item.name()),
            Self::Record(record) => record.name.to_owned(),
        }
    }
}

/// Whether a member is in every answer, by AWS's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always there; an answer without it is malformed.
    Always,
    /// May be absent: to be read behind `has(...)` only.
    Optional,
}

/// A record: a structure of an AWS answer.
#[derive(Debug)]
pub struct RecordType {
    /// A name for people.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

impl RecordType {
    /// The position and declaration of a field.
    pub fn field(&self, name: &str) -> Option<(usize, &Field)> {
        self.fields.iter().enumerate().find(|(_, field)| field.name == name)
    }
}

impl PartialEq for RecordType {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// One field of a record.
#[derive(Debug)]
pub struct Field {
    /// AWS's own name, as the AWS CLI prints it.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether it may be absent.
    pub presence: Presence,
    /// The operations that fill it; empty inside of structures.
    pub operations: Vec<&'static Operation>,
}

/// Where resources of a type live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Listed once per account; resources are in `global`.
    Global,
    /// Listed once per account; each resource has a region of its own.
    GlobalList,
    /// Listed region by region.
    Regional,
}

/// A type of resource: its document, and how it is listed.
#[derive(Debug)]
pub struct ResourceType {
    /// `s3.bucket`: the folder of the service, and AWS's noun.
    pub name: &'static str,
    /// Where it lives.
    pub scope: Scope,
    /// The ways of listing it: each a set of operations that together list all.
    /// Usually one; users are named by two different reports.
    pub listings: &'static [&'static [&'static Operation]],
    /// The operations that fill `self.tags`; empty if the type has no tags.
    pub tags: &'static [&'static Operation],
    /// The document.
    pub record: &'static RecordType,
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ResourceType {}

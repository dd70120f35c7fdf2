//! What is in an account: resources, facts, and what could not be learned.
//!
//! Collectors feed a [`Sink`]; everything right of it decides and never talks
//! to AWS.

pub mod arn;
mod document;
mod fact;
mod gap;
mod json;
mod operation;
mod resource;
mod schema;
mod sink;
pub mod snapshot;
mod value;

pub use document::{Decided, Document, Partial, Record, Shape};
pub use fact::Fact;
pub use gap::{Gap, GapId, GapTable, Gaps};
pub use json::{ReadContext, Reader, Typed};
pub use operation::{ErrorClass, ErrorEntry, Meaning, Operation};
pub use resource::{GLOBAL, Resource, SELF_TYPE, TAGS_TYPE};
pub use schema::{Field, Presence, RecordType, ResourceType, Scope, Type};
pub use sink::Sink;
pub use value::{List, Value};

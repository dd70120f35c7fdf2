//! Resources: things in an account.

use super::document::Document;
use super::fact::Fact;
use super::schema::{Field, Presence, RecordType, ResourceType, Type};
use super::value::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The region of global services and account-wide things.
pub const GLOBAL: &str = "global";

/// One thing in the account, as AWS answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its type.
    pub kind: &'static ResourceType,
    /// What people call it: a user name, a bucket name, an instance id.
    pub id: Arc<str>,
    /// Its ARN; where AWS has none, the one made by [`crate::findings`].
    pub arn: Arc<str>,
    /// Its region, or [`GLOBAL`].
    pub region: Arc<str>,
    /// Its tags: a map, or unknown.
    pub tags: Value,
    /// Its document: a record of the type's fields.
    pub document: Value,
}

impl Resource {
    /// A resource from its document.
    pub fn new<D: Document>(id: &str, arn: &str, region: &str, document: D) -> Self {
        Self {
            kind: D::resource_type(),
            id: Arc::from(id),
            arn: Arc::from(arn),
            region: Arc::from(region),
            tags: Fact::<BTreeMap<String, String>>::not_collected().into_value_of_tags(),
            document: document.into_value(),
        }
    }

    /// The same resource with its tags.
    pub fn with_tags(mut self, tags: Fact<BTreeMap<String, String>>) -> Self {
        self.tags = tags.into_value_of_tags();
        self
    }

    /// A field of the document; `None` if the type has no such field.
    pub fn field(&self, name: &str) -> Option<&Value> {
        let Value::Record(values) = &self.document else { return None };
        let (index, _) = self.kind.record.field(name)?;
        values.get(index)
    }

    /// `self` as rules see it: a record of [`SELF_TYPE`].
    pub fn identity(&self) -> Value {
        Value::record(vec![
            Value::Text(Arc::clone(&self.id)),
            Value::Text(Arc::clone(&self.arn)),
            Value::Text(Arc::clone(&self.region)),
            self.tags.clone(),
        ])
    }
}

impl Fact<BTreeMap<String, String>> {
    /// Tags as a value. No tags at all is an empty map, never absent.
    fn into_value_of_tags(self) -> Value {
        use super::document::Shape;
        match self {
            Self::Absent => BTreeMap::<String, String>::new().into_value(),
            other => other.into_value(),
        }
    }
}

/// The type of `self.tags`.
pub static TAGS_TYPE: LazyLock<Type> = LazyLock::new(|| Type::Map(Box::new(Type::Text)));

/// What every resource has: `self.id`, `self.arn`, `self.region`, `self.tags`.
pub static SELF_TYPE: LazyLock<RecordType> = LazyLock::new(|| {
    let field =
        |name, doc, ty| Field { name, doc, ty, presence: Presence::Always, operations: Vec::new() };
    RecordType {
        name: "self",
        doc: "What every resource has.",
        fields: vec![
            field("id", "What people call it.", Type::Text),
            field("arn", "Its ARN.", Type::Text),
            field("region", "Its region, or `global`.", Type::Text),
            field("tags", "Its tags.", TAGS_TYPE.clone()),
        ],
    }
});

//! A small account with one type of each shape.

use super::states::id;
use crate::inventory::{
    Decided, Document, Fact, Field, Gaps, List, Operation, Partial, Presence, Record, RecordType,
    Resource, ResourceType, TAGS_TYPE, Type, Value,
};
use crate::rules::expression::Scope;
use crate::services::{Asking, Memo, Question};
use crate::{document, record};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static GET: Operation = Operation::new("test", "Get", &["test:Get"]);

record! {
    /// A structure inside documents.
    pub struct Part {
        "On" => on: bool,
        "Count" => count: Option<i64>,
        "Name" => name: Decided<String>,
        "Ports" => ports: Vec<i64>,
        "Since" => since: Fact<Timestamp>,
    }
}

document! {
    /// The type that is judged.
    pub struct Thing: "test.thing" in Global,
    listed by [[GET]], tagged by [GET] {
        "Bool" => always bool_always: bool = [GET],
        "BoolMaybe" => optional bool_maybe: bool = [GET],
        "Int" => always int_always: i64 = [GET],
        "IntMaybe" => optional int_maybe: i64 = [GET],
        "Float" => always float_always: f64 = [GET],
        "Text" => always text_always: String = [GET],
        "TextMaybe" => optional text_maybe: String = [GET],
        "Time" => always time_always: Timestamp = [GET],
        "TimeMaybe" => optional time_maybe: Timestamp = [GET],
        "Texts" => always texts: Partial<String> = [GET],
        "Ints" => always ints: Partial<i64> = [GET],
        "IntsMaybe" => optional ints_maybe: Partial<i64> = [GET],
        "Part" => always part: Part = [GET],
        "PartMaybe" => optional part_maybe: Part = [GET],
        "Parts" => always parts: Partial<Part> = [GET],
        "Map" => always map: BTreeMap<String, i64> = [GET],
    }
}

document! {
    /// A type that is looked up.
    pub struct Other: "test.other" in Global,
    listed by [[GET]], tagged by [] {
        "Id" => always id: String = [GET],
        "Size" => optional size: i64 = [GET],
        "Labels" => always labels: Vec<String> = [GET],
    }
}

/// A question whose answer is the member `Part`.
pub(super) static QUESTION: Question = Question {
    name: "test.part",
    doc: "The part.",
    subjects: &["test.thing"],
    reads: &[("test.thing", &["Part"])],
    looks_up: &[],
    returns: || Type::Record(Part::record_type()),
    answer: |subject, _| match &subject.document {
        Value::Record(fields) => fields
            .iter()
            .zip(&Thing::record_type().fields)
            .find(|(_, field)| field.name == "Part")
            .map_or(Value::Absent, |(value, _)| value.clone()),
        _ => Value::Absent,
    },
};

static QUESTIONS: [&Question; 1] = [&QUESTION];
static TYPES: LazyLock<[&'static ResourceType; 2]> =
    LazyLock::new(|| [Thing::resource_type(), Other::resource_type()]);

/// The names of the small account.
pub(super) fn scope() -> Scope<'static> {
    Scope {
        kind: Thing::resource_type(),
        types: &*TYPES,
        questions: &QUESTIONS,
        parameters: &[],
        item: None,
    }
}

/// All that can be read: the document, the tags, and the other resources. One
/// record, so that whatever walks over it treats all three alike.
pub(super) static STATE: LazyLock<RecordType> = LazyLock::new(|| {
    let field =
        |name, ty| Field { name, doc: "", ty, presence: Presence::Always, operations: Vec::new() };
    RecordType {
        name: "state",
        doc: "",
        fields: vec![
            field("resource", Type::Record(Thing::record_type())),
            field("tags", TAGS_TYPE.clone()),
            field("others", Type::List(Box::new(Type::Record(Other::record_type())))),
        ],
    }
});

/// The account that a state describes.
pub(super) struct Account {
    pub(super) subject: Resource,
    others: Vec<Resource>,
    missing: Gaps,
    memo: Memo,
}

/// The moment of the inventory.
pub(super) const NOW: i64 = 1_700_000_000;

impl Account {
    pub(super) fn new(state: &Value) -> Self {
        let Value::Record(parts) = state else { panic!("a state is a record") };
        let [document, tags, Value::List(others)] = parts.as_ref() else {
            panic!("a state has three parts")
        };
        static NAMES: LazyLock<[Arc<str>; 3]> =
            LazyLock::new(|| ["a", "arn:aws:test:::a", "global"].map(Arc::from));
        let [name, arn, region] = &*NAMES;
        let resource = |kind, id, document: &Value, tags: &Value| Resource {
            kind,
            id,
            arn: Arc::clone(arn),
            region: Arc::clone(region),
            tags: tags.clone(),
            document: document.clone(),
        };
        let List { items, missing } = others.as_ref();
        let others = items
            .iter()
            .map(|item| resource(Other::resource_type(), id(item), item, &Value::Absent));
        Self {
            subject: resource(Thing::resource_type(), Arc::clone(name), document, tags),
            others: others.collect(),
            missing: missing.clone(),
            memo: Memo::default(),
        }
    }
}

impl Asking for Account {
    fn find(&self, _kind: &str, key: &str) -> (Option<&Resource>, Gaps) {
        match self.others.iter().find(|other| other.id.as_ref() == key) {
            Some(found) => (Some(found), Gaps::NONE),
            None => (None, self.missing.clone()),
        }
    }

    fn all(&self, _kind: &str) -> (Vec<&Resource>, Gaps) {
        (self.others.iter().collect(), self.missing.clone())
    }

    fn all_in(&self, kind: &str, _region: &str) -> (Vec<&Resource>, Gaps) {
        self.all(kind)
    }

    fn account(&self) -> &str {
        "111122223333"
    }

    fn partition(&self) -> &str {
        "aws"
    }

    fn known_accounts(&self) -> &[String] {
        &[]
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(NOW).unwrap()
    }

    fn memo(&self) -> &Memo {
        &self.memo
    }
}

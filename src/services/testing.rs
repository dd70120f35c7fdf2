//! A small account to ask questions about.

#![expect(clippy::expect_used, reason = "tests")]

use super::{Asking, Memo, Question, questions};
use crate::inventory::{GapId, Gaps, Resource, Type, Value};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The account of the tests.
pub(crate) const ACCOUNT: &str = "111122223333";

/// What lies around a resource.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) resources: Vec<Resource>,
    /// The gaps that may hide more resources of a type.
    missing: BTreeMap<(&'static str, Option<&'static str>), Gaps>,
    memo: Memo,
}

impl World {
    pub(crate) fn of(resources: Vec<Resource>) -> Self {
        Self { resources, ..Self::default() }
    }

    pub(crate) fn hiding(mut self, kind: &'static str, gap: u32) -> Self {
        self.missing.insert((kind, None), gaps(&[gap]));
        self
    }

    pub(crate) fn hiding_in(mut self, kind: &'static str, region: &'static str, gap: u32) -> Self {
        self.missing.insert((kind, Some(region)), gaps(&[gap]));
        self
    }

    fn missing(&self, kind: &str) -> Gaps {
        let of_kind = self.missing.iter().filter(|((hidden, _), _)| *hidden == kind);
        of_kind.fold(Gaps::NONE, |all, (_, gaps)| all.union(gaps))
    }
}

impl Asking for World {
    fn find(&self, kind: &str, key: &str) -> (Option<&Resource>, Gaps) {
        let found = self
            .resources
            .iter()
            .find(|r| r.kind.name == kind && (r.arn.as_ref() == key || r.id.as_ref() == key));
        (found, if found.is_some() { Gaps::NONE } else { self.missing(kind) })
    }

    fn all(&self, kind: &str) -> (Vec<&Resource>, Gaps) {
        (self.resources.iter().filter(|r| r.kind.name == kind).collect(), self.missing(kind))
    }

    fn all_in(&self, kind: &str, region: &str) -> (Vec<&Resource>, Gaps) {
        let (mut resources, _) = self.all(kind);
        resources.retain(|resource| resource.region.as_ref() == region);
        let here = self
            .missing
            .iter()
            .filter(|((hidden, place), _)| *hidden == kind && place.is_none_or(|p| p == region));
        (resources, here.fold(Gaps::NONE, |all, (_, gaps)| all.union(gaps)))
    }

    fn account(&self) -> &str {
        ACCOUNT
    }

    fn partition(&self) -> &str {
        "aws"
    }

    fn known_accounts(&self) -> &[String] {
        &[]
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn memo(&self) -> &Memo {
        &self.memo
    }
}

/// A set of gaps by number.
pub(crate) fn gaps(numbers: &[u32]) -> Gaps {
    numbers.iter().map(|number| GapId(*number)).collect()
}

/// Asks a question by name.
pub(crate) fn ask(name: &str, subject: &Resource, world: &World) -> Answered {
    let question: &Question =
        questions().iter().find(|question| question.name == name).expect("a question");
    Answered { value: (question.answer)(subject, world), ty: (question.returns)() }
}

/// An answer, to look into.
pub(crate) struct Answered {
    pub(crate) value: Value,
    ty: Type,
}

impl Answered {
    /// A member of an answer that is a record.
    pub(crate) fn member(&self, name: &str) -> Value {
        let (Value::Record(values), Type::Record(record)) = (&self.value, &self.ty) else {
            return self.value.clone();
        };
        let (index, _) = record.field(name).expect("a member");
        values.get(index).expect("a value").clone()
    }

    /// A member that is a list of text.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let Value::List(list) = self.member(name) else { return Vec::new() };
        list.items
            .iter()
            .filter_map(|item| match item {
                Value::Text(text) => Some(text.as_ref().to_owned()),
                _ => None,
            })
            .collect()
    }
}

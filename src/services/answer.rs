//! What the answers of questions are made of.

use crate::inventory::{Gaps, Presence, Shape, Type, Value};
use crate::policy;
use crate::record;
use std::collections::BTreeMap;

/// A member of an answer that is always there, but may be undecided: because of
/// gaps, or with none where the text of a policy cannot be read or decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Decided<T> {
    /// Decided.
    Known(T),
    /// Not decided; these gaps matter.
    Unknown(Gaps),
}

impl<T: Shape> Shape for Decided<T> {
    const PRESENCE: Presence = Presence::Always;

    fn shape() -> Type {
        T::shape()
    }

    fn into_value(self) -> Value {
        match self {
            Self::Known(value) => value.into_value(),
            Self::Unknown(gaps) => Value::Unknown(gaps),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Unknown(gaps) => Some(Self::Unknown(gaps.clone())),
            known => T::from_value(known).map(Self::Known),
        }
    }
}

record! {
    /// One request that a policy lets through.
    pub struct Witness {
        /// Who asks; `*` is a caller without credentials.
        "principal" => principal: String,
        /// For what.
        "action" => action: String,
        /// On what.
        "resource" => resource: String,
        /// The condition keys that the request has.
        "context" => context: BTreeMap<String, Vec<String>>,
        /// The statement that allows it, from 1.
        "statement" => statement: i64,
    }
}

impl From<&policy::Witness> for Witness {
    fn from(witness: &policy::Witness) -> Self {
        let request = &witness.request;
        let context = request.context.iter();
        Self {
            principal: request.caller.to_string(),
            action: request.action.clone(),
            resource: request.resource.clone(),
            context: context.map(|(key, values)| (key.to_owned(), values.to_vec())).collect(),
            statement: i64::try_from(witness.statement).unwrap_or(i64::MAX),
        }
    }
}

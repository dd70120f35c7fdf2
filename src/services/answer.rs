//! What the answers of questions are made of, beside [`Decided`](crate::inventory::Decided).

use crate::policy;
use crate::record;
use std::collections::BTreeMap;

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

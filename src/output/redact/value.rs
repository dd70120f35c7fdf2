//! Values of the evidence: what is a word stays, what may be a name does not.

use super::Redactor;
use crate::inventory::snapshot::Header;
use crate::rules::Catalogue;
use crate::services;
use crate::tenant::is_region_shaped;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Words of AWS that stand in evidence and in no rule.
const WORDS: &[&str] = &[
    "*",
    "?",
    "Allow",
    "BucketOwnerEnforced",
    "BucketOwnerPreferred",
    "CanonicalUser",
    "Deny",
    "Disabled",
    "Enabled",
    "FULL_CONTROL",
    "Group",
    "Internet",
    "ObjectWriter",
    "READ",
    "READ_ACP",
    "Suspended",
    "VPC",
    "WRITE",
    "WRITE_ACP",
    "false",
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    "true",
];

/// Keys of evidence that are members of no document.
const MEMBERS: &[&str] = &["action", "context", "not_answered", "principal", "resource", "witness"];

/// The words, and the texts that rules compare with.
pub(super) fn words(catalogue: &Catalogue) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    for compiled in catalogue.rules() {
        let rule = &compiled.rule;
        for expression in [Some(&rule.pass), rule.when.as_ref(), rule.each.as_ref()] {
            let Some(expression) = expression else { continue };
            // Every second part of the text stands between two quotes.
            let quoted = expression.split('\'').skip(1).step_by(2);
            words.extend(quoted.map(str::to_owned));
        }
    }
    words
}

/// The members of all documents.
pub(super) fn members() -> BTreeSet<String> {
    let of_types = Header::members_of(services::types()).into_values().flatten();
    of_types.chain(MEMBERS.iter().map(|key| (*key).to_owned())).collect()
}

/// Whether a word is the service of some ARN that we make or AWS gives.
pub(super) fn is_service(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 24
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether a word is what ARNs call a kind of resource: the nouns of our types
/// and a few more.
pub(super) fn is_noun(word: &str) -> bool {
    const MORE: [&str; 6] =
        ["assumed-role", "mfa", "region", "root", "server-certificate", "trail"];
    let of_types = |kind: &&&crate::inventory::ResourceType| {
        kind.name.split_once('.').is_some_and(|(_, noun)| noun == word)
    };
    MORE.contains(&word) || services::types().iter().find(of_types).is_some()
}

impl Redactor {
    /// The evidence of a finding. Its own keys are the rule's.
    pub(super) fn map(&self, evidence: &Map<String, Value>) -> Map<String, Value> {
        evidence.iter().map(|(key, value)| (key.clone(), self.value(key, value))).collect()
    }

    fn value(&self, key: &str, value: &Value) -> Value {
        match value {
            Value::String(text) if is_call(key) && is_action(text) => value.clone(),
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(key, item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| {
                    let known = self.members.contains(key) || key.starts_with("aws:S");
                    let name = if known { key.clone() } else { self.name(key) };
                    (name, self.value(key, value))
                })
                .collect(),
            // A number may be an account's id.
            Value::Number(number) if number.to_string().len() >= 12 => {
                Value::String(self.name(&number.to_string()))
            }
            Value::Number(_) | Value::Bool(_) | Value::Null => value.clone(),
        }
    }

    /// A text that may be a name, or have names in it.
    pub(super) fn text(&self, text: &str) -> String {
        let plain = self.words.contains(text)
            || is_region_shaped(text)
            || text.parse::<Timestamp>().is_ok()
            || (text.len() < 12 && text.bytes().all(|b| b.is_ascii_digit()));
        if plain {
            return text.to_owned();
        }
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            return self.account(text);
        }
        if text.starts_with("arn:") { self.arn(text) } else { self.name(text) }
    }
}

/// Whether a key of the evidence holds names of API calls.
fn is_call(key: &str) -> bool {
    matches!(key, "action" | "not_answered")
}

fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        is_service(service) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'*')
    })
}

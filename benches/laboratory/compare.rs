//! Verdicts of two scans of one account: what may change when calls fail.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Rule, resource, and part of it.
type Key = (String, String, String);

/// Verdicts by rule and resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdicts(BTreeMap<Key, String>);

/// How two scans differ.
#[derive(Clone, Debug, Default)]
pub(crate) struct Difference {
    /// Verdicts that became unknown.
    pub(crate) unknown: usize,
    /// Verdicts hidden behind one unknown for their type.
    pub(crate) hidden: usize,
    /// What must not happen, in words.
    pub(crate) wrong: Vec<String>,
}

/// The types of the pseudo-resources that stand for a hidden list.
const PSEUDO: [&str; 2] = ["aws.account", "aws.region"];

impl Verdicts {
    /// Those of `scan --format json --show-passed`.
    ///
    /// # Errors
    /// It is not such a document.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let document: Value =
            serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
        let scans = document.get("scans").and_then(Value::as_array).ok_or("no scans")?;
        let mut verdicts = BTreeMap::new();
        for finding in scans.iter().filter_map(|s| s.get("findings")?.as_array()).flatten() {
            let text = |name: &str| {
                finding.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            // The fingerprint tells parts of one resource apart.
            let part = text("fingerprint");
            let key = (text("rule_id"), place(&text("resource_type"), &text("region")), part);
            verdicts.insert(key, text("verdict"));
        }
        Ok(Self(verdicts))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// How `after` differs from these.
    pub(crate) fn against(&self, after: &Self) -> Difference {
        let mut difference = Difference::default();
        // Rules that say somewhere: I could not see all.
        let blind: BTreeSet<&str> = after
            .0
            .iter()
            .filter(|((_, place, _), verdict)| *verdict == "unknown" && is_pseudo(place))
            .map(|((rule, ..), _)| rule.as_str())
            .collect();
        for (key, was) in &self.0 {
            match after.0.get(key) {
                Some(is) if is == was => {}
                Some(is) if is == "unknown" => difference.unknown += 1,
                None if blind.contains(key.0.as_str()) => difference.hidden += 1,
                is => {
                    let is = is.map_or("gone", String::as_str);
                    difference
                        .wrong
                        .push(format!("{} {} {}: {was}, now {is}", key.0, key.1, key.2));
                }
            }
        }
        // Without the list of regions those are read that every account has.
        let regions: BTreeSet<&str> = self.0.keys().map(|(_, place, _)| region(place)).collect();
        for (key, is) in after.0.iter().filter(|(key, _)| !self.0.contains_key(*key)) {
            if is == "unknown" || !regions.contains(region(&key.1)) {
                difference.unknown += 1;
            } else {
                difference.wrong.push(format!("{} {} {}: new, {is}", key.0, key.1, key.2));
            }
        }
        difference
    }
}

fn place(kind: &str, region: &str) -> String {
    format!("{kind} {region}")
}

fn region(place: &str) -> &str {
    place.split(' ').next_back().unwrap_or_default()
}

fn is_pseudo(place: &str) -> bool {
    PSEUDO.iter().any(|kind| place.starts_with(kind))
}

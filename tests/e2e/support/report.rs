//! The JSON of a scan, as tests look at it.

use super::program::Home;
use serde_json::Value;
#[cfg(feature = "aws")]
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Rule and resource; a part or a hidden type has no name of its own.
#[cfg(feature = "aws")]
pub(crate) type Cell = (String, String);

/// One scan of a document.
#[derive(Clone, Debug)]
pub(crate) struct Report(pub(crate) Value);

impl Report {
    /// Runs a scan, with passes, that ends with `code`.
    pub(crate) fn of(home: &Home, code: i32, args: &[&str]) -> Self {
        let mut all = vec!["scan", "--format", "json", "--show-passed"];
        all.extend(args);
        Self::parse(&home.ends(code, &all).out)
    }

    /// The only scan of a document.
    pub(crate) fn parse(text: &str) -> Self {
        let document: Value = serde_json::from_str(text).unwrap();
        let scans = document["scans"].as_array().unwrap();
        assert_eq!(scans.len(), 1);
        Self(scans[0].clone())
    }

    pub(crate) fn findings(&self) -> &[Value] {
        self.0["findings"].as_array().unwrap()
    }

    pub(crate) fn gaps(&self) -> &[Value] {
        self.0["gaps"].as_array().unwrap()
    }

    /// The operations that got no answer.
    pub(crate) fn refused(&self) -> BTreeSet<&str> {
        self.gaps().iter().map(|gap| gap["operation"].as_str().unwrap()).collect()
    }

    /// Every verdict by rule and resource. Two verdicts of the same are the
    /// hidden types of one region: the same verdict both times.
    #[cfg(feature = "aws")]
    pub(crate) fn verdicts(&self) -> BTreeMap<Cell, String> {
        let mut verdicts = BTreeMap::new();
        for finding in self.findings() {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            let cell =
                (text("rule_id"), format!("{}/{}", text("resource_type"), text("resource_id")));
            let verdict = text("verdict");
            if let Some(other) = verdicts.insert(cell.clone(), verdict.clone()) {
                assert_eq!(other, verdict, "two verdicts on {cell:?}");
            }
        }
        verdicts
    }

    pub(crate) fn count(&self, verdict: &str) -> u64 {
        self.0["summary"]["by_verdict"][verdict].as_u64().unwrap()
    }
}

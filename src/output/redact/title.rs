//! Titles: a rule's words with names between them. The words stay.

use crate::findings::Finding;
use crate::rules::{Catalogue, Outcome, placeholders};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The wordings of all rules, by the ids under which they first shipped.
#[derive(Debug)]
pub(super) struct Titles(BTreeMap<String, Wordings>);

#[derive(Debug)]
struct Wordings {
    /// The state that the rule wants.
    title: String,
    findings: Vec<Wording>,
}

/// One wording: what it looks like, and what stands in its gaps.
#[derive(Debug)]
struct Wording {
    /// Made when a title of the rule is first seen.
    pattern: OnceLock<Option<Regex>>,
    words: Vec<String>,
    inside: Vec<String>,
}

impl Wording {
    fn new(text: &str) -> Self {
        let (words, inside) = placeholders(text);
        Self { pattern: OnceLock::new(), words, inside }
    }

    fn pattern(&self) -> Option<&Regex> {
        let compile = || {
            let words: Vec<String> = self.words.iter().map(|part| regex::escape(part)).collect();
            Regex::new(&format!("(?s)^{}$", words.join("(.*?)"))).ok()
        };
        self.pattern.get_or_init(compile).as_ref()
    }
}

impl Titles {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let of = |rule: &crate::rules::Rule| Wordings {
            title: rule.title.clone(),
            findings: rule.finding.iter().map(|it| Wording::new(&it.text)).collect(),
        };
        let rules = catalogue.rules().iter().map(|compiled| &compiled.rule);
        Self(rules.map(|rule| (rule.uid.clone(), of(rule))).collect())
    }

    /// A finding's title with `id` and `arn` for its resource, and `other` for
    /// all other names. Words that no rule uses any more are left out.
    pub(super) fn without_names(
        &self,
        finding: &Finding,
        id: &str,
        arn: &str,
        other: impl Fn(&str) -> String,
    ) -> String {
        let Some(rule) = self.0.get(&finding.rule_uid) else {
            return format!("{}: {id}", finding.rule_id);
        };
        let kind = finding.key.as_deref().filter(|key| crate::services::type_named(key).is_some());
        match finding.verdict {
            Outcome::Unknown => {
                return format!("Not known for {}: {}", kind.unwrap_or(id), rule.title);
            }
            Outcome::Error => return format!("The rule failed for {id}: {}", rule.title),
            Outcome::Pass | Outcome::NotApplicable if finding.title.is_empty() => {
                return String::new();
            }
            _ => {}
        }
        let filled = rule.findings.iter().find_map(|wording| {
            let found = wording.pattern()?.captures(&finding.title)?;
            let values = found.iter().skip(1).map(|it| it.map_or("", |it| it.as_str()));
            let mut text = String::new();
            let mut words = wording.words.iter();
            for (inside, value) in wording.inside.iter().zip(values) {
                text.push_str(words.next()?);
                text.push_str(&match inside.as_str() {
                    "self.id" => id.to_owned(),
                    "self.arn" => arn.to_owned(),
                    "self.region" => finding.region.clone(),
                    _ => other(value),
                });
            }
            text.push_str(words.next()?);
            Some(text)
        });
        filled.unwrap_or_else(|| format!("{}: {id}", rule.title))
    }
}

//! Titles: a rule's words with names between them. The words stay.

use crate::findings::Finding;
use crate::rules::{Catalogue, Outcome, placeholders};
use std::collections::BTreeMap;

/// The wordings of all rules, by the ids under which they first shipped.
#[derive(Debug)]
pub(super) struct Titles(BTreeMap<String, Wordings>);

#[derive(Debug)]
struct Wordings {
    /// The state that the rule wants.
    title: String,
    findings: Vec<Wording>,
}

/// One wording: its words, and what stands in the gaps between them.
#[derive(Debug)]
struct Wording {
    words: Vec<String>,
    inside: Vec<String>,
}

impl Wording {
    fn new(text: &str) -> Self {
        let (words, inside) = placeholders(text);
        Self { words, inside }
    }

    /// What stands in the gaps of a title, each as short as it can be; none if
    /// the title is not of this wording.
    fn values<'a>(&self, title: &'a str) -> Option<Vec<&'a str>> {
        let (first, more) = self.words.split_first()?;
        let mut rest = title.strip_prefix(first.as_str())?;
        let Some((last, between)) = more.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut values = Vec::new();
        for word in between {
            let (value, after) = rest.split_once(word.as_str())?;
            values.push(value);
            rest = after;
        }
        values.push(rest.strip_suffix(last.as_str())?);
        Some(values)
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
            let values = wording.values(&finding.title)?;
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

#[cfg(test)]
mod tests {
    use super::Wording;

    #[test]
    fn a_title_is_taken_apart_at_the_words() {
        for (wording, title, values) in [
            ("No gap", "No gap", Some(vec![])),
            ("No gap", "No gap at all", None),
            ("User: {self.id}", "User: a: b", Some(vec!["a: b"])),
            ("User: {self.id}", "Role: a", None),
            ("{self.id} by {self.arn}.", "a by b by c.", Some(vec!["a", "b by c"])),
            ("{self.id} by {self.arn}.", "a by b", None),
            ("{self.id}{self.arn}", "ab\nc", Some(vec!["", "ab\nc"])),
            ("x{self.id}x", "x", None),
        ] {
            assert_eq!(Wording::new(wording).values(title), values, "{wording} of {title}");
        }
    }
}

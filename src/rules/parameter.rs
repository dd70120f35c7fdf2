//! Parameters: the numbers and lists of a rule that people may set otherwise in
//! the tenants file.

use super::load::{RuleError, Source};
use super::place::Place;
use crate::inventory::{Type, Value};
use crate::tenant::ParameterValue;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum ParameterType {
    /// A whole number.
    #[serde(rename = "int")]
    Int,
    /// Whole numbers, such as ports.
    #[serde(rename = "list of int")]
    Ints,
    /// Texts, such as accounts.
    #[serde(rename = "list of text")]
    Texts,
}

impl ParameterType {
    /// All, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Int, Self::Ints, Self::Texts];

    /// The words of rule files; the type's name in expressions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Ints => "list of int",
            Self::Texts => "list of text",
        }
    }

    /// The type in expressions.
    pub(crate) fn ty(self) -> Type {
        match self {
            Self::Int => Type::Int,
            Self::Ints => Type::List(Box::new(Type::Int)),
            Self::Texts => Type::List(Box::new(Type::Text)),
        }
    }
}

impl fmt::Display for ParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A parameter of a rule.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name: `parameters.name` in expressions, `{parameters.name}` in texts.
    pub name: String,
    /// What it holds.
    pub ty: ParameterType,
    /// Its value unless the tenants file says otherwise.
    pub default: ParameterValue,
    /// Its value.
    pub value: ParameterValue,
    /// What it means, in a sentence.
    pub description: String,
    /// The least number, of itself or of each item.
    pub min: Option<i64>,
    /// The greatest number, of itself or of each item.
    pub max: Option<i64>,
    /// What each text has to match as a whole.
    pub pattern: Option<Regex>,
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value && self.default == other.default
    }
}

/// What is wrong with a value for a parameter, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoesNotFit {
    /// What is wrong.
    pub why: String,
    /// What to write instead.
    pub instead: String,
}

/// Why a parameter was not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSet {
    /// There is no such rule.
    NoRule,
    /// The rule has no such parameter, but these.
    NoParameter(Vec<String>),
    /// The value does not fit.
    DoesNotFit(DoesNotFit),
}

/// The same parameters with another value for one of them.
pub(super) fn set(
    parameters: &[Parameter],
    name: &str,
    value: ParameterValue,
) -> Result<Vec<Parameter>, NotSet> {
    let mut parameters = parameters.to_vec();
    match parameters.iter_mut().find(|parameter| parameter.name == name) {
        Some(found) => found.value = found.fitting(value).map_err(NotSet::DoesNotFit)?,
        None => {
            return Err(NotSet::NoParameter(parameters.into_iter().map(|it| it.name).collect()));
        }
    }
    Ok(parameters)
}

impl Parameter {
    /// The value if it is of the right type and within the bounds.
    ///
    /// # Errors
    /// It is not.
    pub fn fitting(&self, value: ParameterValue) -> Result<ParameterValue, DoesNotFit> {
        let refuse = |why: String| Err(DoesNotFit { why, instead: self.allowed() });
        let value = match (self.ty, value) {
            // An empty list lists nothing of any type.
            (ParameterType::Texts, ParameterValue::Ints(none)) if none.is_empty() => {
                ParameterValue::Texts(Vec::new())
            }
            (_, value) => value,
        };
        match (self.ty, &value) {
            (ParameterType::Int, ParameterValue::Int(number)) => {
                if !self.within(*number) {
                    return refuse(format!("{number} is out of bounds"));
                }
            }
            (ParameterType::Ints, ParameterValue::Ints(numbers)) => {
                if let Some(number) = numbers.iter().find(|number| !self.within(**number)) {
                    return refuse(format!("{number} is out of bounds"));
                }
                if let Some(twice) = first_twice(numbers) {
                    return refuse(format!("{twice} is listed twice"));
                }
            }
            (ParameterType::Texts, ParameterValue::Texts(texts)) => {
                let matches = |text: &String| {
                    !text.is_empty() && self.pattern.as_ref().is_none_or(|it| it.is_match(text))
                };
                if let Some(text) = texts.iter().find(|text| !matches(text)) {
                    return refuse(format!("{text:?} does not fit"));
                }
                if let Some(twice) = first_twice(texts) {
                    return refuse(format!("{twice:?} is listed twice"));
                }
            }
            _ => return refuse(format!("{value} is not of type {}", self.ty)),
        }
        Ok(value)
    }

    fn within(&self, number: i64) -> bool {
        self.min.is_none_or(|min| number >= min) && self.max.is_none_or(|max| number <= max)
    }

    /// What it may be, in a phrase.
    pub fn kind(&self) -> String {
        let bounds = match (self.min, self.max) {
            (Some(min), Some(max)) => format!(" from {min} to {max}"),
            (Some(min), None) => format!(" from {min}"),
            (None, Some(max)) => format!(" up to {max}"),
            (None, None) => String::new(),
        };
        match (self.ty, &self.pattern) {
            (ParameterType::Int, _) => format!("a whole number{bounds}"),
            (ParameterType::Ints, _) => format!("a list of whole numbers{bounds}, each once"),
            (ParameterType::Texts, None) => "a list of texts, each once".to_owned(),
            (ParameterType::Texts, Some(pattern)) => {
                format!("a list of texts, each once, that match {pattern}")
            }
        }
    }

    /// What to write.
    fn allowed(&self) -> String {
        match self.ty {
            ParameterType::Texts => format!("write {}", self.kind()),
            _ => format!("write {}, as {}", self.kind(), self.default),
        }
    }

    /// The value as expressions see it.
    pub(crate) fn as_value(&self) -> Value {
        match &self.value {
            ParameterValue::Int(number) => Value::Int(*number),
            ParameterValue::Ints(numbers) => {
                Value::list(numbers.iter().map(|number| Value::Int(*number)).collect())
            }
            ParameterValue::Texts(texts) => {
                Value::list(texts.iter().map(|text| Value::text(text)).collect())
            }
        }
    }

    /// The value as it stands in a text: lists with commas between.
    pub(crate) fn in_words(&self) -> String {
        match &self.value {
            ParameterValue::Int(number) => number.to_string(),
            ParameterValue::Ints(numbers) => {
                numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
            }
            ParameterValue::Texts(texts) => texts.join(", "),
        }
    }
}

fn first_twice<T: Ord>(items: &[T]) -> Option<&T> {
    let mut seen = BTreeSet::new();
    items.iter().find(|item| !seen.insert(*item))
}

/// A parameter as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterIn {
    #[serde(rename = "type")]
    ty: ParameterType,
    default: ParameterValue,
    description: String,
    min: Option<i64>,
    max: Option<i64>,
    pattern: Option<String>,
}

impl ParameterIn {
    /// Checks what was written.
    pub(super) fn read(
        self,
        name: &str,
        place: Place,
        source: &Source,
    ) -> Result<Parameter, RuleError> {
        let error = |message: String| source.error(place, format!("parameter `{name}`: {message}"));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
            return Err(error("a name is of a-z, 0-9 and _, a letter first".to_owned()));
        }
        if self.description.trim().is_empty() {
            return Err(error("the description is empty".to_owned()));
        }
        let numbers = self.ty != ParameterType::Texts;
        match (self.min, self.max) {
            (Some(min), Some(max)) if numbers && min < max => {}
            (None, None) if !numbers => {}
            _ if numbers => {
                return Err(error("numbers need bounds: `min` below `max`".to_owned()));
            }
            _ => return Err(error("`min` and `max` are for numbers".to_owned())),
        }
        if numbers && self.pattern.is_some() {
            return Err(error("`pattern` is for texts".to_owned()));
        }
        let pattern = match &self.pattern {
            Some(pattern) if !(pattern.starts_with('^') && pattern.ends_with('$')) => {
                return Err(error("`pattern` has to begin with ^ and end with $".to_owned()));
            }
            Some(pattern) => Some(Regex::new(pattern).map_err(|it| error(it.to_string()))?),
            None => None,
        };
        let mut parameter = Parameter {
            name: name.to_owned(),
            ty: self.ty,
            value: self.default.clone(),
            default: self.default,
            description: self.description,
            min: self.min,
            max: self.max,
            pattern,
        };
        let default = parameter
            .fitting(parameter.default.clone())
            .map_err(|it| error(format!("the default: {}; {}", it.why, it.instead)))?;
        parameter.value = default.clone();
        parameter.default = default;
        Ok(parameter)
    }
}

/// Fills `{parameters.x}` in prose. Other braces are text.
pub(crate) fn fill(
    text: &str,
    parameters: &[Parameter],
    shown: impl Fn(&Parameter) -> String,
) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_use(rest) {
        filled.push_str(before);
        match parameters.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => filled.push_str(&shown(parameter)),
            None => filled.push('?'),
        }
        rest = after;
    }
    filled + rest
}

/// The names that a text uses.
pub(super) fn names_in(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = next_use(rest) {
        names.push(name);
        rest = after;
    }
    names
}

const OPEN: &str = "{parameters.";

fn next_use(text: &str) -> Option<(&str, &str, &str)> {
    let (before, inside) = text.split_once(OPEN)?;
    let (name, after) = inside.split_once('}')?;
    Some((before, name, after))
}

/// The place of a placeholder in a file.
pub(super) fn place_of_use(source: &Source, name: &str) -> Place {
    let wanted = format!("{OPEN}{name}}}");
    let found = source.rule.lines().zip(1..).find_map(|(text, line)| {
        let (before, _) = text.split_once(&wanted)?;
        Some(Place { line, column: before.chars().count() + 1 })
    });
    found.unwrap_or(Place { line: 1, column: 1 })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::rules::{Catalogue, Vocabulary, run_examples};
    use crate::{inventory, services};

    const RULE: &str = r#"id: x
title: Keys are at most {parameters.days} days old
finding: "Key older than {parameters.days} days: {self.id}"
resource: iam.server-certificate
severity: low
category: IAM
pass: "!has(resource.UploadDate) || days_since(resource.UploadDate) <= parameters.days || self.id in parameters.names"
parameters:
  days: { type: int, default: 90, min: 1, max: 365, description: How old. }
  names: { type: list of text, default: [], pattern: "^[a-z]+$", description: Who may. }
why: Old.
fix:
  text: "Renew after {parameters.days} days; {not.this} and {parameters.names} stay."
  cli: "aws x --days {parameters.days} --names {parameters.names} --user {self.id}"
--- # examples
- { name: day 90, verdict: pass, resource: { UploadDate: "2025-10-03T00:00:00Z" } }
- { name: day 91, verdict: fail, self: { id: a }, resource: { UploadDate: "2025-10-02T00:00:00Z" }, finding: "Key older than 90 days: a" }
- { name: day 91 of 91, verdict: pass, parameters: { days: 91 }, resource: { UploadDate: "2025-10-02T00:00:00Z" } }
- { name: a name, verdict: pass, self: { id: a }, parameters: { days: 1, names: [a] }, resource: { UploadDate: "2025-10-02T00:00:00Z" } }
- { name: day 2, verdict: fail, self: { id: a }, parameters: { days: 1, names: [b] }, resource: { UploadDate: "2025-10-02T00:00:00Z" }, finding: "Key older than 1 days: a" }
"#;

    fn vocabulary() -> Vocabulary<'static> {
        Vocabulary { types: services::types(), questions: services::questions() }
    }

    fn load(text: &str) -> Result<Catalogue, String> {
        Catalogue::load([Source::new("rules/iam/x.yaml", text)], vocabulary())
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn examples_judge_with_the_defaults_or_their_own_values() {
        let catalogue = load(RULE).unwrap();
        let source = Source::new("rules/iam/x.yaml", RULE);
        assert_eq!(run_examples(&source, &catalogue.rules()[0], vocabulary()), Ok(5));
    }

    #[test]
    fn a_value_that_is_set_is_in_the_texts_and_in_the_digest() {
        let mut catalogue = load(RULE).unwrap();
        let before = catalogue.rules()[0].rule.clone();
        assert_eq!(before.title, "Keys are at most 90 days old");
        assert_eq!(before.fix.cli.as_deref(), Some("aws x --days 90 --names '' --user {self.id}"));
        let texts = |texts: &[&str]| {
            ParameterValue::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
        };
        catalogue.set_parameter("x", "days", ParameterValue::Int(30)).unwrap();
        catalogue.set_parameter("x", "names", texts(&["a", "b"])).unwrap();
        let after = catalogue.rules()[0].rule.clone();
        assert_eq!(after.title, "Keys are at most 30 days old");
        assert_eq!(after.fix.text, "Renew after 30 days; {not.this} and a, b stay.");
        assert_eq!(
            after.fix.cli.as_deref(),
            Some("aws x --days 30 --names 'a, b' --user {self.id}")
        );
        assert_ne!(after.digest, before.digest);
        catalogue.set_parameter("x", "days", ParameterValue::Int(90)).unwrap();
        catalogue.set_parameter("x", "names", ParameterValue::Ints(Vec::new())).unwrap();
        assert_eq!(catalogue.rules()[0].rule.digest, before.digest);
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        let mut catalogue = load(RULE).unwrap();
        let mut why = |parameter, value| match catalogue.set_parameter("x", parameter, value) {
            Err(NotSet::DoesNotFit(fault)) => format!("{} => {}", fault.why, fault.instead),
            other => format!("{other:?}"),
        };
        let int = "write a whole number from 1 to 365, as 90";
        let texts = "write a list of texts, each once, that match ^[a-z]+$";
        let list = |items: &[&str]| {
            ParameterValue::Texts(items.iter().map(|item| (*item).to_owned()).collect())
        };
        assert_eq!(why("days", ParameterValue::Int(0)), format!("0 is out of bounds => {int}"));
        assert_eq!(why("days", ParameterValue::Int(366)), format!("366 is out of bounds => {int}"));
        assert_eq!(
            why("days", ParameterValue::Ints(vec![1])),
            format!("[1] is not of type int => {int}")
        );
        assert_eq!(why("names", list(&["A"])), format!("\"A\" does not fit => {texts}"));
        assert_eq!(why("names", list(&["a", "a"])), format!("\"a\" is listed twice => {texts}"));
        assert_eq!(
            why("nam", list(&["a"])),
            "Err(NoParameter([\"days\", \"names\"]))",
            "a parameter that is not there"
        );
        let missing = catalogue.set_parameter("y", "days", ParameterValue::Int(1));
        assert_eq!(missing, Err(NotSet::NoRule));
    }

    #[test]
    fn faults_of_declarations_have_a_place() {
        for (from, to, expected) in [
            (
                "<= parameters.days",
                "<= parameters.day",
                "rules/iam/x.yaml:7:83: the rule has no parameter `day`; it has days, names",
            ),
            (
                "<= parameters.days",
                "<= 90",
                "rules/iam/x.yaml:9:9: no condition uses the parameter `days`: write `parameters.days` in one, or take it out",
            ),
            (
                "<= parameters.days",
                "<= parameters.names",
                "rules/iam/x.yaml:7:69: int cannot be compared with list of text",
            ),
            (
                "<= parameters.days",
                "<= parameters",
                "rules/iam/x.yaml:7:72: name one: `parameters.name`",
            ),
            (
                "after {parameters.days}",
                "after {parameters.day}",
                "rules/iam/x.yaml:13:22: the rule has no parameter `day`",
            ),
            (
                "default: 90",
                "default: 366",
                "rules/iam/x.yaml:9:9: parameter `days`: the default: 366 is out of bounds; write a whole number from 1 to 365, as 366",
            ),
            (
                "default: 90, min: 1",
                "default: 90",
                "rules/iam/x.yaml:9:9: parameter `days`: numbers need bounds: `min` below `max`",
            ),
            (
                "\"^[a-z]+$\"",
                "\"[a-z]+\"",
                "rules/iam/x.yaml:10:10: parameter `names`: `pattern` has to begin with ^ and end with $",
            ),
            (
                "description: Who may.",
                "description: ''",
                "rules/iam/x.yaml:10:10: parameter `names`: the description is empty",
            ),
            (
                "  names: {",
                "  Names: {",
                "rules/iam/x.yaml:10:10: parameter `Names`: a name is of a-z, 0-9 and _, a letter first",
            ),
        ] {
            let text = RULE.replacen(from, to, 1);
            assert_ne!(text, RULE, "{from}");
            assert_eq!(load(&text).unwrap_err(), expected, "{to}");
        }
    }

    #[test]
    fn numbers_may_be_listed() {
        let text = RULE
            .replace("self.id in parameters.names", "parameters.names.exists(n, n == 1)")
            .replace(
                "list of text, default: [], pattern: \"^[a-z]+$\"",
                "list of int, default: [1, 2], min: 0, max: 9",
            );
        let catalogue = load(&text).unwrap();
        let parameter = &catalogue.rules()[0].rule.parameters[1];
        assert_eq!(parameter.as_value(), Value::list([1, 2].map(inventory::Value::Int).to_vec()));
        assert_eq!(parameter.in_words(), "1, 2");
    }
}

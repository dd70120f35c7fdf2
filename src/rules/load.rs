//! From a rule file to a [`Rule`], with the places of its expressions.

use super::model::{Category, Decidable, Evidence, FindingText, Fix, Rule, Severity, Status};
use super::parameter::{Parameter, ParameterIn};
use super::place::{Place, place_in_scalar};
use super::yaml::{self, YamlError};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// What is wrong with a rule, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}{}", indented(hint))]
pub struct RuleError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it, if the message does not say.
    pub hint: String,
}

fn indented(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("\n    {hint}") }
}

impl RuleError {
    /// The same with advice.
    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// An expression or text with its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// A wording of the finding, as written.
#[derive(Clone, Debug)]
pub(crate) struct WordingSource {
    pub(crate) when: Option<Placed>,
    pub(crate) text: Placed,
    pub(crate) severity: Option<Severity>,
}

/// A rule and the sources of its expressions.
#[derive(Clone, Debug)]
pub(crate) struct LoadedRule {
    pub(crate) rule: Rule,
    pub(crate) source: Source,
    pub(crate) when: Option<Placed>,
    pub(crate) each: Option<Placed>,
    pub(crate) key: Option<Placed>,
    pub(crate) pass: Placed,
    pub(crate) finding: Vec<WordingSource>,
    pub(crate) evidence: Vec<(String, Placed)>,
    pub(crate) resources: Vec<Placed>,
    /// Where each parameter of the rule is declared.
    pub(crate) parameters: Vec<Place>,
}

/// The first document of a file, and the second with the line it begins on.
fn documents(text: &str) -> (&str, Option<(usize, &str)>) {
    let mut end = 0;
    let mut empty = true;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let mark = line.trim_end() == "---" || line.starts_with("--- ");
        if mark && !empty {
            let (rule, rest) = text.split_at_checked(end).unwrap_or((text, ""));
            return (rule, Some((number + 2, rest.strip_prefix(line).unwrap_or_default())));
        }
        empty &= mark || line.trim().is_empty();
        end += line.len();
    }
    (text, None)
}

/// A rule file: its path, the rule's document, and the examples, which a scan
/// never parses.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path, as `rules/s3/s3-bucket-versioning.yaml`.
    pub path: String,
    /// The service: the folder the file is in. `None` for a file that is in no
    /// folder of a service: it is that of its type of resource.
    pub service: Option<String>,
    /// The first document.
    pub rule: Cow<'static, str>,
    /// The second document and the line it begins on.
    pub examples: Option<(usize, Cow<'static, str>)>,
}

impl Source {
    /// Parts a file into its documents.
    pub fn new(path: &str, text: &str) -> Self {
        let (rule, examples) = documents(text);
        let own = |text: &str| Cow::Owned(text.to_owned());
        Self::of(path, own(rule), examples.map(|(line, text)| (line, own(text))))
    }

    /// The same for a file that is compiled in: nothing of it is copied, and
    /// the examples are not even looked at.
    pub fn built_in(path: &str, text: &'static str) -> Self {
        let (rule, examples) = documents(text);
        let examples = examples.map(|(line, text)| (line, Cow::Borrowed(text)));
        Self::of(path, Cow::Borrowed(rule), examples)
    }

    fn of(
        path: &str,
        rule: Cow<'static, str>,
        examples: Option<(usize, Cow<'static, str>)>,
    ) -> Self {
        let folder = path.rsplit(['/', '\\']).nth(1);
        Self { path: path.to_owned(), service: folder.map(str::to_owned), rule, examples }
    }

    /// A file of somebody's own: `within` is its path within their folder.
    pub fn own(path: &str, within: &str, text: &str) -> Self {
        let folder = within.rsplit(['/', '\\']).nth(1).filter(|folder| !folder.is_empty());
        Self { service: folder.map(str::to_owned), ..Self::new(path, text) }
    }

    /// The id that the file's name promises.
    pub fn id(&self) -> &str {
        let file = self.path.rsplit(['/', '\\']).next().unwrap_or_default();
        file.strip_suffix(".yaml").unwrap_or(file)
    }

    /// An error at a place of the rule's document.
    pub(crate) fn error(&self, place: Place, message: impl Into<String>) -> RuleError {
        RuleError {
            path: self.path.clone(),
            line: place.line,
            column: place.column,
            message: message.into(),
            hint: String::new(),
        }
    }

    /// An error at a character of an expression.
    pub(crate) fn error_in(
        &self,
        text: &Placed,
        at: usize,
        message: impl Into<String>,
    ) -> RuleError {
        self.error(place_in_scalar(&self.rule, text.place, at), message)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleDocument {
    id: Spanned<String>,
    uid: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    title: String,
    finding: Spanned<FindingIn>,
    resource: Spanned<OneOrMore>,
    severity: Severity,
    aws_severity: Option<Severity>,
    category: Category,
    when: Option<Spanned<String>>,
    each: Option<Spanned<String>>,
    key: Option<Spanned<String>>,
    pass: Spanned<String>,
    #[serde(default)]
    parameters: BTreeMap<String, Spanned<ParameterIn>>,
    #[serde(default)]
    evidence: Vec<Spanned<EvidenceIn>>,
    why: String,
    fix: Fix,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    controls: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    decidable: Decidable,
    cause: Option<String>,
    since: Option<String>,
    #[serde(default)]
    status: Status,
    replaced_by: Option<String>,
}

/// One text or several.
struct OneOrMore(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = OneOrMore;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a type of resource, or a list of them")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore(vec![text.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMore, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMore(texts))
            }
        }
        deserializer.deserialize_any(V)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordingIn {
    when: Option<Spanned<String>>,
    text: Spanned<String>,
    severity: Option<Severity>,
}

/// One wording, or several with conditions.
enum FindingIn {
    One(String),
    Several(Vec<WordingIn>),
}

impl<'de> Deserialize<'de> for FindingIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = FindingIn;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, or a list of {when, text, severity}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<FindingIn, E> {
                Ok(FindingIn::One(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FindingIn, A::Error> {
                let mut wordings = Vec::new();
                while let Some(wording) = seq.next_element()? {
                    wordings.push(wording);
                }
                Ok(FindingIn::Several(wordings))
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// A field's path, or `name: <expression>`.
enum EvidenceIn {
    Path(String),
    Named(String, Spanned<String>),
}

impl<'de> Deserialize<'de> for EvidenceIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = EvidenceIn;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the path of a field, or `name: expression`")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<EvidenceIn, E> {
                Ok(EvidenceIn::Path(text.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EvidenceIn, A::Error> {
                let Some((name, expression)) = map.next_entry()? else {
                    return Err(de::Error::custom("an empty map"));
                };
                if map.next_key::<String>()?.is_some() {
                    return Err(de::Error::custom("one `name: expression` per item"));
                }
                Ok(EvidenceIn::Named(name, expression))
            }
        }
        deserializer.deserialize_any(V)
    }
}

fn place_of<T>(spanned: &Spanned<T>) -> Place {
    let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Place { line: at(spanned.referenced.line()), column: at(spanned.referenced.column()) }
}

fn placed(spanned: Spanned<String>) -> Placed {
    let place = place_of(&spanned);
    Placed { text: spanned.value, place }
}

/// Reads a rule's document.
pub(crate) fn load(source: Source) -> Result<LoadedRule, RuleError> {
    let document: RuleDocument = yaml::read(&source.rule).map_err(|error| {
        let YamlError { line, column, message } = error;
        source.error(Place { line, column }, message)
    })?;
    let id_place = place_of(&document.id);
    let id = document.id.value;
    let file = source.id().to_owned();
    if file != id {
        return Err(source.error(
            id_place,
            format!("the id is `{id}` and the file `{file}.yaml`: they have to be the same"),
        ));
    }
    let severity = document.severity;
    let finding = wordings(&source, document.finding, severity)?;
    let resources_place = place_of(&document.resource);
    let resources: Vec<Placed> = document
        .resource
        .value
        .0
        .into_iter()
        .map(|text| Placed { text, place: resources_place })
        .collect();
    let evidence: Vec<(String, Placed)> = document
        .evidence
        .into_iter()
        .map(|item| {
            let place = place_of(&item);
            match item.value {
                EvidenceIn::Path(path) => {
                    let text = format!("resource.{path}");
                    (path, Placed { text, place })
                }
                EvidenceIn::Named(name, expression) => (name, placed(expression)),
            }
        })
        .collect();
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut parameter_places = Vec::new();
    for (name, written) in document.parameters {
        let place = place_of(&written);
        parameters.push(written.value.read(&name, place, &source)?);
        parameter_places.push(place);
    }
    let when = document.when.map(placed);
    let each = document.each.map(placed);
    let key = document.key.map(placed);
    let pass = placed(document.pass);
    if each.is_some() != key.is_some() {
        return Err(source.error(pass.place, "`each` and `key` go together"));
    }
    let rule = Rule {
        uid: document.uid.unwrap_or_else(|| id.clone()),
        aliases: document.aliases,
        title: document.title,
        finding: finding
            .iter()
            .map(|wording| FindingText {
                when: wording.when.as_ref().map(|when| when.text.clone()),
                text: wording.text.text.clone(),
                severity: wording.severity,
            })
            .collect(),
        resources: resources.iter().map(|resource| resource.text.clone()).collect(),
        service: service_of(&source, &resources),
        severity,
        aws_severity: document.aws_severity,
        category: document.category,
        when: when.as_ref().map(|text| text.text.clone()),
        each: each.as_ref().map(|text| text.text.clone()),
        key: key.as_ref().map(|text| text.text.clone()),
        pass: pass.text.clone(),
        parameters,
        evidence: evidence
            .iter()
            .map(|(name, text)| Evidence { name: name.clone(), expression: text.text.clone() })
            .collect(),
        why: document.why,
        fix: document.fix,
        references: document.references,
        controls: document.controls,
        decidable: document.decidable,
        cause: document.cause,
        since: document.since,
        status: document.status,
        replaced_by: document.replaced_by,
        digest: digest(&source.rule),
        id,
    };
    let parameters = parameter_places;
    Ok(LoadedRule { rule, source, when, each, key, pass, finding, evidence, resources, parameters })
}

fn wordings(
    source: &Source,
    finding: Spanned<FindingIn>,
    severity: Severity,
) -> Result<Vec<WordingSource>, RuleError> {
    let place = place_of(&finding);
    let wordings = match finding.value {
        FindingIn::One(text) => {
            return Ok(vec![WordingSource {
                when: None,
                text: Placed { text, place },
                severity: None,
            }]);
        }
        FindingIn::Several(wordings) => wordings,
    };
    let count = wordings.len();
    let mut result = Vec::new();
    for (number, wording) in wordings.into_iter().enumerate() {
        let text = placed(wording.text);
        if wording.severity.is_some_and(|lower| lower > severity) {
            return Err(source.error(
                text.place,
                format!("a wording's severity cannot be above the rule's, which is {severity}"),
            ));
        }
        if wording.when.is_none() != (number + 1 == count) {
            return Err(source.error(
                text.place,
                "every wording needs a `when`, but for the last, which has none",
            ));
        }
        let when = wording.when.map(placed);
        result.push(WordingSource { when, text, severity: wording.severity });
    }
    if result.is_empty() {
        return Err(source.error(place, "there is no wording"));
    }
    Ok(result)
}

/// The folder's name, else the first part of the first type.
fn service_of(source: &Source, resources: &[Placed]) -> String {
    let first = resources.first().and_then(|it| it.text.split('.').next());
    source.service.as_deref().or(first).unwrap_or_default().to_owned()
}

/// SHA-256 in hex.
pub(crate) fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

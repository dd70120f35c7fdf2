//! A rule's examples: the second document of its file, in strict mode.

use super::compile::{CompiledRule, Vocabulary};
use super::judge::{Answers, Conditions, Setting, hidden, judge_by};
use super::load::{RuleError, Source};
use super::model::Severity;
use super::parameter::{NotSet, Parameter, set};
use super::place::Place;
use super::verdict::{Outcome, Subject, Verdict};
use super::yaml;
use crate::inventory::{
    Field, Gap, GapId, GapTable, Gaps, Operation, ReadContext, Reader, RecordType, Resource,
    ResourceType, Scope, TAGS_TYPE, Type, Value,
};
use crate::services::{Asking, Memo};
use crate::tenant::ParameterValue;
use jiff::Timestamp;
use serde::de::DeserializeSeed;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One example as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    pub(super) name: String,
    pub(super) verdict: Outcome,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "self", default)]
    identity: Identity,
    resource: Option<serde_json::Value>,
    #[serde(default)]
    gaps: Vec<String>,
    #[serde(default)]
    others: BTreeMap<String, Vec<Other>>,
    finding: Option<String>,
    severity: Option<Severity>,
    now: Option<Timestamp>,
    #[serde(default)]
    known_accounts: Vec<String>,
    /// Other values of the rule's parameters.
    #[serde(default)]
    parameters: BTreeMap<String, ParameterValue>,
    key: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    id: Option<String>,
    arn: Option<String>,
    region: Option<String>,
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    #[serde(rename = "self", default)]
    identity: Identity,
    resource: serde_json::Value,
}

/// The account of examples.
const ACCOUNT: &str = "111122223333";
/// The `now` of examples that name none.
const NOW: &str = "2026-01-01T00:00:00Z";

/// Runs all examples of a rule.
///
/// # Errors
/// Every example that does not hold or cannot be read.
pub fn run_examples(
    source: &Source,
    rule: &CompiledRule,
    vocabulary: Vocabulary<'_>,
) -> Result<usize, Vec<RuleError>> {
    let examples = Examples::read(source)?;
    let trials = examples.trials(rule, vocabulary)?;
    let errors: Vec<RuleError> = trials
        .iter()
        .filter_map(|trial| trial.judge(rule).err().map(|message| trial.error(message)))
        .collect();
    if errors.is_empty() { Ok(trials.len()) } else { Err(errors) }
}

/// An example as a page names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExampleName {
    /// What it shows.
    pub name: String,
    /// What the rule says of it.
    pub verdict: Outcome,
}

/// The names of a rule's examples; none if they cannot be read.
pub fn example_names(source: &Source) -> Vec<ExampleName> {
    let examples = Examples::read(source).map(|examples| examples.written).unwrap_or_default();
    let name = |(_, it): (usize, Example)| ExampleName { name: it.name, verdict: it.verdict };
    examples.into_iter().map(name).collect()
}

/// The examples of a rule as written.
pub(super) struct Examples<'s> {
    source: &'s Source,
    written: Vec<(usize, Example)>,
}

impl<'s> Examples<'s> {
    pub(super) fn read(source: &'s Source) -> Result<Self, Vec<RuleError>> {
        let Some((first_line, text)) = &source.examples else {
            let error = source.error(Place { line: 1, column: 1 }, "the rule has no examples");
            return Err(vec![error.hint("write them below a line `--- # examples`")]);
        };
        let examples: Vec<serde_saphyr::Spanned<Example>> = yaml::read(text).map_err(|error| {
            let place = Place { line: first_line + error.line - 1, column: error.column };
            vec![source.error(place, error.message)]
        })?;
        let placed = examples.into_iter().map(|example| {
            let line = usize::try_from(example.referenced.line()).unwrap_or(1);
            (first_line + line - 1, example.value)
        });
        Ok(Self { source, written: placed.collect() })
    }

    /// The examples, each with its world built.
    pub(super) fn trials<'a>(
        &'a self,
        rule: &CompiledRule,
        vocabulary: Vocabulary<'a>,
    ) -> Result<Vec<Trial<'a>>, Vec<RuleError>> {
        let mut trials = Vec::new();
        let mut errors = Vec::new();
        for (line, example) in &self.written {
            match Trial::build(example, rule, vocabulary, &[]) {
                Ok(trial) => trials.push(Trial { source: Some(self.source), line: *line, ..trial }),
                Err(message) => errors.push(error_of(self.source, *line, example, message)),
            }
        }
        if errors.is_empty() { Ok(trials) } else { Err(errors) }
    }
}

fn error_of(source: &Source, line: usize, example: &Example, message: String) -> RuleError {
    let message = format!("example `{}`: {message}", example.name);
    source.error(Place { line, column: 1 }, message)
}

/// An example, ready to be judged again and again.
#[derive(Clone)]
pub(super) struct Trial<'a> {
    pub(super) example: &'a Example,
    pub(super) kind: &'static ResourceType,
    /// What is judged; `None` if its list was refused.
    pub(super) resource: Option<Resource>,
    pub(super) world: ExampleWorld<'a>,
    pub(super) parameters: Vec<Value>,
    vocabulary: Vocabulary<'a>,
    /// What the questions answered: no condition changes that.
    answers: RefCell<Answers>,
    source: Option<&'a Source>,
    line: usize,
}

impl<'a> Trial<'a> {
    /// The example, with more operations refused than it says.
    pub(super) fn build(
        example: &'a Example,
        rule: &CompiledRule,
        vocabulary: Vocabulary<'a>,
        refused: &[String],
    ) -> Result<Self, String> {
        let kind = match &example.kind {
            Some(name) => vocabulary.kind(name).ok_or_else(|| format!("no type `{name}`"))?,
            None => rule.variants.first().map(|v| v.kind).ok_or("the rule has no type")?,
        };
        let world = ExampleWorld::build(example, kind, vocabulary, refused)?;
        let resource = match &example.resource {
            Some(json) => Some(world.read(kind, &example.identity, json)?),
            None => None,
        };
        let parameters = parameters(example, rule)?;
        Ok(Self {
            example,
            kind,
            resource,
            world,
            parameters,
            vocabulary,
            answers: RefCell::default(),
            source: None,
            line: 1,
        })
    }

    /// The same example with more operations refused.
    pub(super) fn refusing(&self, rule: &CompiledRule, operation: &str) -> Result<Self, String> {
        Self::build(self.example, rule, self.vocabulary, &[operation.to_owned()])
    }

    /// An error at the example.
    pub(super) fn error(&self, message: String) -> RuleError {
        match self.source {
            Some(source) => error_of(source, self.line, self.example, message),
            None => error_of(&Source::new("", ""), self.line, self.example, message),
        }
    }

    /// Judges by the rule as it is.
    pub(super) fn judge(&self, rule: &CompiledRule) -> Result<(), String> {
        let Some(variant) = rule.variant(self.kind) else {
            return Err(format!("the rule does not judge {}", self.kind.name));
        };
        self.judge_by(rule, Conditions::of(variant, &self.parameters))
    }

    /// Judges by other conditions: what is not as the example says.
    pub(super) fn judge_by(
        &self,
        rule: &CompiledRule,
        conditions: Conditions<'_>,
    ) -> Result<(), String> {
        let verdict = self.verdict(rule, conditions)?;
        self.compare(&verdict)
    }

    fn verdicts(
        &self,
        rule: &CompiledRule,
        conditions: Conditions<'_>,
    ) -> Result<Vec<Verdict>, String> {
        let Some(resource) = &self.resource else {
            return Ok(vec![self.world.hidden(rule, self.kind)?]);
        };
        let setting = Setting { asking: &self.world, questions: self.vocabulary.questions };
        let mut answers = self.answers.borrow_mut();
        Ok(judge_by(conditions, rule, resource, setting, &mut answers))
    }

    /// The verdict that the example is about.
    pub(super) fn verdict(
        &self,
        rule: &CompiledRule,
        conditions: Conditions<'_>,
    ) -> Result<Verdict, String> {
        let mut verdicts = self.verdicts(rule, conditions)?;
        if let Some(key) = &self.example.key {
            verdicts.retain(|verdict| verdict.subject.key.as_deref() == Some(key));
        }
        match (verdicts.len(), verdicts.pop()) {
            (1, Some(verdict)) => Ok(verdict),
            (number, _) => Err(format!("there are {number} verdicts; name one by `key`")),
        }
    }

    /// The verdict by the rule as it is.
    pub(super) fn own_verdict(&self, rule: &CompiledRule) -> Result<Verdict, String> {
        let variant = rule.variant(self.kind).ok_or("the rule does not judge this type")?;
        self.verdict(rule, Conditions::of(variant, &self.parameters))
    }

    /// The outcome by other conditions; `None` if there is no such part.
    pub(super) fn outcome(
        &self,
        rule: &CompiledRule,
        conditions: Conditions<'_>,
    ) -> Option<Outcome> {
        let verdicts = self.verdicts(rule, conditions).ok()?;
        let of_key = |key: Option<&str>| {
            let mut found = verdicts.iter().filter(move |it| it.subject.key.as_deref() == key);
            found.next().map(|verdict| verdict.outcome)
        };
        // A list that is hidden as a whole has no parts.
        of_key(self.example.key.as_deref()).or_else(|| of_key(None))
    }

    /// The same, with nothing answered yet: for another world.
    pub(super) fn fresh(&self) -> Self {
        Self { answers: RefCell::default(), ..self.clone() }
    }

    fn compare(&self, verdict: &Verdict) -> Result<(), String> {
        let (example, world) = (self.example, &self.world);
        if verdict.outcome != example.verdict {
            let because = verdict.error.as_deref().unwrap_or_default();
            let gaps: Vec<String> = verdict.gaps.iter().filter_map(|id| world.name(id)).collect();
            let what = format!(
                "expected {}, got {} {because}{}",
                example.verdict.as_str(),
                verdict.outcome.as_str(),
                gaps.join(", ")
            );
            return Err(what.trim_end().to_owned());
        }
        if verdict.outcome == Outcome::Unknown {
            world.unknown_for_the_right_reason(&verdict.gaps)?;
        }
        if example.finding.as_ref().is_some_and(|text| *text != verdict.title) {
            return Err(format!("the finding is `{}`", verdict.title));
        }
        if example.severity.is_some_and(|severity| severity != verdict.severity) {
            return Err(format!("the severity is {}", verdict.severity));
        }
        Ok(())
    }
}

/// The values of the parameters that an example judges with.
fn parameters(example: &Example, rule: &CompiledRule) -> Result<Vec<Value>, String> {
    let mut parameters = rule.rule.parameters.clone();
    for (name, value) in &example.parameters {
        parameters = set(&parameters, name, value.clone()).map_err(|refused| match refused {
            NotSet::DoesNotFit(fault) => format!("{name}: {}; {}", fault.why, fault.instead),
            _ => format!("the rule has no parameter `{name}`"),
        })?;
    }
    Ok(parameters.iter().map(Parameter::as_value).collect())
}

/// The account around an example.
#[derive(Clone)]
pub(super) struct ExampleWorld<'a> {
    example: &'a Example,
    now: Timestamp,
    table: RefCell<GapTable>,
    refused: BTreeMap<String, GapId>,
    /// The other resources, by type.
    pub(super) resources: BTreeMap<&'static str, Vec<Resource>>,
    memo: Memo,
}

impl<'a> ExampleWorld<'a> {
    /// A gap that is none of the example's.
    pub(super) fn another_gap(&self, what: &str) -> GapId {
        self.table.borrow_mut().number(Gap::not_collected(what, what, "global"))
    }

    fn build(
        example: &'a Example,
        kind: &'static ResourceType,
        vocabulary: Vocabulary<'_>,
        more_refused: &[String],
    ) -> Result<Self, String> {
        let now = match example.now {
            Some(now) => now,
            None => NOW.parse().map_err(|_| "the default `now` is malformed".to_owned())?,
        };
        let mut table = GapTable::default();
        let mut refused = BTreeMap::new();
        let operations = known_operations(vocabulary);
        for name in example.gaps.iter().chain(more_refused) {
            let operation = operations
                .iter()
                .find(|operation| operation.id() == *name)
                .ok_or_else(|| format!("there is no operation `{name}`"))?;
            let gap = Gap::new(
                operation,
                "global",
                crate::inventory::ErrorClass::AccessDenied,
                "refused",
            );
            refused.insert(name.clone(), table.number(gap));
        }
        let mut world = Self {
            example,
            now,
            table: RefCell::new(table),
            refused,
            resources: BTreeMap::new(),
            memo: Memo::default(),
        };
        for (name, others) in &example.others {
            let other_kind = vocabulary.kind(name).ok_or_else(|| format!("no type `{name}`"))?;
            let resources = others
                .iter()
                .map(|other| world.read(other_kind, &other.identity, &other.resource))
                .collect::<Result<_, _>>()?;
            world.resources.insert(other_kind.name, resources);
        }
        // A rule that looks at all of its own type sees the example itself.
        if let Some(json) = &example.resource
            && !world.resources.contains_key(kind.name)
        {
            let resource = world.read(kind, &example.identity, json)?;
            world.resources.insert(kind.name, vec![resource]);
        }
        Ok(world)
    }

    fn read(
        &self,
        kind: &'static ResourceType,
        identity: &Identity,
        json: &serde_json::Value,
    ) -> Result<Resource, String> {
        refuse_bare_account_ids(json)?;
        let reader = Reader { ty: &Type::Record(kind.record), context: self, operation: None };
        let document = reader.deserialize(json).map_err(|error| error.to_string())?;
        let id = identity.id.as_deref().unwrap_or("example");
        let arn = identity
            .arn
            .clone()
            .unwrap_or_else(|| format!("arn:aws:example::{ACCOUNT}:{}/{id}", kind.name));
        let region = identity.region.clone().unwrap_or_else(|| match kind.scope {
            Scope::Global => "global".to_owned(),
            Scope::GlobalList | Scope::Regional => "eu-west-1".to_owned(),
        });
        let refused_tags = kind.tags.iter().find_map(|operation| self.refused.get(&operation.id()));
        let tags = match (&identity.tags, refused_tags) {
            (_, Some(gap)) => Value::Unknown(Gaps::one(*gap)),
            (tags, None) => {
                let json = serde_json::to_value(tags.clone().unwrap_or_default())
                    .map_err(|error| error.to_string())?;
                Reader { ty: &TAGS_TYPE, context: self, operation: None }
                    .deserialize(&json)
                    .map_err(|error| error.to_string())?
            }
        };
        Ok(Resource {
            kind,
            id: Arc::from(id),
            arn: Arc::from(arn),
            region: Arc::from(region),
            tags,
            document: self.with_gaps(kind, document),
        })
    }

    /// Hides what refused operations fill.
    fn with_gaps(&self, kind: &'static ResourceType, document: Value) -> Value {
        let Value::Record(values) = document else { return document };
        let hidden = kind.record.fields.iter().zip(values.iter()).map(|(field, value)| {
            let gaps: Gaps = field
                .operations
                .iter()
                .filter_map(|operation| self.refused.get(&operation.id()).copied())
                .collect();
            if gaps.is_empty() { value.clone() } else { Value::Unknown(gaps) }
        });
        Value::record(hidden.collect())
    }

    fn hidden(&self, rule: &CompiledRule, kind: &'static ResourceType) -> Result<Verdict, String> {
        let gaps = self.gaps_of_list(kind);
        if gaps.is_empty() {
            return Err(format!("there is no resource, and {} could be listed", kind.name));
        }
        let subject = Subject {
            kind,
            id: Arc::from("global"),
            arn: Arc::from("global"),
            region: Arc::from("global"),
            key: Some(kind.name.to_owned()),
        };
        Ok(hidden(0, rule, subject, gaps))
    }

    /// The gaps that hide resources of a type: every way of listing it is refused.
    fn gaps_of_list(&self, kind: &ResourceType) -> Gaps {
        let mut all = Gaps::NONE;
        for listing in kind.listings {
            let refused: Gaps = listing
                .iter()
                .filter_map(|operation| self.refused.get(&operation.id()).copied())
                .collect();
            if refused.is_empty() {
                return Gaps::NONE;
            }
            all = all.union(&refused);
        }
        all
    }

    pub(super) fn name(&self, id: GapId) -> Option<String> {
        self.table.borrow().get(id).map(|gap| gap.operation.clone())
    }

    fn unknown_for_the_right_reason(&self, gaps: &Gaps) -> Result<(), String> {
        let named: BTreeSet<String> = gaps.iter().filter_map(|id| self.name(id)).collect();
        let expected: BTreeSet<String> = self.example.gaps.iter().cloned().collect();
        // Without any gap it is AWS's answer itself that does not say.
        if named.is_empty() != expected.is_empty() || !named.is_subset(&expected) {
            return Err(format!(
                "it is unknown because of {named:?}; give the facts, or name the gaps"
            ));
        }
        Ok(())
    }
}

/// Every operation that a type of resource names.
pub(crate) fn known_operations(vocabulary: Vocabulary<'_>) -> BTreeSet<&'static Operation> {
    let mut operations = BTreeSet::new();
    for kind in vocabulary.types {
        operations.extend(kind.listings.iter().flat_map(|listing| listing.iter().copied()));
        operations.extend(kind.tags.iter().copied());
        operations.extend(kind.record.fields.iter().flat_map(|f| f.operations.iter().copied()));
    }
    operations
}

/// A bare twelve-digit number has lost its leading zeros, if it had any.
fn refuse_bare_account_ids(json: &serde_json::Value) -> Result<(), String> {
    match json {
        serde_json::Value::Number(number) => match number.as_u64() {
            Some(10_000_000_000..=999_999_999_999) => {
                Err(format!("quote {number}: account ids are text"))
            }
            _ => Ok(()),
        },
        serde_json::Value::Array(items) => items.iter().try_for_each(refuse_bare_account_ids),
        serde_json::Value::Object(map) => map.values().try_for_each(refuse_bare_account_ids),
        _ => Ok(()),
    }
}

impl ReadContext for ExampleWorld<'_> {
    fn missing(
        &self,
        _record: &RecordType,
        field: &Field,
        operation: Option<&'static Operation>,
    ) -> Option<GapId> {
        if field.presence == crate::inventory::Presence::Optional {
            return None;
        }
        let operation = operation.map_or_else(|| field.name.to_owned(), Operation::id);
        let message = format!("{operation} ({} is not given)", field.name);
        Some(self.table.borrow_mut().number(Gap::not_collected(&message, &operation, "global")))
    }

    fn gap(&self, _number: u32) -> Option<GapId> {
        None
    }

    fn strict(&self) -> bool {
        true
    }
}

impl Asking for ExampleWorld<'_> {
    fn find(&self, kind: &str, key: &str) -> (Option<&Resource>, Gaps) {
        let (all, missing) = self.all(kind);
        let found = all.into_iter().find(|r| r.arn.as_ref() == key || r.id.as_ref() == key);
        let missing = if found.is_some() { Gaps::NONE } else { missing };
        (found, missing)
    }

    fn all(&self, kind: &str) -> (Vec<&Resource>, Gaps) {
        let resources = self.resources.get(kind).map(|list| list.iter().collect());
        let missing =
            crate::services::type_named(kind).map_or(Gaps::NONE, |known| self.gaps_of_list(known));
        (resources.unwrap_or_default(), missing)
    }

    fn all_in(&self, kind: &str, region: &str) -> (Vec<&Resource>, Gaps) {
        let (mut resources, missing) = self.all(kind);
        resources.retain(|resource| resource.region.as_ref() == region);
        (resources, missing)
    }

    fn account(&self) -> &str {
        ACCOUNT
    }

    fn partition(&self) -> &str {
        "aws"
    }

    fn known_accounts(&self) -> &[String] {
        &self.example.known_accounts
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn memo(&self) -> &Memo {
        &self.memo
    }
}

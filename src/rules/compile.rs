//! A rule compiled for each of its types: the one analysis, from which
//! everything that anyone wants to know of a rule is derived.

use super::expression::{Checker, ExpressionError, Program, Scope, Want};
use super::load::{LoadedRule, Placed, RuleError, WordingSource, digest};
use super::model::{Fix, Rule, Severity};
use super::parameter::{self, Parameter};
use super::template::{Template, shell_quoted, unknown_placeholder};
use crate::inventory::{Operation, ResourceType, Type, Value};
use crate::services::Question;
use crate::tenant::nearest;
use std::collections::BTreeSet;

/// What a rule may refer to.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The types of resources.
    pub types: &'a [&'static ResourceType],
    /// The questions of the services.
    pub questions: &'a [&'static Question],
}

impl Vocabulary<'_> {
    /// A type by its name.
    pub fn kind(&self, name: &str) -> Option<&'static ResourceType> {
        self.types.iter().find(|kind| kind.name == name).copied()
    }
}

/// A rule, ready to judge.
#[derive(Clone, Debug)]
pub struct CompiledRule {
    /// The rule as written.
    pub rule: Rule,
    /// The file.
    pub path: String,
    /// One per type that it judges.
    pub variants: Vec<Variant>,
    /// The values of its parameters, in their order.
    pub(crate) values: Vec<Value>,
    written: Written,
}

/// What follows the parameters, as it stands in the file.
#[derive(Clone, Debug)]
struct Written {
    title: String,
    why: String,
    fix: Fix,
    digest: String,
}

/// A rule compiled for one type of resource.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The type it judges.
    pub kind: &'static ResourceType,
    /// The fields it reads, as (type, field).
    pub reads: BTreeSet<(&'static str, &'static str)>,
    /// The types it looks up beside the resource.
    pub lookups: BTreeSet<&'static str>,
    /// The operations it needs, of the type's listing and of what it looks up.
    pub operations: BTreeSet<&'static Operation>,
    pub(crate) when: Option<Program>,
    pub(crate) each: Option<(Program, Program)>,
    pub(crate) pass: Program,
    pub(crate) wordings: Vec<Wording>,
    pub(crate) evidence: Vec<(String, Program)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Wording {
    pub(crate) when: Option<Program>,
    pub(crate) text: Template,
    pub(crate) severity: Option<Severity>,
}

impl CompiledRule {
    /// The operations of all variants.
    pub fn operations(&self) -> BTreeSet<&'static Operation> {
        self.variants.iter().flat_map(|variant| variant.operations.iter().copied()).collect()
    }

    /// The IAM actions that those need.
    pub fn actions(&self) -> BTreeSet<&'static str> {
        self.operations().iter().flat_map(|operation| operation.actions.iter().copied()).collect()
    }

    /// Takes other parameters, and changes all that follows from them: the
    /// texts and the digest.
    pub(crate) fn set_parameters(&mut self, parameters: Vec<Parameter>) {
        self.rule.parameters = parameters;
        self.follow_parameters();
    }

    fn follow_parameters(&mut self) {
        let parameters = &self.rule.parameters;
        let prose = |text: &str| parameter::fill(text, parameters, Parameter::in_words);
        let word = |it: &Parameter| shell_quoted(&it.in_words());
        let command = |text: &String| parameter::fill(text, parameters, word);
        let Written { title, why, fix, digest: own } = &self.written;
        self.values = parameters.iter().map(Parameter::as_value).collect();
        self.rule.title = prose(title);
        self.rule.why = prose(why);
        self.rule.fix = Fix {
            text: prose(&fix.text),
            console: fix.console.as_deref().map(prose),
            cli: fix.cli.as_ref().map(command),
            terraform: fix.terraform.as_deref().map(prose),
            risk: fix.risk.as_deref().map(prose),
            verify: fix.verify.as_ref().map(command),
        };
        let changed: String = parameters
            .iter()
            .filter(|parameter| parameter.value != parameter.default)
            .map(|parameter| format!("{}={}\n", parameter.name, parameter.value))
            .collect();
        self.rule.digest =
            if changed.is_empty() { own.clone() } else { digest(&format!("{own}\n{changed}")) };
    }

    /// The variant for a type.
    pub fn variant(&self, kind: &ResourceType) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.kind == kind)
    }
}

/// Compiles a rule for all its types.
pub(crate) fn compile(
    loaded: LoadedRule,
    vocabulary: Vocabulary<'_>,
) -> Result<CompiledRule, RuleError> {
    let mut variants = Vec::new();
    let mut used = BTreeSet::new();
    for resource in &loaded.resources {
        let kind = vocabulary.kind(&resource.text).ok_or_else(|| {
            let names: Vec<_> = vocabulary.types.iter().map(|kind| kind.name).collect();
            let hint = match nearest(&resource.text, names.iter().copied()) {
                Some(name) => format!("did you mean {name}?"),
                None => format!("there are {}", names.join(", ")),
            };
            let message = format!("there is no type `{}`", resource.text);
            loaded.source.error(resource.place, message).hint(hint)
        })?;
        variants.push(compile_for(&loaded, kind, vocabulary, &mut used)?);
    }
    for command in [&loaded.rule.fix.cli, &loaded.rule.fix.verify].into_iter().flatten() {
        if let Some(other) = unknown_placeholder(command) {
            return Err(loaded.source.error(
                loaded.pass.place,
                format!("`{{{other}}}` in a command: there are self.id, self.arn and self.region"),
            ));
        }
    }
    if variants.is_empty() {
        return Err(loaded.source.error(loaded.pass.place, "`resource` names no type"));
    }
    check_parameters(&loaded, &used)?;
    let rule = loaded.rule;
    let written = Written {
        title: rule.title.clone(),
        why: rule.why.clone(),
        fix: rule.fix.clone(),
        digest: rule.digest.clone(),
    };
    let path = loaded.source.path;
    let mut compiled = CompiledRule { rule, path, variants, values: Vec::new(), written };
    compiled.follow_parameters();
    Ok(compiled)
}

/// Every parameter is used by a condition, and every one that a text names
/// exists.
fn check_parameters(loaded: &LoadedRule, used: &BTreeSet<usize>) -> Result<(), RuleError> {
    let rule = &loaded.rule;
    for (index, (parameter, place)) in rule.parameters.iter().zip(&loaded.parameters).enumerate() {
        if !used.contains(&index) {
            let message = format!(
                "no condition uses the parameter `{0}`: write `parameters.{0}` in one, or take it out",
                parameter.name
            );
            return Err(loaded.source.error(*place, message));
        }
    }
    let fix = &rule.fix;
    let texts = [&fix.console, &fix.cli, &fix.terraform, &fix.risk, &fix.verify];
    let texts = [&rule.title, &rule.why, &fix.text].into_iter().chain(texts.into_iter().flatten());
    let known = |name: &str| rule.parameters.iter().any(|parameter| parameter.name == name);
    for name in texts.flat_map(|text| parameter::names_in(text)) {
        if !known(name) {
            let place = parameter::place_of_use(&loaded.source, name);
            let message = format!("the rule has no parameter `{name}`");
            return Err(loaded.source.error(place, message));
        }
    }
    Ok(())
}

fn compile_for(
    loaded: &LoadedRule,
    kind: &'static ResourceType,
    vocabulary: Vocabulary<'_>,
    used: &mut BTreeSet<usize>,
) -> Result<Variant, RuleError> {
    let scope = Scope {
        kind,
        types: vocabulary.types,
        questions: vocabulary.questions,
        parameters: &loaded.rule.parameters,
        item: None,
    };
    let mut checker = Checker::new(scope);
    let at = |text: &Placed| {
        let text = text.clone();
        let source = &loaded.source;
        move |error: ExpressionError| source.error_in(&text, error.at, error.message)
    };
    let when = match &loaded.when {
        Some(when) => Some(checker.condition_that_holds(&when.text).map_err(at(when))?),
        None => None,
    };
    let each = match (&loaded.each, &loaded.key) {
        (Some(each), Some(key)) => {
            let list = checker.check(&each.text, Want::List).map_err(at(each))?;
            if let Type::List(item) = &list.ty {
                checker.set_item(item.as_ref().clone());
            }
            let key = checker.check(&key.text, Want::Key).map_err(at(key))?;
            Some((list, key))
        }
        _ => None,
    };
    let pass = checker.check(&loaded.pass.text, Want::Condition).map_err(at(&loaded.pass))?;
    let wordings = loaded
        .finding
        .iter()
        .map(|wording| compile_wording(loaded, wording, &mut checker))
        .collect::<Result<_, _>>()?;
    // What only a text or the evidence shows changes no verdict.
    used.extend(&checker.parameters);
    let mut evidence = Vec::new();
    for (name, text) in &loaded.evidence {
        let program = checker.check(&text.text, Want::Shown).map_err(at(text))?;
        evidence.push((name.clone(), program));
    }
    let operations = operations(kind, &checker, vocabulary);
    Ok(Variant {
        kind,
        operations,
        reads: checker.reads,
        lookups: checker.lookups,
        when,
        each,
        pass,
        wordings,
        evidence,
    })
}

fn compile_wording(
    loaded: &LoadedRule,
    wording: &WordingSource,
    checker: &mut Checker<'_>,
) -> Result<Wording, RuleError> {
    let source = &loaded.source;
    let template = |checker: &mut Checker<'_>| {
        let used = checker.parameters.clone();
        let template = Template::check(source, &wording.text, checker);
        checker.parameters = used;
        template
    };
    let (when, text) = match &wording.when {
        None => (None, template(checker)?),
        Some(when) => {
            let (program, text) = checker
                .guarded(&when.text, |checker| Ok(template(checker)))
                .map_err(|error| source.error_in(when, error.at, error.message))?;
            (Some(program), text?)
        }
    };
    Ok(Wording { when, text, severity: wording.severity })
}

/// The operations behind everything read, and one way of listing each type.
fn operations(
    subject: &'static ResourceType,
    checker: &Checker<'_>,
    vocabulary: Vocabulary<'_>,
) -> BTreeSet<&'static Operation> {
    let mut all = BTreeSet::new();
    for name in std::iter::once(subject.name).chain(checker.lookups.iter().copied()) {
        let Some(kind) = vocabulary.kind(name) else { continue };
        let mut needed: BTreeSet<&'static Operation> = kind
            .record
            .fields
            .iter()
            .filter(|field| checker.reads.contains(&(kind.name, field.name)))
            .flat_map(|field| field.operations.iter().copied())
            .collect();
        if checker.tags && name == subject.name {
            needed.extend(kind.tags);
        }
        let listed = kind
            .listings
            .iter()
            .any(|listing| listing.iter().all(|operation| needed.contains(operation)));
        if !listed && let Some(first) = kind.listings.first() {
            needed.extend(first.iter().copied());
        }
        all.extend(needed);
    }
    all
}

//! The classes of actions and of resources that the statements of a question tell apart,
//! each with one example.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::actions::{self, Target};
use super::ast::{CompiledMatcher, Policy, Statement};
use super::partition;
use super::pattern::{Pattern, Style, Template};
use super::prepare::too_many;
use super::world::World;

/// All statements of all layers, in order, with their layer and policy.
pub(super) fn statements<'q, 'a>(
    layers: &'q [Vec<&'a Policy>],
) -> impl Iterator<Item = (usize, usize, &'a Statement)> + use<'q, 'a> {
    layers.iter().enumerate().flat_map(|(layer, policies)| {
        policies.iter().enumerate().flat_map(move |(policy, p)| {
            let p: &'a Policy = p;
            p.statements.iter().map(move |s| (layer, policy, s))
        })
    })
}

/// One class of actions.
#[derive(Debug, Clone)]
pub(super) struct ActionClass {
    pub(super) name: String,
    pub(super) target: Target,
    row: Vec<bool>,
}

impl ActionClass {
    /// Whether the statement at this place among all matches.
    pub(super) fn matches(&self, index: usize) -> bool {
        self.row.get(index) == Some(&true)
    }
}

/// The action elements of all statements, compiled.
#[derive(Debug, Clone)]
pub(super) struct ActionPatterns {
    elements: Vec<CompiledMatcher>,
}

impl ActionPatterns {
    pub(super) fn new(layers: &[Vec<&Policy>]) -> Self {
        let elements =
            statements(layers).map(|(_, _, s)| s.actions.compile(Style::Action, &|_| None));
        Self { elements: elements.collect() }
    }
}

/// The classes of actions of a question.
#[derive(Debug, Clone)]
pub(super) struct Actions {
    classes: Vec<ActionClass>,
    concerned: Vec<bool>,
}

impl Actions {
    /// Only these actions.
    pub(super) fn only<'n>(
        compiled: &ActionPatterns,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Self {
        let compiled = &compiled.elements;
        let mut seen: HashSet<(Target, Vec<bool>)> = HashSet::new();
        let mut concerned = vec![false; compiled.len()];
        let mut classes = Vec::new();
        let mut class = (Target::Any, Vec::with_capacity(compiled.len()));
        for name in names {
            class.0 = actions::target(name);
            class.1.clear();
            class.1.extend(compiled.iter().map(|element| element.matches(name)));
            if !seen.contains(&class) {
                for (any, matches) in concerned.iter_mut().zip(&class.1) {
                    *any |= matches;
                }
                let (target, row) = class.clone();
                classes.push(ActionClass { name: name.to_owned(), target, row });
                seen.insert(class.clone());
            }
        }
        Self { classes, concerned }
    }

    /// Every action of the service: the known ones, those the policy writes out, and one
    /// of each further class.
    pub(super) fn every(
        layers: &[Vec<&Policy>],
        compiled: &ActionPatterns,
        known: &[String],
        prefix: &str,
    ) -> Result<Self, String> {
        let universe = Pattern::from_text(&format!("{prefix}:?*"), Style::Action);
        let written = statements(layers)
            .flat_map(|(_, _, s)| &s.actions.patterns)
            .filter(|t| t.is_fixed() && universe.matches(t.text()))
            .map(Template::text);
        let patterns: Vec<Pattern> =
            compiled.elements.iter().flat_map(|element| element.patterns.clone()).collect();
        let further = partition::representatives(&patterns, &universe)
            .map_err(|_| too_many("the actions"))?;
        let known = known.iter().map(String::as_str);
        let names = known.chain(written).chain(further.iter().map(String::as_str));
        Ok(Self::only(compiled, names))
    }

    pub(super) fn classes(&self) -> &[ActionClass] {
        &self.classes
    }

    /// Which statements match any of the actions.
    pub(super) fn concerned(&self) -> &[bool] {
        &self.concerned
    }

    /// Whether the statement at this place matches any of the actions.
    pub(super) fn concern(&self, index: usize) -> bool {
        self.concerned.get(index) == Some(&true)
    }
}

/// One class of resources.
#[derive(Debug, Clone)]
pub(super) struct ResourceClass {
    pub(super) text: String,
    pub(super) target: Target,
    row: Vec<bool>,
}

impl ResourceClass {
    /// Whether the statement at this place among all matches.
    pub(super) fn matches(&self, index: usize) -> bool {
        self.row.get(index) == Some(&true)
    }
}

/// The resources of a question, by what acts on them, and their classes.
#[derive(Debug, Clone)]
pub(super) struct Resources {
    universes: Vec<(Target, Pattern)>,
    /// The variables in the resources of the statements that matter, folded.
    variables: BTreeSet<String>,
    /// The classes by what the variables stand for.
    classes: RefCell<HashMap<Vec<Option<String>>, Found>>,
    /// The statements that matter; all, if none are named.
    of: Option<Vec<bool>>,
}

/// Classes of resources, or why there are none.
type Found = Rc<Result<Vec<ResourceClass>, String>>;

impl Resources {
    pub(super) fn new(layers: &[Vec<&Policy>], universes: Vec<(Target, Pattern)>) -> Self {
        Self::of(layers, universes, None)
    }

    /// As only the statements tell them apart that some of the actions concern.
    pub(super) fn for_actions(
        layers: &[Vec<&Policy>],
        universes: Vec<(Target, Pattern)>,
        actions: &Actions,
    ) -> Self {
        Self::of(layers, universes, Some(actions.concerned.clone()))
    }

    fn of(
        layers: &[Vec<&Policy>],
        universes: Vec<(Target, Pattern)>,
        of: Option<Vec<bool>>,
    ) -> Self {
        let mut found =
            Self { universes, variables: BTreeSet::new(), classes: RefCell::default(), of };
        found.variables = statements(layers)
            .enumerate()
            .filter(|(index, _)| found.matters(*index))
            .flat_map(|(_, (_, _, s))| s.resources.iter().flat_map(|m| &m.patterns))
            .flat_map(|t| t.variables().map(str::to_ascii_lowercase))
            .collect();
        found
    }

    /// Whether the statement at this place does.
    fn matters(&self, index: usize) -> bool {
        self.of.as_ref().is_none_or(|concerned| concerned.get(index) == Some(&true))
    }

    /// The classes for a caller in its surroundings.
    pub(super) fn in_world(&self, layers: &[Vec<&Policy>], world: &World) -> Found {
        let values: Vec<Option<String>> =
            self.variables.iter().map(|key| world.variable(key)).collect();
        if let Some(found) = self.classes.borrow().get(&values) {
            return Rc::clone(found);
        }
        let concerned = |index: usize| self.matters(index);
        let value_of = |key: &str| world.variable(key);
        let found = Rc::new(classes(layers, &self.universes, &concerned, &value_of));
        self.classes.borrow_mut().insert(values, Rc::clone(&found));
        found
    }
}

fn classes(
    layers: &[Vec<&Policy>],
    universes: &[(Target, Pattern)],
    concerned: &dyn Fn(usize) -> bool,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<ResourceClass>, String> {
    let compiled: Vec<Option<CompiledMatcher>> = statements(layers)
        .enumerate()
        .map(|(index, (_, _, s))| {
            let resources = s.resources.as_ref().filter(|_| concerned(index))?;
            Some(resources.compile(Style::Resource, value_of))
        })
        .collect();
    let all: Vec<Pattern> =
        compiled.iter().flatten().flat_map(|matcher| matcher.patterns.clone()).collect();
    let mut seen: HashSet<(Target, Vec<bool>)> = HashSet::new();
    let mut found = Vec::new();
    for (target, universe) in universes {
        let texts =
            partition::representatives(&all, universe).map_err(|_| too_many("the resources"))?;
        for text in texts {
            let matches =
                |it: &Option<CompiledMatcher>| it.as_ref().is_none_or(|it| it.matches(&text));
            let row: Vec<bool> = compiled.iter().map(matches).collect();
            if seen.insert((*target, row.clone())) {
                found.push(ResourceClass { text, target: *target, row });
            }
        }
    }
    Ok(found)
}

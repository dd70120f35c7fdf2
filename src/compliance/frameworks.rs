//! All frameworks together.

use crate::compliance::framework::{Control, Framework};
use crate::compliance::load::{LoadError, LoadErrorKind};
use crate::compliance::{NamedControls, natural_order};
use crate::rules::ControlFault;
use std::collections::{BTreeMap, BTreeSet};

/// The frameworks that this build knows, ordered by id.
#[derive(Clone, Debug, PartialEq)]
pub struct Frameworks {
    all: Vec<Framework>,
}

/// A name that is neither the id nor an alias of a framework.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no framework {name}; {hint}")]
pub struct UnknownFramework {
    /// What was asked for.
    pub name: String,
    /// What was perhaps meant, or where to look.
    pub hint: String,
}

/// The controls of a rule that do not exist, as a rule's check wants them.
pub fn control_faults(all: &Frameworks, named: &NamedControls) -> Vec<ControlFault> {
    let fault = |problem| match problem {
        ControlProblem::Framework { framework, hint } => ControlFault {
            message: format!("there is no framework {framework}"),
            control: None,
            framework,
            hint,
        },
        ControlProblem::Control { framework, id, hint } => ControlFault {
            message: format!("{framework} has no control {id}"),
            control: Some(id),
            framework,
            hint,
        },
    };
    all.problems(named).into_iter().map(fault).collect()
}

/// What is wrong with the controls that a rule names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlProblem {
    /// No framework has this id. Rules name frameworks by id, not by alias.
    #[error("controls: there is no framework {framework}; {hint}")]
    Framework {
        /// The key in the rule.
        framework: String,
        /// What to write instead.
        hint: String,
    },
    /// The framework has no such control.
    #[error("controls: {framework} has no control {id}; {hint}")]
    Control {
        /// The framework.
        framework: String,
        /// The control that the rule names.
        id: String,
        /// What to write instead.
        hint: String,
    },
}

impl Frameworks {
    /// Reads the framework files, each a path and a text, and checks them
    /// against each other: ids and aliases are unique, crosswalks point to
    /// controls that exist.
    pub fn load(files: &[(&str, &str)]) -> Result<Frameworks, LoadError> {
        let mut loaded = files
            .iter()
            .map(|(path, text)| Ok((*path, Framework::parse(path, text)?)))
            .collect::<Result<Vec<_>, LoadError>>()?;
        loaded.sort_by(|(_, a), (_, b)| natural_order(&a.id, &b.id));
        let mut names = BTreeSet::new();
        let controls: BTreeMap<&str, BTreeSet<&str>> = loaded
            .iter()
            .map(|(_, framework)| {
                let ids = framework.controls.iter().map(|control| control.id.as_str()).collect();
                (framework.id.as_str(), ids)
            })
            .collect();
        for (path, framework) in &loaded {
            let fault = |kind| LoadError { path: (*path).to_owned(), at: None, kind };
            for name in std::iter::once(&framework.id).chain(&framework.aliases) {
                if !names.insert(name.to_ascii_lowercase()) {
                    return Err(fault(LoadErrorKind::Duplicate(name.clone())));
                }
            }
            for control in &framework.controls {
                if let Some((other, id)) = control
                    .links()
                    .find(|(other, id)| !controls.get(other).is_some_and(|ids| ids.contains(id)))
                {
                    return Err(fault(LoadErrorKind::Crosswalk {
                        control: control.id.clone(),
                        framework: other.to_owned(),
                        id: id.to_owned(),
                    }));
                }
            }
        }
        Ok(Frameworks { all: loaded.into_iter().map(|(_, framework)| framework).collect() })
    }

    /// All of them, ordered by id.
    pub fn iter(&self) -> impl Iterator<Item = &Framework> {
        self.all.iter()
    }

    /// The framework with this id or alias, in any case of letters.
    pub fn get(&self, name: &str) -> Result<&Framework, UnknownFramework> {
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        self.all
            .iter()
            .find(|framework| is(&framework.id) || framework.aliases.iter().any(|alias| is(alias)))
            .ok_or_else(|| UnknownFramework { name: name.to_owned(), hint: self.hint(name) })
    }

    /// What is wrong with the controls that a rule names; empty if each exists.
    pub fn problems(&self, named: &NamedControls) -> Vec<ControlProblem> {
        let mut problems = Vec::new();
        for (id, controls) in named {
            let Some(framework) = self.all.iter().find(|framework| framework.id == *id) else {
                let hint = match self.get(id) {
                    Ok(meant) => format!("write its id, {}", meant.id),
                    Err(unknown) => unknown.hint,
                };
                problems.push(ControlProblem::Framework { framework: id.clone(), hint });
                continue;
            };
            for control in controls {
                if framework.named(control).next().is_none() {
                    let ids = framework.controls.iter().map(|control| control.id.as_str());
                    let list = format!("`cspm frameworks show {}` lists them", framework.id);
                    problems.push(ControlProblem::Control {
                        framework: id.clone(),
                        id: control.clone(),
                        hint: nearest(control, ids).map_or(list, did_you_mean),
                    });
                }
            }
        }
        problems
    }

    /// The rules that groups under `any` name although no such rule exists, each
    /// with its framework and control.
    pub fn missing_rules<'a>(
        &'a self,
        exists: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a Framework, &'a Control, &'a str)> {
        self.all
            .iter()
            .flat_map(|framework| {
                framework.controls.iter().map(move |control| (framework, control))
            })
            .flat_map(|(framework, control)| {
                control.any.iter().flatten().map(move |rule| (framework, control, rule.as_str()))
            })
            .filter(move |(_, _, rule)| !exists(rule))
    }

    /// The same recommendation in other versions: each framework and control
    /// that shares a crosswalk with this one.
    pub fn same_recommendation<'a>(
        &'a self,
        framework: &'a Framework,
        control: &'a Control,
    ) -> Vec<(&'a Framework, &'a Control)> {
        let class = crosswalk(framework, control);
        self.all
            .iter()
            .filter(|other| other.id != framework.id)
            .flat_map(|other| other.controls.iter().map(move |control| (other, control)))
            .filter(|(other, control)| !class.is_disjoint(&crosswalk(other, control)))
            .collect()
    }

    fn hint(&self, name: &str) -> String {
        let names = self
            .all
            .iter()
            .flat_map(|framework| std::iter::once(&framework.id).chain(&framework.aliases))
            .map(String::as_str);
        nearest(name, names)
            .map_or_else(|| "`cspm frameworks list` shows all".to_owned(), did_you_mean)
    }
}

/// A control and what its crosswalk says is the same.
fn crosswalk<'a>(framework: &'a Framework, control: &'a Control) -> BTreeSet<(&'a str, &'a str)> {
    control
        .same_as
        .iter()
        .map(|(framework, id)| (framework.as_str(), id.as_str()))
        .chain([(framework.id.as_str(), control.id.as_str())])
        .collect()
}

fn did_you_mean(near: &str) -> String {
    format!("did you mean {near}?")
}

/// The candidate that was perhaps meant: the newest that begins with the word,
/// else the one that the fewest edits reach, if those are few for its length.
fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    let longer = candidates
        .clone()
        .filter(|candidate| word.len() > 2 && candidate.to_ascii_lowercase().starts_with(&word))
        .max_by(|a, b| natural_order(a, b));
    longer.or_else(|| {
        candidates
            .map(|candidate| {
                let edits = strsim::damerau_levenshtein(&word, &candidate.to_ascii_lowercase());
                (edits, candidate)
            })
            .filter(|(edits, candidate)| *edits <= 1.max(candidate.len() / 4))
            .min_by_key(|(edits, _)| *edits)
            .map(|(_, candidate)| candidate)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;

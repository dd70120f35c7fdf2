//! What a rule has to stand before it judges anyone: its words, its examples,
//! and whether those examples notice every operator, number and missing answer.

mod examples;
mod facts;
mod mutation;
mod prose;

use super::catalogue::Catalogue;
use super::compile::{CompiledRule, Vocabulary};
use super::examples::{Examples, run_examples};
use super::load::{LoadedRule, RuleError, Source, load};
use std::collections::BTreeMap;

/// What is wrong with a control that a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlFault {
    /// The framework, as the rule names it.
    pub framework: String,
    /// The control, if the framework exists.
    pub control: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

/// The controls of a rule, by framework.
pub type Controls = BTreeMap<String, Vec<String>>;

/// What rules are checked against.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// What they may refer to.
    pub vocabulary: Vocabulary<'a>,
    /// Says which of a rule's controls do not exist.
    pub controls: &'a dyn Fn(&Controls) -> Vec<ControlFault>,
    /// Whether there is a rule with this id.
    pub exists: &'a dyn Fn(&str) -> bool,
}

/// What came of checking or testing rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many files there are.
    pub files: usize,
    /// How many examples were run and hold.
    pub examples: usize,
    /// Everything that is wrong, in the order of the files.
    pub errors: Vec<RuleError>,
}

impl Checked {
    fn each(
        sources: &[Source],
        vocabulary: Vocabulary<'_>,
        mut one: impl FnMut(&Source, &CompiledRule) -> (usize, Vec<RuleError>),
    ) -> Self {
        let (catalogue, errors) = Catalogue::load_right(sources.iter().cloned(), vocabulary);
        let mut checked = Self { files: sources.len(), examples: 0, errors };
        for rule in catalogue.rules() {
            let Some(source) = sources.iter().find(|it| it.path == rule.path) else { continue };
            let (examples, errors) = one(source, rule);
            checked.examples += examples;
            checked.errors.extend(errors);
        }
        checked.errors.sort();
        checked
    }
}

/// Checks rule files.
pub fn check_all(sources: &[Source], around: Surroundings<'_>) -> Checked {
    Checked::each(sources, around.vocabulary, |source, rule| {
        let errors = check(source, rule, around);
        let examples = run_examples(source, rule, around.vocabulary);
        (examples.unwrap_or_default(), errors)
    })
}

/// Runs the examples of rule files, and asks nothing else.
pub fn test_all(sources: &[Source], vocabulary: Vocabulary<'_>) -> Checked {
    Checked::each(sources, vocabulary, |source, rule| {
        match run_examples(source, rule, vocabulary) {
            Ok(examples) => (examples, Vec::new()),
            Err(errors) => (0, errors),
        }
    })
}

/// Everything that is wrong with a rule that was read and compiled.
pub fn check(source: &Source, rule: &CompiledRule, around: Surroundings<'_>) -> Vec<RuleError> {
    let loaded = match load(source.clone()) {
        Ok(loaded) => loaded,
        Err(error) => return vec![error],
    };
    let mut errors = prose::check(&loaded, around);
    match Examples::read(source) {
        Ok(written) => match written.trials(rule, around.vocabulary) {
            Ok(trials) => errors.extend(check_trials(&loaded, rule, &trials)),
            Err(more) => errors.extend(more),
        },
        Err(more) => errors.extend(more),
    }
    errors.sort();
    errors
}

fn check_trials(
    loaded: &LoadedRule,
    rule: &CompiledRule,
    trials: &[super::examples::Trial<'_>],
) -> Vec<RuleError> {
    let wrong: Vec<RuleError> = trials
        .iter()
        .filter_map(|trial| trial.judge(rule).err().map(|message| trial.error(message)))
        .collect();
    // A wrong example makes nonsense of what follows.
    if !wrong.is_empty() {
        return wrong;
    }
    let mut errors = examples::check(loaded, rule, trials);
    errors.extend(mutation::check(loaded, rule, trials));
    errors.extend(facts::check(rule, trials));
    errors
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests;

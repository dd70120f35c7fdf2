//! What a rule has to stand before it judges anyone: its words, its examples,
//! and whether those examples notice every operator, number and missing answer.

mod examples;
mod facts;
mod mutation;
mod prose;

use super::compile::{CompiledRule, Vocabulary};
use super::examples::Examples;
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

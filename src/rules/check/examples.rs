//! Whether the examples show enough: a pass, a fail, and an unknown for every
//! operation whose refusal hides the answer.

use crate::inventory::Operation;
use crate::rules::compile::CompiledRule;
use crate::rules::examples::Trial;
use crate::rules::load::{LoadedRule, RuleError};
use crate::rules::place::Place;
use crate::rules::verdict::{Outcome, Verdict};

pub(super) fn check(
    loaded: &LoadedRule,
    rule: &CompiledRule,
    trials: &[Trial<'_>],
) -> Vec<RuleError> {
    let mut errors = Vec::new();
    let line = loaded.source.examples.as_ref().map_or(1, |(line, _)| *line);
    let mut missing = |message: String, hint: String| {
        let place = Place { line, column: 1 };
        errors.push(loaded.source.error(place, message).hint(hint));
    };
    for outcome in [Outcome::Pass, Outcome::Fail] {
        if !trials.iter().any(|trial| trial.example.verdict == outcome) {
            let word = outcome.as_str();
            missing(
                format!("no example has the verdict {word}"),
                format!("add `- {{ name: ..., verdict: {word}, resource: {{ ... }} }}`"),
            );
        }
    }
    for kind in rule.variants.iter().map(|variant| variant.kind) {
        if !trials.iter().any(|trial| trial.kind == kind) {
            missing(
                format!("no example is about {}", kind.name),
                format!("add one with `type: {}`", kind.name),
            );
        }
    }
    // What needs no permission cannot be refused.
    for operation in rule.operations().into_iter().filter(|it| !it.actions.is_empty()) {
        if !shown(rule, trials, operation) && can_hide(rule, trials, operation) {
            let id = operation.id();
            missing(
                format!("no example shows what a refused {id} makes unknown"),
                format!("add `- {{ name: ..., verdict: unknown, gaps: [\"{id}\"], ... }}`"),
            );
        }
    }
    errors
}

/// Whether an example is unknown because this operation was refused.
fn shown(rule: &CompiledRule, trials: &[Trial<'_>], operation: &Operation) -> bool {
    let unknown = trials.iter().filter(|trial| trial.example.verdict == Outcome::Unknown);
    unknown
        .into_iter()
        .any(|trial| trial.own_verdict(rule).is_ok_and(|verdict| hides(trial, &verdict, operation)))
}

/// Whether the refusal of this operation alone makes an example unknown that
/// gets all its answers, or hides the list itself.
fn can_hide(rule: &CompiledRule, trials: &[Trial<'_>], operation: &Operation) -> bool {
    let alone = |kind: &&'static crate::inventory::ResourceType| {
        !kind.listings.is_empty() && kind.listings.iter().all(|all| all.contains(&operation))
    };
    if rule.variants.iter().map(|variant| variant.kind).any(|kind| alone(&kind)) {
        return true;
    }
    trials.iter().filter(|trial| trial.example.verdict != Outcome::Unknown).any(|trial| {
        let refused = trial.refusing(rule, &operation.id());
        refused.is_ok_and(|trial| {
            let verdict = trial.own_verdict(rule);
            verdict.is_ok_and(|verdict| hides(&trial, &verdict, operation))
        })
    })
}

fn hides(trial: &Trial<'_>, verdict: &Verdict, operation: &Operation) -> bool {
    let id = operation.id();
    verdict.outcome == Outcome::Unknown
        && verdict.gaps.iter().any(|gap| trial.world.name(gap).is_some_and(|name| name == id))
}

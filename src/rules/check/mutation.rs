//! Whether an example notices when an operator or a number of a condition is
//! wrong.

use crate::inventory::Value;
use crate::rules::compile::{CompiledRule, Variant};
use crate::rules::examples::Trial;
use crate::rules::expression::{Mutant, Program, mutants};
use crate::rules::judge::Conditions;
use crate::rules::load::{LoadedRule, Placed, RuleError};

pub(super) fn check(
    loaded: &LoadedRule,
    rule: &CompiledRule,
    trials: &[Trial<'_>],
) -> Vec<RuleError> {
    let mut errors = Vec::new();
    if let Some(when) = &loaded.when {
        errors.extend(survivors(loaded, rule, trials, when, Which::When));
    }
    errors.extend(survivors(loaded, rule, trials, &loaded.pass, Which::Pass));
    errors.extend(parameters(loaded, rule, trials));
    errors
}

/// The condition that is changed.
#[derive(Clone, Copy)]
enum Which {
    When,
    Pass,
}

impl Which {
    fn mutants(self, variant: &Variant) -> Vec<Mutant> {
        match self {
            Self::When => variant.when.as_ref().map(mutants).unwrap_or_default(),
            Self::Pass => mutants(&variant.pass),
        }
    }

    fn replaced<'p>(self, own: Conditions<'p>, mutant: &'p Program) -> Conditions<'p> {
        match self {
            Self::When => Conditions { when: Some(mutant), ..own },
            Self::Pass => Conditions { pass: mutant, ..own },
        }
    }
}

/// The mutants of a condition that no example notices. A rule for several types
/// has one text for all of them: one mutant is the same change for each.
fn survivors(
    loaded: &LoadedRule,
    rule: &CompiledRule,
    trials: &[Trial<'_>],
    text: &Placed,
    which: Which,
) -> Vec<RuleError> {
    let of_variants: Vec<(&Variant, Vec<Mutant>)> =
        rule.variants.iter().map(|variant| (variant, which.mutants(variant))).collect();
    let count = of_variants.first().map_or(0, |(_, mutants)| mutants.len());
    let mut errors = Vec::new();
    for number in 0..count {
        let mutant_for = |trial: &Trial<'_>| {
            let (variant, mutants) = of_variants.iter().find(|(it, _)| it.kind == trial.kind)?;
            Some((*variant, mutants.get(number)?))
        };
        let noticed = trials.iter().any(|trial| {
            mutant_for(trial).is_some_and(|(variant, mutant)| {
                let own = Conditions::of(variant, &trial.parameters);
                trial.judge_by(rule, which.replaced(own, &mutant.program)).is_err()
            })
        });
        let first = of_variants.first().and_then(|(_, mutants)| mutants.get(number));
        if let (false, Some(mutant)) = (noticed, first) {
            let Mutant { from, to, at, .. } = mutant;
            let message = format!("no example notices if `{from}` becomes `{to}` here");
            let hint = "add an example on which the two differ";
            errors.push(loaded.source.error_in(text, *at, message).hint(hint));
        }
    }
    errors
}

/// A parameter's value, a little changed.
type Change = fn(&Value) -> Option<Value>;

/// Parameters that may be off by one, or empty, without any example noticing.
fn parameters(loaded: &LoadedRule, rule: &CompiledRule, trials: &[Trial<'_>]) -> Vec<RuleError> {
    let mut errors = Vec::new();
    for (index, parameter) in rule.rule.parameters.iter().enumerate() {
        let changes: Vec<(String, Change)> = match parameter.as_value() {
            Value::Int(_) => vec![
                ("were one less".to_owned(), |value| shifted(value, -1)),
                ("were one more".to_owned(), |value| shifted(value, 1)),
            ],
            _ => vec![("were empty".to_owned(), emptied)],
        };
        for (what, change) in changes {
            let noticed = trials.iter().any(|trial| {
                let Some(variant) = rule.variant(trial.kind) else { return false };
                let mut parameters = trial.parameters.clone();
                let changed = parameters.get(index).and_then(change);
                let (Some(old), Some(new)) = (parameters.get_mut(index), changed) else {
                    return false;
                };
                *old = new;
                trial.judge_by(rule, Conditions::of(variant, &parameters)).is_err()
            });
            if let (false, Some(place)) = (noticed, loaded.parameters.get(index)) {
                let name = &parameter.name;
                let message = format!("no example notices if the parameter `{name}` {what}");
                let hint = "add an example at its boundary";
                errors.push(loaded.source.error(*place, message).hint(hint));
            }
        }
    }
    errors
}

fn shifted(value: &Value, by: i64) -> Option<Value> {
    match value {
        Value::Int(number) => number.checked_add(by).map(Value::Int),
        _ => None,
    }
}

fn emptied(value: &Value) -> Option<Value> {
    match value {
        Value::List(list) if !list.items.is_empty() => Some(Value::list(Vec::new())),
        _ => None,
    }
}

//! What happens to every example when AWS does not give one of its facts.
//!
//! A fact that is unknown may make a verdict unknown, and nothing else: it never
//! turns it round. And no missing fact makes the rule fail as a rule.

use crate::inventory::{Gaps, Presence, RecordType, Resource, ResourceType, Type, Value};
use crate::rules::compile::CompiledRule;
use crate::rules::examples::Trial;
use crate::rules::judge::Conditions;
use crate::rules::load::RuleError;
use crate::rules::verdict::Outcome;
use std::sync::Arc;

pub(super) fn check(rule: &CompiledRule, trials: &[Trial<'_>]) -> Vec<RuleError> {
    trials.iter().flat_map(|trial| check_trial(rule, trial)).collect()
}

/// A resource of an example: the one that is judged, or one beside it.
#[derive(Clone, Copy)]
enum Whose {
    Own,
    Beside(&'static ResourceType, usize),
}

fn check_trial(rule: &CompiledRule, trial: &Trial<'_>) -> Vec<RuleError> {
    let Some(variant) = rule.variant(trial.kind) else { return Vec::new() };
    let Some(own) = &trial.resource else { return Vec::new() };
    let mut resources = vec![(Whose::Own, own)];
    for kind in variant.lookups.iter().filter_map(|name| trial.world.resources.get_key_value(name))
    {
        let (_, beside) = kind;
        let numbered = beside.iter().enumerate();
        resources.extend(numbered.map(|(index, it)| (Whose::Beside(it.kind, index), it)));
    }
    let mut errors = Vec::new();
    for (whose, resource) in resources {
        let record = resource.kind.record;
        for (index, field) in record.fields.iter().enumerate() {
            if !variant.reads.contains(&(resource.kind.name, field.name)) {
                continue;
            }
            let name = format!("{}.{}", resource.kind.name, field.name);
            let fact = Fact { rule, trial, whose, resource, index, name };
            errors.extend(fact.check(record).into_iter().map(|message| trial.error(message)));
        }
    }
    errors
}

struct Fact<'a> {
    rule: &'a CompiledRule,
    trial: &'a Trial<'a>,
    whose: Whose,
    resource: &'a Resource,
    index: usize,
    name: String,
}

impl Fact<'_> {
    fn check(&self, record: &'static RecordType) -> Option<String> {
        let (own, field) = (self.trial.example.verdict, record.fields.get(self.index)?);
        let Value::Record(values) = &self.resource.document else { return None };
        let value = values.get(self.index)?;
        let name = &self.name;
        let gap = self.trial.world.another_gap(name);
        let unknown = self.outcome(Value::Unknown(Gaps::one(gap)))?;
        if unknown != own && unknown != Outcome::Unknown {
            return Some(format!(
                "with {name} unknown, the verdict is {} instead of {} or unknown",
                unknown.as_str(),
                own.as_str()
            ));
        }
        if field.presence == Presence::Optional && !matches!(value, Value::Absent) {
            let absent = self.outcome(Value::Absent)?;
            if absent == Outcome::Error {
                return Some(format!("with {name} absent, the rule fails"));
            }
        }
        let mut without = Vec::new();
        absences(value, &field.ty, name, &mut without);
        without.into_iter().find_map(|(name, value)| {
            let outcome = self.outcome(value)?;
            (outcome == Outcome::Error).then(|| format!("with {name} absent, the rule fails"))
        })
    }

    /// The outcome with another value for the fact.
    fn outcome(&self, value: Value) -> Option<Outcome> {
        let changed = with_field(self.resource, self.index, value);
        let mut trial = self.trial.fresh();
        match self.whose {
            Whose::Own => {
                // A rule that looks at all of its own type sees it there, too.
                for beside in trial.world.resources.values_mut().flatten() {
                    if beside.kind == changed.kind && beside.arn == changed.arn {
                        *beside = changed.clone();
                    }
                }
                trial.resource = Some(changed);
            }
            Whose::Beside(kind, index) => {
                *trial.world.resources.get_mut(kind.name)?.get_mut(index)? = changed;
            }
        }
        let variant = self.rule.variant(trial.kind)?;
        trial.outcome(self.rule, Conditions::of(variant, &trial.parameters))
    }
}

fn with_field(resource: &Resource, index: usize, value: Value) -> Resource {
    let mut changed = resource.clone();
    if let Value::Record(values) = &resource.document {
        let mut values: Vec<Value> = values.to_vec();
        if let Some(old) = values.get_mut(index) {
            *old = value;
        }
        changed.document = Value::record(values);
    }
    changed
}

/// The value once without each member inside of it that may be absent.
fn absences(value: &Value, ty: &Type, name: &str, all: &mut Vec<(String, Value)>) {
    match (value, ty) {
        (Value::Record(values), Type::Record(record)) => {
            for (index, (member, field)) in values.iter().zip(&record.fields).enumerate() {
                let name = format!("{name}.{}", field.name);
                let put = |member: Value| {
                    let mut values = values.to_vec();
                    if let Some(old) = values.get_mut(index) {
                        *old = member;
                    }
                    Value::record(values)
                };
                if field.presence == Presence::Optional && !matches!(member, Value::Absent) {
                    all.push((name.clone(), put(Value::Absent)));
                }
                let mut inside = Vec::new();
                absences(member, &field.ty, &name, &mut inside);
                all.extend(inside.into_iter().map(|(name, member)| (name, put(member))));
            }
        }
        (Value::List(list), Type::List(item)) => {
            for (index, value) in list.items.iter().enumerate() {
                let mut inside = Vec::new();
                absences(value, item, &format!("{name}[{index}]"), &mut inside);
                all.extend(inside.into_iter().map(|(name, value)| {
                    let mut list = list.as_ref().clone();
                    if let Some(old) = list.items.get_mut(index) {
                        *old = value;
                    }
                    (name, Value::List(Arc::new(list)))
                }));
            }
        }
        _ => {}
    }
}

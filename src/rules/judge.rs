//! One rule on one resource.

use super::compile::{CompiledRule, Variant};
use super::expression::{Evaluation, Fault, Program, World};

pub(super) use super::expression::Answers;
use super::verdict::{Outcome, Subject, Verdict};
use crate::inventory::{GapId, Gaps, Resource, Type, Typed, Value};
use crate::services::{Asking, Question};
use serde_json::Map;
use std::sync::Arc;

/// Judges one resource by one rule: one verdict, or one per item of `each`.
/// A rule that does not judge the resource's type has nothing to say.
pub fn judge(
    number: usize,
    rule: &CompiledRule,
    resource: &Resource,
    asking: &dyn Asking,
    questions: &[&'static Question],
) -> Vec<Verdict> {
    let Some(variant) = rule.variant(resource.kind) else { return Vec::new() };
    let conditions = Conditions::of(variant, &rule.values);
    let setting = Setting { asking, questions };
    let mut verdicts = judge_by(conditions, rule, resource, setting, &mut Answers::new());
    for verdict in &mut verdicts {
        verdict.rule = number;
    }
    verdicts
}

/// What is asked: the rule's own conditions, or others in their place.
#[derive(Clone, Copy)]
pub(super) struct Conditions<'a> {
    pub(super) when: Option<&'a Program>,
    pub(super) pass: &'a Program,
    pub(super) parameters: &'a [Value],
}

impl<'a> Conditions<'a> {
    /// The rule's own.
    pub(super) fn of(variant: &'a Variant, parameters: &'a [Value]) -> Self {
        Self { when: variant.when.as_ref(), pass: &variant.pass, parameters }
    }
}

/// Who answers.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) asking: &'a dyn Asking,
    pub(super) questions: &'a [&'static Question],
}

/// Judges by conditions, with what questions answered about this resource
/// before.
pub(super) fn judge_by(
    conditions: Conditions<'_>,
    rule: &CompiledRule,
    resource: &Resource,
    setting: Setting<'_>,
    answers: &mut Answers,
) -> Vec<Verdict> {
    let Some(variant) = rule.variant(resource.kind) else { return Vec::new() };
    let world = World {
        subject: resource,
        asking: setting.asking,
        questions: setting.questions,
        parameters: conditions.parameters,
    };
    let mut judging = Judging {
        rule,
        variant,
        conditions,
        subject: Subject {
            kind: resource.kind,
            id: Arc::clone(&resource.id),
            arn: Arc::clone(&resource.arn),
            region: Arc::clone(&resource.region),
            key: None,
        },
        evaluation: Evaluation::new(&world, std::mem::take(answers)),
    };
    let verdicts = judging.all();
    *answers = judging.evaluation.into_answers();
    verdicts
}

/// The verdict for a type that could not be listed: unknown, on the
/// pseudo-resource that stands for the region.
pub fn hidden(number: usize, rule: &CompiledRule, subject: Subject, gaps: Gaps) -> Verdict {
    let what = subject.key.clone().unwrap_or_default();
    Verdict {
        rule: number,
        outcome: Outcome::Unknown,
        severity: rule.rule.severity,
        title: format!("Not known for {what}: {}", rule.rule.title),
        evidence: Map::new(),
        subject,
        gaps,
        error: None,
    }
}

struct Judging<'a> {
    rule: &'a CompiledRule,
    variant: &'a Variant,
    conditions: Conditions<'a>,
    subject: Subject,
    evaluation: Evaluation<'a>,
}

/// What a condition came to.
enum Judged {
    Yes,
    No,
    Unknown(Gaps),
    Fault(Fault),
}

impl Judging<'_> {
    fn all(&mut self) -> Vec<Verdict> {
        if let Some(when) = self.conditions.when {
            match self.condition(when) {
                Judged::Yes => {}
                Judged::No => return vec![self.verdict(Outcome::NotApplicable, None)],
                Judged::Unknown(gaps) => return vec![self.unknown(gaps, None)],
                Judged::Fault(fault) => return vec![self.error(&fault, None)],
            }
        }
        match &self.variant.each {
            None => vec![self.judged(None)],
            Some((list, key)) => self.each(list, key),
        }
    }

    fn each(&mut self, list: &Program, key: &Program) -> Vec<Verdict> {
        let list = match self.evaluation.run(list) {
            Ok(Value::List(list)) => list,
            Ok(Value::Unknown(gaps)) => return vec![self.unknown(gaps, None)],
            Ok(_) => return vec![self.error(&Fault::shape("each"), None)],
            Err(fault) => return vec![self.error(&fault, None)],
        };
        let mut verdicts = Vec::with_capacity(list.items.len());
        for item in &list.items {
            self.evaluation.set_item(item.clone());
            verdicts.push(match self.evaluation.run(key) {
                Ok(Value::Text(key)) => self.judged(Some(key.as_ref().to_owned())),
                Ok(Value::Unknown(gaps)) => self.unknown(gaps, None),
                Ok(_) => self.error(&Fault::shape("key"), None),
                Err(fault) => self.error(&fault, None),
            });
        }
        if !list.missing.is_empty() {
            verdicts.push(self.unknown(list.missing.clone(), None));
        }
        if verdicts.is_empty() {
            verdicts.push(self.verdict(Outcome::NotApplicable, None));
        }
        verdicts
    }

    fn judged(&mut self, key: Option<String>) -> Verdict {
        match self.condition(self.conditions.pass) {
            Judged::Yes => self.verdict(Outcome::Pass, key),
            Judged::No => self.fail(key),
            Judged::Unknown(gaps) => self.unknown(gaps, key),
            Judged::Fault(fault) => self.error(&fault, key),
        }
    }

    fn condition(&mut self, program: &Program) -> Judged {
        match self.evaluation.run(program) {
            Ok(Value::Bool(true)) => Judged::Yes,
            Ok(Value::Bool(false)) => Judged::No,
            Ok(Value::Unknown(gaps)) => Judged::Unknown(gaps),
            Ok(_) => Judged::Fault(Fault::shape("a condition")),
            Err(fault) => Judged::Fault(fault),
        }
    }

    fn verdict(&self, outcome: Outcome, key: Option<String>) -> Verdict {
        Verdict {
            rule: 0,
            subject: Subject { key, ..self.subject.clone() },
            outcome,
            severity: self.rule.rule.severity,
            title: self.rule.rule.title.clone(),
            evidence: Map::new(),
            gaps: Gaps::NONE,
            error: None,
        }
    }

    fn fail(&mut self, key: Option<String>) -> Verdict {
        let mut verdict = self.verdict(Outcome::Fail, key);
        for wording in &self.variant.wordings {
            // A wording that cannot be decided is passed over: the next one
            // says less, and the last one holds always.
            let holds = match &wording.when {
                None => true,
                Some(when) => matches!(self.condition(when), Judged::Yes),
            };
            if holds {
                verdict.title = wording.text.fill(&mut self.evaluation);
                verdict.severity = wording.severity.unwrap_or(self.rule.rule.severity);
                break;
            }
        }
        verdict.evidence = self.evidence();
        verdict
    }

    fn unknown(&mut self, gaps: Gaps, key: Option<String>) -> Verdict {
        let mut verdict = self.verdict(Outcome::Unknown, key);
        verdict.title = self.not_decided("Not known");
        verdict.gaps = gaps.without(GapId::UNDECIDED);
        verdict.evidence = self.evidence();
        verdict
    }

    fn error(&mut self, fault: &Fault, key: Option<String>) -> Verdict {
        let mut verdict = self.verdict(Outcome::Error, key);
        verdict.title = self.not_decided("The rule failed");
        verdict.error = Some(format!("character {}: {}", fault.at + 1, fault.message));
        verdict
    }

    fn not_decided(&self, what: &str) -> String {
        format!("{what} for {}: {}", self.subject.id, self.rule.rule.title)
    }

    fn evidence(&mut self) -> Map<String, serde_json::Value> {
        let mut evidence = Map::new();
        for (name, program) in &self.variant.evidence {
            if let Ok(value) = self.evaluation.run(program) {
                evidence.insert(name.clone(), shown(&value, &program.ty));
            }
        }
        evidence
    }
}

/// A value in evidence: absent is null, and unknown says so without numbers,
/// which differ from run to run.
fn shown(value: &Value, ty: &Type) -> serde_json::Value {
    match value {
        Value::Absent => serde_json::Value::Null,
        Value::Unknown(_) => serde_json::Value::from("?"),
        Value::Record(fields) => match ty {
            Type::Record(record) => record
                .fields
                .iter()
                .zip(fields.iter())
                .filter(|(_, value)| !matches!(value, Value::Absent))
                .map(|(field, value)| (field.name.to_owned(), shown(value, &field.ty)))
                .collect(),
            _ => serde_json::Value::Null,
        },
        Value::List(list) => {
            let Type::List(item) = ty else { return serde_json::Value::Null };
            list.items
                .iter()
                .map(|value| shown(value, item))
                .chain((!list.missing.is_empty()).then(|| serde_json::Value::from("?")))
                .collect()
        }
        _ => serde_json::to_value(Typed { value, ty }).unwrap_or(serde_json::Value::Null),
    }
}

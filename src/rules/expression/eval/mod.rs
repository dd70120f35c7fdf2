//! Evaluation: Kleene's logic with the gaps that decided.
//!
//! Only unknowns are absorbed. A fault on an evaluated path is an error of the
//! rule, whatever surrounds it. Steps are counted and bounded.

mod lists;
mod relations;
mod undecided;

use super::code::{Code, Node, Program};
use super::kleene::{Truth, either};
use crate::inventory::{Gaps, Resource, Value};
use crate::services::{Asking, Question};
use std::collections::BTreeMap;

/// How many steps one evaluation may take: far more than any rule needs on the
/// largest documents, and a fraction of a second.
const STEP_LIMIT: usize = 5_000_000;

/// A fault at run time: the rule is wrong, not the account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Fault {
    /// The character in the expression.
    pub(crate) at: usize,
    /// What happened.
    pub(crate) message: String,
}

impl Fault {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    /// A value of a shape that the checker should have refused.
    pub(crate) fn shape(what: &str) -> Self {
        Self::new(0, format!("{what} got a value of the wrong shape"))
    }
}

/// What an expression is evaluated in.
pub(crate) struct World<'a> {
    /// The resource that is judged.
    pub(crate) subject: &'a Resource,
    /// What lies around it.
    pub(crate) asking: &'a dyn Asking,
    /// The register of questions.
    pub(crate) questions: &'a [&'static Question],
    /// The values of the rule's parameters.
    pub(crate) parameters: &'a [Value],
}

/// What questions answered about one resource, by their position.
pub(crate) type Answers = BTreeMap<usize, Value>;

/// Evaluates expressions about one resource. Answers of questions are kept, so
/// that a rule's condition and its evidence ask once.
pub(crate) struct Evaluation<'a> {
    world: &'a World<'a>,
    identity: Value,
    item: Option<Value>,
    answers: Answers,
    locals: Vec<Value>,
    steps: usize,
}

type Outcome = Result<Value, Fault>;

impl<'a> Evaluation<'a> {
    /// With what questions answered before.
    pub(crate) fn new(world: &'a World<'a>, answers: Answers) -> Self {
        Self {
            world,
            identity: world.subject.identity(),
            item: None,
            answers,
            locals: Vec::new(),
            steps: 0,
        }
    }

    /// What the questions answered, for the next evaluation.
    pub(crate) fn into_answers(self) -> Answers {
        self.answers
    }

    /// Sets `item`, the part that is judged.
    pub(crate) fn set_item(&mut self, item: Value) {
        self.item = Some(item);
    }

    /// Evaluates a checked expression.
    pub(crate) fn run(&mut self, program: &Program) -> Outcome {
        self.locals.clear();
        self.locals.resize(program.slots, Value::Absent);
        self.steps = 0;
        self.eval(&program.root)
    }

    /// Counts work: nodes, and items that are looked at without a node.
    fn charge(&mut self, node: &Node, steps: usize) -> Result<(), Fault> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > STEP_LIMIT {
            return Err(Fault::new(node.at, format!("this takes more than {STEP_LIMIT} steps")));
        }
        Ok(())
    }

    /// What a name or a chain of members stands for, without copying what lies
    /// between. `None` for all other code, and for what cannot be followed.
    fn borrowed(&self, node: &Node) -> Option<&Value> {
        match &node.code {
            Code::Literal(_) => None,
            Code::Identity => Some(&self.identity),
            Code::Document => Some(&self.world.subject.document),
            Code::Item => self.item.as_ref(),
            Code::Parameter(index) => self.world.parameters.get(*index),
            Code::Local(slot) => self.locals.get(*slot),
            Code::Field(record, index) => match self.borrowed(record)? {
                Value::Record(fields) => fields.get(*index),
                other @ (Value::Unknown(_) | Value::Absent) => Some(other),
                _ => None,
            },
            _ => None,
        }
    }

    fn eval(&mut self, node: &Node) -> Outcome {
        self.charge(node, 1)?;
        if let Some(value) = self.borrowed(node) {
            return Ok(value.clone());
        }
        match &node.code {
            Code::Literal(value) => Ok(value.clone()),
            Code::Now => Ok(Value::Time(self.world.asking.now())),
            Code::Item => Err(Fault::new(node.at, "there is no `item` here")),
            Code::Identity | Code::Document | Code::Local(_) | Code::Parameter(_) => {
                Err(Fault::shape("a name"))
            }
            Code::List(items) => {
                let items = items.iter().map(|item| self.eval(item)).collect::<Result<_, _>>()?;
                Ok(Value::list(items))
            }
            Code::Field(record, index) => match self.eval(record)? {
                Value::Record(fields) => {
                    fields.get(*index).cloned().ok_or_else(|| Fault::shape("a field"))
                }
                other @ (Value::Unknown(_) | Value::Absent) => Ok(other),
                _ => Err(Fault::shape("a field")),
            },
            Code::Has(record, index) => match self.eval(record)? {
                Value::Record(fields) => match fields.get(*index) {
                    Some(Value::Absent) => Ok(Value::Bool(false)),
                    Some(Value::Unknown(gaps)) => Ok(Value::Unknown(gaps.clone())),
                    Some(_) => Ok(Value::Bool(true)),
                    None => Err(Fault::shape("has")),
                },
                Value::Unknown(gaps) => Ok(Value::Unknown(gaps)),
                _ => Err(absent(node)),
            },
            Code::Index(list, key) => self.index(node, list, key),
            Code::Not(inner) => Ok((!self.truth(inner)?).into()),
            Code::And(a, b) => match self.truth(a)? {
                Truth::False => Ok(Value::Bool(false)),
                left => Ok(left.and(self.truth(b)?).into()),
            },
            Code::Or(a, b) => match self.truth(a)? {
                Truth::True => Ok(Value::Bool(true)),
                left => Ok(left.or(self.truth(b)?).into()),
            },
            Code::If(condition, yes, no) => match self.truth(condition)? {
                Truth::True => self.eval(yes),
                Truth::False => self.eval(no),
                Truth::Unknown(gaps) => {
                    let (yes, no) = (self.eval(yes)?, self.eval(no)?);
                    Ok(either(&gaps, yes, no))
                }
            },
            Code::Compare(relation, a, b) => self.compare(node, *relation, a, b),
            Code::In(needle, hay) => self.membership(node, needle, hay),
            Code::Size(of) => self.size(of),
            Code::Comprehension { over, list, slot, body } => {
                self.comprehension(node, *over, list, (*slot, body))
            }
            Code::Call(function, arguments) => {
                let mut known = Vec::with_capacity(arguments.len());
                // Gaps or not: what AWS answered may leave a question open, too.
                let mut unknown: Option<Gaps> = None;
                for argument in arguments {
                    match self.present(argument)? {
                        Value::Unknown(gaps) => {
                            unknown = Some(unknown.unwrap_or(Gaps::NONE).union(&gaps));
                        }
                        value => known.push(value),
                    }
                }
                match unknown {
                    None => function.call(&known, self.world.asking.now()),
                    Some(gaps) => Ok(Value::Unknown(gaps)),
                }
            }
            Code::Matches(text, pattern) => match self.present(text)? {
                Value::Text(text) => Ok(Value::Bool(pattern.is_match(&text))),
                Value::Unknown(gaps) => Ok(Value::Unknown(gaps)),
                _ => Err(Fault::shape("matches")),
            },
            Code::Question(index) => self.ask(*index),
            Code::Find(kind, key) => match self.present(key)? {
                Value::Text(key) => {
                    let (found, missing) = self.world.asking.find(kind, &key);
                    let items = found.map(|resource| resource.document.clone());
                    Ok(lists::half_read(items.into_iter().collect(), missing))
                }
                Value::Unknown(gaps) => Ok(Value::Unknown(gaps)),
                _ => Err(Fault::shape("find")),
            },
            Code::All(kind) => {
                let (found, missing) = self.world.asking.all(kind);
                self.charge(node, found.len())?;
                let items = found.into_iter().map(|resource| resource.document.clone()).collect();
                Ok(lists::half_read(items, missing))
            }
        }
    }

    /// A value that the checker proved to be there.
    fn present(&mut self, node: &Node) -> Outcome {
        match self.eval(node)? {
            Value::Absent => Err(absent(node)),
            value => Ok(value),
        }
    }

    fn truth(&mut self, node: &Node) -> Result<Truth, Fault> {
        match self.present(node)? {
            Value::Bool(b) => Ok(b.into()),
            Value::Unknown(gaps) => Ok(Truth::Unknown(gaps)),
            _ => Err(Fault::shape("a condition")),
        }
    }

    fn ask(&mut self, index: usize) -> Outcome {
        if let Some(answer) = self.answers.get(&index) {
            return Ok(answer.clone());
        }
        let question = self.world.questions.get(index).ok_or_else(|| Fault::shape("a question"))?;
        let answer = (question.answer)(self.world.subject, self.world.asking);
        let answer = undecided::with_reasons(answer);
        self.answers.insert(index, answer.clone());
        Ok(answer)
    }
}

fn absent(node: &Node) -> Fault {
    Fault::new(node.at, "this is absent here; guard it with has(...)")
}

//! Evaluation: Kleene's logic with the gaps that decided.
//!
//! Only unknowns are absorbed. A fault on an evaluated path is an error of the
//! rule, whatever surrounds it. Steps are counted and bounded.

use super::code::{Code, Node, Order, Over, Program};
use super::kleene::{Truth, equal, order};
use crate::inventory::{Gaps, List, Resource, Value};
use crate::services::{Asking, Question};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many steps one evaluation may take: far more than any rule needs on the
/// largest documents, and a fraction of a second.
const STEP_LIMIT: u64 = 5_000_000;

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
}

/// Evaluates expressions about one resource. Answers of questions are kept, so
/// that a rule's condition and its evidence ask once.
pub(crate) struct Evaluation<'a> {
    world: &'a World<'a>,
    identity: Value,
    item: Option<Value>,
    answers: BTreeMap<usize, Value>,
    locals: Vec<Value>,
    steps: u64,
}

type Outcome = Result<Value, Fault>;

impl<'a> Evaluation<'a> {
    pub(crate) fn new(world: &'a World<'a>) -> Self {
        Self {
            world,
            identity: world.subject.identity(),
            item: None,
            answers: BTreeMap::new(),
            locals: Vec::new(),
            steps: 0,
        }
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

    fn eval(&mut self, node: &Node) -> Outcome {
        self.steps += 1;
        if self.steps > STEP_LIMIT {
            return Err(Fault::new(node.at, format!("this takes more than {STEP_LIMIT} steps")));
        }
        match &node.code {
            Code::Literal(value) => Ok(value.clone()),
            Code::Identity => Ok(self.identity.clone()),
            Code::Document => Ok(self.world.subject.document.clone()),
            Code::Item => {
                self.item.clone().ok_or_else(|| Fault::new(node.at, "there is no `item` here"))
            }
            Code::Now => Ok(Value::Time(self.world.asking.now())),
            Code::Local(slot) => {
                self.locals.get(*slot).cloned().ok_or_else(|| Fault::shape("a variable"))
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
                    Ok(either(&gaps, yes, &no))
                }
            },
            Code::Equal(a, b) => Ok(self.equality(a, b)?.into()),
            Code::NotEqual(a, b) => Ok((!self.equality(a, b)?).into()),
            Code::Compare(by, a, b) => self.compare(node, *by, a, b),
            Code::In(needle, hay) => self.membership(needle, hay),
            Code::Size(of) => self.size(of),
            Code::Comprehension { over, list, slot, body } => {
                self.comprehension(*over, list, *slot, body)
            }
            Code::Call(function, arguments) => {
                let mut known = Vec::with_capacity(arguments.len());
                let mut unknown = Gaps::NONE;
                for argument in arguments {
                    match self.present(argument)? {
                        Value::Unknown(gaps) => unknown = unknown.union(&gaps),
                        value => known.push(value),
                    }
                }
                if unknown.is_empty() {
                    function.call(&known, self.world.asking.now())
                } else {
                    Ok(Value::Unknown(unknown))
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
                    Ok(half_read(items.into_iter().collect(), missing))
                }
                Value::Unknown(gaps) => Ok(Value::Unknown(gaps)),
                _ => Err(Fault::shape("find")),
            },
            Code::All(kind) => {
                let (found, missing) = self.world.asking.all(kind);
                let items = found.into_iter().map(|resource| resource.document.clone()).collect();
                Ok(half_read(items, missing))
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

    fn equality(&mut self, a: &Node, b: &Node) -> Result<Truth, Fault> {
        Ok(equal(&self.present(a)?, &self.present(b)?))
    }

    fn compare(&mut self, node: &Node, by: Order, a: &Node, b: &Node) -> Outcome {
        match (self.present(a)?, self.present(b)?) {
            (Value::Unknown(a), Value::Unknown(b)) => Ok(Value::Unknown(a.union(&b))),
            (Value::Unknown(gaps), _) | (_, Value::Unknown(gaps)) => Ok(Value::Unknown(gaps)),
            (a, b) => {
                let Some(ordering) = order(&a, &b) else {
                    return Err(Fault::new(node.at, "these have no order"));
                };
                Ok(Value::Bool(match by {
                    Order::Less => ordering == Ordering::Less,
                    Order::LessOrEqual => ordering != Ordering::Greater,
                    Order::Greater => ordering == Ordering::Greater,
                    Order::GreaterOrEqual => ordering != Ordering::Less,
                }))
            }
        }
    }

    fn index(&mut self, node: &Node, list: &Node, key: &Node) -> Outcome {
        match (self.present(list)?, self.present(key)?) {
            (Value::Unknown(a), Value::Unknown(b)) => Ok(Value::Unknown(a.union(&b))),
            (Value::Unknown(gaps), _) | (_, Value::Unknown(gaps)) => Ok(Value::Unknown(gaps)),
            // What was not read may stand anywhere in the list.
            (Value::List(list), Value::Int(_)) if !list.missing.is_empty() => {
                Ok(Value::Unknown(list.missing.clone()))
            }
            (Value::List(list), Value::Int(index)) => {
                let found = usize::try_from(index).ok().and_then(|index| list.items.get(index));
                found.cloned().ok_or_else(|| {
                    let size = list.items.len();
                    Fault::new(node.at, format!("there is no item {index} in a list of {size}"))
                })
            }
            (Value::Map(map), Value::Text(key)) => map
                .get(key.as_ref())
                .cloned()
                .ok_or_else(|| Fault::new(node.at, format!("there is no key `{key}`"))),
            _ => Err(Fault::shape("an index")),
        }
    }

    fn membership(&mut self, needle: &Node, hay: &Node) -> Outcome {
        match (self.present(needle)?, self.present(hay)?) {
            (Value::Unknown(a), Value::Unknown(b)) => Ok(Value::Unknown(a.union(&b))),
            // Nothing is in an empty list, whatever it is.
            (Value::Unknown(_), Value::List(list))
                if list.items.is_empty() && list.missing.is_empty() =>
            {
                Ok(Value::Bool(false))
            }
            (_, Value::Unknown(gaps)) => Ok(Value::Unknown(gaps)),
            (Value::Unknown(gaps), Value::Map(map)) if !map.is_empty() => Ok(Value::Unknown(gaps)),
            (Value::Unknown(_), Value::Map(_)) => Ok(Value::Bool(false)),
            (Value::Text(key), Value::Map(map)) => Ok(Value::Bool(map.contains_key(key.as_ref()))),
            (needle, Value::List(list)) => {
                let start = incomplete(&list, Truth::False);
                let found =
                    list.items.iter().fold(start, |so_far, item| so_far.or(equal(&needle, item)));
                Ok(found.into())
            }
            _ => Err(Fault::shape("in")),
        }
    }

    fn size(&mut self, of: &Node) -> Outcome {
        let size = match self.present(of)? {
            Value::Unknown(gaps) => return Ok(Value::Unknown(gaps)),
            Value::List(list) if !list.missing.is_empty() => {
                return Ok(Value::Unknown(list.missing.clone()));
            }
            Value::List(list) => list.items.len(),
            Value::Map(map) => map.len(),
            Value::Text(text) => text.chars().count(),
            _ => return Err(Fault::shape("size")),
        };
        Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
    }

    fn comprehension(&mut self, over: Over, list: &Node, slot: usize, body: &Node) -> Outcome {
        let list = match self.present(list)? {
            Value::List(list) => list,
            Value::Map(map) => Arc::new(List {
                items: map.keys().map(|key| Value::text(key)).collect(),
                missing: Gaps::NONE,
            }),
            Value::Unknown(gaps) => return Ok(Value::Unknown(gaps)),
            _ => return Err(Fault::shape("a comprehension")),
        };
        match over {
            Over::All => self.fold(&list, slot, body, Truth::True, Truth::False, Truth::and),
            Over::Exists => self.fold(&list, slot, body, Truth::False, Truth::True, Truth::or),
            Over::ExistsOne => self.exactly_one(&list, slot, body),
            Over::Filter => {
                let mut items = Vec::new();
                let mut missing = list.missing.clone();
                for item in &list.items {
                    self.bind(slot, item.clone());
                    match self.truth(body)? {
                        Truth::True => items.push(item.clone()),
                        Truth::False => {}
                        Truth::Unknown(gaps) => missing = missing.union(&gaps),
                    }
                }
                Ok(half_read(items, missing))
            }
            Over::Map => {
                let mut items = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    self.bind(slot, item.clone());
                    items.push(self.present(body)?);
                }
                Ok(half_read(items, list.missing.clone()))
            }
        }
    }

    fn bind(&mut self, slot: usize, value: Value) {
        if let Some(local) = self.locals.get_mut(slot) {
            *local = value;
        }
    }

    /// `all` and `exists`: ends at the value that settles it.
    fn fold(
        &mut self,
        list: &List,
        slot: usize,
        body: &Node,
        start: Truth,
        settles: Truth,
        combine: fn(Truth, Truth) -> Truth,
    ) -> Outcome {
        let mut so_far = incomplete(list, start);
        for item in &list.items {
            self.bind(slot, item.clone());
            so_far = combine(so_far, self.truth(body)?);
            if so_far == settles {
                break;
            }
        }
        Ok(so_far.into())
    }

    fn exactly_one(&mut self, list: &List, slot: usize, body: &Node) -> Outcome {
        let mut sure = 0;
        let mut unknown = list.missing.clone();
        for item in &list.items {
            self.bind(slot, item.clone());
            match self.truth(body)? {
                Truth::True => sure += 1,
                Truth::False => {}
                Truth::Unknown(gaps) => unknown = unknown.union(&gaps),
            }
        }
        Ok(match (sure, unknown.is_empty()) {
            (2.., _) => Value::Bool(false),
            (count, true) => Value::Bool(count == 1),
            (_, false) => Value::Unknown(unknown),
        })
    }

    fn ask(&mut self, index: usize) -> Outcome {
        if let Some(answer) = self.answers.get(&index) {
            return Ok(answer.clone());
        }
        let question = self.world.questions.get(index).ok_or_else(|| Fault::shape("a question"))?;
        let answer = (question.answer)(self.world.subject, self.world.asking);
        self.answers.insert(index, answer.clone());
        Ok(answer)
    }
}

fn absent(node: &Node) -> Fault {
    Fault::new(node.at, "this is absent here; guard it with has(...)")
}

fn half_read(items: Vec<Value>, missing: Gaps) -> Value {
    Value::List(Arc::new(List { items, missing }))
}

/// Where a fold over a list begins: what was not read is unknown.
fn incomplete(list: &List, start: Truth) -> Truth {
    if list.missing.is_empty() { start } else { Truth::Unknown(list.missing.clone()) }
}

/// One of two values, not known which: known where both are the same.
fn either(condition: &Gaps, yes: Value, no: &Value) -> Value {
    if equal(&yes, no) == Truth::True {
        return yes;
    }
    [&yes, no].into_iter().fold(Value::Unknown(condition.clone()), |so_far, value| {
        match (so_far, value) {
            (Value::Unknown(gaps), Value::Unknown(more)) => Value::Unknown(gaps.union(more)),
            (so_far, _) => so_far,
        }
    })
}

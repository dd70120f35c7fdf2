//! Mutants: a condition with one operator or number changed. Examples that do
//! not notice say too little.

use super::code::{Code, Node, Over, Program, Relation};
use crate::inventory::Value;

/// A condition with one change.
pub(crate) struct Mutant {
    /// The condition.
    pub(crate) program: Program,
    /// The character in the source.
    pub(crate) at: usize,
    /// What was changed, as `&&` to `||`.
    pub(crate) from: String,
    pub(crate) to: String,
}

/// Every mutant of a condition, in the order of the source.
pub(crate) fn mutants(program: &Program) -> Vec<Mutant> {
    let mut all = Vec::new();
    let mut position = 0;
    while let Some(node) = nth(&program.root, position) {
        for change in changes(&node.code) {
            let mut mutant = program.clone();
            if let Some(node) = nth_mut(&mut mutant.root, position) {
                node.code = change.code;
            }
            let Change { from, to, .. } = change;
            all.push(Mutant { program: mutant, at: node.at, from, to });
        }
        position += 1;
    }
    all.sort_by_key(|mutant| mutant.at);
    all
}

struct Change {
    from: String,
    to: String,
    code: Code,
}

impl Change {
    fn new(from: impl Into<String>, to: impl Into<String>, code: Code) -> Self {
        Self { from: from.into(), to: to.into(), code }
    }
}

fn changes(code: &Code) -> Vec<Change> {
    match code {
        Code::And(a, b) => vec![Change::new("&&", "||", Code::Or(a.clone(), b.clone()))],
        Code::Or(a, b) => vec![Change::new("||", "&&", Code::And(a.clone(), b.clone()))],
        Code::Not(inner) => vec![Change::new("!", "nothing", inner.code.clone())],
        Code::If(condition, yes, no) => {
            let swapped = Code::If(condition.clone(), no.clone(), yes.clone());
            vec![Change::new("x ? a : b", "x ? b : a", swapped)]
        }
        Code::In(needle, hay) => {
            let inner = Node { code: Code::In(needle.clone(), hay.clone()), at: needle.at };
            vec![Change::new("in", "not in", Code::Not(Box::new(inner)))]
        }
        Code::Compare(relation, a, b) => {
            let other = opposite(*relation);
            let flipped = Code::Compare(other, a.clone(), b.clone());
            let mut all = vec![Change::new(sign(*relation), sign(other), flipped)];
            for (number, on_left) in [(number_of(a), true), (number_of(b), false)] {
                let Some(number) = number else { continue };
                for next in [number.saturating_sub(1), number.saturating_add(1)] {
                    let side = if on_left { a } else { b };
                    let literal = Node { code: Code::Literal(Value::Int(next)), at: side.at };
                    let (a, b) = match on_left {
                        true => (Box::new(literal), b.clone()),
                        false => (a.clone(), Box::new(literal)),
                    };
                    let (from, to) = (number.to_string(), next.to_string());
                    all.push(Change::new(from, to, Code::Compare(*relation, a, b)));
                }
            }
            all
        }
        Code::Comprehension { over, list, slot, body } => {
            let other = match over {
                Over::All => Over::Exists,
                Over::Exists | Over::ExistsOne => Over::All,
                Over::Filter | Over::Map => return Vec::new(),
            };
            let (list, body) = (list.clone(), body.clone());
            let code = Code::Comprehension { over: other, list, slot: *slot, body };
            vec![Change::new(word(*over), word(other), code)]
        }
        _ => Vec::new(),
    }
}

fn number_of(node: &Node) -> Option<i64> {
    match node.code {
        Code::Literal(Value::Int(number)) => Some(number),
        _ => None,
    }
}

/// The relation that differs by the boundary; `==` and `!=` are each other's.
fn opposite(relation: Relation) -> Relation {
    match relation {
        Relation::Equal => Relation::NotEqual,
        Relation::NotEqual => Relation::Equal,
        Relation::Less => Relation::LessOrEqual,
        Relation::LessOrEqual => Relation::Less,
        Relation::Greater => Relation::GreaterOrEqual,
        Relation::GreaterOrEqual => Relation::Greater,
    }
}

fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "==",
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessOrEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterOrEqual => ">=",
    }
}

fn word(over: Over) -> &'static str {
    match over {
        Over::All => "all",
        Over::Exists => "exists",
        Over::ExistsOne => "exists_one",
        Over::Filter => "filter",
        Over::Map => "map",
    }
}

/// The node at a position, counted depth first.
fn nth(root: &Node, position: usize) -> Option<&Node> {
    let mut open = vec![root];
    let mut left = position;
    while let Some(node) = open.pop() {
        if left == 0 {
            return Some(node);
        }
        left -= 1;
        let mut children = children(&node.code);
        children.reverse();
        open.append(&mut children);
    }
    None
}

/// The same, to be changed.
fn nth_mut(root: &mut Node, position: usize) -> Option<&mut Node> {
    let mut open = vec![root];
    let mut left = position;
    while let Some(node) = open.pop() {
        if left == 0 {
            return Some(node);
        }
        left -= 1;
        let mut children = children_mut(&mut node.code);
        children.reverse();
        open.append(&mut children);
    }
    None
}

/// The nodes below a node, in a fixed order.
macro_rules! below {
    ($code:expr, $iter:ident) => {
        match $code {
            Code::Literal(_)
            | Code::Identity
            | Code::Document
            | Code::Item
            | Code::Now
            | Code::Parameter(_)
            | Code::Local(_)
            | Code::Question(_)
            | Code::All(_) => Vec::new(),
            Code::List(items) | Code::Call(_, items) => items.$iter().collect(),
            Code::Field(inner, _)
            | Code::Has(inner, _)
            | Code::Not(inner)
            | Code::Size(inner)
            | Code::Matches(inner, _)
            | Code::Find(_, inner) => vec![inner],
            Code::Index(a, b)
            | Code::And(a, b)
            | Code::Or(a, b)
            | Code::Compare(_, a, b)
            | Code::In(a, b) => vec![a, b],
            Code::If(a, b, c) => vec![a, b, c],
            Code::Comprehension { list, body, .. } => vec![list, body],
        }
    };
}

fn children(code: &Code) -> Vec<&Node> {
    below!(code, iter)
}

fn children_mut(code: &mut Code) -> Vec<&mut Node> {
    below!(code, iter_mut)
}

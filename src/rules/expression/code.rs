//! Checked expressions: names resolved to positions, ready to be evaluated.

use super::functions::Function;
use crate::inventory::{Type, Value};
use regex::Regex;
use std::cmp::Ordering;

/// A checked expression and its type.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) root: Node,
    pub(crate) ty: Type,
    /// How many variables it binds at most.
    pub(crate) slots: usize,
}

/// A node, with its place in the source for run-time faults.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) code: Code,
    pub(crate) at: usize,
}

/// What a comparison asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// The answer for this order of the two sides.
    pub(crate) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering == Ordering::Equal,
            Self::NotEqual => ordering != Ordering::Equal,
            Self::Less => ordering == Ordering::Less,
            Self::LessOrEqual => ordering != Ordering::Greater,
            Self::Greater => ordering == Ordering::Greater,
            Self::GreaterOrEqual => ordering != Ordering::Less,
        }
    }

    /// True where this is false.
    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }

    /// The same with the sides exchanged.
    pub(crate) fn mirrored(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }
}

/// What a comprehension makes of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

/// What a node does.
#[derive(Clone, Debug)]
pub(crate) enum Code {
    Literal(Value),
    List(Vec<Node>),
    /// `self`
    Identity,
    /// `resource`
    Document,
    /// `item`
    Item,
    /// `parameters.name`: its position.
    Parameter(usize),
    /// `now`
    Now,
    /// A variable of a comprehension.
    Local(usize),
    /// A field of a record; on an absent record, absent, where the checker
    /// allowed that.
    Field(Box<Node>, usize),
    /// `has(record.field)`
    Has(Box<Node>, usize),
    Index(Box<Node>, Box<Node>),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Compare(Relation, Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    Size(Box<Node>),
    Comprehension {
        over: Over,
        list: Box<Node>,
        slot: usize,
        body: Box<Node>,
    },
    Call(&'static Function, Vec<Node>),
    Matches(Box<Node>, Box<Regex>),
    /// A named question about `self`: its position in the register.
    Question(usize),
    /// `find(type, key)`
    Find(&'static str, Box<Node>),
    /// `all(type)`
    All(&'static str),
}

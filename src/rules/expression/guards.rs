//! Which optional members are proven to be there.

use std::collections::BTreeSet;

/// Where a value comes from, if that can be said: what a `has` can guard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Root(&'static str),
    Local(usize),
    Question(usize),
    Field(usize),
    Key(String),
}

impl Path {
    pub(crate) fn root(name: &'static str) -> Self {
        Self(vec![Step::Root(name)])
    }

    pub(crate) fn local(unique: usize) -> Self {
        Self(vec![Step::Local(unique)])
    }

    pub(crate) fn question(index: usize) -> Self {
        Self(vec![Step::Question(index)])
    }

    pub(crate) fn field(&self, index: usize) -> Self {
        self.then(Step::Field(index))
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

/// What is proven to be there.
pub(crate) type Present = BTreeSet<Path>;

/// What a boolean expression proves when it is true, and when it is false.
///
/// This holds with unknowns, too: a guard that is unknown because of its own
/// `has` reads an unknown, never an absent value; and any other unknown beside
/// a `has` that is false leaves `&&` false and `||` true.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proof {
    pub(crate) if_true: Present,
    pub(crate) if_false: Present,
}

fn both(a: &Present, b: &Present) -> Present {
    a.union(b).cloned().collect()
}

fn common(a: &Present, b: &Present) -> Present {
    a.intersection(b).cloned().collect()
}

impl Proof {
    pub(crate) fn present(path: Path) -> Self {
        Self { if_true: Present::from([path]), if_false: Present::new() }
    }

    pub(crate) fn not(self) -> Self {
        Self { if_true: self.if_false, if_false: self.if_true }
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        Self {
            if_true: both(&self.if_true, &other.if_true),
            if_false: common(&self.if_false, &other.if_false),
        }
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        Self {
            if_true: common(&self.if_true, &other.if_true),
            if_false: both(&self.if_false, &other.if_false),
        }
    }

    pub(crate) fn choose(&self, yes: &Self, no: &Self) -> Self {
        Self {
            if_true: common(&both(&self.if_true, &yes.if_true), &both(&self.if_false, &no.if_true)),
            if_false: common(
                &both(&self.if_true, &yes.if_false),
                &both(&self.if_false, &no.if_false),
            ),
        }
    }
}

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
    Item(usize),
}

/// How many items of a list a guard can prove: enough for any rule.
const MAX_ITEMS: usize = 16;

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

    pub(crate) fn item(&self, position: usize) -> Self {
        self.then(Step::Item(position))
    }

    /// The first items of a list.
    pub(crate) fn items(&self, count: usize) -> Present {
        (0..count.min(MAX_ITEMS)).map(|position| self.item(position)).collect()
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

/// What is proven to be there.
pub(crate) type Present = BTreeSet<Path>;

/// What a boolean expression proves when it is true, and when it is false: which
/// members, keys and items are then not absent, though they may be unknown.
///
/// If it is unknown, both sets hold. A `has` is unknown only where its member
/// is, `'k' in m` only where `m` is, and a size only where the list is unknown
/// or half read, so that its items are. `&&` and `||` are unknown only if no
/// side decides alone, and what one of them proves in common is proven by each.
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

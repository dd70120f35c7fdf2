//! Random expressions that mean something: well typed, most of them guarded.

use super::account::{Other, Part, Thing};
use super::write::{
    and, bool_literal, call, choose, float_literal, ident, int_literal, list, method, not, or,
    select, text_literal, write,
};
use crate::inventory::{Presence, Record, RecordType, SELF_TYPE, Type};
use cel::common::ast::{IdedExpr, operators};

/// A small random generator (splitmix64): the same numbers in every run.
#[derive(Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// The texts and numbers of expressions and documents: few, so that they meet.
pub(super) const TEXTS: [&str; 3] = ["a", "b", "aB"];
pub(super) const INTS: [i64; 3] = [0, 1, 2];
pub(super) const FLOATS: [f64; 2] = [1.0, 1.5];

/// Makes expressions.
pub(super) struct Generator {
    pub(super) random: Random,
    /// Whether optional members may be read without a guard.
    pub(super) careless: bool,
    /// Whether to keep to what cel's own interpreter knows.
    pub(super) common: bool,
    locals: Vec<(String, Type)>,
    /// What guards around the current place prove.
    present: Vec<(IdedExpr, Type)>,
}

fn part() -> Type {
    Type::Record(Part::record_type())
}

fn other() -> Type {
    Type::Record(Other::record_type())
}

fn list_of(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            careless: false,
            common: false,
            locals: Vec::new(),
            present: Vec::new(),
        }
    }

    /// An expression of any type; mostly a condition.
    pub(super) fn expression(&mut self) -> IdedExpr {
        let depth = 2 + self.random.below(3);
        let ty = match self.random.below(10) {
            0 => Type::Int,
            1 => Type::Text,
            2 => [list_of(Type::Int), list_of(Type::Text), list_of(part()), part()]
                [self.random.below(4)]
            .clone(),
            _ => Type::Bool,
        };
        self.any(&ty, depth)
    }

    /// An expression of a type.
    pub(super) fn any(&mut self, ty: &Type, depth: usize) -> IdedExpr {
        if depth == 0 {
            return self.leaf(ty);
        }
        if self.random.percent(8) {
            let condition = self.condition(depth - 1);
            return choose(condition, self.any(ty, depth - 1), self.any(ty, depth - 1));
        }
        match ty {
            Type::Bool => self.condition(depth),
            Type::Int if self.random.percent(40) => self.number(depth),
            Type::Text if self.random.percent(20) && !self.common => {
                call("lower", [self.any(&Type::Text, depth - 1)])
            }
            Type::List(item) => self.list(item, depth),
            _ => self.leaf(ty),
        }
    }

    fn leaf(&mut self, ty: &Type) -> IdedExpr {
        if self.random.percent(75)
            && let Some(read) = self.read(ty)
        {
            return read;
        }
        match ty {
            Type::Bool => bool_literal(self.random.percent(50)),
            Type::Int => int_literal(self.random.pick(&INTS)),
            Type::Float => float_literal(self.random.pick(&FLOATS)),
            Type::Text => text_literal(self.random.pick(&TEXTS)),
            Type::Time => ident("now"),
            Type::Record(record) if *record == Other::record_type() => {
                // There is no other way to one: any list has to have an item.
                self.read(ty).unwrap_or_else(|| ident("none"))
            }
            Type::Record(_) => select(ident("resource"), "Part"),
            Type::Map(item) if **item == Type::Int => select(ident("resource"), "Map"),
            Type::Map(_) => select(ident("self"), "tags"),
            Type::List(item) => match item.as_ref() {
                Type::Record(record) if *record == Other::record_type() => {
                    call("all", [text_literal("test.other")])
                }
                Type::Record(_) => select(ident("resource"), "Parts"),
                item => {
                    let count = 1 + self.random.below(3);
                    list((0..count).map(|_| self.leaf(item)).collect())
                }
            },
        }
    }

    /// Reads something of a type, if there is something.
    fn read(&mut self, ty: &Type) -> Option<IdedExpr> {
        (0..4).find_map(|_| {
            let (root, root_type) = self.root();
            self.walk(root, &root_type, ty, 2)
        })
    }

    fn root(&mut self) -> (IdedExpr, Type) {
        match self.random.below(10) {
            0..4 if !self.locals.is_empty() => {
                let (name, ty) = self.random.pick(&self.locals);
                (ident(&name), ty)
            }
            4..7 if !self.present.is_empty() => self.random.pick(&self.present),
            7 if !self.common => (method(ident("test"), "part", [ident("self")]), part()),
            8 => (ident("self"), Type::Record(&SELF_TYPE)),
            _ => (ident("resource"), Type::Record(Thing::record_type())),
        }
    }

    fn walk(&mut self, from: IdedExpr, found: &Type, ty: &Type, steps: usize) -> Option<IdedExpr> {
        if found == ty {
            return Some(from);
        }
        let Type::Record(record) = found else { return None };
        let fits = |field: &&crate::inventory::Field| {
            field.ty == *ty || (steps > 0 && matches!(field.ty, Type::Record(_)))
        };
        let fields: Vec<_> = record.fields.iter().filter(fits).collect();
        if fields.is_empty() {
            return None;
        }
        let field = self.random.pick(&fields);
        let member = select(from, field.name);
        let guarded = field.presence == Presence::Always
            || self.present.iter().any(|(path, _)| write(path) == write(&member));
        if guarded || (self.careless && self.random.percent(15)) {
            self.walk(member, &field.ty, ty, steps.saturating_sub(1))
        } else {
            None
        }
    }

    fn number(&mut self, depth: usize) -> IdedExpr {
        if self.random.percent(15) && !self.common {
            return call("days_since", [self.any(&Type::Time, depth - 1)]);
        }
        let of = match self.random.below(6) {
            0 => self.any(&Type::Text, depth - 1),
            1 => self.leaf(&Type::Map(Box::new(Type::Int))),
            2 => self.any(&list_of(part()), depth - 1),
            3 if !self.common => self.any(&list_of(other()), depth - 1),
            4 => self.any(&list_of(Type::Text), depth - 1),
            _ => self.any(&list_of(Type::Int), depth - 1),
        };
        if self.random.percent(50) { call("size", [of]) } else { method(of, "size", []) }
    }

    fn list(&mut self, item: &Type, depth: usize) -> IdedExpr {
        match self.random.below(6) {
            0 => {
                let list = self.any(&list_of(item.clone()), depth - 1);
                let (variable, body) = self.body(item, &Type::Bool, depth - 1);
                method(list, "filter", [variable, body])
            }
            1 if matches!(item, Type::Int | Type::Text) => {
                let from = self.item_type();
                let list = self.any(&list_of(from.clone()), depth - 1);
                let (variable, body) = self.body(&from, item, depth - 1);
                method(list, "map", [variable, body])
            }
            2 if *item == other() => {
                call("find", [text_literal("test.other"), self.any(&Type::Text, depth - 1)])
            }
            _ => self.leaf(&list_of(item.clone())),
        }
    }

    fn item_type(&mut self) -> Type {
        match self.random.below(5) {
            0 | 1 => Type::Int,
            2 => Type::Text,
            3 if !self.common => other(),
            _ => part(),
        }
    }

    /// A variable, and an expression of a type in which it is known.
    fn body(&mut self, item: &Type, ty: &Type, depth: usize) -> (IdedExpr, IdedExpr) {
        let name = format!("x{}", self.locals.len());
        self.locals.push((name.clone(), item.clone()));
        let before = self.present.len();
        let body = self.any(ty, depth);
        self.present.truncate(before);
        self.locals.pop();
        (ident(&name), body)
    }

    fn condition(&mut self, depth: usize) -> IdedExpr {
        if depth == 0 {
            return self.atom(0);
        }
        match self.random.below(14) {
            0 => not(self.condition(depth - 1)),
            1 | 2 => and(self.condition(depth - 1), self.condition(depth - 1)),
            3 | 4 => or(self.condition(depth - 1), self.condition(depth - 1)),
            5 => choose(
                self.condition(depth - 1),
                self.condition(depth - 1),
                self.condition(depth - 1),
            ),
            6..9 => self.guarded(depth),
            9..12 => self.comprehension(depth),
            _ => self.atom(depth),
        }
    }

    fn comprehension(&mut self, depth: usize) -> IdedExpr {
        let name = self.random.pick(&["all", "exists", "exists_one"]);
        if self.random.percent(10) {
            let map = self.leaf(&Type::Map(Box::new(Type::Int)));
            let (variable, body) = self.body(&Type::Text, &Type::Bool, depth - 1);
            return method(map, name, [variable, body]);
        }
        let item = self.item_type();
        let list = self.any(&list_of(item.clone()), depth - 1);
        let (variable, body) = self.body(&item, &Type::Bool, depth - 1);
        method(list, name, [variable, body])
    }

    /// A guard, and something that stands on what it proves.
    fn guarded(&mut self, depth: usize) -> IdedExpr {
        let Some((guard, member, ty)) = self.guard() else { return self.atom(depth) };
        let before = self.present.len();
        self.present.push((member.clone(), ty.clone()));
        let inner = if self.random.percent(50) && matches!(ty, Type::Int | Type::Text) {
            self.comparison(&ty, member, depth - 1)
        } else {
            self.condition(depth - 1)
        };
        self.present.truncate(before);
        let aside = self.condition(depth - 1);
        match self.random.below(if self.careless { 8 } else { 6 }) {
            0 => and(guard, inner),
            1 => or(not(guard), inner),
            2 => choose(guard, inner, aside),
            3 => choose(not(guard), aside, inner),
            4 => and(and(guard, aside), inner),
            5 => or(not(and(aside, guard)), inner),
            6 => or(guard, inner),
            _ => and(or(guard, aside), inner),
        }
    }

    /// A guard, what it proves to be there, and the type of that.
    fn guard(&mut self) -> Option<(IdedExpr, IdedExpr, Type)> {
        match self.random.below(6) {
            0 => {
                let item = if self.random.percent(50) { Type::Int } else { part() };
                let list = self.read(&list_of(item.clone()))?;
                let position = i64::from(self.random.percent(20));
                let size = call("size", [list.clone()]);
                let number = int_literal(position);
                let more = int_literal(position + 1);
                let guard = match self.random.below(4) {
                    0 => call(operators::GREATER, [size, number]),
                    1 => call(operators::LESS_EQUALS, [more, size]),
                    2 => call(operators::EQUALS, [size, more]),
                    _ => not(call(operators::LESS, [size, more])),
                };
                let member = call(operators::INDEX, [list, int_literal(position)]);
                Some((guard, member, item))
            }
            1 => {
                let value = if self.random.percent(50) { Type::Int } else { Type::Text };
                let map = self.leaf(&Type::Map(Box::new(value.clone())));
                let key = text_literal(self.random.pick(&TEXTS));
                let guard = call(operators::IN, [key.clone(), map.clone()]);
                Some((guard, call(operators::INDEX, [map, key]), value))
            }
            _ => {
                let (root, ty) = self.root();
                let Type::Record(record) = ty else { return None };
                self.optional_member(root, record)
            }
        }
    }

    fn optional_member(
        &mut self,
        root: IdedExpr,
        record: &'static RecordType,
    ) -> Option<(IdedExpr, IdedExpr, Type)> {
        let optional = |field: &&crate::inventory::Field| field.presence == Presence::Optional;
        let fields: Vec<_> = record.fields.iter().filter(optional).collect();
        if fields.is_empty() {
            return None;
        }
        let field = self.random.pick(&fields);
        let member = select(root, field.name);
        Some((call("has", [member.clone()]), member, field.ty.clone()))
    }

    fn comparison(&mut self, ty: &Type, left: IdedExpr, depth: usize) -> IdedExpr {
        let right = self.any(ty, depth);
        let name = match self.random.below(8) {
            0 | 1 => operators::EQUALS,
            2 | 3 => operators::NOT_EQUALS,
            4 => operators::LESS,
            5 => operators::LESS_EQUALS,
            6 => operators::GREATER,
            _ => operators::GREATER_EQUALS,
        };
        let sides = if self.random.percent(80) { [left, right] } else { [right, left] };
        call(name, sides)
    }

    /// A condition about values.
    fn atom(&mut self, depth: usize) -> IdedExpr {
        let deeper = depth.saturating_sub(1);
        match self.random.below(16) {
            0..2 => self.leaf(&Type::Bool),
            2..6 => {
                let left = self.any(&Type::Int, deeper);
                self.comparison(&Type::Int, left, deeper)
            }
            6..8 => {
                let left = self.any(&Type::Text, deeper);
                self.comparison(&Type::Text, left, deeper)
            }
            8 => {
                let ty = self.random.pick(&[Type::Time, Type::Float]);
                let left = self.any(&ty, deeper);
                self.comparison(&ty, left, deeper)
            }
            9 => {
                let int = self.leaf(&Type::Int);
                self.comparison(&Type::Float, int, deeper)
            }
            10 => {
                let name = self.random.pick(&["startsWith", "endsWith", "contains"]);
                let text = self.any(&Type::Text, deeper);
                method(text, name, [self.any(&Type::Text, deeper)])
            }
            11 if !self.common && self.random.percent(25) => {
                let pattern = self.random.pick(&["^a", "b$", "^$", "[AB]"]);
                method(self.any(&Type::Text, deeper), "matches", [text_literal(pattern)])
            }
            12 | 13 => {
                let item = if self.random.percent(60) { Type::Int } else { Type::Text };
                let hay = match self.random.below(4) {
                    0 if item == Type::Text => self.leaf(&Type::Map(Box::new(Type::Int))),
                    _ => self.any(&list_of(item.clone()), deeper),
                };
                call(operators::IN, [self.any(&item, deeper), hay])
            }
            14 => {
                let ty = self.random.pick(&[Type::Bool, list_of(Type::Int), part()]);
                let name = self.random.pick(&[operators::EQUALS, operators::NOT_EQUALS]);
                call(name, [self.any(&ty, deeper), self.any(&ty, deeper)])
            }
            _ => {
                let ty = list_of(if self.random.percent(50) { part() } else { Type::Text });
                let name = self.random.pick(&[operators::EQUALS, operators::NOT_EQUALS]);
                call(name, [self.any(&ty, deeper), self.any(&ty, deeper)])
            }
        }
    }
}

//! Operators: logic, comparisons, membership, indexing, and `size`.

use super::{Checked, Pass, Result, boolean, expect, with};
use crate::inventory::{Type, Value};
use crate::rules::expression::ExpressionError;
use crate::rules::expression::code::{Code, Relation};
use crate::rules::expression::guards::{Present, Proof};
use cel::common::ast::{Expr, IdedExpr, LiteralValue, operators};

impl Pass<'_, '_> {
    pub(super) fn condition(&mut self, tree: &IdedExpr, given: &Present) -> Result<Checked> {
        let checked = self.present(tree, given)?;
        expect(&checked, &Type::Bool)?;
        Ok(checked)
    }

    pub(super) fn conditional(
        &mut self,
        at: usize,
        condition: &IdedExpr,
        yes: &IdedExpr,
        no: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let condition = self.condition(condition, given)?;
        let yes = self.present(yes, &with(given, &condition.proof.if_true))?;
        let no = self.present(no, &with(given, &condition.proof.if_false))?;
        if yes.ty != no.ty {
            return Err(ExpressionError::new(
                no.at,
                format!("one side of `?:` is {}, the other {}", yes.ty.name(), no.ty.name()),
            ));
        }
        let proof = condition.proof.choose(&yes.proof, &no.proof);
        let ty = yes.ty.clone();
        let code = Code::If(condition.boxed(), yes.boxed(), no.boxed());
        Ok(Checked { proof, ..Checked::new(at, code, ty) })
    }

    pub(super) fn comparison(
        &mut self,
        at: usize,
        relation: Relation,
        a: &IdedExpr,
        b: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let (a, b) = (self.present(a, given)?, self.present(b, given)?);
        comparable(at, &a.ty, &b.ty)?;
        let has_order = matches!(a.ty, Type::Int | Type::Float | Type::Text | Type::Time);
        if !has_order && !matches!(relation, Relation::Equal | Relation::NotEqual) {
            return Err(ExpressionError::new(at, format!("{} has no order", a.ty.name())));
        }
        let proof = size_proof(relation, &a, &b);
        Ok(boolean(at, Code::Compare(relation, a.boxed(), b.boxed()), proof))
    }

    pub(super) fn membership(
        &mut self,
        at: usize,
        needle: &IdedExpr,
        hay: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let key = literal_text(needle);
        let (needle, hay) = (self.present(needle, given)?, self.present(hay, given)?);
        let proof = match &hay.ty {
            Type::List(item) => {
                comparable(at, &needle.ty, item)?;
                Proof::default()
            }
            Type::Map(_) => {
                expect(&needle, &Type::Text)?;
                match (key, &hay.path) {
                    (Some(key), Some(path)) => Proof::present(path.key(&key)),
                    _ => Proof::default(),
                }
            }
            other => {
                return Err(ExpressionError::new(
                    hay.at,
                    format!("`in` needs a list or a map, not {}", other.name()),
                ));
            }
        };
        Ok(boolean(at, Code::In(needle.boxed(), hay.boxed()), proof))
    }

    pub(super) fn index(
        &mut self,
        at: usize,
        list: &IdedExpr,
        key: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let literal = literal_text(key);
        let (list, key) = (self.present(list, given)?, self.present(key, given)?);
        let (item, path, hint) = match list.ty.clone() {
            Type::List(item) => {
                expect(&key, &Type::Int)?;
                let position = literal_int(&key).and_then(|n| usize::try_from(n).ok());
                let path = list.path.as_ref().zip(position).map(|(path, n)| path.item(n));
                (item, path, "this item may be absent: guard it, as in `size(l) > 0 && l[0] == 1`")
            }
            Type::Map(item) => {
                expect(&key, &Type::Text)?;
                let path = list.path.as_ref().zip(literal).map(|(path, key)| path.key(&key));
                (item, path, "this key may be absent: guard it, as in `'k' in m && m['k'] == 'v'`")
            }
            other => {
                return Err(ExpressionError::new(at, format!("{} has no items", other.name())));
            }
        };
        if !path.as_ref().is_some_and(|path| given.contains(path)) {
            return Err(ExpressionError::new(at, hint));
        }
        let code = Code::Index(list.boxed(), key.boxed());
        Ok(Checked { path, ..Checked::new(at, code, *item) })
    }

    pub(super) fn size(&mut self, at: usize, of: &IdedExpr, given: &Present) -> Result<Checked> {
        let of = self.present(of, given)?;
        match of.ty {
            Type::List(_) | Type::Map(_) | Type::Text => {
                let measures = of.path.clone().filter(|_| matches!(of.ty, Type::List(_)));
                let code = Code::Size(of.boxed());
                Ok(Checked { measures, ..Checked::new(at, code, Type::Int) })
            }
            _ => Err(ExpressionError::new(at, format!("{} has no size", of.ty.name()))),
        }
    }
}

pub(super) fn literal_text(tree: &IdedExpr) -> Option<String> {
    match &tree.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
        _ => None,
    }
}

fn literal_int(checked: &Checked) -> Option<i64> {
    match checked.code {
        Code::Literal(Value::Int(n)) => Some(n),
        _ => None,
    }
}

/// What comparing the size of a list with a number proves about its items.
fn size_proof(relation: Relation, a: &Checked, b: &Checked) -> Proof {
    let (path, relation, number) = match (&a.measures, &b.measures) {
        (Some(path), _) => (path, relation, literal_int(b)),
        (None, Some(path)) => (path, relation.mirrored(), literal_int(a)),
        (None, None) => return Proof::default(),
    };
    let Some(number) = number.and_then(|n| usize::try_from(n).ok()) else {
        return Proof::default();
    };
    let at_least = |relation| match relation {
        Relation::Equal | Relation::GreaterOrEqual => number,
        Relation::Greater => number.saturating_add(1),
        Relation::NotEqual if number == 0 => 1,
        Relation::NotEqual | Relation::Less | Relation::LessOrEqual => 0,
    };
    Proof {
        if_true: path.items(at_least(relation)),
        if_false: path.items(at_least(relation.negated())),
    }
}

pub(super) fn relation_of(name: &str) -> Option<Relation> {
    match name {
        operators::EQUALS => Some(Relation::Equal),
        operators::NOT_EQUALS => Some(Relation::NotEqual),
        operators::LESS => Some(Relation::Less),
        operators::LESS_EQUALS => Some(Relation::LessOrEqual),
        operators::GREATER => Some(Relation::Greater),
        operators::GREATER_EQUALS => Some(Relation::GreaterOrEqual),
        _ => None,
    }
}

fn comparable(at: usize, a: &Type, b: &Type) -> Result<()> {
    let numbers = matches!(a, Type::Int | Type::Float) && matches!(b, Type::Int | Type::Float);
    if a == b || numbers {
        return Ok(());
    }
    Err(ExpressionError::new(at, format!("{} cannot be compared with {}", a.name(), b.name())))
}

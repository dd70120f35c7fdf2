//! Names, members and `has`.

use super::{Checked, Pass, Result, boolean};
use crate::inventory::{Presence, RecordType, SELF_TYPE, Type};
use crate::rules::expression::ExpressionError;
use crate::rules::expression::code::Code;
use crate::rules::expression::guards::{Path, Present, Proof};
use cel::common::ast::{Expr, IdedExpr, SelectExpr};

impl Pass<'_, '_> {
    pub(super) fn name(&mut self, at: usize, name: &str) -> Result<Checked> {
        if let Some(local) = self.locals.iter().rev().find(|local| local.name == name) {
            let mut checked = Checked::new(at, Code::Local(local.slot), local.ty.clone());
            checked.path = Some(local.path.clone());
            return Ok(checked);
        }
        let scope = &self.checker.scope;
        let (code, ty, root) = match name {
            "self" => (Code::Identity, Type::Record(&SELF_TYPE), "self"),
            "resource" => (Code::Document, Type::Record(scope.kind.record), "resource"),
            "now" => (Code::Now, Type::Time, "now"),
            "item" => match &scope.item {
                Some(ty) => (Code::Item, ty.clone(), "item"),
                None => {
                    return Err(ExpressionError::new(at, "`item` needs `each` in the rule"));
                }
            },
            "parameters" => {
                return Err(ExpressionError::new(at, "name one: `parameters.name`"));
            }
            other => {
                return Err(ExpressionError::new(
                    at,
                    format!(
                        "`{other}` is not known here: there are self, resource, parameters, item \
                         and now"
                    ),
                ));
            }
        };
        let mut checked = Checked::new(at, code, ty);
        checked.path = Some(Path::root(root));
        Ok(checked)
    }

    pub(super) fn select(
        &mut self,
        at: usize,
        select: &SelectExpr,
        given: &Present,
    ) -> Result<Checked> {
        if matches!(&select.operand.expr, Expr::Ident(name) if name == "parameters") {
            return self.parameter(at, &select.field);
        }
        let (record, absent_before) = self.record_of(&select.operand, given)?;
        let (ty, index, presence) = self.field(&record, at, &select.field)?;
        let path = record.path.as_ref().map(|path| path.field(index));
        let proven = path.as_ref().is_some_and(|path| given.contains(path));
        let absent = absent_before || (presence == Presence::Optional && !proven);
        let mut checked = Checked::new(at, Code::Field(record.boxed(), index), ty);
        checked.absent = absent;
        checked.path = path;
        Ok(checked)
    }

    fn parameter(&mut self, at: usize, name: &str) -> Result<Checked> {
        let parameters = self.checker.scope.parameters;
        let found = parameters.iter().enumerate().find(|(_, parameter)| parameter.name == name);
        let Some((index, parameter)) = found else {
            let names: Vec<_> =
                parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(ExpressionError::new(
                at,
                format!("the rule has no parameter `{name}`; it has {known}"),
            ));
        };
        self.checker.parameters.insert(index);
        Ok(Checked::new(at, Code::Parameter(index), parameter.ty.ty()))
    }

    /// What stands before a dot.
    fn record_of(&mut self, tree: &IdedExpr, given: &Present) -> Result<(Checked, bool)> {
        if self.lenient {
            let checked = self.check(tree, given)?;
            let absent = checked.absent;
            Ok((checked, absent))
        } else {
            Ok((self.present(tree, given)?, false))
        }
    }

    /// A member's type, position and presence; notes that it is read.
    fn field(
        &mut self,
        record: &Checked,
        at: usize,
        name: &str,
    ) -> Result<(Type, usize, Presence)> {
        let Type::Record(ty) = record.ty else {
            return Err(ExpressionError::new(
                at,
                format!("{} has no fields, so no `{name}`", record.ty.name()),
            ));
        };
        let Some((index, field)) = ty.field(name) else {
            return Err(no_such_field(at, ty, name));
        };
        if ty == &*SELF_TYPE && field.name == "tags" {
            if self.checker.scope.kind.tags.is_empty() {
                let kind = self.checker.scope.kind.name;
                return Err(ExpressionError::new(at, format!("{kind} has no tags")));
            }
            self.checker.tags = true;
        }
        if let Some(kind) = self.checker.scope.types.iter().find(|kind| kind.record == ty) {
            self.checker.reads.insert((kind.name, field.name));
        }
        Ok((field.ty.clone(), index, field.presence))
    }

    pub(super) fn has(&mut self, at: usize, member: &IdedExpr, given: &Present) -> Result<Checked> {
        let Expr::Select(select) = &member.expr else {
            return Err(ExpressionError::new(at, "has(...) asks for a field, as in has(a.b)"));
        };
        let member_at = self.at(member);
        let record = self.present(&select.operand, given)?;
        let (_, index, _) = self.field(&record, member_at, &select.field)?;
        let proof = record
            .path
            .as_ref()
            .map_or_else(Proof::default, |path| Proof::present(path.field(index)));
        Ok(boolean(at, Code::Has(record.boxed(), index), proof))
    }
}

fn no_such_field(at: usize, record: &RecordType, name: &str) -> ExpressionError {
    let nearest = record
        .fields
        .iter()
        .map(|field| (strsim::damerau_levenshtein(field.name, name), field.name))
        .min()
        .filter(|(distance, _)| *distance <= name.len() / 2)
        .map(|(_, nearest)| format!("; did you mean `{nearest}`?"));
    let hint = nearest.unwrap_or_else(|| {
        let names: Vec<_> = record.fields.iter().map(|field| field.name).collect();
        format!("; it has {}", names.join(", "))
    });
    ExpressionError::new(at, format!("{} has no field `{name}`{hint}", record.name))
}

//! The analysis: types an expression against the schema, finds what it reads
//! and looks up, and refuses what could go wrong later.

mod calls;
mod names;
mod operators;

use super::ExpressionError;
use super::code::{Code, Node, Program};
use super::guards::{Path, Present, Proof};
use super::parse::{Parsed, Places, parse};
use crate::inventory::{ResourceType, Type, Value};
use crate::rules::parameter::Parameter;
use crate::services::Question;
use cel::common::ast::{Expr, IdedExpr, ListExpr, LiteralValue};
use std::collections::BTreeSet;

/// What names mean in an expression.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    /// The type of `resource`.
    pub(crate) kind: &'static ResourceType,
    /// All types, for `find` and `all`.
    pub(crate) types: &'a [&'static ResourceType],
    /// The questions of the services.
    pub(crate) questions: &'a [&'static Question],
    /// The rule's parameters.
    pub(crate) parameters: &'a [Parameter],
    /// The type of `item`, in rules with `each`.
    pub(crate) item: Option<Type>,
}

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// A condition.
    Condition,
    /// A list whose items are judged.
    List,
    /// Text that tells items apart.
    Key,
    /// Anything, to be shown: may be absent, and so may what leads to it.
    Shown,
}

/// Checks the expressions of one rule for one type, and gathers what they read.
pub(crate) struct Checker<'a> {
    scope: Scope<'a>,
    /// Fields read, as (type, field).
    pub(crate) reads: BTreeSet<(&'static str, &'static str)>,
    /// Types looked up.
    pub(crate) lookups: BTreeSet<&'static str>,
    /// Parameters read, by their position.
    pub(crate) parameters: BTreeSet<usize>,
    /// Whether `self.tags` is read.
    pub(crate) tags: bool,
    /// What `when` proves, for everything that is evaluated after it.
    given: Present,
    unique: usize,
}

struct Checked {
    code: Code,
    at: usize,
    ty: Type,
    absent: bool,
    /// Where it comes from, for guards.
    path: Option<Path>,
    /// Of what this is the size, for guards.
    measures: Option<Path>,
    proof: Proof,
}

impl Checked {
    fn new(at: usize, code: Code, ty: Type) -> Self {
        Self { code, at, ty, absent: false, path: None, measures: None, proof: Proof::default() }
    }

    fn node(self) -> Node {
        Node { code: self.code, at: self.at }
    }

    fn boxed(self) -> Box<Node> {
        Box::new(self.node())
    }
}

struct Local {
    name: String,
    slot: usize,
    ty: Type,
    path: Path,
}

/// One expression on its way through the checker.
struct Pass<'c, 'a> {
    checker: &'c mut Checker<'a>,
    places: &'c Places,
    locals: Vec<Local>,
    slots: usize,
    lenient: bool,
}

type Result<T> = std::result::Result<T, ExpressionError>;

impl<'a> Checker<'a> {
    pub(crate) fn new(scope: Scope<'a>) -> Self {
        Self {
            scope,
            reads: BTreeSet::new(),
            lookups: BTreeSet::new(),
            parameters: BTreeSet::new(),
            tags: false,
            given: Present::new(),
            unique: 0,
        }
    }

    /// Sets the type of `item`.
    pub(crate) fn set_item(&mut self, ty: Type) {
        self.scope.item = Some(ty);
    }

    /// Checks a condition that holds for everything checked after it.
    pub(crate) fn condition_that_holds(&mut self, source: &str) -> Result<Program> {
        let (program, proof) = self.check_with_proof(source, Want::Condition)?;
        self.given.extend(proof.if_true);
        Ok(program)
    }

    /// Checks a condition, and then something that is evaluated only if it holds.
    pub(crate) fn guarded<T>(
        &mut self,
        source: &str,
        then: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<(Program, T)> {
        let before = self.given.clone();
        let program = self.condition_that_holds(source)?;
        let result = then(self);
        self.given = before;
        Ok((program, result?))
    }

    /// Checks an expression.
    pub(crate) fn check(&mut self, source: &str, want: Want) -> Result<Program> {
        self.check_with_proof(source, want).map(|(program, _)| program)
    }

    fn check_with_proof(&mut self, source: &str, want: Want) -> Result<(Program, Proof)> {
        self.check_tree(&parse(source)?, want)
    }

    /// Checks what was read.
    pub(super) fn check_tree(&mut self, parsed: &Parsed, want: Want) -> Result<(Program, Proof)> {
        let Parsed { tree, places } = parsed;
        let mut pass = Pass {
            checker: self,
            places,
            locals: Vec::new(),
            slots: 0,
            lenient: want == Want::Shown && is_path(tree),
        };
        let given = pass.checker.given.clone();
        let checked = pass.check(tree, &given)?;
        let slots = pass.slots;
        if checked.absent && want != Want::Shown {
            return Err(unguarded(checked.at));
        }
        let fits = match want {
            Want::Condition => checked.ty == Type::Bool,
            Want::List => matches!(checked.ty, Type::List(_)),
            Want::Key => checked.ty == Type::Text,
            Want::Shown => true,
        };
        if !fits {
            let wanted = match want {
                Want::List => "a list",
                Want::Key => "text",
                _ => "true or false",
            };
            return Err(ExpressionError::new(
                checked.at,
                format!("this has to be {wanted}, and is {}", checked.ty.name()),
            ));
        }
        let proof = checked.proof.clone();
        let ty = checked.ty.clone();
        Ok((Program { root: checked.node(), ty, slots }, proof))
    }
}

fn literal_value(at: usize, literal: &LiteralValue) -> Result<Checked> {
    let (value, ty) = match literal {
        LiteralValue::Boolean(b) => (Value::Bool(*b.inner()), Type::Bool),
        LiteralValue::Int(n) => (Value::Int(*n.inner()), Type::Int),
        LiteralValue::Double(n) => (Value::Float(*n.inner()), Type::Float),
        LiteralValue::String(text) => (Value::text(text.inner()), Type::Text),
        LiteralValue::Null => {
            return Err(ExpressionError::new(
                at,
                "there is no null: what AWS leaves out is absent; ask with has(...)",
            ));
        }
        LiteralValue::Bytes(_) | LiteralValue::UInt(_) => {
            return Err(ExpressionError::new(
                at,
                "only true, false, numbers and text can be written here",
            ));
        }
    };
    Ok(Checked::new(at, Code::Literal(value), ty))
}

fn is_path(tree: &IdedExpr) -> bool {
    match &tree.expr {
        Expr::Ident(_) => true,
        Expr::Select(select) => is_path(&select.operand),
        Expr::Call(call) => {
            call.target.as_ref().is_some_and(|target| matches!(target.expr, Expr::Ident(_)))
        }
        _ => false,
    }
}

fn unguarded(at: usize) -> ExpressionError {
    ExpressionError::new(
        at,
        "this may be absent: guard it with has(...), as in `has(a.b) && a.b == 1` or \
         `!has(a.b) || a.b == 1`",
    )
}

impl Pass<'_, '_> {
    fn at(&self, tree: &IdedExpr) -> usize {
        self.places.at(tree)
    }

    fn check(&mut self, tree: &IdedExpr, given: &Present) -> Result<Checked> {
        let at = self.at(tree);
        match &tree.expr {
            Expr::Literal(literal) => literal_value(at, literal),
            Expr::Ident(name) => self.name(at, name),
            Expr::Select(select) => self.select(at, select, given),
            Expr::List(list) => self.list(at, list, given),
            Expr::Call(call) => self.call(at, call, given),
            Expr::Map(_) | Expr::Struct(_) => {
                Err(ExpressionError::new(at, "maps and structures cannot be written in rules"))
            }
            Expr::Comprehension(_) | Expr::Unspecified => {
                Err(ExpressionError::new(at, "this is not part of the language of rules"))
            }
        }
    }

    fn list(&mut self, at: usize, list: &ListExpr, given: &Present) -> Result<Checked> {
        let mut items = Vec::new();
        let mut ty: Option<Type> = None;
        for element in &list.elements {
            let item = self.present(element, given)?;
            match &ty {
                None => ty = Some(item.ty.clone()),
                Some(ty) if *ty == item.ty => {}
                Some(ty) => {
                    return Err(ExpressionError::new(
                        item.at,
                        format!("a list of {} cannot hold {}", ty.name(), item.ty.name()),
                    ));
                }
            }
            items.push(item.node());
        }
        let ty = ty.ok_or_else(|| {
            ExpressionError::new(at, "an empty list has no type; ask for size(x) == 0")
        })?;
        Ok(Checked::new(at, Code::List(items), Type::List(Box::new(ty))))
    }

    /// Checks something that has to be there.
    fn present(&mut self, tree: &IdedExpr, given: &Present) -> Result<Checked> {
        let checked = self.check(tree, given)?;
        if checked.absent { Err(unguarded(checked.at)) } else { Ok(checked) }
    }
}

fn boolean(at: usize, code: Code, proof: Proof) -> Checked {
    Checked { proof, ..Checked::new(at, code, Type::Bool) }
}

fn with(given: &Present, more: &Present) -> Present {
    given.union(more).cloned().collect()
}

fn expect(checked: &Checked, ty: &Type) -> Result<()> {
    if checked.ty == *ty {
        return Ok(());
    }
    let (wanted, found) = (ty.name(), checked.ty.name());
    Err(ExpressionError::new(checked.at, format!("this has to be {wanted}, and is {found}")))
}

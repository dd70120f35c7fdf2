//! The analysis: types an expression against the schema, finds what it reads
//! and looks up, and refuses what could go wrong later.

use super::ExpressionError;
use super::code::{Code, Node, Order, Over, Program};
use super::functions::{FUNCTIONS, Function};
use super::guards::{Path, Present, Proof};
use crate::inventory::{Presence, RecordType, ResourceType, SELF_TYPE, Type, Value};
use crate::services::Question;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo, operators};
use std::collections::BTreeSet;

/// How deep an expression may nest.
const MAX_DEPTH: u16 = 60;

/// What names mean in an expression.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    /// The type of `resource`.
    pub(crate) kind: &'static ResourceType,
    /// All types, for `find` and `all`.
    pub(crate) types: &'a [&'static ResourceType],
    /// The questions of the services.
    pub(crate) questions: &'a [&'static Question],
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
    path: Option<Path>,
    proof: Proof,
}

impl Checked {
    fn new(at: usize, code: Code, ty: Type) -> Self {
        Self { code, at, ty, absent: false, path: None, proof: Proof::default() }
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
    source: &'c SourceInfo,
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
        let (tree, info) = parse(source)?;
        let mut pass = Pass {
            checker: self,
            source: &info,
            locals: Vec::new(),
            slots: 0,
            lenient: want == Want::Shown && is_path(&tree),
        };
        let given = pass.checker.given.clone();
        let checked = pass.check(&tree, &given)?;
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

/// Reads CEL. Macros stay calls: an environment without the standard library
/// has none to expand.
fn parse(source: &str) -> Result<(IdedExpr, SourceInfo)> {
    let parser = cel::Env::default().with_optional_support(false).parser();
    parser.max_recursion_depth(MAX_DEPTH).parse_with_source_info(source).map_err(|errors| {
        let Some(first) = errors.errors.first() else {
            return ExpressionError::new(0, "this is not an expression");
        };
        let (line, column) = first.pos;
        let line = usize::try_from(line).unwrap_or(1).max(1);
        let column = usize::try_from(column).unwrap_or(1).max(1);
        let before: usize =
            source.split_inclusive('\n').take(line - 1).map(|line| line.chars().count()).sum();
        let message = first.msg.replace("Syntax error: ", "");
        ExpressionError::new(before + column - 1, message)
    })
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
        self.source.offset_for(tree.id).map_or(0, |(start, _)| start as usize)
    }

    fn check(&mut self, tree: &IdedExpr, given: &Present) -> Result<Checked> {
        let at = self.at(tree);
        match &tree.expr {
            Expr::Literal(literal) => {
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
            Expr::Ident(name) => self.name(at, name),
            Expr::Select(select) => self.select(at, select, given),
            Expr::List(list) => {
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
            Expr::Call(call) => self.call(at, call, given),
            Expr::Map(_) | Expr::Struct(_) | Expr::Comprehension(_) | Expr::Unspecified => {
                Err(ExpressionError::new(at, "this is not part of the language of rules"))
            }
        }
    }

    /// Checks something that has to be there.
    fn present(&mut self, tree: &IdedExpr, given: &Present) -> Result<Checked> {
        let checked = self.check(tree, given)?;
        if checked.absent { Err(unguarded(checked.at)) } else { Ok(checked) }
    }

    fn name(&mut self, at: usize, name: &str) -> Result<Checked> {
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
            other => {
                return Err(ExpressionError::new(
                    at,
                    format!("`{other}` is not known here: there are self, resource, item and now"),
                ));
            }
        };
        let mut checked = Checked::new(at, code, ty);
        checked.path = Some(Path::root(root));
        Ok(checked)
    }

    fn select(&mut self, at: usize, select: &SelectExpr, given: &Present) -> Result<Checked> {
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

    fn call(&mut self, at: usize, call: &CallExpr, given: &Present) -> Result<Checked> {
        let name = call.func_name.as_str();
        match (&call.target, call.args.as_slice()) {
            (None, [inner]) if name == operators::LOGICAL_NOT => {
                let inner = self.condition(inner, given)?;
                let proof = inner.proof.clone().not();
                Ok(boolean(at, Code::Not(inner.boxed()), proof))
            }
            (None, [a, b]) if name == operators::LOGICAL_AND => {
                let a = self.condition(a, given)?;
                let b = self.condition(b, &with(given, &a.proof.if_true))?;
                let proof = a.proof.and(&b.proof);
                Ok(boolean(at, Code::And(a.boxed(), b.boxed()), proof))
            }
            (None, [a, b]) if name == operators::LOGICAL_OR => {
                let a = self.condition(a, given)?;
                let b = self.condition(b, &with(given, &a.proof.if_false))?;
                let proof = a.proof.or(&b.proof);
                Ok(boolean(at, Code::Or(a.boxed(), b.boxed()), proof))
            }
            (None, [condition, yes, no]) if name == operators::CONDITIONAL => {
                self.conditional(at, condition, yes, no, given)
            }
            (None, [a, b]) if name == operators::EQUALS => {
                self.equality(at, a, b, given, Code::Equal)
            }
            (None, [a, b]) if name == operators::NOT_EQUALS => {
                self.equality(at, a, b, given, Code::NotEqual)
            }
            (None, [a, b]) if order_of(name).is_some() => self.comparison(at, name, a, b, given),
            (None, [needle, hay]) if name == operators::IN => {
                self.membership(at, needle, hay, given)
            }
            (None, [list, key]) if name == operators::INDEX => self.index(at, list, key, given),
            (None, [member]) if name == operators::HAS => self.has(at, member, given),
            (None, [of]) | (Some(_), [of]) if name == "size" && call.target.is_none() => {
                self.size(at, of, given)
            }
            (Some(of), []) if name == "size" => self.size(at, of, given),
            (Some(list), [variable, body]) if over_of(name).is_some() => {
                self.comprehension(at, name, list, variable, body, given)
            }
            (None, [kind, key]) if name == "find" => {
                let kind = self.type_name(kind)?;
                let key = self.present(key, given)?;
                expect(&key, &Type::Text)?;
                let items = Type::List(Box::new(Type::Record(kind.record)));
                Ok(Checked::new(at, Code::Find(kind.name, key.boxed()), items))
            }
            (None, [kind]) if name == "all" => {
                let kind = self.type_name(kind)?;
                let items = Type::List(Box::new(Type::Record(kind.record)));
                Ok(Checked::new(at, Code::All(kind.name), items))
            }
            (Some(text), [pattern]) if name == "matches" => {
                let text = self.present(text, given)?;
                expect(&text, &Type::Text)?;
                let pattern_at = self.at(pattern);
                let Expr::Literal(LiteralValue::String(pattern)) = &pattern.expr else {
                    return Err(ExpressionError::new(
                        pattern_at,
                        "the pattern of matches(...) has to be written out",
                    ));
                };
                let regex = regex::Regex::new(pattern.inner())
                    .map_err(|error| ExpressionError::new(pattern_at, error.to_string()))?;
                Ok(Checked::new(at, Code::Matches(text.boxed(), Box::new(regex)), Type::Bool))
            }
            _ => self.function(at, call, given),
        }
    }

    fn condition(&mut self, tree: &IdedExpr, given: &Present) -> Result<Checked> {
        let checked = self.present(tree, given)?;
        expect(&checked, &Type::Bool)?;
        Ok(checked)
    }

    fn conditional(
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

    fn equality(
        &mut self,
        at: usize,
        a: &IdedExpr,
        b: &IdedExpr,
        given: &Present,
        code: fn(Box<Node>, Box<Node>) -> Code,
    ) -> Result<Checked> {
        let (a, b) = (self.present(a, given)?, self.present(b, given)?);
        comparable(at, &a.ty, &b.ty)?;
        Ok(Checked::new(at, code(a.boxed(), b.boxed()), Type::Bool))
    }

    fn comparison(
        &mut self,
        at: usize,
        name: &str,
        a: &IdedExpr,
        b: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let order = order_of(name).unwrap_or(Order::Less);
        let (a, b) = (self.present(a, given)?, self.present(b, given)?);
        comparable(at, &a.ty, &b.ty)?;
        if !matches!(a.ty, Type::Int | Type::Float | Type::Text | Type::Time) {
            return Err(ExpressionError::new(at, format!("{} has no order", a.ty.name())));
        }
        Ok(Checked::new(at, Code::Compare(order, a.boxed(), b.boxed()), Type::Bool))
    }

    fn membership(
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

    fn index(
        &mut self,
        at: usize,
        list: &IdedExpr,
        key: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let literal = literal_text(key);
        let (list, key) = (self.present(list, given)?, self.present(key, given)?);
        match list.ty.clone() {
            Type::List(item) => {
                expect(&key, &Type::Int)?;
                Ok(Checked::new(at, Code::Index(list.boxed(), key.boxed()), *item))
            }
            Type::Map(item) => {
                expect(&key, &Type::Text)?;
                let path = list.path.as_ref().zip(literal).map(|(path, key)| path.key(&key));
                if !path.as_ref().is_some_and(|path| given.contains(path)) {
                    return Err(ExpressionError::new(
                        at,
                        "this key may be absent: guard it, as in `'k' in m && m['k'] == 'v'`",
                    ));
                }
                let code = Code::Index(list.boxed(), key.boxed());
                Ok(Checked { path, ..Checked::new(at, code, *item) })
            }
            other => Err(ExpressionError::new(at, format!("{} has no items", other.name()))),
        }
    }

    fn has(&mut self, at: usize, member: &IdedExpr, given: &Present) -> Result<Checked> {
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

    fn size(&mut self, at: usize, of: &IdedExpr, given: &Present) -> Result<Checked> {
        let of = self.present(of, given)?;
        match of.ty {
            Type::List(_) | Type::Map(_) | Type::Text => {
                Ok(Checked::new(at, Code::Size(of.boxed()), Type::Int))
            }
            _ => Err(ExpressionError::new(at, format!("{} has no size", of.ty.name()))),
        }
    }

    fn comprehension(
        &mut self,
        at: usize,
        name: &str,
        list: &IdedExpr,
        variable: &IdedExpr,
        body: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let over = over_of(name).unwrap_or(Over::All);
        let list = self.present(list, given)?;
        let item = match &list.ty {
            Type::List(item) => item.as_ref().clone(),
            Type::Map(_) => Type::Text,
            other => {
                return Err(ExpressionError::new(
                    list.at,
                    format!("`{name}` needs a list, not {}", other.name()),
                ));
            }
        };
        let Expr::Ident(variable_name) = &variable.expr else {
            let at = self.at(variable);
            return Err(ExpressionError::new(at, format!("`{name}` needs the name of a variable")));
        };
        let slot = self.locals.len();
        self.slots = self.slots.max(slot + 1);
        self.checker.unique += 1;
        let path = Path::local(self.checker.unique);
        self.locals.push(Local { name: variable_name.clone(), slot, ty: item.clone(), path });
        let body =
            if over == Over::Map { self.present(body, given) } else { self.condition(body, given) };
        self.locals.pop();
        let body = body?;
        let ty = match over {
            Over::All | Over::Exists | Over::ExistsOne => Type::Bool,
            Over::Filter => Type::List(Box::new(item)),
            Over::Map => Type::List(Box::new(body.ty.clone())),
        };
        let code = Code::Comprehension { over, list: list.boxed(), slot, body: body.boxed() };
        Ok(Checked::new(at, code, ty))
    }

    fn type_name(&mut self, tree: &IdedExpr) -> Result<&'static ResourceType> {
        let at = self.at(tree);
        let Some(name) = literal_text(tree) else {
            return Err(ExpressionError::new(at, "the type has to be written out, as 'iam.role'"));
        };
        let kind = self.checker.scope.types.iter().find(|kind| kind.name == name).copied();
        let kind = kind.ok_or_else(|| {
            ExpressionError::new(at, format!("there is no type `{name}` of resources"))
        })?;
        self.checker.lookups.insert(kind.name);
        Ok(kind)
    }

    fn function(&mut self, at: usize, call: &CallExpr, given: &Present) -> Result<Checked> {
        let qualified = match call.target.as_deref() {
            Some(IdedExpr { expr: Expr::Ident(namespace), .. })
                if !self.locals.iter().any(|local| local.name == *namespace) =>
            {
                Some(format!("{namespace}.{}", call.func_name))
            }
            _ => None,
        };
        if let Some(name) = &qualified {
            if let Some(index) =
                self.checker.scope.questions.iter().position(|question| question.name == name)
            {
                return self.question(at, index, &call.args);
            }
            if let Some(function) = FUNCTIONS.iter().find(|f| !f.method && f.name == name) {
                return self.function_call(at, function, &[], &call.args, given);
            }
        }
        let method = call.target.is_some();
        let function = FUNCTIONS.iter().find(|f| f.method == method && f.name == call.func_name);
        match (function, &call.target) {
            (Some(function), Some(target)) => {
                self.function_call(at, function, std::slice::from_ref(target), &call.args, given)
            }
            (Some(function), None) => self.function_call(at, function, &[], &call.args, given),
            (None, _) => {
                let name = qualified.unwrap_or_else(|| call.func_name.clone());
                Err(ExpressionError::new(at, not_in_the_language(&name)))
            }
        }
    }

    fn function_call(
        &mut self,
        at: usize,
        function: &'static Function,
        target: &[Box<IdedExpr>],
        arguments: &[IdedExpr],
        given: &Present,
    ) -> Result<Checked> {
        let arguments: Vec<&IdedExpr> = target.iter().map(Box::as_ref).chain(arguments).collect();
        if arguments.len() != function.takes.len() {
            let (name, count) = (function.name, function.takes.len());
            return Err(ExpressionError::new(at, format!("`{name}` takes {count} arguments")));
        }
        let mut nodes = Vec::new();
        for (argument, ty) in arguments.into_iter().zip(function.takes) {
            let argument = self.present(argument, given)?;
            expect(&argument, ty)?;
            nodes.push(argument.node());
        }
        Ok(Checked::new(at, Code::Call(function, nodes), function.gives.clone()))
    }

    fn question(&mut self, at: usize, index: usize, arguments: &[IdedExpr]) -> Result<Checked> {
        let Some(question) = self.checker.scope.questions.get(index) else {
            return Err(ExpressionError::new(at, "there is no such question"));
        };
        let asks_self = matches!(arguments, [one] if one.expr == Expr::Ident("self".to_owned()));
        if !asks_self {
            let name = question.name;
            return Err(ExpressionError::new(at, format!("write `{name}(self)`")));
        }
        let kind = self.checker.scope.kind.name;
        if !question.subjects.contains(&kind) {
            return Err(ExpressionError::new(
                at,
                format!(
                    "`{}` can be asked of {}, not of {kind}",
                    question.name,
                    question.subjects.join(", ")
                ),
            ));
        }
        let of_subject = question.reads.iter().filter(|(read, _)| *read == kind);
        for (read, fields) in of_subject.chain(question.looks_up) {
            self.checker.reads.extend(fields.iter().map(|field| (*read, *field)));
        }
        self.checker.lookups.extend(question.looks_up.iter().map(|(read, _)| *read));
        let mut checked = Checked::new(at, Code::Question(index), (question.returns)());
        checked.path = Some(Path::question(index));
        Ok(checked)
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

fn comparable(at: usize, a: &Type, b: &Type) -> Result<()> {
    let numbers = matches!(a, Type::Int | Type::Float) && matches!(b, Type::Int | Type::Float);
    if a == b || numbers {
        return Ok(());
    }
    Err(ExpressionError::new(at, format!("{} cannot be compared with {}", a.name(), b.name())))
}

fn literal_text(tree: &IdedExpr) -> Option<String> {
    match &tree.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner().to_owned()),
        _ => None,
    }
}

fn order_of(name: &str) -> Option<Order> {
    match name {
        operators::LESS => Some(Order::Less),
        operators::LESS_EQUALS => Some(Order::LessOrEqual),
        operators::GREATER => Some(Order::Greater),
        operators::GREATER_EQUALS => Some(Order::GreaterOrEqual),
        _ => None,
    }
}

fn over_of(name: &str) -> Option<Over> {
    match name {
        operators::ALL => Some(Over::All),
        operators::EXISTS => Some(Over::Exists),
        operators::EXISTS_ONE => Some(Over::ExistsOne),
        operators::FILTER => Some(Over::Filter),
        operators::MAP => Some(Over::Map),
        _ => None,
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

fn not_in_the_language(name: &str) -> String {
    if name.starts_with('_') || name.starts_with('-') || name.starts_with('@') {
        return "rules do no arithmetic: ask for it with a function".to_owned();
    }
    let functions: Vec<_> = FUNCTIONS.iter().map(|function| function.name).collect();
    format!(
        "there is no function `{name}`; there are size, has, all, exists, exists_one, filter, \
         map, find, matches, {}",
        functions.join(", ")
    )
}

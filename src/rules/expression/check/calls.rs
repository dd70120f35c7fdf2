//! Calls: operators, macros, look-ups, functions and questions.

use super::operators::{literal_text, relation_of};
use super::{Checked, Local, Pass, Result, boolean, expect, with};
use crate::inventory::{ResourceType, Type};
use crate::rules::expression::ExpressionError;
use crate::rules::expression::code::{Code, Over};
use crate::rules::expression::functions::{FUNCTIONS, Function};
use crate::rules::expression::guards::{Path, Present};
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

impl Pass<'_, '_> {
    pub(super) fn call(&mut self, at: usize, call: &CallExpr, given: &Present) -> Result<Checked> {
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
            (None, [needle, hay]) if name == operators::IN => {
                self.membership(at, needle, hay, given)
            }
            (None, [list, key]) if name == operators::INDEX => self.index(at, list, key, given),
            (None, [a, b]) if let Some(relation) = relation_of(name) => {
                self.comparison(at, relation, a, b, given)
            }
            (None, [member]) if name == operators::HAS => self.has(at, member, given),
            (None, [of]) if name == "size" => self.size(at, of, given),
            (Some(of), []) if name == "size" => self.size(at, of, given),
            (Some(list), [variable, body]) if let Some(over) = over_of(name) => {
                self.comprehension(at, over, list, variable, body, given)
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
            (Some(text), [pattern]) if name == "matches" => self.matches(at, text, pattern, given),
            _ => self.function(at, call, given),
        }
    }

    fn matches(
        &mut self,
        at: usize,
        text: &IdedExpr,
        pattern: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
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

    fn comprehension(
        &mut self,
        at: usize,
        over: Over,
        list: &IdedExpr,
        variable: &IdedExpr,
        body: &IdedExpr,
        given: &Present,
    ) -> Result<Checked> {
        let list = self.present(list, given)?;
        let item = match &list.ty {
            Type::List(item) => item.as_ref().clone(),
            Type::Map(_) => Type::Text,
            other => {
                return Err(ExpressionError::new(
                    list.at,
                    format!("this has to be a list, and is {}", other.name()),
                ));
            }
        };
        let name = self.new_name(variable)?;
        let slot = self.locals.len();
        self.slots = self.slots.max(slot + 1);
        self.checker.unique += 1;
        let path = Path::local(self.checker.unique);
        self.locals.push(Local { name, slot, ty: item.clone(), path });
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

    /// The name of a variable, which nothing else may have.
    fn new_name(&self, variable: &IdedExpr) -> Result<String> {
        let at = self.at(variable);
        let Expr::Ident(name) = &variable.expr else {
            return Err(ExpressionError::new(at, "here belongs the name of a new variable"));
        };
        let taken = matches!(name.as_str(), "self" | "resource" | "parameters" | "item" | "now")
            || self.locals.iter().any(|local| local.name == *name)
            || self.checker.scope.questions.iter().any(|question| {
                question.name.split_once('.').is_some_and(|(service, _)| service == name)
            });
        if taken {
            return Err(ExpressionError::new(at, format!("`{name}` means something else here")));
        }
        Ok(name.clone())
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
                let message = match usage(&call.func_name) {
                    Some(usage) => format!("write {usage}"),
                    None => not_in_the_language(&name),
                };
                Err(ExpressionError::new(at, message))
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
            return Err(ExpressionError::new(at, format!("write {}", function.signature())));
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

/// How the words of the language are used that are no plain functions.
fn usage(name: &str) -> Option<&'static str> {
    Some(match name {
        "has" => "has(a.b)",
        "size" => "size(x)",
        "find" => "find('iam.role', id)",
        "matches" => "text.matches('pattern')",
        "all" => "list.all(x, condition), or all('iam.role')",
        "exists" => "list.exists(x, condition)",
        "exists_one" => "list.exists_one(x, condition)",
        "filter" => "list.filter(x, condition)",
        "map" => "list.map(x, value)",
        _ => return None,
    })
}

fn not_in_the_language(name: &str) -> String {
    if !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) {
        return "rules do no arithmetic: ask for it with a function".to_owned();
    }
    let functions: Vec<_> = FUNCTIONS.iter().map(|function| function.name).collect();
    format!(
        "there is no function `{name}`; there are size, has, all, exists, exists_one, filter, \
         map, find, matches, {}",
        functions.join(", ")
    )
}

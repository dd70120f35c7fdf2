//! Trees: building them, and writing them as text.

use cel::common::ast::{CallExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, operators};

fn node(expr: Expr) -> IdedExpr {
    IdedExpr { id: 0, expr }
}

pub(super) fn bool_literal(b: bool) -> IdedExpr {
    node(Expr::Literal(LiteralValue::Boolean(b.into())))
}

pub(super) fn int_literal(n: i64) -> IdedExpr {
    node(Expr::Literal(LiteralValue::Int(n.into())))
}

pub(super) fn float_literal(n: f64) -> IdedExpr {
    node(Expr::Literal(LiteralValue::Double(n.into())))
}

pub(super) fn text_literal(text: &str) -> IdedExpr {
    node(Expr::Literal(LiteralValue::String(text.to_owned().into())))
}

pub(super) fn ident(name: &str) -> IdedExpr {
    node(Expr::Ident(name.to_owned()))
}

pub(super) fn select(operand: IdedExpr, field: &str) -> IdedExpr {
    let operand = Box::new(operand);
    node(Expr::Select(SelectExpr { operand, field: field.to_owned(), test: false }))
}

pub(super) fn list(elements: Vec<IdedExpr>) -> IdedExpr {
    node(Expr::List(ListExpr { elements, optional_indices: Vec::new() }))
}

pub(super) fn call<const N: usize>(name: &str, args: [IdedExpr; N]) -> IdedExpr {
    node(Expr::Call(CallExpr { func_name: name.to_owned(), target: None, args: args.into() }))
}

pub(super) fn method<const N: usize>(
    target: IdedExpr,
    name: &str,
    args: [IdedExpr; N],
) -> IdedExpr {
    let target = Some(Box::new(target));
    node(Expr::Call(CallExpr { func_name: name.to_owned(), target, args: args.into() }))
}

pub(super) fn not(a: IdedExpr) -> IdedExpr {
    call(operators::LOGICAL_NOT, [a])
}

pub(super) fn and(a: IdedExpr, b: IdedExpr) -> IdedExpr {
    call(operators::LOGICAL_AND, [a, b])
}

pub(super) fn or(a: IdedExpr, b: IdedExpr) -> IdedExpr {
    call(operators::LOGICAL_OR, [a, b])
}

pub(super) fn choose(condition: IdedExpr, yes: IdedExpr, no: IdedExpr) -> IdedExpr {
    call(operators::CONDITIONAL, [condition, yes, no])
}

/// A tree as text, with brackets around everything that could need them.
pub(super) fn write(tree: &IdedExpr) -> String {
    match &tree.expr {
        Expr::Literal(LiteralValue::Boolean(b)) => b.inner().to_string(),
        Expr::Literal(LiteralValue::Int(n)) => n.inner().to_string(),
        Expr::Literal(LiteralValue::Double(n)) => format!("{:?}", n.inner()),
        Expr::Literal(LiteralValue::String(text)) => format!("'{}'", text.inner()),
        Expr::Ident(name) => name.clone(),
        Expr::Select(select) => format!("{}.{}", write(&select.operand), select.field),
        Expr::List(list) => format!("[{}]", commas(&list.elements)),
        Expr::Call(call) => write_call(call),
        other => panic!("no text for {other:?}"),
    }
}

fn commas(trees: &[IdedExpr]) -> String {
    trees.iter().map(write).collect::<Vec<_>>().join(", ")
}

fn write_call(call: &CallExpr) -> String {
    if let Some(target) = &call.target {
        return format!("{}.{}({})", write(target), call.func_name, commas(&call.args));
    }
    match (call.func_name.as_str(), call.args.as_slice()) {
        // With brackets, or the parser takes two signs for none.
        (operators::LOGICAL_NOT, [a]) => format!("!({})", write(a)),
        (operators::CONDITIONAL, [a, b, c]) => {
            format!("({} ? {} : {})", write(a), write(b), write(c))
        }
        (operators::INDEX, [a, b]) => format!("{}[{}]", write(a), write(b)),
        (operators::IN, [a, b]) => format!("({} in {})", write(a), write(b)),
        (name, [a, b]) if name.starts_with('_') => {
            format!("({} {} {})", write(a), name.trim_matches('_'), write(b))
        }
        (name, args) => format!("{name}({})", commas(args)),
    }
}

//! Reading: from text to cel's tree, with the place of every node.

use super::ExpressionError;
use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, SelectExpr, SourceInfo};

/// How deep brackets and `?:` may nest. cel's parser takes some 30 kB of stack
/// for each level.
const MAX_NESTING: u16 = 24;
/// How deep the tree may be: chains such as `a.b.c` need no brackets.
const MAX_DEPTH: usize = 64;
/// How long an expression may be, in bytes: bounds the parser's work.
const MAX_LENGTH: usize = 4_000;

/// A tree, and where its nodes stand.
pub(super) struct Parsed {
    pub(super) tree: IdedExpr,
    pub(super) places: Places,
}

/// From nodes to characters of the source.
#[derive(Default)]
pub(super) struct Places(SourceInfo);

/// Reads an expression. Macros stay calls: an environment without the standard
/// library has none to expand.
pub(super) fn parse(source: &str) -> Result<Parsed, ExpressionError> {
    if source.len() > MAX_LENGTH {
        let message = format!("this is longer than {MAX_LENGTH} bytes: ask it as a question");
        return Err(ExpressionError::new(0, message));
    }
    let parsed = match path(source) {
        Some(parsed) => parsed,
        None => by_cel(source)?,
    };
    match too_deep(&parsed.tree) {
        Some(node) => Err(ExpressionError::new(parsed.places.at(node), nests_too_deep())),
        None => Ok(parsed),
    }
}

/// Words that are no names in CEL
/// (<https://github.com/cel-expr/cel-spec/blob/master/doc/langdef.md#syntax>).
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// Reads a plain path such as `resource.A.B`, or a question about the resource
/// such as `iam.admin(self).admin`: two thirds of all expressions are, and
/// cel's parser takes a hundred times as long for them. `None` for all else.
fn path(source: &str) -> Option<Parsed> {
    let mut info = SourceInfo::default();
    source.clone_into(&mut info.source);
    let mut tree: Option<IdedExpr> = None;
    let mut next_id = 1;
    let mut node = |expr: Expr, at: usize| {
        let (id, at) = (next_id, u32::try_from(at).ok()?);
        next_id += 1;
        info.add_offset(id, at, at);
        Some(IdedExpr { id, expr })
    };
    let mut begin = 0_usize;
    for part in source.split('.') {
        let (name, asks) = match part.strip_suffix("(self)") {
            Some(name) => (name, true),
            None => (part, false),
        };
        if !is_name(name) {
            return None;
        }
        let expr = match tree.take() {
            None if asks => return None,
            None => Expr::Ident(name.to_owned()),
            Some(target) if asks => {
                let subject = node(Expr::Ident("self".to_owned()), begin + name.len() + 1)?;
                Expr::Call(CallExpr {
                    func_name: name.to_owned(),
                    target: Some(Box::new(target)),
                    args: vec![subject],
                })
            }
            Some(operand) => Expr::Select(SelectExpr {
                operand: Box::new(operand),
                field: name.to_owned(),
                test: false,
            }),
        };
        // cel's parser points to the bracket, and else to the dot.
        let at = if asks { begin + name.len() } else { begin.saturating_sub(1) };
        tree = Some(node(expr, at)?);
        begin += part.len() + 1;
    }
    Some(Parsed { tree: tree?, places: Places(info) })
}

fn is_name(name: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(first) && name.chars().all(plain) && !RESERVED.contains(&name)
}

fn by_cel(source: &str) -> Result<Parsed, ExpressionError> {
    let parser = cel::Env::default().with_optional_support(false).parser();
    let (tree, info) = parser
        .max_recursion_depth(MAX_NESTING)
        .parse_with_source_info(source)
        .map_err(|errors| match errors.errors.first() {
            Some(first) => syntax_error(source, first.pos, &first.msg),
            None => ExpressionError::new(0, "this is not an expression"),
        })?;
    Ok(Parsed { tree, places: Places(info) })
}

fn nests_too_deep() -> String {
    "this nests too deep: split it, or ask it as a question".to_owned()
}

fn syntax_error(source: &str, (line, column): (isize, isize), message: &str) -> ExpressionError {
    if message.contains("Recursion limit of") {
        // Here the parser gives a character and no line.
        return ExpressionError::new(usize::try_from(line).unwrap_or(0), nests_too_deep());
    }
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let before: usize =
        source.split_inclusive('\n').take(line - 1).map(|line| line.chars().count()).sum();
    let at = (before + column - 1).min(source.chars().count());
    ExpressionError::new(at, in_plain_words(message))
}

/// The parser's message without its grammar's inner names.
fn in_plain_words(message: &str) -> String {
    let message = message.trim_start_matches("Syntax error: ");
    let message = message.split_once(" expecting ").map_or(message, |(what, _)| what);
    if message.contains("<EOF>") {
        return "the expression ends too early".to_owned();
    }
    if message.starts_with("Incomplete `ExprContext` for `_?_:_`") {
        return "`?` needs a `:` after it".to_owned();
    }
    match message.split_once(": ").or_else(|| message.split_once(" input ")) {
        Some(("token recognition error at" | "extraneous" | "mismatched", what)) => {
            format!("{} is not expected here", what.escape_debug().to_string().replace("\\'", "'"))
        }
        _ => message.to_owned(),
    }
}

/// The first node that is deeper than allowed. Walks with a list of its own:
/// recursion is what is being limited.
fn too_deep(tree: &IdedExpr) -> Option<&IdedExpr> {
    let mut open = vec![(tree, 1)];
    while let Some((node, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return Some(node);
        }
        let children: Vec<&IdedExpr> = match &node.expr {
            Expr::Select(select) => vec![&select.operand],
            Expr::Call(call) => call.target.iter().map(Box::as_ref).chain(&call.args).collect(),
            Expr::List(list) => list.elements.iter().collect(),
            Expr::Map(map) => map.entries.iter().flat_map(|entry| parts_of(&entry.expr)).collect(),
            Expr::Struct(record) => {
                record.entries.iter().flat_map(|entry| parts_of(&entry.expr)).collect()
            }
            _ => Vec::new(),
        };
        open.extend(children.into_iter().map(|child| (child, depth + 1)));
    }
    None
}

fn parts_of(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

impl Places {
    /// The character, from 0, that an error about this node should point to:
    /// the name of a field or function, the sign of an operator, the begin of
    /// anything else.
    pub(super) fn at(&self, node: &IdedExpr) -> usize {
        let start = self.0.offset_for(node.id).map_or(0, |(start, _)| start as usize);
        let source = self.0.source.as_str();
        let byte = match &node.expr {
            Expr::Select(select) => after_dot(source, start, &select.field),
            Expr::Call(call) => before_bracket(source, start, &call.func_name),
            Expr::Struct(record) => before_bracket(source, start, &record.type_name),
            _ => start,
        };
        source.char_indices().take_while(|(index, _)| *index < byte).count()
    }
}

/// The parser points to the dot of `a.name`.
fn after_dot(source: &str, start: usize, name: &str) -> usize {
    let after = source.get(start..).unwrap_or_default();
    match after.find(name) {
        Some(skipped) if after.starts_with('.') => start + skipped,
        _ => start,
    }
}

/// The parser points to the bracket of `name(...)`.
fn before_bracket(source: &str, start: usize, name: &str) -> usize {
    let before = source.get(..start).unwrap_or_default().trim_end();
    let opens = source.get(start..).is_some_and(|rest| rest.starts_with(['(', '{']));
    match before.strip_suffix(name) {
        Some(before) if opens => before.len(),
        _ => start,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    /// The names of a path with the places that errors point to, and of what
    /// questions are asked.
    fn shape(parsed: &Parsed) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        let mut node = &parsed.tree;
        loop {
            let at = parsed.places.at(node);
            match &node.expr {
                Expr::Ident(name) => {
                    found.push((name.clone(), at));
                    return found;
                }
                Expr::Select(select) => {
                    found.push((select.field.clone(), at));
                    node = &select.operand;
                }
                Expr::Call(call) => {
                    found.push((call.func_name.clone(), at));
                    for argument in &call.args {
                        assert_eq!(argument.expr, Expr::Ident("self".to_owned()));
                        found.push(("(self)".to_owned(), parsed.places.at(argument)));
                    }
                    node = call.target.as_ref().unwrap();
                }
                other => panic!("no path: {other:?}"),
            }
        }
    }

    #[test]
    fn paths_are_read_as_cel_reads_them() {
        for source in [
            "self",
            "self.id",
            "resource.A.B_c.d1",
            "resource.resource.resource",
            "_a.a",
            "iam.admin(self)",
            "iam.admin(self).admin",
            "s3.public(self).a.b",
        ] {
            let (ours, theirs) = (path(source).unwrap(), by_cel(source).ok().unwrap());
            assert_eq!(shape(&ours), shape(&theirs), "{source}");
        }
        for source in [
            "",
            ".",
            "a.",
            ".a",
            "a b",
            "a.b()",
            "1",
            "a.1",
            "true",
            "a.in",
            "a.b c",
            " a",
            "a(self)",
            "a.b(c)",
            "a.(self)",
            "a.in(self)",
            "a.b (self)",
            "a.b(self)c",
        ] {
            assert!(path(source).is_none(), "{source}");
        }
    }
}

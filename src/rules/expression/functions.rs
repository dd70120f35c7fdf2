//! The functions that any rule may call. Each is pure and typed.

use super::eval::Fault;
use crate::inventory::{Type, Value};
use jiff::Timestamp;

/// What a function gets: its arguments, all known, and the moment of the
/// inventory.
pub(crate) type Body = fn(&[Value], Timestamp) -> Result<Value, Fault>;

/// A function.
pub(crate) struct Function {
    /// Its name; called as `name(x, ...)`, or `x.name(...)` if `method`.
    pub(crate) name: &'static str,
    /// Whether the first argument stands in front of a dot.
    pub(crate) method: bool,
    /// What it does, for rule authors.
    pub(crate) doc: &'static str,
    /// The types of its arguments.
    pub(crate) takes: &'static [Type],
    /// The type of its result.
    pub(crate) gives: Type,
    body: Body,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    /// How it is written, with types.
    pub(crate) fn signature(&self) -> String {
        let mut types = self.takes.iter().map(Type::name);
        let target = if self.method { types.next().map(|ty| ty + ".") } else { None };
        let arguments: Vec<String> = types.collect();
        format!(
            "{}{}({}): {}",
            target.unwrap_or_default(),
            self.name,
            arguments.join(", "),
            self.gives.name()
        )
    }

    pub(crate) fn call(&self, arguments: &[Value], now: Timestamp) -> Result<Value, Fault> {
        (self.body)(arguments, now)
    }
}

const SECONDS_PER_DAY: i64 = 86_400;

/// All functions, for the checker and for the documentation.
pub(crate) static FUNCTIONS: &[Function] = &[
    Function {
        name: "days_since",
        method: false,
        doc: "Whole days from a moment to the moment of the inventory; negative for the future.",
        takes: &[Type::Time],
        gives: Type::Int,
        body: |arguments, now| match arguments {
            [Value::Time(then)] => {
                let seconds = now.as_second() - then.as_second();
                Ok(Value::Int(seconds.div_euclid(SECONDS_PER_DAY)))
            }
            _ => Err(Fault::shape("days_since")),
        },
    },
    Function {
        name: "days_until",
        method: false,
        doc: "Whole days from the moment of the inventory to a moment; negative for the past.",
        takes: &[Type::Time],
        gives: Type::Int,
        body: |arguments, now| match arguments {
            [Value::Time(then)] => {
                let seconds = then.as_second() - now.as_second();
                Ok(Value::Int(seconds.div_euclid(SECONDS_PER_DAY)))
            }
            _ => Err(Fault::shape("days_until")),
        },
    },
    Function {
        name: "lower",
        method: false,
        doc: "The text in lower case.",
        takes: &[Type::Text],
        gives: Type::Text,
        body: |arguments, _| match arguments {
            [Value::Text(text)] => Ok(Value::text(&text.to_lowercase())),
            _ => Err(Fault::shape("lower")),
        },
    },
    Function {
        name: "startsWith",
        method: true,
        doc: "Whether the text begins with another.",
        takes: &[Type::Text, Type::Text],
        gives: Type::Bool,
        body: |arguments, _| two_texts(arguments, |text, part| text.starts_with(part)),
    },
    Function {
        name: "endsWith",
        method: true,
        doc: "Whether the text ends with another.",
        takes: &[Type::Text, Type::Text],
        gives: Type::Bool,
        body: |arguments, _| two_texts(arguments, |text, part| text.ends_with(part)),
    },
    Function {
        name: "contains",
        method: true,
        doc: "Whether another text is in the text.",
        takes: &[Type::Text, Type::Text],
        gives: Type::Bool,
        body: |arguments, _| two_texts(arguments, |text, part| text.contains(part)),
    },
];

fn two_texts(arguments: &[Value], test: fn(&str, &str) -> bool) -> Result<Value, Fault> {
    match arguments {
        [Value::Text(text), Value::Text(part)] => Ok(Value::Bool(test(text, part))),
        _ => Err(Fault::shape("a text function")),
    }
}

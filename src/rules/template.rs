//! Texts with placeholders: findings (`{self.id}`, `{resource.A.B}`,
//! `{parameters.x}`; what is unknown or absent prints `?`) and commands
//! (`{self.id}` and its kind; parameters are filled in before).

use super::expression::{Checker, Evaluation, Program, Want};
use super::load::{Placed, RuleError, Source};
use crate::inventory::Value;

/// A text with checked placeholders.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Value(Program),
}

impl Template {
    /// Reads and checks a text. `{` that does not open `{self.`, `{resource.`,
    /// `{parameters.` or `{item` is text.
    pub(crate) fn check(
        source: &Source,
        text: &Placed,
        checker: &mut Checker<'_>,
    ) -> Result<Self, RuleError> {
        let mut parts = Vec::new();
        let mut rest = text.text.as_str();
        let mut at = 0;
        while let Some((before, inside, after)) = next_placeholder(rest) {
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            at += before.chars().count() + 1;
            let program = checker.check(inside, Want::Shown).map_err(|error| {
                source.error_in(text, at + error.at, format!("{} in `{{{inside}}}`", error.message))
            })?;
            parts.push(Part::Value(program));
            at += inside.chars().count() + 1;
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Fills the placeholders.
    pub(crate) fn fill(&self, evaluation: &mut Evaluation<'_>) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Value(program) => {
                    let value = evaluation.run(program).map_or_else(|_| "?".to_owned(), show);
                    text.push_str(&value);
                }
            }
        }
        text
    }
}

/// Fills the placeholders of a command for a resource: each value is one word
/// of a POSIX shell, since names are written by strangers.
pub fn fill_command(command: &str, id: &str, arn: &str, region: &str) -> String {
    // One pass: a name that looks like a placeholder stays a name.
    let mut filled = String::new();
    let mut rest = command;
    while let Some((before, inside, after)) = next_placeholder(rest) {
        filled.push_str(before);
        match inside {
            "self.id" => filled.push_str(&shell_quoted(id)),
            "self.arn" => filled.push_str(&shell_quoted(arn)),
            "self.region" => filled.push_str(&shell_quoted(region)),
            _ => filled.push('?'),
        }
        rest = after;
    }
    filled + rest
}

/// A placeholder of a command that [`fill_command`] does not fill.
pub(crate) fn unknown_placeholder(command: &str) -> Option<&str> {
    let mut rest = command;
    while let Some((_, inside, after)) = next_placeholder(rest) {
        let known = ["self.id", "self.arn", "self.region"].contains(&inside);
        if !known && !inside.starts_with("parameters.") {
            return Some(inside);
        }
        rest = after;
    }
    None
}

/// The words of a text around its placeholders, one more than those, and what
/// is inside of each.
pub fn placeholders(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut words, mut insides) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some((before, inside, after)) = next_placeholder(rest) {
        words.push(before.to_owned());
        insides.push(inside.to_owned());
        rest = after;
    }
    words.push(rest.to_owned());
    (words, insides)
}

fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('{')?;
        let inside_on = text.get(open + 1..)?;
        let opens = ["self.", "resource.", "parameters.", "item"]
            .iter()
            .any(|word| inside_on.starts_with(word));
        if let (true, Some(close)) = (opens, inside_on.find('}')) {
            return Some((text.get(..open)?, inside_on.get(..close)?, inside_on.get(close + 1..)?));
        }
        from = open + 1;
    }
}

/// A value as text; lists with commas between.
fn show(value: Value) -> String {
    match value {
        Value::Absent | Value::Unknown(_) | Value::Record(_) | Value::Map(_) => "?".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::Text(text) => text.as_ref().to_owned(),
        Value::Time(time) => time.to_string(),
        Value::List(list) => {
            let items: Vec<String> = list.items.iter().cloned().map(show).collect();
            items.join(", ")
        }
    }
}

/// One word for a POSIX shell.
pub(super) fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_among_other_braces() {
        assert_eq!(next_placeholder("a {self.id} b"), Some(("a ", "self.id", " b")));
        assert_eq!(next_placeholder("x { y } {resource.A}"), Some(("x { y } ", "resource.A", "")));
        assert_eq!(next_placeholder("terraform { a = 1 }"), None);
        assert_eq!(next_placeholder("{self.id"), None);
    }

    #[test]
    fn a_name_that_looks_like_a_placeholder_stays_a_name() {
        assert_eq!(fill_command("x {self.id}", "{self.arn}", "';y;'", "r"), "x '{self.arn}'");
    }

    #[test]
    fn hostile_names_stay_one_word() {
        assert_eq!(shell_quoted("my-bucket"), "my-bucket");
        assert_eq!(shell_quoted("a; rm -rf /"), "'a; rm -rf /'");
        assert_eq!(shell_quoted("it's"), r"'it'\''s'");
        assert_eq!(shell_quoted(""), "''");
    }
}

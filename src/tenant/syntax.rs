//! Reads TOML in spite of its faults, so that one fault does not hide the next.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::aws_id::AccountId;
use super::check::Complaint;
use super::credential::Hidden;
use super::problem::{Lines, ProblemKind};

/// How often a line that stops the parser is blanked to read on behind it.
const PASSES: usize = 50;

/// toml's words for a key or a table that occurs again.
pub(super) const DUPLICATE: &str = "duplicate key";
const OPEN_LIST: &str = "open list";

/// One fault of the syntax.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    /// True if only one value is lost; all around it was read.
    pub(super) in_value: bool,
}

impl Fault {
    /// The fault in the words of this file's user.
    pub(super) fn explain(&self, text: &str, hidden: &Hidden) -> Complaint {
        let given = text.get(self.span.clone()).unwrap_or("");
        let syntax =
            |what: String, instead: String| Complaint::new(ProblemKind::Syntax, what, instead);
        let is = |start: &str| self.message.starts_with(start);
        if is("string values must be quoted") {
            if given.is_empty() {
                return syntax(
                    "the key has no value".to_owned(),
                    "write a value behind `=`, or take the line out".to_owned(),
                );
            }
            return syntax(
                "the text is not in quotes".to_owned(),
                "put double quotes around it: key = \"text\"".to_owned(),
            );
        }
        if is("unexpected leading zero") {
            let instead = match AccountId::parse(given) {
                Some(account) => {
                    format!("an account id is text: write {}", hidden.show(account.as_str()))
                }
                None => "if it is text, put double quotes around it".to_owned(),
            };
            return syntax("a number cannot start with 0".to_owned(), instead);
        }
        if self.message == OPEN_LIST {
            return syntax(
                "the list above has no end".to_owned(),
                "write ] behind its last value".to_owned(),
            );
        }
        if self.message == DUPLICATE {
            if given == "tenant"
                && text.lines().any(|line| line.trim_start().starts_with("[tenant]"))
            {
                return syntax(
                    "`[tenant]` with single brackets is for one tenant, and the file has more"
                        .to_owned(),
                    "write [[tenant]] with double brackets for every tenant".to_owned(),
                );
            }
            return syntax(
                format!("{} is given twice", hidden.show(given)),
                "keep one of the two".to_owned(),
            );
        }
        if is("key with no value") || is("invalid key-value pair") || is("invalid unquoted key") {
            return syntax(
                "the line is neither `key = value` nor `[table]`".to_owned(),
                "write key = \"value\", or put # in front to make it a comment".to_owned(),
            );
        }
        if self.in_value && is("invalid") && self.message.contains("string") {
            return syntax(
                "the text has no closing quote, or a character that must be escaped".to_owned(),
                "close it with the quote that opens it; write \\\\ for a backslash, or use single quotes".to_owned(),
            );
        }
        let (what, expected) =
            self.message.split_once(", expected ").unwrap_or((&self.message, ""));
        let instead = match expected {
            "" | "nothing" => "correct the line; the format is described at toml.io".to_owned(),
            expected => format!("TOML expects here: {expected}"),
        };
        syntax(format!("not TOML: {what}"), instead)
    }
}

/// The text with lines blanked that stop the parser, and all faults.
#[derive(Debug)]
pub(super) struct Syntax {
    /// Same length as the given text, so that offsets hold.
    pub(super) text: String,
    pub(super) faults: Vec<Fault>,
    /// From this offset on the tables are not what the user wrote.
    pub(super) trusted_to: usize,
    /// True if keys got lost, so that a missing one may well be there.
    pub(super) keys_lost: bool,
}

/// Finds all faults of the syntax.
pub(super) fn check(text: &str) -> Syntax {
    let lines = Lines::new(text);
    let mut readable = text.to_owned();
    let mut blanked: Vec<Fault> = Vec::new();
    loop {
        let faults = faults_of(&readable);
        let stopper = faults.iter().find(|fault| stops_parser(fault)).cloned();
        if let Some(fault) = stopper.filter(|_| blanked.len() < PASSES) {
            let line = lines.line_range(fault.span.start);
            if let Some(without) = blank(&readable, line) {
                readable = without;
                blanked.push(fault);
                continue;
            }
        }
        let trusted_to = faults
            .iter()
            .filter(|fault| !fault.in_value)
            .map(|fault| lines.line_range(fault.span.start).start)
            .min()
            .unwrap_or(usize::MAX);
        let keys_lost = trusted_to != usize::MAX || !blanked.is_empty();
        let mut faults: Vec<Fault> = faults.into_iter().chain(blanked).collect();
        faults.sort_by_key(|fault| fault.span.start);
        faults.dedup_by_key(|fault| lines.line_range(fault.span.start).start);
        return Syntax { text: readable, faults, trusted_to, keys_lost };
    }
}

fn faults_of(text: &str) -> Vec<Fault> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let lines = Lines::new(text);
    let is_header = |offset| {
        text.get(lines.line_range(offset)).is_some_and(|line| line.trim_start().starts_with('['))
    };
    let mut values = Vec::new();
    scalars(root.get_ref(), &mut values);
    let mut faults: Vec<Fault> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(text.len()..text.len());
            let message = error.message().to_owned();
            let unclosed_text = message.starts_with("invalid") && message.contains("string");
            let value = values.iter().find(|value| {
                value.start <= span.start
                    && (span.start < value.end
                        || span.start == value.end && (unclosed_text || value.is_empty()))
            });
            Fault {
                // The start of the value says more than the byte that broke it.
                in_value: value.is_some() || (message == DUPLICATE && !is_header(span.start)),
                span: value.cloned().unwrap_or(span),
                message,
            }
        })
        .collect();
    faults.sort_by_key(|fault| fault.span.start);
    without_echoes(faults, &lines, text)
}

/// Takes out the faults that are only the consequence of an earlier one.
fn without_echoes(mut faults: Vec<Fault>, lines: &Lines<'_>, text: &str) -> Vec<Fault> {
    // The keys of a table given twice go into the first one, and clash there.
    if let Some(header) =
        faults.iter().position(|fault| fault.message == DUPLICATE && !fault.in_value)
    {
        let mut index = 0;
        faults.retain(|fault| {
            index += 1;
            index <= header || fault.message != DUPLICATE || !fault.in_value
        });
    }
    // A list without its end takes in all lines below it.
    if let Some(open) =
        faults.iter().find(|fault| fault.message.starts_with("unexpected `=` in array"))
    {
        let line = lines.line_range(open.span.start);
        let indent = text.get(line.clone()).map_or(0, |line| line.len() - line.trim_start().len());
        let end = Fault {
            span: line.start + indent..line.end,
            message: OPEN_LIST.to_owned(),
            in_value: false,
        };
        faults.retain(|fault| fault.span.start < line.start);
        faults.push(end);
    }
    faults
}

/// toml's parser gives up at a line that is no `key = value`.
fn stops_parser(fault: &Fault) -> bool {
    !fault.in_value
        && ["key with no value", "invalid key-value pair", "invalid unquoted key"]
            .iter()
            .any(|start| fault.message.starts_with(start))
}

/// The text with spaces in place of a line; `None` if the line is blank already.
fn blank(text: &str, line: Range<usize>) -> Option<String> {
    let content = text.get(line.clone())?;
    if content.trim().is_empty() {
        return None;
    }
    let kept_return = if content.ends_with('\r') { 1 } else { 0 };
    let mut without = text.get(..line.start)?.to_owned();
    without.extend(std::iter::repeat_n(' ', line.len() - kept_return));
    without.push_str(text.get(line.end - kept_return..)?);
    Some(without)
}

/// The spans of all values that hold no others. Nesting is bounded by toml's parser.
fn scalars(table: &DeTable<'_>, spans: &mut Vec<Range<usize>>) {
    for value in table.values() {
        scalars_of(value, spans);
    }
}

fn scalars_of(value: &toml::Spanned<DeValue<'_>>, spans: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(table) => scalars(table, spans),
        DeValue::Array(items) => items.iter().for_each(|item| scalars_of(item, spans)),
        // toml puts a placeholder at 0..0 where a value is missing.
        _ if value.span() == (0..0) => {}
        _ => spans.push(value.span()),
    }
}

//! What is wrong with a tenants file, and where.

use std::fmt;
use std::ops::Range;
use std::path::Path;

/// A place in a text, counted from 1; a column is a character, not a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The text is not TOML.
    Syntax,
    /// A key that this table does not have.
    UnknownKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A key that must be there and is not.
    Missing,
    /// A value that cannot be what its key says.
    Malformed,
    /// Two values that are each right and contradict each other.
    Mismatch,
    /// A value that may occur once and occurs again.
    Duplicate,
    /// A name that the program keeps for itself.
    Reserved,
    /// A credential, which this file must never hold.
    Credential,
    /// A rule that no catalogue knows.
    UnknownRule,
}

/// One thing that is wrong with a tenants file. Never holds a secret's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{what}\n    {instead}", .at.map(|at| format!("{at}: ")).unwrap_or_default())]
pub struct Problem {
    /// What kind of thing is wrong.
    pub kind: ProblemKind,
    /// Where; `None` if it is about a value that is not in the file yet.
    pub at: Option<Position>,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub instead: String,
}

impl Problem {
    /// A table of the file names a rule that no catalogue knows; `nearest` is
    /// the id that was most likely meant.
    pub(super) fn unknown_rule(
        table: &str,
        rule: &str,
        at: Position,
        nearest: Option<&str>,
    ) -> Self {
        Self {
            kind: ProblemKind::UnknownRule,
            at: Some(at),
            what: format!("`[{table}]`: there is no rule \"{}\"", rule.escape_debug()),
            instead: match nearest {
                Some(rule) => format!("write {rule}; `cspm rules list` shows all rules"),
                None => "write a rule's id; `cspm rules list` shows them".to_owned(),
            },
        }
    }
}

/// All that is wrong with one tenants file, in the order of the file; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `Err` with the problems, in the order of the file, or `Ok` if there are none.
    pub(super) fn or_else_ok(mut problems: Vec<Problem>) -> Result<(), Self> {
        problems.sort_by_key(|problem| problem.at);
        if problems.is_empty() { Ok(()) } else { Err(Self(problems)) }
    }

    /// The problems, in the order of the file.
    #[must_use]
    pub fn as_slice(&self) -> &[Problem] {
        &self.0
    }

    /// The problems as text, each line led by the file's path:
    /// `tenants.toml:3:14: what is wrong`, and below it what to write instead.
    #[must_use]
    pub fn in_file(&self, path: &Path) -> String {
        let mut lines = Vec::with_capacity(self.0.len());
        for problem in &self.0 {
            let colon = if problem.at.is_some() { ":" } else { ": " };
            lines.push(format!("{}{colon}{problem}", path.display()));
        }
        lines.join("\n")
    }

    /// The same problems, about a text that is not in the file.
    pub(super) fn without_places(mut self) -> Self {
        for problem in &mut self.0 {
            problem.at = None;
        }
        self
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Finds line and column of a byte offset.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        // A byte order mark is no character of the first line.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let starts =
            std::iter::once(first).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The line's number, counted from 0, and its first byte.
    fn line_of(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        (line, self.starts.get(line).copied().unwrap_or(0))
    }

    pub(super) fn position(&self, offset: usize) -> Position {
        let (line, start) = self.line_of(offset);
        let before = self.text.get(start..offset).unwrap_or("");
        Position { line: line + 1, column: before.chars().count() + 1 }
    }

    /// The bytes of the line that `offset` is in, without its line feed.
    pub(super) fn line_range(&self, offset: usize) -> Range<usize> {
        let (line, start) = self.line_of(offset);
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        start..end
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_skip_a_byte_order_mark() {
        let text = "\u{feff}ab\r\n\nü = x\n";
        let lines = Lines::new(text);
        let at = |needle: &str| {
            let position = lines.position(text.find(needle).unwrap());
            (position.line, position.column)
        };
        assert_eq!(at("ab"), (1, 1));
        assert_eq!(at("b\r"), (1, 2));
        assert_eq!(at("x"), (3, 5));
        assert_eq!(lines.position(text.len()), Position { line: 4, column: 1 });
        assert_eq!(text.get(lines.line_range(text.find('x').unwrap())), Some("ü = x"));
        assert_eq!(Lines::new("").position(0), Position { line: 1, column: 1 });
    }

    #[test]
    fn problems_come_in_file_order_and_with_the_path() {
        let problem = |line, column, what: &str| Problem {
            kind: ProblemKind::Missing,
            at: Some(Position { line, column }),
            what: what.to_owned(),
            instead: "do it".to_owned(),
        };
        let mut unplaced = problem(1, 1, "here");
        unplaced.at = None;
        let problems =
            Problems::or_else_ok(vec![problem(10, 1, "last"), problem(2, 30, "mid"), unplaced])
                .unwrap_err();
        assert_eq!(
            problems.to_string(),
            "here\n    do it\n2:30: mid\n    do it\n10:1: last\n    do it"
        );
        assert_eq!(
            problems.in_file(Path::new("a/t.toml")),
            "a/t.toml: here\n    do it\na/t.toml:2:30: mid\n    do it\na/t.toml:10:1: last\n    do it"
        );
        assert_eq!(Problems::or_else_ok(Vec::new()), Ok(()));
    }
}

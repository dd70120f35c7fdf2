//! What can be wrong with the text of a policy, and where.

/// A place in a text, counted in lines and characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

/// The text is not a policy: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", at.line, at.column)]
pub struct ParseError {
    /// The class of the mistake.
    pub kind: ParseErrorKind,
    /// Where it is.
    pub at: Position,
    /// What it is, as a sentence without a full stop.
    pub message: String,
}

/// The classes of mistakes in a policy's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// Not JSON.
    Json,
    /// A key occurs twice in one object.
    DuplicateKey,
    /// Larger than any policy can be.
    TooLarge,
    /// JSON, but an element is missing, unknown, misplaced or of the wrong type.
    Grammar,
    /// An element has a value that AWS does not accept.
    Value,
}

impl ParseError {
    pub(super) fn new(kind: ParseErrorKind, at: Position, message: impl Into<String>) -> Self {
        Self { kind, at, message: message.into() }
    }
}

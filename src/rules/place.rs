//! From a character of an expression to its place in the YAML file.

/// A place in a file, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The place of the `at`-th character of a scalar that begins at `start`,
/// through quotes, escapes, block scalars and folded lines.
pub(crate) fn place_in_scalar(text: &str, start: Place, at: usize) -> Place {
    let mut walk = Walk::new(text, start);
    let quote = walk.peek().filter(|c| matches!(c, '"' | '\''));
    if quote.is_some() {
        walk.step();
    } else if matches!(walk.peek(), Some('|' | '>')) {
        walk.next_line();
    }
    for _ in 0..at {
        match (walk.peek(), quote) {
            (Some('\\'), Some('"')) => {
                walk.step();
                walk.step();
            }
            (Some('\''), Some('\'')) => {
                walk.step();
                walk.step();
            }
            (Some('\n'), _) => walk.next_line(),
            (Some(_), _) => walk.step(),
            (None, _) => break,
        }
    }
    if walk.peek() == Some('\n') {
        walk.next_line();
    }
    walk.place
}

struct Walk<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    place: Place,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, start: Place) -> Self {
        let line = text.split_inclusive('\n').take(start.line.saturating_sub(1));
        let before: usize = line.map(str::len).sum();
        let rest = text.get(before..).unwrap_or_default();
        let mut walk =
            Self { rest: rest.chars().peekable(), place: Place { line: start.line, column: 1 } };
        while walk.place.column < start.column && walk.peek().is_some() {
            walk.step();
        }
        walk
    }

    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn step(&mut self) {
        if self.rest.next().is_some() {
            self.place.column += 1;
        }
    }

    /// To the first character after the next line's indentation.
    fn next_line(&mut self) {
        for c in self.rest.by_ref() {
            if c == '\n' {
                self.place.line += 1;
                self.place.column = 1;
                break;
            }
        }
        while self.peek() == Some(' ') {
            self.step();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, line: usize, column: usize, at: usize) -> (usize, usize) {
        let place = place_in_scalar(text, Place { line, column }, at);
        (place.line, place.column)
    }

    #[test]
    fn scalars_of_every_style() {
        assert_eq!(at("pass: \"a == b\"", 1, 7, 5), (1, 13));
        assert_eq!(at("pass: \"a \\\"x\\\" b\"", 1, 7, 6), (1, 16));
        assert_eq!(at("pass: 'it''s b'", 1, 7, 5), (1, 14));
        assert_eq!(at("id: x\npass: >-\n  aa &&\n  bb == 1\n", 2, 7, 6), (4, 3));
        assert_eq!(at("pass: |\n    aa\n    bb\n", 1, 7, 4), (3, 6));
    }
}

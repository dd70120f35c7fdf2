//! From a character of an expression to its place in the YAML file.

/// A place in a file, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The place of the `at`-th character of a scalar that begins at `start`,
/// through quotes, escapes, block scalars and folded lines. The character after
/// the last one is where the scalar ends.
pub(crate) fn place_in_scalar(text: &str, start: Place, at: usize) -> Place {
    let start = block_header(text, start).unwrap_or(start);
    let chars = chars_from(text, start);
    let places = match chars.first() {
        Some(('|' | '>', _)) => block(&chars),
        Some((quote @ ('"' | '\''), _)) => flow(&chars, Some(*quote)),
        _ => flow(&chars, None),
    };
    places.get(at).or(places.last()).copied().unwrap_or(start)
}

/// Where the `|` or `>` stands, if a scalar begins on a line of its own below
/// one: the reader of YAML points to the text.
fn block_header(text: &str, start: Place) -> Option<Place> {
    let before: Vec<&str> = text.lines().take(start.line).collect();
    let (own, above) = before.split_last()?;
    if own.chars().take(start.column - 1).any(|c| c != ' ') {
        return None;
    }
    let (number, line) =
        above.iter().enumerate().rev().find(|(_, line)| !line.trim().is_empty())?;
    let line = line.split_once(" #").map_or(*line, |(line, _)| line).trim_end();
    let bare = line.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    bare.ends_with(['|', '>']).then(|| Place { line: number + 1, column: bare.chars().count() })
}

/// The characters of the file from a place on.
fn chars_from(text: &str, start: Place) -> Vec<(char, Place)> {
    let mut place = Place { line: 1, column: 1 };
    let mut chars = Vec::new();
    for c in text.chars() {
        if place >= start {
            chars.push((c, place));
        }
        if c == '\n' {
            place = Place { line: place.line + 1, column: 1 };
        } else {
            place.column += 1;
        }
    }
    chars.push(('\n', place));
    chars
}

/// The places of a plain or quoted scalar's characters, and of its end.
fn flow(chars: &[(char, Place)], quote: Option<char>) -> Vec<Place> {
    let mut places = Vec::new();
    let mut rest = if quote.is_some() { chars.get(1..).unwrap_or_default() } else { chars };
    while let [(c, place), after @ ..] = rest {
        let next = after.first().map(|(c, _)| *c);
        let blank = rest.iter().take_while(|(c, _)| matches!(c, ' ' | '\t' | '\r')).count();
        let step = match (c, quote) {
            ('\\', Some('"')) if next == Some('\n') => {
                2 + after.iter().skip(1).take_while(|(c, _)| *c == ' ').count()
            }
            ('\\', Some('"')) => {
                places.push(*place);
                match next {
                    Some('x') => 4,
                    Some('u') => 6,
                    Some('U') => 10,
                    _ => 2,
                }
            }
            ('\'', Some('\'')) if next == Some('\'') => {
                places.push(*place);
                2
            }
            (c, quote) if Some(*c) == quote => {
                places.push(*place);
                break;
            }
            _ if matches!(rest.get(blank), Some(('\n', _))) => {
                let white = rest.iter().take_while(|(c, _)| c.is_whitespace()).count();
                let lines = rest.iter().take(white).filter(|(c, _)| *c == '\n').count();
                places.extend(std::iter::repeat_n(*place, lines.max(2) - 1));
                white
            }
            _ => {
                places.push(*place);
                1
            }
        };
        rest = rest.get(step..).unwrap_or_default();
    }
    places
}

/// The places of a block scalar's characters.
fn block(chars: &[(char, Place)]) -> Vec<Place> {
    let folded = matches!(chars.first(), Some(('>', _)));
    let mut lines = chars.split_inclusive(|(c, _)| *c == '\n').skip(1).peekable();
    let is_blank = |line: &[(char, Place)]| line.iter().all(|(c, _)| c.is_whitespace());
    let indent_of = |line: &[(char, Place)]| line.iter().take_while(|(c, _)| *c == ' ').count();
    let mut indent = None;
    let mut places = Vec::new();
    // Whether the line before is indented more than the block.
    let mut deeper = false;
    while let Some(line) = lines.next() {
        let blank = is_blank(line);
        let indent = match indent {
            Some(indent) => indent,
            None if blank => 0,
            None => *indent.insert(indent_of(line)),
        };
        if !blank && indent_of(line) < indent {
            break;
        }
        let Some(((_, end), content)) = line.split_last() else { break };
        let content = content.get(indent.min(indent_of(content))..).unwrap_or_default();
        places.extend(content.iter().map(|(_, place)| *place));
        if !blank {
            deeper = matches!(content.first(), Some((' ' | '\t', _)));
        }
        let next_deeper =
            lines.peek().is_some_and(|next| !is_blank(next) && indent_of(next) > indent);
        // Folding drops the first of several line ends, and makes one a space.
        let dropped = folded
            && !blank
            && !deeper
            && !next_deeper
            && lines.peek().is_some_and(|next| is_blank(next));
        if !dropped {
            places.push(*end);
        }
    }
    places
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
        assert_eq!(at("pass: |\n    aa\n\n      bb\n", 1, 7, 6), (4, 7));
        assert_eq!(at("pass: >\n  aa\n\n  bb\n", 1, 7, 3), (4, 3));
        assert_eq!(at("pass: >\n  aa\n\n\n  bb\n", 1, 7, 4), (5, 3));
        assert_eq!(at("pass: >\n  aa\n    bb\n  cc\n", 1, 7, 8), (4, 3));
        assert_eq!(at("pass: |\n    aa\n\n      bb\n", 2, 5, 6), (4, 7));
        assert_eq!(at("pass: >- # why\n\n  aa\n\n\n  bb\n", 3, 3, 5), (6, 3));
        assert_eq!(at("pass: aa\n  bb\n", 1, 7, 3), (2, 3));
        assert_eq!(at("pass:\n  a >\n  bb\n", 2, 3, 4), (3, 3));
        assert_eq!(at("pass: \"aa \n\n  bb\"\n", 1, 7, 3), (3, 3));
        assert_eq!(at("pass: \"\\u00e4\\x41b\"", 1, 7, 2), (1, 18));
        assert_eq!(at("pass: \"a\\\n   b\"", 1, 7, 1), (2, 4));
    }

    #[test]
    fn the_end_is_after_the_last_character() {
        assert_eq!(at("pass: aa\nwhy: b\n", 1, 7, 2), (1, 9));
        assert_eq!(at("pass: \"aa\"\n", 1, 7, 2), (1, 10));
        assert_eq!(at("pass: >-\n  aa\nwhy: b\n", 1, 7, 2), (2, 5));
        assert_eq!(at("pass: aa", 1, 7, 2), (1, 9));
    }
}

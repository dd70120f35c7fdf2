//! A small JSON reader that keeps the place of every value and refuses
//! duplicate keys: a policy whose second `Condition` silently wins is a trap.

use super::error::{ParseError, ParseErrorKind, Position};

/// The deepest nesting that is read. A policy needs seven levels.
const MAX_DEPTH: usize = 64;

/// The longest text that is read, in bytes. AWS's own largest policy
/// (a bucket's, a key's) is 32 KiB with generous white space.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// A JSON value with the place where it starts.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) value: Value,
}

/// One member of an object: name, the name's place, and value.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) at: Position,
    pub(super) node: Node,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// Kept as written: a policy compares numbers as text or parses them itself.
    Number(String),
    String(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

impl Value {
    /// What a message calls this value.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads one JSON document.
///
/// # Errors
/// Any departure from JSON, a duplicate key, nesting beyond 64 levels, or a
/// text of more than one MiB, with its place.
pub(super) fn read(text: &str) -> Result<Node, ParseError> {
    if text.len() > MAX_BYTES {
        return Err(ParseError::new(
            ParseErrorKind::TooLarge,
            Position { line: 1, column: 1 },
            "the text is longer than 1 MiB; no AWS policy is",
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { rest: text.chars().peekable(), at: Position { line: 1, column: 1 } };
    let node = reader.value(0)?;
    reader.white_space();
    match reader.peek() {
        None => Ok(node),
        Some(c) => Err(reader.json(format!("expected the end of the text, found `{c}`"))),
    }
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    at: Position,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        if c == '\n' {
            self.at = Position { line: self.at.line + 1, column: 1 };
        } else {
            self.at.column += 1;
        }
        Some(c)
    }

    fn json(&self, message: impl Into<String>) -> ParseError {
        ParseError::new(ParseErrorKind::Json, self.at, message)
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.take();
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), ParseError> {
        match self.peek() {
            Some(c) if c == wanted => {
                self.take();
                Ok(())
            }
            Some(c) => Err(self.json(format!("expected `{wanted}`, found `{c}`"))),
            None => Err(self.json(format!("expected `{wanted}`, found the end of the text"))),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, ParseError> {
        self.white_space();
        let at = self.at;
        if depth > MAX_DEPTH {
            return Err(self.json("nested deeper than 64 levels"));
        }
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::String(self.string()?),
            Some(c) if c == '-' || c.is_ascii_digit() => Value::Number(self.number()?),
            Some(c) if c.is_ascii_alphabetic() => self.word()?,
            Some(c) => return Err(self.json(format!("expected a value, found `{c}`"))),
            None => return Err(self.json("expected a value, found the end of the text")),
        };
        Ok(Node { at, value })
    }

    fn object(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.take();
        let mut members: Vec<Member> = Vec::new();
        self.white_space();
        if self.peek() == Some('}') {
            self.take();
            return Ok(Value::Object(members));
        }
        loop {
            self.white_space();
            let at = self.at;
            if self.peek() != Some('"') {
                return Err(self.json("expected a key in double quotes"));
            }
            let name = self.string()?;
            if members.iter().any(|m| m.name == name) {
                return Err(ParseError::new(
                    ParseErrorKind::DuplicateKey,
                    at,
                    format!("the key `{name}` occurs twice in one object"),
                ));
            }
            self.white_space();
            self.expect(':')?;
            let node = self.value(depth + 1)?;
            members.push(Member { name, at, node });
            self.white_space();
            if self.peek() == Some(',') {
                self.take();
            } else {
                self.expect('}')?;
                return Ok(Value::Object(members));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, ParseError> {
        self.take();
        let mut items = Vec::new();
        self.white_space();
        if self.peek() == Some(']') {
            self.take();
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.white_space();
            if self.peek() == Some(',') {
                self.take();
            } else {
                self.expect(']')?;
                return Ok(Value::List(items));
            }
        }
    }

    fn word(&mut self) -> Result<Value, ParseError> {
        let at = self.at;
        let mut word = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_alphanumeric) {
            word.push(c);
            self.take();
        }
        match word.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(Value::Null),
            _ => Err(ParseError::new(
                ParseErrorKind::Json,
                at,
                format!("`{word}` is not a JSON value"),
            )),
        }
    }

    fn number(&mut self) -> Result<String, ParseError> {
        let at = self.at;
        let mut text = String::new();
        while let Some(c) =
            self.peek().filter(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))
        {
            text.push(c);
            self.take();
        }
        if is_json_number(&text) {
            Ok(text)
        } else {
            Err(ParseError::new(ParseErrorKind::Json, at, format!("`{text}` is not a JSON number")))
        }
    }

    fn string(&mut self) -> Result<String, ParseError> {
        let start = self.at;
        self.take();
        let mut text = String::new();
        loop {
            match self.take() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(c) if u32::from(c) < 0x20 => {
                    return Err(self.json("a control character inside a string"));
                }
                Some(c) => text.push(c),
                None => {
                    return Err(ParseError::new(
                        ParseErrorKind::Json,
                        start,
                        "this string never ends",
                    ));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        match self.take() {
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.unicode(),
            _ => Err(self.json("an escape that JSON does not have")),
        }
    }

    fn unicode(&mut self) -> Result<char, ParseError> {
        let first = self.hex4()?;
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.json("not a character"));
        }
        if first < 0xDC00 && self.take() == Some('\\') && self.take() == Some('u') {
            let second = self.hex4()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return char::from_u32(code).ok_or_else(|| self.json("not a character"));
            }
        }
        Err(self.json("half of a surrogate pair"))
    }

    fn hex4(&mut self) -> Result<u32, ParseError> {
        let mut code = 0;
        for _ in 0..4 {
            match self.take().and_then(|c| c.to_digit(16)) {
                Some(digit) => code = code * 16 + digit,
                None => return Err(self.json("`\\u` needs four hexadecimal digits")),
            }
        }
        Ok(code)
    }
}

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e.strip_prefix(['+', '-']).unwrap_or(e))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((w, f)) => (w, Some(f)),
        None => (mantissa, None),
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

//! The filter patterns of CloudWatch Logs, as far as they look into JSON events.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>

#[cfg(test)]
mod tests;

use regex::Regex;

/// A filter pattern.
#[derive(Debug, Clone)]
pub(super) enum Pattern {
    /// The empty pattern: every event.
    Everything,
    /// A condition on the fields of JSON events.
    Json(Expr),
    /// Words, or fields between spaces: or a pattern that we cannot read.
    Other,
}

/// A condition on an event.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// All hold.
    All(Vec<Expr>),
    /// One holds.
    Any(Vec<Expr>),
    /// One field is tested.
    Test(Test),
}

/// A test of one field.
#[derive(Debug, Clone)]
pub(super) struct Test {
    /// Its path without the `$.`; none if the path goes through a list.
    pub(super) field: Option<String>,
    /// What has to be.
    pub(super) check: Check,
}

/// What a field has to be.
#[derive(Debug, Clone)]
pub(super) enum Check {
    /// `=`
    Is(Text),
    /// `!=`
    IsNot(Text),
    /// `NOT EXISTS`
    Missing,
    /// `IS TRUE`, `IS FALSE`
    Bool(bool),
    /// A comparison of numbers, or `IS NULL`: no field that matters here is one.
    NotText,
}

/// Which texts are meant.
#[derive(Debug, Clone)]
pub(super) enum Text {
    /// This one; a star in front or at the end stands for anything.
    Glob {
        /// The text between the stars.
        middle: String,
        /// A star in front.
        open_start: bool,
        /// A star at the end.
        open_end: bool,
    },
    /// Those in which the expression finds something.
    Regex(Box<Regex>),
    /// It cannot be said.
    Unclear,
}

impl Text {
    /// Whether it means this text.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        match self {
            Self::Glob { middle, open_start, open_end } => Some(match (open_start, open_end) {
                (false, false) => text == middle,
                (false, true) => text.starts_with(middle.as_str()),
                (true, false) => text.ends_with(middle.as_str()),
                (true, true) => text.contains(middle.as_str()),
            }),
            Self::Regex(regex) => Some(regex.is_match(text)),
            Self::Unclear => None,
        }
    }

    /// A text that it means, if one is at hand.
    pub(super) fn example(&self) -> Option<&str> {
        match self {
            Self::Glob { middle, .. } => Some(middle),
            Self::Regex(_) | Self::Unclear => None,
        }
    }

    fn glob(written: &str) -> Self {
        let (open_start, rest) = match written.strip_prefix('*') {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let (open_end, middle) = match rest.strip_suffix('*') {
            Some(middle) => (true, middle),
            // A single star is both.
            None => (open_start && rest.is_empty(), rest),
        };
        if middle.contains('*') {
            return Self::Unclear;
        }
        Self::Glob { middle: middle.to_owned(), open_start, open_end }
    }

    fn regex(written: &str) -> Self {
        Regex::new(written).map_or(Self::Unclear, |regex| Self::Regex(Box::new(regex)))
    }
}

/// Reads a pattern.
pub(super) fn parse(text: &str) -> Pattern {
    let text = text.trim();
    if text.is_empty() {
        return Pattern::Everything;
    }
    let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return Pattern::Other;
    };
    let mut parser = Parser { rest: inner.trim(), depth: 0 };
    match parser.any() {
        Some(expr) if parser.rest.is_empty() => Pattern::Json(expr),
        _ => Pattern::Other,
    }
}

/// How deep brackets may be nested; AWS's patterns have 1,024 characters.
const DEEPEST: usize = 64;

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// Takes this, and the white space behind it.
    fn take(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?.trim_start();
        Some(())
    }

    /// Takes so many bytes.
    fn split(&mut self, at: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(at)?;
        self.rest = rest;
        Some(taken)
    }

    /// Takes a word, whatever its case.
    fn word(&mut self, word: &str) -> Option<()> {
        let (head, rest) = self.rest.split_at_checked(word.len())?;
        let whole = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        if head.eq_ignore_ascii_case(word) && whole {
            self.rest = rest.trim_start();
            return Some(());
        }
        None
    }

    /// `&&` binds stronger than `||`.
    fn any(&mut self) -> Option<Expr> {
        let mut of = vec![self.all()?];
        while self.take("||").is_some() {
            of.push(self.all()?);
        }
        Some(Expr::Any(of))
    }

    fn all(&mut self) -> Option<Expr> {
        let mut of = vec![self.one()?];
        while self.take("&&").is_some() {
            of.push(self.one()?);
        }
        Some(Expr::All(of))
    }

    fn one(&mut self) -> Option<Expr> {
        if self.take("(").is_some() {
            self.depth += 1;
            if self.depth > DEEPEST {
                return None;
            }
            let inner = self.any()?;
            self.take(")")?;
            self.depth -= 1;
            return Some(inner);
        }
        let field = self.selector()?;
        let check = self.check()?;
        Some(Expr::Test(Test { field, check }))
    }

    /// `$.userIdentity.type`; none of a path through a list.
    fn selector(&mut self) -> Option<Option<String>> {
        let rest = self.rest.strip_prefix('$')?;
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '!' | '<' | '>' | ')' | '('))?;
        let (path, behind) = rest.split_at_checked(end)?;
        self.rest = behind.trim_start();
        if path.contains(['[', ']', '*', '"', '\'']) {
            return Some(None);
        }
        let path = path.strip_prefix('.')?;
        let plain = !path.is_empty() && path.split('.').all(|name| !name.is_empty());
        plain.then(|| Some(path.to_owned()))
    }

    fn check(&mut self) -> Option<Check> {
        if self.word("NOT").is_some() {
            self.word("EXISTS")?;
            return Some(Check::Missing);
        }
        if self.word("IS").is_some() {
            return [
                ("NULL", Check::NotText),
                ("TRUE", Check::Bool(true)),
                ("FALSE", Check::Bool(false)),
            ]
            .into_iter()
            .find_map(|(word, check)| self.word(word).map(|()| check));
        }
        if self.take("!=").is_some() {
            return Some(Check::IsNot(self.value()?));
        }
        for operator in ["<=", ">=", "<", ">"] {
            if self.take(operator).is_some() {
                self.value()?;
                return Some(Check::NotText);
            }
        }
        self.take("=")?;
        Some(Check::Is(self.value()?))
    }

    fn value(&mut self) -> Option<Text> {
        let value = if self.rest.starts_with('"') {
            Text::glob(&self.quoted()?)
        } else if let Some(behind) = self.rest.strip_prefix('%') {
            let end = behind.find('%')?;
            self.rest = behind;
            let regex = Text::regex(self.split(end)?);
            self.rest = self.rest.strip_prefix('%')?;
            regex
        } else {
            let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '&' | '|' | '"');
            let end = self.rest.find(ends).unwrap_or(self.rest.len());
            if end == 0 {
                return None;
            }
            Text::glob(self.split(end)?)
        };
        self.rest = self.rest.trim_start();
        Some(value)
    }

    /// A text in quotation marks.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.split(at + 1)?;
                    return Some(text);
                }
                '\\' => text.push(characters.next()?.1),
                other => text.push(other),
            }
        }
        None
    }
}

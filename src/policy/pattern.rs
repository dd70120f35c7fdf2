//! Text with wildcards and policy variables, and the patterns they compile to.

use std::fmt;

/// A string of a policy as written: text, wildcards and policy variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Characters as written; `*` and `?` are wildcards where the place has any.
    Text(String),
    /// `${*}`, `${?}`, `${$}`: the character itself.
    Literal(char),
    /// `${key}` or `${key, 'default'}`.
    Variable { key: String, default: Option<String> },
}

/// How the characters of a template are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Wildcards, no regard to case: action names.
    Action,
    /// Wildcards; one inside a segment of an ARN stays in it, one that ends a
    /// segment may run over it; an incomplete ARN is completed with `*`.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    Resource,
    /// Wildcards anywhere: `StringLike`.
    Like,
    /// No wildcards: `StringEquals`.
    Equal,
    /// No wildcards, no regard to case: `StringEqualsIgnoreCase`.
    EqualIgnoreCase,
    /// Wildcards within each of the six segments: `ArnLike`, `ArnEquals`.
    Arn,
}

impl Template {
    /// Reads a template. With `variables` off (Version 2008-10-17) `${` is text.
    #[must_use]
    pub fn new(text: &str, variables: bool) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while variables && let Some((before, after)) = rest.split_once("${") {
            let Some((inside, tail)) = after.split_once('}') else { break };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::parse(inside));
            rest = tail;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self { text: text.to_owned(), pieces }
    }

    /// The template as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The keys of its variables.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|p| match p {
            Piece::Variable { key, .. } => Some(key.as_str()),
            _ => None,
        })
    }

    /// Whether it has neither wildcard nor variable: AWS's "fixed value".
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.pieces.iter().all(|p| match p {
            Piece::Text(text) => !text.contains(['*', '?']),
            Piece::Literal(_) => true,
            Piece::Variable { .. } => false,
        })
    }

    /// Compiles to a pattern. `None` if a variable has no value: then nothing matches.
    #[must_use]
    pub fn compile(
        &self,
        style: Style,
        value_of: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Pattern> {
        let wild = !matches!(style, Style::Equal | Style::EqualIgnoreCase);
        let mut tokens = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => tokens.extend(text.chars().map(|c| match c {
                    '*' if wild => Token::Star,
                    '?' if wild => Token::One,
                    c => Token::Char(c),
                })),
                Piece::Literal(c) => tokens.push(Token::Char(*c)),
                Piece::Variable { key, default } => {
                    let value = value_of(key).or_else(|| default.clone())?;
                    tokens.extend(value.chars().map(Token::Char));
                }
            }
        }
        Some(Pattern::new(tokens, style))
    }

    /// The template's text with the variables filled in, for operators that compare
    /// whole values. `None` if a variable has no value.
    #[must_use]
    pub fn fill(&self, value_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Literal(c) => out.push(*c),
                Piece::Variable { key, default } => {
                    out.push_str(&value_of(key).or_else(|| default.clone())?);
                }
            }
        }
        Some(out)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Piece {
    fn parse(inside: &str) -> Self {
        match inside {
            "*" => return Self::Literal('*'),
            "?" => return Self::Literal('?'),
            "$" => return Self::Literal('$'),
            _ => {}
        }
        let (key, default) = match inside.split_once(',') {
            Some((key, default)) => {
                let default = default.trim();
                let default = default.strip_prefix('\'').unwrap_or(default);
                (key, Some(default.strip_suffix('\'').unwrap_or(default).to_owned()))
            }
            None => (inside, None),
        };
        Self::Variable { key: key.trim().to_owned(), default }
    }
}

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Token {
    Char(char),
    /// Any one character.
    One,
    /// Any one character but the colon.
    OneInSegment,
    /// Any run of characters.
    Star,
    /// Any run of characters without a colon.
    StarInSegment,
}

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    tokens: Vec<Token>,
    fold: bool,
    /// No wildcard is bound to a segment.
    plain: bool,
}

impl Pattern {
    fn new(mut tokens: Vec<Token>, style: Style) -> Self {
        let fold = matches!(style, Style::Action | Style::EqualIgnoreCase);
        if fold {
            for token in &mut tokens {
                if let Token::Char(c) = token {
                    *c = fold_char(*c);
                }
            }
        }
        if matches!(style, Style::Arn | Style::Resource) {
            segment(&mut tokens, style);
        }
        tokens.dedup_by(|a, b| a == b && matches!(a, Token::Star | Token::StarInSegment));
        let bound = |t: &Token| matches!(t, Token::StarInSegment | Token::OneInSegment);
        let plain = !tokens.iter().any(bound);
        Self { tokens, fold, plain }
    }

    /// A pattern from text with wildcards and without variables.
    #[must_use]
    pub fn from_text(text: &str, style: Style) -> Self {
        let template = Template::new(text, false);
        template.compile(style, &|_| None).unwrap_or_else(|| Self::new(Vec::new(), style))
    }

    /// The same without the texts in which a wildcard stands for a colon.
    pub(super) fn without_colons(mut self) -> Self {
        for token in &mut self.tokens {
            *token = match *token {
                Token::Star => Token::StarInSegment,
                Token::One => Token::OneInSegment,
                other => other,
            };
        }
        self.plain = false;
        self
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub(super) fn folds_case(&self) -> bool {
        self.fold
    }

    /// Whether it matches every text.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.tokens == [Token::Star]
    }

    /// Whether the whole of `value` matches.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        if self.plain { self.matches_plain(value) } else { self.matches_segments(value) }
    }

    /// With wildcards that take any character, the last star alone need be tried again.
    fn matches_plain(&self, value: &str) -> bool {
        let fold = |c: char| if self.fold { fold_char(c) } else { c };
        let mut rest = value.chars();
        let mut token = 0;
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let mut ahead = rest.clone();
            match (self.tokens.get(token), ahead.next()) {
                (None, None) => return true,
                (Some(Token::Star), _) => {
                    token += 1;
                    retry = Some((token, rest.clone()));
                    continue;
                }
                (Some(Token::One), Some(_)) => {
                    token += 1;
                    rest = ahead;
                    continue;
                }
                (Some(Token::Char(t)), Some(c)) if *t == fold(c) => {
                    token += 1;
                    rest = ahead;
                    continue;
                }
                _ => {}
            }
            let Some((after_star, from)) = &mut retry else { return false };
            if from.next().is_none() {
                return false;
            }
            token = *after_star;
            rest = from.clone();
        }
    }

    /// All ways at once.
    fn matches_segments(&self, value: &str) -> bool {
        let n = self.tokens.len();
        let mut active = vec![false; n + 1];
        let mut next = vec![false; n + 1];
        if let Some(first) = active.first_mut() {
            *first = true;
        }
        self.close(&mut active);
        for c in value.chars() {
            let c = if self.fold { fold_char(c) } else { c };
            next.fill(false);
            let mut any = false;
            for (i, token) in self.tokens.iter().enumerate() {
                if !active.get(i).copied().unwrap_or(false) {
                    continue;
                }
                let target = match token {
                    Token::Char(t) if *t == c => i + 1,
                    Token::One => i + 1,
                    Token::OneInSegment if c != ':' => i + 1,
                    Token::Star => i,
                    Token::StarInSegment if c != ':' => i,
                    _ => continue,
                };
                if let Some(slot) = next.get_mut(target) {
                    *slot = true;
                    any = true;
                }
            }
            if !any {
                return false;
            }
            self.close(&mut next);
            std::mem::swap(&mut active, &mut next);
        }
        active.get(n).copied().unwrap_or(false)
    }

    /// A star may match nothing: an active star makes the next step active.
    fn close(&self, active: &mut [bool]) {
        for (i, token) in self.tokens.iter().enumerate() {
            if matches!(token, Token::Star | Token::StarInSegment)
                && active.get(i).copied().unwrap_or(false)
                && let Some(slot) = active.get_mut(i + 1)
            {
                *slot = true;
            }
        }
    }
}

/// Binds the wildcards of an ARN to their segments and completes a short one.
fn segment(tokens: &mut Vec<Token>, style: Style) {
    let is_arn = tokens.starts_with(&[
        Token::Char('a'),
        Token::Char('r'),
        Token::Char('n'),
        Token::Char(':'),
    ]);
    if !is_arn && (style == Style::Resource || tokens.as_slice() == [Token::Star]) {
        return;
    }
    let mut colons = tokens.iter().filter(|t| **t == Token::Char(':')).count();
    while colons < 5 {
        tokens.push(Token::Char(':'));
        tokens.push(Token::Star);
        colons += 1;
    }
    let mut passed = 0;
    for i in 0..tokens.len() {
        let ends_segment = matches!(tokens.get(i + 1), None | Some(Token::Char(':')));
        let Some(token) = tokens.get_mut(i) else { continue };
        match token {
            Token::Char(':') => passed += 1,
            Token::Star if passed < 5 && !(style == Style::Resource && ends_segment) => {
                *token = Token::StarInSegment;
            }
            Token::One if passed < 5 => *token = Token::OneInSegment,
            _ => {}
        }
    }
}

/// Lower case, one character for one.
pub(super) fn fold_char(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(l), None) => l,
        _ => c,
    }
}

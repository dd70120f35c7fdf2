//! The reader's tools: where it is, what it has reported, and the fields of a
//! table by their type.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::aws_id::AccountId;
use super::check::Complaint;
use super::credential::{self, Hidden};
use super::keys::{self, nearest};
use super::problem::{Lines, Problem, ProblemKind};
use super::secret_places;
use super::syntax::{DUPLICATE, Syntax};

pub(super) type Table<'d> = DeTable<'d>;
pub(super) type Value<'d> = Spanned<DeValue<'d>>;

/// A value with its place in the file.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// What a table holds under a key.
pub(super) enum Field<T> {
    Absent,
    /// There, and reported.
    Bad,
    Good(At<T>),
}

impl<T> Field<T> {
    pub(super) fn good(&self) -> Option<&At<T>> {
        match self {
            Self::Good(at) => Some(at),
            Self::Absent | Self::Bad => None,
        }
    }

    pub(super) fn into_value(self) -> Option<T> {
        match self {
            Self::Good(at) => Some(at.value),
            Self::Absent | Self::Bad => None,
        }
    }
}

/// Walks the file and collects problems.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) lines: Lines<'t>,
    syntax: &'t Syntax,
    pub(super) hidden: Hidden,
    pub(super) problems: Vec<Problem>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, syntax: &'t Syntax, root: &Table<'_>) -> Self {
        let mut hidden = Hidden::default();
        secret_places::hide_in_table(text, root, &mut hidden);
        for found in credential::scan(text) {
            hidden.add(text.get(found.span).unwrap_or(""));
        }
        Self { text, lines: Lines::new(text), syntax, hidden, problems: Vec::new() }
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        self.lines.position(offset).line
    }

    /// Reports a problem of the syntax or a credential: these hold whatever else is wrong.
    pub(super) fn report_always(&mut self, offset: usize, complaint: Complaint) {
        self.problems.push(Problem {
            kind: complaint.kind,
            at: Some(self.lines.position(offset)),
            what: complaint.what,
            instead: complaint.instead,
        });
    }

    /// Reports a problem unless a fault of the syntax may be its only cause.
    pub(super) fn report(&mut self, span: &Range<usize>, complaint: Complaint) {
        let doubtful = span.start >= self.syntax.trusted_to
            || (complaint.kind == ProblemKind::Missing && self.syntax.keys_lost)
            || self.is_faulty(span);
        if !doubtful {
            self.report_always(span.start, complaint);
        }
    }

    /// True if the value at `span` is itself broken TOML, and so reported.
    pub(super) fn is_faulty(&self, span: &Range<usize>) -> bool {
        self.syntax.faults.iter().any(|fault| {
            fault.message != DUPLICATE
                && span.start <= fault.span.start
                && fault.span.start < span.end.max(span.start + 1)
        })
    }

    pub(super) fn report_syntax(&mut self) {
        for fault in &self.syntax.faults {
            let complaint = fault.explain(self.text, &self.hidden);
            self.report_always(fault.span.start, complaint);
        }
    }

    /// Every credential in the file, one problem per line.
    pub(super) fn report_credentials(&mut self, root: &Table<'_>) {
        let mut found = BTreeMap::new();
        let keys = secret_places::credential_keys(root);
        for (offset, key) in keys {
            let what = format!("`{}` is a credential", key.escape_debug());
            found.entry(self.line(offset)).or_insert((offset, what));
        }
        for scanned in credential::scan(self.text) {
            let start = scanned.span.start;
            let what = format!("here is {}", scanned.what);
            found.entry(self.line(start)).or_insert((start, what));
        }
        for offset in secret_places::secret_access_keys(root) {
            let what = "here is what looks like an AWS secret access key".to_owned();
            found.entry(self.line(offset)).or_insert((offset, what));
        }
        for (offset, what) in found.into_values() {
            self.report_always(
                offset,
                Complaint::new(
                    ProblemKind::Credential,
                    format!("{what}, which must never be in this file"),
                    "take it out, and revoke it at AWS if anyone else may have seen the file; \
                     name a profile of ~/.aws/config instead: profile = \"scanner\"",
                ),
            );
        }
    }

    /// A table that stands once at the top of the file.
    pub(super) fn section<'r, 'd>(
        &mut self,
        root: &'r Table<'d>,
        name: &str,
    ) -> Option<&'r Table<'d>> {
        let value = root.get(name)?;
        if let Some(table) = value.get_ref().as_table() {
            return Some(table);
        }
        self.wrong_type(
            name,
            value,
            "a table",
            &format!("write [{name}] once, with single brackets, and its keys below it"),
        );
        None
    }

    pub(super) fn unknown_keys(
        &mut self,
        table: &Table<'_>,
        section: &str,
        known: &[&'static str],
    ) {
        for (key, _) in table {
            let given: &str = key.get_ref();
            if known.contains(&given) || credential::is_credential_key(given) {
                continue;
            }
            let only_tenant = own_key(given, keys::TENANT).filter(|key| !known.contains(key));
            let instead = if let Some(key) = only_tenant {
                format!("every tenant has its own {key}: put it below its [[tenant]]")
            } else if let Some(key) = nearest(given, known.iter().copied()) {
                format!("write {key}")
            } else {
                format!("the keys of {section} are {}", known.join(", "))
            };
            let complaint = Complaint::new(
                ProblemKind::UnknownKey,
                format!("{section} has no key {}", self.hidden.show(given)),
                instead,
            );
            self.report(&key.span(), complaint);
        }
    }

    /// The text under `key`, if `check` finds it right.
    pub(super) fn checked<T>(
        &mut self,
        table: &Table<'_>,
        key: &str,
        check: impl FnOnce(&str, &Hidden) -> Result<T, Complaint>,
    ) -> Field<T> {
        let Some(value) = table.get(key) else {
            return Field::Absent;
        };
        let Some(text) = value.get_ref().as_str() else {
            let instead = self
                .quoted_account(key, value)
                .unwrap_or_else(|| format!("write {key} = \"...\" with the text in quotes"));
            self.wrong_type(key, value, "text", &instead);
            return Field::Bad;
        };
        match check(text, &self.hidden) {
            Ok(_) if self.is_faulty(&value.span()) => Field::Bad,
            Ok(good) => Field::Good(At { value: good, span: value.span() }),
            Err(complaint) => {
                self.report(&value.span(), complaint);
                Field::Bad
            }
        }
    }

    pub(super) fn wrong_type(&mut self, key: &str, value: &Value<'_>, wanted: &str, instead: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let complaint = Complaint::new(
            ProblemKind::WrongType,
            format!("`{key}` must be {wanted}, not {found}"),
            instead,
        );
        self.report(&value.span(), complaint);
    }

    /// What to write if an account id stands there as a number.
    fn quoted_account(&self, key: &str, value: &Value<'_>) -> Option<String> {
        let number = value
            .get_ref()
            .as_integer()
            .filter(|_| matches!(key, "account_id" | "known_accounts"))?;
        Some(match AccountId::parse(number.as_str()) {
            Some(id) if number.radix() == 10 => {
                format!("put it in quotes: {}", self.hidden.show(id.as_str()))
            }
            _ => "put all 12 digits in quotes, zeros at the front too: \"012345678901\"".to_owned(),
        })
    }

    /// The texts of the list under `key`. A list with a bad item is still
    /// looked through; `check` reports on each item.
    pub(super) fn list<T>(
        &mut self,
        table: &Table<'_>,
        key: &str,
        example: &str,
        check: impl Fn(&str, &Hidden) -> Result<T, Complaint>,
    ) -> Field<Vec<At<T>>> {
        let Some(value) = table.get(key) else {
            return Field::Absent;
        };
        let Some(items) = value.get_ref().as_array() else {
            let instead =
                match value.get_ref().as_str().filter(|text| check(text, &self.hidden).is_ok()) {
                    Some(text) => format!("write {key} = [{}]", self.hidden.show(text)),
                    None => format!("write {key} = [{example}]"),
                };
            self.wrong_type(key, value, "a list of texts", &instead);
            return Field::Bad;
        };
        let mut good = Vec::new();
        let mut seen = BTreeMap::new();
        for item in items {
            let Some(text) = item.get_ref().as_str() else {
                let instead = self
                    .quoted_account(key, item)
                    .unwrap_or_else(|| format!("write {key} = [{example}]"));
                self.wrong_type(key, item, "a list of texts", &instead);
                continue;
            };
            match check(text, &self.hidden) {
                Ok(value) => good.push(At { value, span: item.span() }),
                Err(complaint) => {
                    self.report(&item.span(), complaint);
                    continue;
                }
            }
            if first_use(&mut seen, &text.to_owned(), 0).is_some() {
                let complaint = Complaint::new(
                    ProblemKind::Duplicate,
                    format!("`{key}` lists {} twice", self.hidden.show(text)),
                    "take one of the two out, or write the one that was meant",
                );
                self.report(&item.span(), complaint);
            }
        }
        Field::Good(At { value: good, span: value.span() })
    }
}

/// The key that `given` is, whatever its case and separators.
pub(super) fn own_key(given: &str, known: &[&'static str]) -> Option<&'static str> {
    known.iter().copied().find(|key| keys::plain(key) == keys::plain(given))
}

/// The line of the first use, or `None` if this is it.
pub(super) fn first_use<T: Ord + Clone>(
    seen: &mut BTreeMap<T, usize>,
    value: &T,
    line: usize,
) -> Option<usize> {
    if let Some(first) = seen.get(value) {
        return Some(*first);
    }
    seen.insert(value.clone(), line);
    None
}

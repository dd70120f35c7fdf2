//! The suppressions file: findings to live with until a date, under version
//! control. Read as the tenants file is: all problems at once, with their
//! places.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use super::check::{self, Complaint};
use super::problem::{Position, Problem, ProblemKind, Problems};
use super::reader::{At, Field, Reader, Table, first_use};
use super::syntax;

/// The keys of a `[[suppression]]`.
const KEYS: &[&str] = &["finding", "rule", "resource", "tenant", "reason", "until", "owner"];

/// One `[[suppression]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppressionEntry {
    /// What it hides.
    pub target: EntryTarget,
    /// Only in this tenant.
    pub tenant: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Date,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where its target stands in the file.
    pub at: Position,
}

/// What a `[[suppression]]` hides, as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryTarget {
    /// A finding, by its id. Whether that is a whole one, the caller checks.
    Finding(String),
    /// What a rule finds.
    Rule {
        /// The rule's id or alias. Whether there is such a rule, the caller
        /// checks.
        rule: String,
        /// Only on resources whose ARN or name matches this glob.
        resource: Option<String>,
    },
}

impl SuppressionEntry {
    /// A problem of its target that only the caller can see.
    #[must_use]
    pub fn problem(&self, kind: ProblemKind, what: String, instead: String) -> Problem {
        Problem { kind, at: Some(self.at), what, instead }
    }
}

/// Reads a suppressions file.
///
/// # Errors
/// All problems of the file at once, in its order.
pub fn parse_suppressions(text: &str) -> Result<Vec<SuppressionEntry>, Problems> {
    let syntax = syntax::check(text);
    let readable = syntax.text.clone();
    let (root, _) = DeTable::parse_recoverable(&readable);
    let mut reader = Reader::new(text, &syntax, root.get_ref());
    reader.report_syntax();
    reader.report_credentials(root.get_ref());
    let entries = reader.suppressions(root.get_ref());
    Problems::or_else_ok(reader.problems).map(|()| entries)
}

impl Reader<'_> {
    fn suppressions(&mut self, root: &Table<'_>) -> Vec<SuppressionEntry> {
        for (key, _) in root {
            if key.get_ref() != "suppression" {
                let complaint = Complaint::new(
                    ProblemKind::UnknownKey,
                    format!("there is no key {} at the top of the file", key.get_ref()),
                    "write [[suppression]], and the keys below it",
                );
                self.report(&key.span(), complaint);
            }
        }
        let Some(value) = root.get("suppression") else { return Vec::new() };
        let advice = "write [[suppression]], and the keys below it";
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type("suppression", value, "a list of tables", advice);
            return Vec::new();
        };
        let mut entries = Vec::new();
        let mut seen = BTreeMap::new();
        for item in items {
            let Some(table) = item.get_ref().as_table() else {
                self.wrong_type("suppression", item, "a list of tables", advice);
                continue;
            };
            let Some((entry, span)) = self.suppression(&item.span(), table) else { continue };
            let same = (entry.target.clone(), entry.tenant.clone());
            if let Some(first) = first_use(&mut seen, &same, entry.at.line) {
                let complaint = Complaint::new(
                    ProblemKind::Duplicate,
                    format!("the suppression on line {first} hides the same"),
                    "keep one of the two",
                );
                self.report(&span, complaint);
            }
            entries.push(entry);
        }
        entries
    }

    fn suppression(
        &mut self,
        header: &Range<usize>,
        table: &Table<'_>,
    ) -> Option<(SuppressionEntry, Range<usize>)> {
        self.unknown_keys(table, "[[suppression]]", KEYS);
        let finding = self.words(table, "finding");
        let rule = self.words(table, "rule");
        let resource = self.words(table, "resource");
        let tenant = self.words(table, "tenant");
        let reason = self.words(table, "reason");
        let owner = self.words(table, "owner");
        let until = self.until(table);
        for (key, absent, example) in [
            ("reason", matches!(reason, Field::Absent), "add reason = \"why this is acceptable\""),
            ("until", matches!(until, Field::Absent), "add until = 2026-12-31"),
        ] {
            if absent {
                self.missing(header, format!("`{key}` is missing"), example);
            }
        }
        let span = match (&finding, &rule) {
            (Field::Absent, Field::Absent) => {
                let what = "neither `finding` nor `rule` says what is hidden".to_owned();
                self.missing(header, what, "add rule = \"s3-bucket-versioning\"");
                return None;
            }
            (Field::Good(at), Field::Absent) | (_, Field::Good(at)) => at.span.clone(),
            _ => return None,
        };
        if let (Some(finding), false) = (finding.good(), matches!(rule, Field::Absent)) {
            let complaint = Complaint::new(
                ProblemKind::Mismatch,
                "`finding` and `rule` are both there",
                "keep `finding` for one finding, or `rule` for all that it finds",
            );
            self.report(&finding.span, complaint);
            return None;
        }
        if let (Some(at), Field::Absent) = (resource.good(), &rule) {
            let complaint = Complaint::new(
                ProblemKind::Missing,
                "`resource` without `rule`: a finding has its resource already",
                "add rule, or take resource out",
            );
            self.report(&at.span, complaint);
            return None;
        }
        let target = match (finding.into_value(), rule.into_value()) {
            (Some(finding), _) => EntryTarget::Finding(finding),
            (None, Some(rule)) => EntryTarget::Rule { rule, resource: resource.into_value() },
            (None, None) => return None,
        };
        let entry = SuppressionEntry {
            target,
            tenant: tenant.into_value(),
            reason: reason.into_value()?,
            until: until.into_value()?,
            owner: owner.into_value(),
            at: self.lines.position(span.start),
        };
        Some((entry, span))
    }

    fn words(&mut self, table: &Table<'_>, key: &str) -> Field<String> {
        self.checked(table, key, |text, hidden| check::words(key, text, hidden))
    }

    fn missing(&mut self, header: &Range<usize>, what: String, instead: &str) {
        self.report(header, Complaint::new(ProblemKind::Missing, what, instead));
    }

    /// A date of TOML, or one in quotes.
    fn until(&mut self, table: &Table<'_>) -> Field<Date> {
        let Some(value) = table.get("until") else { return Field::Absent };
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => {
                self.wrong_type("until", value, "a date", "write until = 2026-12-31");
                return Field::Bad;
            }
        };
        // Strictly a date: a time of the day would be passed over.
        match text.parse::<Date>() {
            Ok(date) if date.to_string() == text => {
                Field::Good(At { value: date, span: value.span() })
            }
            _ => {
                let complaint = Complaint::new(
                    ProblemKind::Malformed,
                    format!("`until`: {} is not a date", self.hidden.show(&text)),
                    "write the last day on which it holds: until = 2026-12-31",
                );
                self.report(&value.span(), complaint);
                Field::Bad
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const GOOD: &str = "\
[[suppression]]
rule = \"s3-bucket-versioning\"
resource = \"logs-*\"
tenant = \"acme\"
reason = \"kept for a day\"
until = 2026-12-31
owner = \"anna\"

[[suppression]]
finding = \"00112233445566778899aabbccddeeff\"
reason = \"the token is ordered\"
until = \"2026-06-30\"
";

    #[test]
    fn entries_are_read_with_their_places() {
        let entries = parse_suppressions(GOOD).unwrap();
        assert_eq!(entries.len(), 2);
        let first = entries.first().unwrap();
        let rule = "s3-bucket-versioning".to_owned();
        assert_eq!(first.target, EntryTarget::Rule { rule, resource: Some("logs-*".to_owned()) });
        assert_eq!((first.tenant.as_deref(), first.owner.as_deref()), (Some("acme"), Some("anna")));
        assert_eq!((first.at.line, first.at.column), (2, 8));
        let second = entries.get(1).unwrap();
        assert_eq!(second.until, "2026-06-30".parse().unwrap());
        assert!(parse_suppressions("").unwrap().is_empty());
    }

    #[test]
    fn every_problem_has_its_line_and_column() {
        for (from, to, says) in [
            ("rule =", "ruel =", "2:1: [[suppression]] has no key \"ruel\"\n    write rule"),
            ("2026-12-31", "2026-13-31", "6:9: "),
            ("2026-12-31", "2026-12-31T10:00:00", "6:9: `until`: \"2026-12-31T10:00:00\" is not"),
            ("2026-12-31", "5", "6:9: `until` must be a date, not a number"),
            ("\"kept for a day\"", "\"\"", "5:10: `reason` is empty"),
            ("reason = \"kept for a day\"\n", "", "1:1: `reason` is missing"),
            ("until = 2026-12-31\n", "", "1:1: `until` is missing"),
            ("[[suppression]]\nrule", "[suppression]\nrule", "uppression"),
            ("finding", "resource = \"x\"\nfinding", "10:12: `resource` without `rule`"),
            ("finding", "rule = \"x\"\nfinding", "11:11: `finding` and `rule` are both there"),
            ("finding = \"00112233445566778899aabbccddeeff\"\n", "", "9:1: neither `finding` nor"),
            (
                "finding = \"00112233445566778899aabbccddeeff\"",
                "rule = \"s3-bucket-versioning\"\nresource = \"logs-*\"\ntenant = \"acme\"",
                "10:8: the suppression on line 2 hides the same",
            ),
            ("[[suppression]]", "[[supression]]", "1:3: there is no key supression"),
        ] {
            let bad = GOOD.replacen(from, to, 1);
            assert_ne!(bad, GOOD, "{from}");
            let said = parse_suppressions(&bad).unwrap_err().to_string();
            assert!(said.contains(says), "{to}: {said}");
        }
    }
}

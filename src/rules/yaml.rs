//! The one way YAML is read here: strictly, with places.
//!
//! Unknown and duplicate keys, anchors, merge keys and tags are refused, `yes`
//! and `no` stay text, and what looks like a number cannot become text: an
//! unquoted `2.10` would be the control 2.1.

use serde::de::DeserializeOwned;

/// What is wrong with a document, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct YamlError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads one document.
///
/// # Errors
/// It is not YAML, or not of this shape.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let place = error.location();
        let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        YamlError {
            line: place.map_or(1, |place| at(place.line())),
            column: place.map_or(1, |place| at(place.column())),
            message: explain(&error.without_snippet().to_string()),
        }
    })
}

fn options() -> serde_saphyr::Options {
    let mut budget = serde_saphyr::budget::Budget::default();
    budget.max_anchors = 0;
    budget.max_aliases = 0;
    let mut options = serde_saphyr::Options::default();
    options.budget = Some(budget);
    options.duplicate_keys = serde_saphyr::DuplicateKeyPolicy::Error;
    options.merge_keys = serde_saphyr::MergeKeyPolicy::Error;
    options.strict_booleans = true;
    options.leading_zero_numbers_as_strings = true;
    options.underscored_numbers_as_strings = true;
    options.no_schema = true;
    options.reject_unsupported_tags = true;
    options.with_snippet = false;
    options
}

/// Says what the parser says in the words of who writes the file, with the way
/// out of YAML's traps. The place is told apart.
fn explain(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(what, _)| what);
    if let Some(rest) = message.strip_prefix("duplicate mapping key: ") {
        let key = rest.split_once(", set ").map_or(rest, |(key, _)| key);
        return format!("the key `{key}` is there twice: keep one of them");
    }
    if message.starts_with("budget breached: A") {
        return "anchors (&) and aliases (*) are not read: write the value out".to_owned();
    }
    if message == "unexpected end of input" {
        return "there is nothing here".to_owned();
    }
    if message.starts_with("multiple YAML documents detected") {
        return "there is a document too many: a file holds a rule, and below `---` its examples"
            .to_owned();
    }
    if message == "expected mapping start" {
        return "lines of the form `key: value` have to be here".to_owned();
    }
    let traps = ["mapping values are not allowed", "unknown tag", "tag"];
    if traps.iter().any(|trap| message.contains(trap)) {
        return format!(
            "{message} (text with `: `, ` #` or a leading `!` has to be quoted or a block scalar)"
        );
    }
    message
        .replace("unknown variant `", "unknown value `")
        .replace("missing field `", "missing key `")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    type Texts = BTreeMap<String, String>;

    #[test]
    fn traps_of_yaml_are_refused_with_a_place() {
        for (text, line) in [
            ("a: x\na: y", 2),
            ("a: &b x\nc: *b", 1),
            ("a: 2.10", 1),
            ("a: 012345678901\nb: x", 1),
            ("a: true", 1),
            ("a: !b x", 1),
            ("a: b: c", 1),
            ("<<: {a: b}", 1),
        ] {
            let error = read::<Texts>(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_the_file() {
        #[derive(Debug, serde::Deserialize)]
        enum Size {
            #[serde(rename = "small")]
            Small,
        }
        let said = |text: &str| read::<Texts>(text).unwrap_err().message;
        assert_eq!(said("a: x\na: y"), "the key `a` is there twice: keep one of them");
        let anchors = "anchors (&) and aliases (*) are not read: write the value out";
        assert_eq!(said("a: &b x"), anchors);
        let empty = read::<(Size,)>("").unwrap_err();
        assert_eq!(empty.message, "there is nothing here");
        assert!(said("a: x\n---\nb: y").starts_with("there is a document too many"));
        assert_eq!(said("- x"), "lines of the form `key: value` have to be here");
        let parameter =
            read::<BTreeMap<String, crate::tenant::ParameterValue>>("a: x").unwrap_err();
        assert_eq!(
            parameter.message,
            "expected a whole number, or a list of whole numbers or of texts"
        );
        let error = read::<BTreeMap<String, Size>>("a: large").unwrap_err();
        assert!(error.message.starts_with("unknown value `large`"), "{error}");
        assert!(!error.message.contains("line"), "the place is told once: {error}");
    }

    #[test]
    fn untyped_values_keep_their_spelling() {
        let value: serde_json::Value =
            read("a: yes\nb: 012345678901\nc: 1_000\nd: 1\ne: true\nf: null").unwrap();
        assert_eq!(
            value,
            serde_json::json!({
                "a": "yes", "b": "012345678901", "c": "1_000", "d": 1, "e": true, "f": null
            })
        );
    }

    #[test]
    fn quoted_numbers_are_text() {
        let texts: Texts = read("a: \"2.10\"\nb: '012'").unwrap();
        assert_eq!(texts.get("a").unwrap(), "2.10");
        assert_eq!(texts.get("b").unwrap(), "012");
    }
}

//! A name that calls for a secret, beside a value that is written out.

use super::detectors::Match;
use regex::Regex;
use std::sync::LazyLock;

/// A name, what stands between, and a value: quoted or up to a blank. `name=value`,
/// `name: value`, `"name": "value"`, `--name value`.
const PATTERN: &str = r#"(?i)(?P<name>(?:--)?[a-z0-9_.-]*(?:passw(?:or)?d|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|encryption[_-]?key|credentials?)[a-z0-9_.-]*)["']?(?P<between>\s*(?:=>|:=|[:=])\s*|\s+)(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s"';,&|<>(){}\[\]]+))"#;

static ASSIGNMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(PATTERN).ok());

/// Words at the end of a name that make it name something about a secret.
const ABOUT: &[&str] = &[
    "age",
    "alias",
    "arn",
    "attempts",
    "backend",
    "charset",
    "count",
    "days",
    "dir",
    "duration",
    "enabled",
    "endpoint",
    "engine",
    "env",
    "expiration",
    "expires",
    "expiry",
    "field",
    "file",
    "filename",
    "folder",
    "format",
    "hash",
    "header",
    "host",
    "id",
    "ids",
    "key_id",
    "keyid",
    "length",
    "lifetime",
    "location",
    "max",
    "min",
    "mode",
    "mount",
    "name",
    "names",
    "namespace",
    "param",
    "parameter",
    "path",
    "policy",
    "prefix",
    "provider",
    "ref",
    "region",
    "required",
    "seconds",
    "secretname",
    "size",
    "source",
    "stdin",
    "store",
    "suffix",
    "timeout",
    "ttl",
    "type",
    "uri",
    "url",
    "username",
    "user",
    "vault",
    "version",
];

/// Values that stand for another, or for none.
const STAND_INS: &[&str] = &[
    "changeme",
    "change-me",
    "change_me",
    "default",
    "disabled",
    "dummy",
    "enabled",
    "example",
    "false",
    "hidden",
    "must",
    "no",
    "none",
    "null",
    "off",
    "on",
    "optional",
    "placeholder",
    "prompt",
    "redacted",
    "replaceme",
    "replace-me",
    "replace_me",
    "required",
    "secret",
    "test",
    "todo",
    "true",
    "undefined",
    "yes",
];

/// Assignments of values that are written out to names that call for a secret.
pub(super) fn matches(text: &str) -> Vec<Match> {
    let Some(regex) = ASSIGNMENT.as_ref() else { return Vec::new() };
    let mut found = Vec::new();
    for captures in regex.captures_iter(text) {
        let quoted = captures.name("double").or_else(|| captures.name("single"));
        let (Some(name), Some(between), Some(value)) =
            (captures.name("name"), captures.name("between"), quoted.or(captures.name("bare")))
        else {
            continue;
        };
        // A blank alone assigns only after an option of a command.
        let is_option = name.as_str().starts_with("--");
        let assigns = is_option || between.as_str().contains([':', '=']);
        // What is not quoted ends with the line.
        let same_line = !between.as_str().contains('\n');
        // `arn:aws:secretsmanager:eu-west-1:...` says where a secret is kept.
        let of_arn = is_in_arn(text.get(..name.start()).unwrap_or_default());
        // A sentence in quotes is a passphrase only where it is assigned.
        let sentence = value.as_str().contains(' ') && !between.as_str().contains('=');
        let secret = is_secret(name.as_str(), value.as_str(), quoted.is_some());
        if assigns && same_line && !of_arn && !sentence && secret {
            let detector = if is_password(name.as_str()) { "password" } else { "secret-value" };
            found.push(Match { detector, start: value.start(), end: value.end() });
        }
    }
    found
}

/// Whether what follows goes on with an ARN.
fn is_in_arn(before: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || "\"'`=;,&|<>(){}[]".contains(c);
    before.rsplit(ends).next().is_some_and(|word| word.starts_with("arn:"))
}

fn is_password(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "passwd", "pwd", "passphrase"].iter().any(|word| name.contains(word))
}

fn is_secret(name: &str, value: &str, quoted: bool) -> bool {
    let name = name.to_ascii_lowercase();
    let last = name.rsplit(['_', '-', '.']).next().unwrap_or_default();
    if ABOUT.contains(&last) || !is_written_out(value) {
        return false;
    }
    if is_password(&name) {
        return value.len() >= 4;
    }
    // Other names stand for many things: only what no one would write by hand.
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    value.len() >= 12
        && !value.contains(' ')
        && has(u8::is_ascii_alphabetic)
        && has(u8::is_ascii_digit)
        && (quoted || !value.contains('/') || value.len() >= 32)
        && distinct(value) >= 8
}

fn distinct(value: &str) -> usize {
    value.chars().collect::<std::collections::BTreeSet<_>>().len()
}

/// Whether a value is itself, and not a variable, a reference to a store of
/// secrets, a file, or a stand-in.
pub(super) fn is_written_out(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let refers = value.starts_with(['$', '%', '<', '@', '/', '~', '{', '*', '\\', '!'])
        || value.contains("${")
        || value.contains("$(")
        || value.contains("{{")
        || value.contains('`')
        || ["arn:", "ssm:", "vault:", "file:", "http://", "https://", "var.", "env.", "ref:"]
            .iter()
            .any(|start| lower.starts_with(start))
        || lower.starts_with("your")
        || lower.starts_with("os.environ")
        || lower.starts_with("process.env");
    !refers && !STAND_INS.contains(&lower.as_str()) && distinct(value) >= 3
}

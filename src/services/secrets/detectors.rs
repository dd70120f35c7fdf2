//! What gives a secret away.

use super::assignment;
use regex::Regex;
use std::sync::LazyLock;

/// A secret in a text: which bytes, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) detector: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Match {
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A form that only secrets have. The secret is group 1, or all of it.
struct Form {
    name: &'static str,
    regex: Regex,
}

/// Forms that the issuers of keys document, so that one look tells.
const FORMS: &[(&str, &str)] = &[
    (
        "private-key",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----((?:\\n|\\r|[\sA-Za-z0-9+/=:,.-]){40,})",
    ),
    (
        "aws-secret-access-key",
        r#"(?i)secret_?(?:access_?)?key["']?\s*(?:=>|[:=\s])\s*["']?([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+=]|$)"#,
    ),
    ("github-token", r"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})\b"),
    ("gitlab-token", r"\b(gl(?:pat|rt|dt|cbt)-[A-Za-z0-9_-]{20,})"),
    ("slack-token", r"\b(xox[abeoprs]-[A-Za-z0-9-]{10,})"),
    ("slack-webhook", r"hooks\.slack\.com/services/(T[A-Za-z0-9]+/B[A-Za-z0-9]+/[A-Za-z0-9]{16,})"),
    ("stripe-key", r"\b((?:sk|rk)_live_[A-Za-z0-9]{16,})\b"),
    ("google-api-key", r"\b(AIza[A-Za-z0-9_-]{35})"),
    ("npm-token", r"\b(npm_[A-Za-z0-9]{36})\b"),
    ("pypi-token", r"\b(pypi-AgEI[A-Za-z0-9_-]{50,})"),
    ("docker-token", r"\b(dckr_pat_[A-Za-z0-9_-]{20,})"),
    ("sendgrid-key", r"\b(SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})"),
    ("vault-token", r"\b(hv[sb]\.[A-Za-z0-9_-]{24,})"),
    ("anthropic-key", r"\b(sk-ant-[A-Za-z0-9_-]{20,})"),
    ("openai-key", r"\b(sk-(?:proj-)?[A-Za-z0-9_-]{32,})"),
    // A signed token: header and claims are JSON objects, `{"` in base64url.
    ("jwt", r"\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,})"),
    ("azure-storage-key", r"\bAccountKey=([A-Za-z0-9+/]{86}==)"),
];

/// Forms around a value that has to be looked at: it may be a variable.
const COMMANDS: &[(&str, &str)] = &[
    ("password-in-url", r#"[A-Za-z][A-Za-z0-9+.-]*://[^\s:/?#@"']*:([^\s@/"']{3,})@[^\s"']"#),
    ("password-of-user", r#"(?i)\bchpasswd\s*<<<\s*["']?[a-z_][\w.-]*:([^\s"']{3,})"#),
    (
        "password-of-user",
        r#"(?i)[\s"'][a-z_][\w.-]*:([^\s"'|]{3,})["']?\s*\|\s*(?:sudo\s+)?chpasswd\b"#,
    ),
    ("password-of-user", r#"(?i)\bnet\s+user\s+(?:"[^"]+"|\S+)\s+["']?([^\s"'/]{3,})"#),
    ("password-of-user", r#"(?i)\bConvertTo-SecureString\s+(?:-String\s+)?["']([^"']{3,})["']"#),
];

static SURE: LazyLock<Vec<Form>> = LazyLock::new(|| compiled(FORMS));
static LIKELY: LazyLock<Vec<Form>> = LazyLock::new(|| compiled(COMMANDS));

/// Forms that do not compile would be left out; a test counts them.
fn compiled(forms: &'static [(&str, &str)]) -> Vec<Form> {
    forms
        .iter()
        .filter_map(|(name, pattern)| Some(Form { name, regex: Regex::new(pattern).ok()? }))
        .collect()
}

/// Everything that looks like a secret, the surest first.
pub(super) fn matches(text: &str) -> Vec<Match> {
    let sure = SURE.iter().flat_map(|form| values(form, text));
    let likely = LIKELY.iter().flat_map(|form| {
        values(form, text).filter(|seen| {
            let value = text.get(seen.start..seen.end).unwrap_or_default();
            assignment::is_written_out(value)
        })
    });
    sure.chain(likely).chain(assignment::matches(text)).collect()
}

fn values<'a>(form: &'a Form, text: &'a str) -> impl Iterator<Item = Match> + 'a {
    form.regex.captures_iter(text).filter_map(|captures| {
        let value = captures.get(1)?;
        Some(Match { detector: form.name, start: value.start(), end: value.end() })
    })
}

/// How many forms there are, and how many of them can be used.
#[cfg(test)]
pub(super) fn forms() -> (usize, usize) {
    (FORMS.len() + COMMANDS.len(), SURE.len() + LIKELY.len())
}

//! Finds credentials in a tenants file, and keeps secrets out of messages.

use std::ops::Range;

use super::keys::plain;

/// Keys, in plain form, under which people keep a credential. This file has a
/// place for none of them.
const CREDENTIAL_KEYS: &[&str] = &[
    "accesskey",
    "accesskeyid",
    "apikey",
    "awsaccesskey",
    "awsaccesskeyid",
    "awssecretaccesskey",
    "awssecretkey",
    "awssecuritytoken",
    "awssessiontoken",
    "password",
    "privatekey",
    "secret",
    "secretaccesskey",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "token",
];

/// True if a key of this name holds a credential.
pub(super) fn is_credential_key(key: &str) -> bool {
    CREDENTIAL_KEYS.contains(&plain(key).as_str())
}

/// A credential that was recognised by its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Where its text is.
    pub(super) span: Range<usize>,
    /// What it is, in words.
    pub(super) what: &'static str,
}

/// Credentials anywhere in the text, comments too.
pub(super) fn scan(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for span in runs(text, |c| c.is_ascii_alphanumeric()) {
        if text.get(span.clone()).is_some_and(is_access_key_id) {
            found.push(Found { span, what: "an AWS access key id" });
        }
    }
    for span in runs(text, |c| c.is_ascii_alphanumeric() || c == '/' || c == '+') {
        if text.get(span.clone()).is_some_and(is_session_token) {
            found.push(Found { span, what: "an AWS session token" });
        }
    }
    for (at, marker) in text.match_indices("PRIVATE KEY-----") {
        found.push(Found { span: at..at + marker.len(), what: "a private key" });
    }
    for span in runs(text, |c| c != '\n') {
        if let Some(value) = text.get(span.clone()).and_then(assigned_credential) {
            found.push(Found {
                span: span.start + value.start..span.start + value.end,
                what: "a credential",
            });
        }
    }
    found
}

/// True if the text has the shape of a secret access key: 40 characters of
/// base64 that mix their classes as random text does. External ids are not
/// asked: `openssl rand -base64 30` gives one of the same shape.
pub(super) fn is_secret_access_key(text: &str) -> bool {
    runs(text, |c| c.is_ascii_alphanumeric() || "/+=_.-".contains(c))
        .into_iter()
        .filter_map(|span| text.get(span))
        .any(|run| {
            run.len() == 40
                && run.contains(|c: char| c.is_ascii_uppercase())
                && run.contains(|c: char| c.is_ascii_lowercase())
                && !run.contains(['_', '.', '-'])
                && changes_of_class(run) >= 10
        })
}

/// How often two letters or digits side by side differ in class. 40 random base64
/// characters change 23 times on average (deviation 3), paths and names seldom.
fn changes_of_class(run: &str) -> usize {
    let class = |b: &u8| (b.is_ascii_uppercase(), b.is_ascii_digit());
    run.as_bytes()
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() && class(a) != class(b)))
        .count()
}

/// `AKIA` keys of users, `ASIA` keys of sessions; AWS gives 20 characters, its
/// API allows 16 to 128.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
fn is_access_key_id(run: &str) -> bool {
    (16..=128).contains(&run.len())
        && (run.starts_with("AKIA") || run.starts_with("ASIA"))
        && run.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The base64 beginnings of the session tokens that STS gives today.
fn is_session_token(run: &str) -> bool {
    run.len() >= 100
        && ["FwoGZXIvYXdz", "FQoGZXIvYXdz", "IQoJb3JpZ2lu"].iter().any(|start| run.contains(start))
}

/// The value in a line such as `# aws_secret_access_key = wJal...`.
fn assigned_credential(line: &str) -> Option<Range<usize>> {
    let equals = line.find(['=', ':'])?;
    let (key, rest) = line.split_at_checked(equals)?;
    let key = key.trim_start_matches(['#', ' ', '\t', '-']);
    if !is_credential_key(key) {
        return None;
    }
    let is_value = |c: char| c.is_ascii_alphanumeric() || "/+=".contains(c);
    let rest = rest.get(1..)?;
    let offset = equals + 1;
    runs(rest, is_value)
        .into_iter()
        .find(|run| run.len() >= 16)
        .map(|run| offset + run.start..offset + run.end)
}

/// The longest stretches of characters that `keep` accepts.
fn runs(text: &str, keep: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (keep(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        runs.push(from..text.len());
    }
    runs
}

/// The texts that no message may show: external ids and credentials.
#[derive(Default)]
pub(super) struct Hidden(Vec<String>);

impl Hidden {
    /// Shorter secrets hide only texts that equal them: else a two-letter
    /// external id would hide half the file.
    const SHORTEST_PART: usize = 8;
    const LONGEST_SHOWN: usize = 120;

    pub(super) fn add(&mut self, text: &str) {
        if !text.is_empty() {
            self.0.push(text.to_owned());
        }
    }

    /// The user's text as a message may show it, in quotes; control and
    /// formatting characters are escaped, long texts are cut.
    pub(super) fn show(&self, text: &str) -> String {
        if self.hides(text) || is_secret_access_key(text) {
            return "(not shown)".to_owned();
        }
        let mut shown = String::from('"');
        for (index, c) in text.chars().enumerate() {
            if index == Self::LONGEST_SHOWN {
                shown.push_str("...");
                break;
            }
            if c == '\'' {
                shown.push(c);
            } else {
                shown.extend(c.escape_debug());
            }
        }
        shown.push('"');
        shown
    }

    /// True if the text is or holds a secret.
    pub(super) fn hides(&self, text: &str) -> bool {
        self.0.iter().any(|secret| {
            text == secret
                || (secret.len() >= Self::SHORTEST_PART && text.contains(secret.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        scan(text).into_iter().map(|found| found.what).collect()
    }

    #[test]
    fn access_keys_are_found_wherever_they_stand() {
        assert_eq!(kinds("# old: AKIAIOSFODNN7EXAMPLE\n"), ["an AWS access key id"]);
        assert_eq!(kinds("profile = \"ASIAIOSFODNN7EXAMPLE\""), ["an AWS access key id"]);
        assert!(kinds("name = \"AKIA\" # ASIA is a continent, AKIAs are keys").is_empty());
    }

    #[test]
    fn tokens_private_keys_and_assignments_are_found() {
        let token = format!("x = \"IQoJb3JpZ2luX2Vj{}\"", "aB3/".repeat(40));
        assert_eq!(kinds(&token), ["an AWS session token"]);
        assert_eq!(kinds("-----BEGIN RSA PRIVATE KEY-----"), ["a private key"]);
        assert_eq!(
            kinds("# aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            ["a credential"]
        );
        assert!(
            kinds("# never write aws_secret_access_key here\nexternal_id = \"abcdefghijklmnopq\"")
                .is_empty()
        );
    }

    #[test]
    fn secret_access_keys_differ_from_paths_and_hashes() {
        assert!(is_secret_access_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
        for harmless in [
            "/var/lib/cspm/snapshots/Acme/2026/Novem1",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "arn:aws:iam::123456789012:role/CspmReadOnlyScannerRole2",
        ] {
            assert!(!is_secret_access_key(harmless), "{harmless}");
        }
    }

    #[test]
    fn shown_text_hides_secrets_and_escapes_controls() {
        let mut hidden = Hidden::default();
        hidden.add("violet-harbour");
        hidden.add("me");
        assert_eq!(hidden.show("a violet-harbour b"), "(not shown)");
        assert_eq!(hidden.show("me"), "(not shown)");
        assert_eq!(hidden.show("acme"), "\"acme\"");
        assert_eq!(hidden.show("a\u{1b}[2J\u{202e}\"'"), "\"a\\u{1b}[2J\\u{202e}\\\"'\"");
        assert_eq!(hidden.show("x".repeat(500).as_str()).len(), 125);
    }
}

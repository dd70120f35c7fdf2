//! The identity of a finding over time.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The length of a fingerprint.
pub const FINGERPRINT_DIGITS: usize = 32;

/// The fingerprint of a finding: the first 32 hex digits of SHA-256 over the
/// compact JSON array `["cspm1", partition, account, uid, arn, key or ""]`.
///
/// It does not depend on the title, the severity or the verdict: fail, unknown
/// and error of one rule on one resource are one finding.
pub fn fingerprint(
    partition: &str,
    account: &str,
    rule_uid: &str,
    arn: &str,
    sub_key: Option<&str>,
) -> String {
    let parts = ["cspm1", partition, account, rule_uid, arn, sub_key.unwrap_or_default()];
    let json = serde_json::Value::from(parts.as_slice()).to_string();
    let digest = Sha256::digest(json.as_bytes());
    let mut hex = String::with_capacity(FINGERPRINT_DIGITS);
    for byte in digest.iter().take(FINGERPRINT_DIGITS / 2) {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Whether `text` can be the beginning of a fingerprint: 1 to 32 hex digits.
pub fn is_fingerprint_prefix(text: &str) -> bool {
    (1..=FINGERPRINT_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Why a prefix names no single fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmbiguousPrefix {
    /// It is not made of hex digits, or is too long.
    #[error("`{0}` is not a fingerprint: give 1 to 32 hex digits")]
    Malformed(String),
    /// Nothing begins so.
    #[error("no finding has a fingerprint that begins with `{0}`")]
    None(String),
    /// Several begin so.
    #[error(
        "{number} findings begin with `{prefix}`, such as {}; give more digits",
        candidates.join(", ")
    )]
    Several {
        /// The prefix.
        prefix: String,
        /// How many findings begin so.
        number: usize,
        /// The first of them, in order.
        candidates: Vec<String>,
    },
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ARN: &str = "arn:aws:iam::123456789012:user/john.doe";

    fn of_john(key: Option<&str>) -> String {
        fingerprint("aws", "123456789012", "iam-user-mfa", ARN, key)
    }

    /// Computed with `printf '%s' '[...]' | sha256sum`. Files and scripts of
    /// others depend on it.
    #[test]
    fn pinned() {
        assert_eq!(of_john(None), "5d0ee5b5a6969e6a2ad72f0111afd638");
        assert_eq!(of_john(Some("AKIA\"x\"é")), "14e8dc0526da151777f4d9f4378957bf");
    }

    #[test]
    fn no_key_is_the_empty_key() {
        assert_eq!(of_john(None), of_john(Some("")));
    }

    proptest! {
        #[test]
        fn every_part_counts(parts in proptest::array::uniform5(".{0,12}"), which in 0usize..5, other in ".{0,12}") {
            let print = |p: &[String; 5]| fingerprint(&p[0], &p[1], &p[2], &p[3], Some(&p[4]));
            let mut changed = parts.clone();
            changed[which] = other;
            prop_assert_eq!(print(&parts).len(), FINGERPRINT_DIGITS);
            prop_assert!(is_fingerprint_prefix(&print(&parts)));
            prop_assert_eq!(parts == changed, print(&parts) == print(&changed));
        }

        #[test]
        fn parts_do_not_run_into_each_other(a in "[a-z\",]{0,6}", b in "[a-z\",]{0,6}") {
            prop_assume!(!b.is_empty());
            prop_assert_ne!(
                fingerprint("aws", "1", &format!("{a}{b}"), ARN, None),
                fingerprint("aws", "1", &a, &format!("{b}{ARN}"), None)
            );
        }
    }

    #[test]
    fn prefixes() {
        assert!(is_fingerprint_prefix("0"));
        assert!(is_fingerprint_prefix(&of_john(None)));
        assert!(!is_fingerprint_prefix(""));
        assert!(!is_fingerprint_prefix("xyz"));
        assert!(!is_fingerprint_prefix(&format!("{}0", of_john(None))));
    }
}

//! Text that must not reach any output.

use std::fmt;

/// Text that neither `Debug` nor `Display` shows, such as an external id.
///
/// Comparing two secrets takes time that depends on their text. That is fine
/// here: both sides come from the user's own file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text that is to stay hidden.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Makes an external id from 128 random bits, which the caller draws from
    /// a cryptographic source. AWS asks that every customer has its own:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html>
    #[must_use]
    pub fn external_id(random: u128) -> Self {
        Self(format!("cspm-{random:032x}"))
    }

    /// The text itself, for the call to AWS and for the trust policy that the
    /// user asked for. Nothing else may call this.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_and_display_hide_the_text() {
        let secret = Secret::new("k7-violet-harbour");
        assert_eq!(
            format!("{secret} {secret:?} {:#?}", Some(&secret)),
            "[redacted] [redacted] Some(\n    [redacted],\n)"
        );
        assert_eq!(secret.expose(), "k7-violet-harbour");
    }

    #[test]
    fn a_generated_external_id_keeps_every_bit() {
        assert_eq!(Secret::external_id(0x0f).expose(), "cspm-0000000000000000000000000000000f");
        assert_eq!(
            Secret::external_id(u128::MAX).expose(),
            "cspm-ffffffffffffffffffffffffffffffff"
        );
    }
}

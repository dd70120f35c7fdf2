//! Secrets in text that people keep beside programs: user data, environment
//! variables. Searched where the text is read; the text goes no further. What
//! goes on is a [`FoundSecret`]: which detector, where, and a short keyed hash.

mod assignment;
mod detectors;
mod encoding;
#[cfg(test)]
mod tests;

use crate::record;
use sha2::{Digest, Sha256};

pub use encoding::{Unreadable, base64};

record! {
    /// A secret that was found, without the secret.
    pub struct FoundSecret {
        /// What kind it is: the detector's name.
        "Detector" => detector: String,
        /// Where: `line 3`; in a part that was encoded, `line 3, decoded line 1`.
        "Place" => place: String,
        /// Tells a secret from another in the same account; see [`Salt`].
        "Hash" => hash: String,
    }
}

/// What the hashes of secrets are bound to.
///
/// A hash has to be the same in the next scan, and no key that is kept nowhere
/// can do that; so it is bound to partition and account, which any scan knows.
/// That makes it useless in other accounts, but whoever knows the account could
/// try passwords against it. Therefore only 16 bits of it leave: enough to see that a
/// secret was changed, or is another than the one beside it, and too few to
/// confirm a guess, since one in 65,536 passwords has the same.
#[derive(Clone, Debug)]
pub struct Salt {
    partition: String,
    account: String,
}

impl Salt {
    /// The salt of an account.
    pub fn of_account(partition: &str, account: &str) -> Self {
        Self { partition: partition.to_owned(), account: account.to_owned() }
    }

    /// Four hex digits.
    fn hash(&self, secret: &str) -> String {
        let digest = [&self.partition, &self.account, secret]
            .iter()
            .fold(Sha256::new().chain_update("cspm-secret-1"), |digest, part| {
                digest.chain_update([0]).chain_update(part)
            })
            .finalize();
        digest.iter().take(2).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Searches bytes that are text, or a MIME message of texts.
///
/// # Errors
/// They are compressed or no text: what is in them is not known.
pub fn search(bytes: &[u8], salt: &Salt) -> Result<Vec<FoundSecret>, Unreadable> {
    let text = encoding::text(bytes)?;
    let mut found = search_text(&text, "", salt);
    for part in encoding::encoded_parts(&text) {
        let decoded = base64(&part.text).ok_or(Unreadable::Encoding)?;
        let text = encoding::text(&decoded)?;
        let place = format!("line {}, decoded ", part.line);
        found.extend(search_text(&text, &place, salt));
    }
    Ok(found)
}

fn search_text(text: &str, place: &str, salt: &Salt) -> Vec<FoundSecret> {
    let mut found: Vec<detectors::Match> = Vec::new();
    for seen in detectors::matches(text) {
        // The first detector that sees a place has the better name for it.
        if !found.iter().any(|other| other.overlaps(&seen)) {
            found.push(seen);
        }
    }
    found.sort_by_key(|seen| seen.start);
    found
        .into_iter()
        .map(|seen| {
            let before = text.get(..seen.start).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            let secret = text.get(seen.start..seen.end).unwrap_or_default();
            FoundSecret {
                detector: seen.detector.to_owned(),
                place: format!("{place}line {line}"),
                hash: salt.hash(secret),
            }
        })
        .collect()
}

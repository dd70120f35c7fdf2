//! The keys of the tenants file, and which one a mistyped key was meant to be.

/// The tables at the top of the file.
pub(super) const TOP: &[&str] = &["defaults", "parameters", "severity", "tenant"];

/// The keys of a `[[tenant]]`.
pub(super) const TENANT: &[&str] = &[
    "name",
    "account_id",
    "role_arn",
    "external_id",
    "profile",
    "regions",
    "snapshot",
    "known_accounts",
];

/// The keys of `[defaults]`.
pub(super) const DEFAULTS: &[&str] =
    &["profile", "regions", "known_accounts", "db", "suppressions"];

/// The key or name of `known` that `given` was most likely meant to be.
#[must_use]
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wanted = plain(given);
    if wanted.is_empty() {
        return None;
    }
    let allowed = wanted.chars().count().div_ceil(3).min(3);
    known
        .into_iter()
        .filter_map(|key| {
            let candidate = plain(key);
            let shared = wanted.len().min(candidate.len()) >= 4
                && (candidate.starts_with(&wanted)
                    || wanted.starts_with(&candidate)
                    || candidate.ends_with(&wanted));
            let distance = edits(&wanted, &candidate);
            (shared || distance <= allowed).then_some(((!shared, distance), key))
        })
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, key)| key)
}

/// Letters and digits only, in lower case: `accountId` and `account_id` are the same.
pub(super) fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The number of characters to insert, delete or replace to get from `a` to `b`.
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (index, from) in a.chars().enumerate() {
        let mut left = index + 1;
        let mut next = vec![left];
        for (to, pair) in b.chars().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            left = (diagonal + usize::from(from != to)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_counts_single_characters() {
        for (a, b, distance) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
            ("name", "name", 0),
        ] {
            assert_eq!(edits(a, b), distance, "{a} {b}");
        }
    }

    #[test]
    fn mistyped_keys_find_their_neighbour() {
        for (given, meant) in [
            ("nmae", Some("name")),
            ("accountId", Some("account_id")),
            ("account-id", Some("account_id")),
            ("account", Some("account_id")),
            ("region", Some("regions")),
            ("role", Some("role_arn")),
            ("ExternalID", Some("external_id")),
            ("extrenal_id", Some("external_id")),
            ("accounts", Some("known_accounts")),
            ("color", None),
            ("_", None),
        ] {
            assert_eq!(nearest(given, TENANT.iter().copied()), meant, "{given}");
        }
    }
}

//! The one way in which YAML is read: strict, so that what is written is what
//! is meant.

use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, Options};

/// Options under which nothing is guessed: no anchors, no merge keys, no
/// duplicate keys, no `yes` as a boolean, and no unquoted number where a text
/// is asked for (`2.10` would be read as `2.1` elsewhere).
pub(super) fn strict() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_anchors: 0, max_aliases: 0, max_documents: 1 },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        no_schema: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

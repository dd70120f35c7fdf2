//! The collectors of the compute half.

use super::Entry;

/// One for each type.
pub(super) static COLLECTORS: &[Entry] = &[];

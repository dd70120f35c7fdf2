//! The collectors of the network half.

mod block_public_access;

use super::Entry;

pub(crate) use block_public_access::vpc_block_public_access;

/// One for each type.
pub(super) static COLLECTORS: &[Entry] = &[];

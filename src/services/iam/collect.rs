//! The collector.

use crate::aws::Context;

/// Reads.
pub async fn collect(context: Context) {
    let _ = context;
}

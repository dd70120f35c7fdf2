//! The SDK's moments as ours.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// The same moment; `None` if it is too far from now to be one.
pub(crate) fn timestamp(moment: &DateTime) -> Option<Timestamp> {
    let nanoseconds = i32::try_from(moment.subsec_nanos()).ok()?;
    Timestamp::new(moment.secs(), nanoseconds).ok()
}

//! The bucket that a trail delivers to.

use super::Trail;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::s3::Bucket;
use crate::services::s3::questions::{PublicAccess, public_read, public_write};
use crate::services::{Asking, Decided, Witness};

record! {
    /// Whether access to a trail's bucket is logged.
    pub struct BucketLogging {
        /// Server access logging is on.
        "logged" => logged: Decided<bool>,
        /// Where the log goes.
        "target" => target: Option<String>,
        /// Why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Whether a trail's bucket is public.
    pub struct BucketExposure {
        /// Everyone may read it or write to it, or change its policy or ACL.
        "public" => public: Decided<bool>,
        /// A request of a stranger that gets through.
        "witness" => witness: Option<Witness>,
        /// What decided, or why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

/// Answers `cloudtrail.bucket_logging`.
pub(super) fn logging(trail: &Resource, asking: &dyn Asking) -> Value {
    let bucket = match bucket_of(trail, asking) {
        Ok(bucket) => bucket,
        Err((gaps, reasons)) => {
            let logged = Decided::Unknown(gaps);
            return BucketLogging { logged, target: None, reasons }.into_value();
        }
    };
    let (logged, target) = match Bucket::from_value(&bucket.document).map(|it| it.logging) {
        Some(Fact::Known(logging)) => (Decided::Known(true), Some(logging.target_bucket)),
        Some(Fact::Absent) => (Decided::Known(false), None),
        Some(Fact::Unknown(gaps)) => (Decided::Unknown(gaps), None),
        None => (Decided::Unknown(Gaps::NONE), None),
    };
    BucketLogging { logged, target, reasons: Vec::new() }.into_value()
}

/// Answers `cloudtrail.bucket_exposure`.
pub(super) fn exposure(trail: &Resource, asking: &dyn Asking) -> Value {
    let bucket = match bucket_of(trail, asking) {
        Ok(bucket) => bucket,
        Err((gaps, reasons)) => {
            let public = Decided::Unknown(gaps);
            return BucketExposure { public, witness: None, reasons }.into_value();
        }
    };
    let read = public_read(bucket, asking);
    let write = public_write(bucket, asking);
    let (Some(read), Some(write)) =
        (PublicAccess::from_value(&read), PublicAccess::from_value(&write))
    else {
        return Value::Unknown(Gaps::NONE);
    };
    let public = Decided::any([&read.public, &write.public], &Gaps::NONE);
    let mut reasons = read.reasons;
    for reason in write.reasons {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    BucketExposure { public, witness: read.witness.or(write.witness), reasons }.into_value()
}

/// The bucket, or what hides it. That of an organization's trail is mostly in
/// another account, where nobody here can look.
fn bucket_of<'a>(
    trail: &Resource,
    asking: &'a dyn Asking,
) -> Result<&'a Resource, (Gaps, Vec<String>)> {
    let name = match Trail::from_value(&trail.document).map(|trail| trail.bucket) {
        Some(Fact::Known(name)) => name,
        Some(Fact::Unknown(gaps)) => return Err((gaps, Vec::new())),
        Some(Fact::Absent) | None => return Err((Gaps::NONE, Vec::new())),
    };
    let (found, missing) = asking.find("s3.bucket", &name);
    found.ok_or_else(|| {
        let reason = if missing.is_empty() {
            format!(
                "bucket {name} is none of those that were read: it is in another account, or in a \
                 region that was left out"
            )
        } else {
            format!("bucket {name} was not seen, and not all buckets could be listed")
        };
        (missing, vec![reason])
    })
}

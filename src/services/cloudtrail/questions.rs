//! What rules may ask about trails.

use super::bucket::{BucketExposure, BucketLogging, exposure, logging};
use super::events::{Known, Objects, records_management, records_objects, trails};
use crate::inventory::{Resource, Shape, Type, Value};
use crate::record;
use crate::services::s3::questions::{PUBLIC_LOOKS_UP, PUBLIC_READS};
use crate::services::{Asking, Decided, Question};

record! {
    /// Whether management events are recorded.
    pub struct ManagementEvents {
        /// A trail that works in all regions logs all of them.
        "recorded" => recorded: Decided<bool>,
        /// How far the account is from that: none (there is no trail), stopped
        /// (no trail logs), regions (none that logs works in all regions),
        /// events (one does, but leaves out events), or all.
        "state" => state: Decided<String>,
        /// The trails that record all; else those that there are.
        "trails" => trails: Vec<String>,
        /// What each of them lacks.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Whether object-level events of a bucket are recorded.
    pub struct ObjectEvents {
        /// The trails together record all of them.
        "recorded" => recorded: Decided<bool>,
        /// The trails that log where the bucket is.
        "trails" => trails: Vec<String>,
        /// What is not recorded, or why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

const MANAGEMENT: &[(&str, &[&str])] = &[(
    "cloudtrail.trail",
    &["IsMultiRegionTrail", "IsLogging", "EventSelectors", "AdvancedEventSelectors"],
)];

/// What `s3.public_read` and `s3.public_write` read of a bucket and beside it.
const EXPOSURE_LOOKS_UP: [(&str, &[&str]); 3] = {
    let [account, points] = PUBLIC_LOOKS_UP;
    let [bucket] = PUBLIC_READS;
    [bucket, account, points]
};

/// The questions about trails.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "cloudtrail.management_events",
        doc: "Whether a trail that logs records all management events of all regions: reads and \
              writes, of every service.",
        subjects: &["aws.account"],
        reads: &[],
        looks_up: MANAGEMENT,
        returns: ManagementEvents::shape,
        answer: management_events,
    },
    Question {
        name: "cloudtrail.object_reads",
        doc: "Whether trails record every read of the bucket's objects.",
        subjects: &["s3.bucket"],
        reads: &[],
        looks_up: MANAGEMENT,
        returns: ObjectEvents::shape,
        answer: |bucket, asking| object_events(records_objects(bucket, asking, true)),
    },
    Question {
        name: "cloudtrail.object_writes",
        doc: "Whether trails record every write of the bucket's objects.",
        subjects: &["s3.bucket"],
        reads: &[],
        looks_up: MANAGEMENT,
        returns: ObjectEvents::shape,
        answer: |bucket, asking| object_events(records_objects(bucket, asking, false)),
    },
    Question {
        name: "cloudtrail.bucket_logging",
        doc: "Whether access to the bucket that the trail delivers to is logged; unknown for a \
              bucket of another account.",
        subjects: &["cloudtrail.trail"],
        reads: &[("cloudtrail.trail", &["S3BucketName"])],
        looks_up: &[("s3.bucket", &["LoggingEnabled"])],
        returns: BucketLogging::shape,
        answer: logging,
    },
    Question {
        name: "cloudtrail.bucket_exposure",
        doc: "Whether everyone may read the bucket that the trail delivers to, or write to it; \
              unknown for a bucket of another account.",
        subjects: &["cloudtrail.trail"],
        reads: &[("cloudtrail.trail", &["S3BucketName"])],
        looks_up: &EXPOSURE_LOOKS_UP,
        returns: BucketExposure::shape,
        answer: exposure,
    },
    Question {
        name: "cloudtrail.own",
        doc: "Whether the trail is this account's, not one that another account made for the \
              organization.",
        subjects: &["cloudtrail.trail"],
        reads: &[],
        looks_up: &[],
        returns: || Type::Bool,
        answer: |trail, asking| Value::Bool(owner(trail) == Some(asking.account())),
    },
];

/// The account in a trail's ARN.
fn owner(trail: &Resource) -> Option<&str> {
    trail.arn.split(':').nth(4)
}

fn object_events(objects: Objects) -> Value {
    let Objects { recorded, trails, reasons } = objects;
    ObjectEvents { recorded, trails, reasons }.into_value()
}

fn management_events(_: &Resource, asking: &dyn Asking) -> Value {
    let (known, missing) = trails(asking);
    let judged: Vec<(&Known<'_>, Decided<bool>, Vec<String>)> = known
        .iter()
        .map(|trail| {
            let (records, lacks) = records_management(trail);
            (trail, records, lacks)
        })
        .collect();
    let recorded = Decided::any(judged.iter().map(|(_, records, _)| records), &missing);
    let complete: Vec<String> = judged
        .iter()
        .filter(|(_, records, _)| *records == Decided::Known(true))
        .map(|(trail, ..)| trail.label())
        .collect();
    let all = known.iter().map(Known::label);
    ManagementEvents {
        state: match &recorded {
            Decided::Known(true) => Decided::Known("all".to_owned()),
            Decided::Known(false) => Decided::Known(state(&known).to_owned()),
            Decided::Unknown(gaps) => Decided::Unknown(gaps.clone()),
        },
        trails: if complete.is_empty() { all.collect() } else { complete },
        reasons: judged.iter().flat_map(|(_, _, lacks)| lacks).cloned().collect(),
        recorded,
    }
    .into_value()
}

/// What keeps trails that were all read from recording everything.
fn state(trails: &[Known<'_>]) -> &'static str {
    let logs = |trail: &&Known<'_>| trail.logging != Decided::Known(false);
    let mut logging = trails.iter().filter(logs).peekable();
    if trails.is_empty() {
        "none"
    } else if logging.peek().is_none() {
        "stopped"
    } else if logging.any(|trail| trail.multi_region != Decided::Known(false)) {
        "events"
    } else {
        "regions"
    }
}

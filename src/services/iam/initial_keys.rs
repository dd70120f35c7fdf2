//! Access keys that were made together with their user.

use super::{CredentialReportRow, User};
use crate::inventory::{Fact, Gaps, Partial, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided};
use jiff::Timestamp;

record! {
    /// An active access key of a user, as the credential report has it.
    pub struct ActiveKey {
        /// 1 or 2.
        "number" => number: i64,
        /// How many whole minutes after its user it was made.
        "minutes_after_user" => minutes_after_user: Decided<i64>,
        /// It was used, at some time.
        "used" => used: Decided<bool>,
    }
}

const SECONDS_PER_MINUTE: i64 = 60;

/// Answers `iam.active_keys`.
pub(super) fn active_keys(subject: &Resource, _: &dyn Asking) -> Value {
    let row = match User::from_value(&subject.document).map(|user| user.credential_report) {
        Some(Fact::Known(row)) => row,
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        Some(Fact::Absent) | None => return Value::Unknown(Gaps::NONE),
    };
    let CredentialReportRow { user_creation_time: made, .. } = &row;
    let keys = [
        (
            1,
            &row.access_key_1_active,
            &row.access_key_1_last_rotated,
            &row.access_key_1_last_used_date,
        ),
        (
            2,
            &row.access_key_2_active,
            &row.access_key_2_last_rotated,
            &row.access_key_2_last_used_date,
        ),
    ];
    let mut found = Partial { items: Vec::new(), missing: Gaps::NONE };
    for (number, active, rotated, used) in keys {
        match active {
            Fact::Known(true) => found.items.push(ActiveKey {
                number,
                minutes_after_user: minutes_between(made, rotated),
                used: used.as_ref().map(|_| true).decided_or(false),
            }),
            Fact::Known(false) | Fact::Absent => {}
            Fact::Unknown(gaps) => found.missing = found.missing.union(gaps),
        }
    }
    found.into_value()
}

fn minutes_between(first: &Fact<Timestamp>, then: &Fact<Timestamp>) -> Decided<i64> {
    match (first, then) {
        (Fact::Known(first), Fact::Known(then)) => {
            let seconds = then.as_second() - first.as_second();
            Decided::Known(seconds.div_euclid(SECONDS_PER_MINUTE))
        }
        (Fact::Unknown(gaps), Fact::Unknown(more)) => Decided::Unknown(gaps.union(more)),
        (Fact::Unknown(gaps), _) | (_, Fact::Unknown(gaps)) => Decided::Unknown(gaps.clone()),
        _ => Decided::Unknown(Gaps::NONE),
    }
}

//! A credential report that was made before the scan can be four hours old:
//! who fails by it is asked about again.

use super::report::Row;
use crate::aws::{Asked, Context, Reply, Requires, timestamp};
use crate::inventory::{Fact, GLOBAL, Operation};
use crate::services::iam::{
    AccessKeyMetadata, CredentialReportRow, LIST_ACCESS_KEYS, LIST_MFA_DEVICES, MfaDevice,
};
use aws_sdk_iam::types::AccessKeyMetadata as ListedKey;
use std::collections::BTreeMap;

/// From this age on, a rule may call a key too old: the least that its
/// parameter `max_age_days` takes.
const OLD_KEY_DAYS: i64 = 30;

/// What was asked since the report was made; absent where there was no reason.
pub(super) struct Since {
    pub(super) mfa_devices: Fact<Vec<MfaDevice>>,
    pub(super) access_keys: Fact<Vec<AccessKeyMetadata>>,
}

impl Default for Since {
    fn default() -> Self {
        Self { mfa_devices: Fact::Absent, access_keys: Fact::Absent }
    }
}

/// Asks about the users that may fail by their rows.
pub(super) async fn rows(context: &Context, rows: &mut BTreeMap<String, Row>) {
    let mut fan = context.fan_out();
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    for (name, row) in rows.iter() {
        let (devices, keys) = (lacks_mfa(&row.facts), has_doubtful_keys(&row.facts));
        if !devices && !keys {
            continue;
        }
        let (context, sender) = (context.clone(), sender.clone());
        let (name, arn) = (name.clone(), row.arn.clone());
        fan.add(async move {
            let mut since = Since::default();
            if devices {
                since.mfa_devices = context.fact(mfa_devices(&context, &name, &arn).await);
            }
            if keys {
                since.access_keys = context.fact(access_keys(&context, &name, &arn).await);
            }
            // Nobody listens only if the scan is being dropped.
            let _gone = sender.send((name, since));
        })
        .await;
    }
    // A task that broke off leaves its user with the report's own words.
    let _broken = fan.finish().await;
    drop(sender);
    while let Some((name, since)) = answers.recv().await {
        if let Some(row) = rows.get_mut(&name) {
            row.since = since;
        }
    }
}

fn is_true(fact: &Fact<bool>) -> bool {
    matches!(fact, Fact::Known(true))
}

fn lacks_mfa(row: &CredentialReportRow) -> bool {
    let signs_in = [&row.password_enabled, &row.access_key_1_active, &row.access_key_2_active];
    row.mfa_active == Fact::Known(false) && signs_in.into_iter().any(is_true)
}

fn has_doubtful_keys(row: &CredentialReportRow) -> bool {
    let keys = [
        (&row.access_key_1_active, &row.access_key_1_last_rotated),
        (&row.access_key_2_active, &row.access_key_2_last_rotated),
    ];
    let old = |made: &Fact<jiff::Timestamp>| match made {
        Fact::Known(made) => {
            row.generated_time.duration_since(*made).as_hours() >= 24 * OLD_KEY_DAYS
        }
        Fact::Absent | Fact::Unknown(_) => true,
    };
    let active = keys.into_iter().filter(|(active, _)| is_true(active));
    active.clone().count() > 1 || active.into_iter().any(|(_, made)| old(made))
}

fn asked<'a>(operation: &'static Operation, arn: &'a str) -> Asked<'a> {
    Asked { operation, region: GLOBAL, about: Some(arn) }
}

/// At most eight: one page.
async fn mfa_devices(context: &Context, name: &str, arn: &str) -> Reply<Vec<MfaDevice>> {
    let asked = asked(&LIST_MFA_DEVICES, arn);
    let client = context.session().iam();
    let reply = context
        .ask(asked, || {
            client
                .list_mfa_devices()
                .user_name(name)
                .customize()
                .interceptor(Requires(&["MFADevices"]))
                .send()
        })
        .await;
    reply.read(|reply| {
        let serial = |number: &str| asked.must_text(number, "SerialNumber");
        let devices = reply.mfa_devices.iter();
        devices
            .map(|device| Ok(MfaDevice { serial_number: serial(&device.serial_number)? }))
            .collect()
    })
}

/// At most two: one page.
async fn access_keys(context: &Context, name: &str, arn: &str) -> Reply<Vec<AccessKeyMetadata>> {
    let asked = asked(&LIST_ACCESS_KEYS, arn);
    let client = context.session().iam();
    let reply = context
        .ask(asked, || {
            client
                .list_access_keys()
                .user_name(name)
                .customize()
                .interceptor(Requires(&["AccessKeyMetadata"]))
                .send()
        })
        .await;
    reply.read(|reply| {
        let one = |key: &ListedKey| {
            let made = key.create_date.as_ref().and_then(timestamp);
            Ok(AccessKeyMetadata {
                status: asked.must(key.status.as_ref(), "Status")?.as_str().to_owned(),
                create_date: asked.must(made, "CreateDate")?,
            })
        };
        reply.access_key_metadata.iter().map(one).collect()
    })
}

//! With whom images and snapshots are shared.

use super::image::Image;
use super::storage::Snapshot;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::aws::Account;
use crate::services::{Asking, Decided};

record! {
    /// With whom something is shared.
    pub struct SharedOutside {
        /// It is shared with somebody who is not known.
        "outside" => outside: Decided<bool>,
        /// With whom: accounts, organizations, units, or all.
        "with" => with: Vec<String>,
        /// What decided, or why it cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

/// Somebody that something is shared with.
enum Share {
    /// Every AWS account.
    All,
    Account(String),
    /// An organization or one of its units, by ARN.
    Organization(String),
}

/// Answers `ec2.shared_outside`.
pub(super) fn shared_outside(subject: &Resource, asking: &dyn Asking) -> Value {
    let shares = match subject.kind.name {
        "ec2.image" => shares_of_image(subject),
        _ => shares_of_snapshot(subject),
    };
    let shares = match shares {
        Fact::Known(shares) => shares,
        Fact::Unknown(gaps) => return Value::Unknown(gaps),
        Fact::Absent => return Value::Unknown(Gaps::NONE),
    };
    let mut open = None;
    let mut answer =
        SharedOutside { outside: Decided::Known(false), with: Vec::new(), reasons: Vec::new() };
    for share in shares {
        match share {
            Share::All => answer.with.push("all".to_owned()),
            Share::Account(account) => {
                let known =
                    account == asking.account() || asking.known_accounts().contains(&account);
                if !known {
                    answer.with.push(account);
                }
            }
            Share::Organization(arn) => match is_own_organization(&arn, asking) {
                Decided::Known(true) => {}
                Decided::Known(false) => answer.with.push(arn),
                Decided::Unknown(gaps) => {
                    let what = format!("whether {arn} is the account's own is not known");
                    answer.reasons.push(what);
                    open = Some(gaps);
                }
            },
        }
    }
    answer.outside = match (answer.with.is_empty(), open) {
        (false, _) => Decided::Known(true),
        (true, None) => Decided::Known(false),
        (true, Some(gaps)) => Decided::Unknown(gaps),
    };
    answer.into_value()
}

fn shares_of_image(subject: &Resource) -> Fact<Vec<Share>> {
    let image = Image::from_value(&subject.document);
    let permissions = image.map_or(Fact::Unknown(Gaps::NONE), |image| image.launch_permissions);
    permissions.map(|permissions| {
        let shares = permissions.into_iter().filter_map(|permission| {
            let organization = permission.organization.or(permission.unit);
            let all = permission.group.filter(|group| group == "all").map(|_| Share::All);
            all.or_else(|| permission.user.map(Share::Account))
                .or_else(|| organization.map(Share::Organization))
        });
        shares.collect()
    })
}

fn shares_of_snapshot(subject: &Resource) -> Fact<Vec<Share>> {
    let snapshot = Snapshot::from_value(&subject.document);
    let permissions =
        snapshot.map_or(Fact::Unknown(Gaps::NONE), |snapshot| snapshot.create_volume_permissions);
    permissions.map(|permissions| {
        let shares = permissions.into_iter().filter_map(|permission| {
            let all = permission.group.filter(|group| group == "all").map(|_| Share::All);
            all.or_else(|| permission.user.map(Share::Account))
        });
        shares.collect()
    })
}

/// Whether an ARN is that of the account's own organization, or of a unit in it:
/// `arn:aws:organizations::111122223333:ou/o-1/ou-2`.
fn is_own_organization(arn: &str, asking: &dyn Asking) -> Decided<bool> {
    let (accounts, missing) = asking.all("aws.account");
    let account = accounts.first().and_then(|account| Account::from_value(&account.document));
    let is_own = |id: &str| arn.split('/').nth(1) == Some(id);
    match account {
        Some(account) => account.organization.map(|own| is_own(&own.id)).decided_or(false),
        None => Decided::Unknown(missing),
    }
}

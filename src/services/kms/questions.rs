//! What rules may ask about keys, and about who may use them.

use super::decrypt::decrypts_all;
use super::{Grant, Key};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Asking, Decided, Question, Witness};

record! {
    /// Whether grants of a key go to other accounts.
    pub struct OutsideGrants {
        /// One goes to an account that is not known.
        "outside" => outside: Decided<bool>,
        /// To whom, with the grant's identifier.
        "grantees" => grantees: Vec<String>,
        /// What cannot be told.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Whether a policy lets its holder decrypt with every key.
    pub struct DecryptAll {
        /// One does; conditions aside.
        "allowed" => allowed: Decided<bool>,
        /// Which policy, for which action and resource.
        "allows" => allows: Vec<String>,
        /// A request that shows it, where no condition stands in the way.
        "witness" => witness: Option<Witness>,
        /// What could not be read.
        "unread" => unread: Vec<String>,
    }
}

/// The questions about keys.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "kms.open_policy",
        doc: "Whether strangers get through the key policy.",
        subjects: &["kms.key"],
        reads: &[("kms.key", &["Policy"])],
        looks_up: &[],
        returns: PolicyExposure::shape,
        answer: |key, asking| {
            let policy = Key::from_value(&key.document).map(|key| key.policy);
            exposure(policy.as_ref(), "kms", key, asking)
        },
    },
    Question {
        name: "kms.outside_grants",
        doc: "Whether a grant of the key goes to another account; accounts that the tenants file \
              calls known and AWS services aside.",
        subjects: &["kms.key"],
        reads: &[("kms.key", &["Grants"])],
        looks_up: &[],
        returns: OutsideGrants::shape,
        answer: outside_grants,
    },
    Question {
        name: "kms.decrypts_all",
        doc: "Whether a managed policy, or an inline policy of a user, group or role, allows \
              kms:Decrypt or kms:ReEncryptFrom on all keys; conditions do not matter.",
        subjects: &["iam.policy", "iam.user", "iam.group", "iam.role"],
        reads: &[
            ("iam.policy", &["PolicyVersion"]),
            ("iam.user", &["UserPolicyList"]),
            ("iam.group", &["GroupPolicyList"]),
            ("iam.role", &["RolePolicyList"]),
        ],
        looks_up: &[],
        returns: DecryptAll::shape,
        answer: decrypts_all,
    },
];

/// Where a grant goes.
enum Goes {
    Inside,
    Outside(String),
    /// In a form that names no account.
    Unclear(String),
}

fn outside_grants(key: &Resource, asking: &dyn Asking) -> Value {
    let grants = match Key::from_value(&key.document).map(|key| key.grants) {
        Some(Fact::Known(grants)) => grants,
        Some(Fact::Absent) => Vec::new(),
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    let mut grantees = Vec::new();
    let mut reasons = Vec::new();
    for grant in &grants {
        match goes(grant, asking) {
            Goes::Inside => {}
            Goes::Outside(to) => grantees.push(format!("{to} (grant {})", grant.id)),
            Goes::Unclear(to) => {
                reasons.push(format!("grant {} goes to {to}, which names no account", grant.id));
            }
        }
    }
    let outside = if grantees.is_empty() && !reasons.is_empty() {
        Decided::Unknown(Gaps::NONE)
    } else {
        Decided::Known(!grantees.is_empty())
    };
    OutsideGrants { outside, grantees, reasons }.into_value()
}

fn goes(grant: &Grant, asking: &dyn Asking) -> Goes {
    // Without a principal the grant is an AWS service's.
    let Some(grantee) = &grant.grantee else { return Goes::Inside };
    let service = [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|end| grantee.ends_with(end));
    // The unique id of a user or role that was deleted: nobody any more.
    let deleted = ["AIDA", "AROA"].iter().any(|start| grantee.starts_with(start));
    if (service && !grantee.contains(':')) || deleted {
        return Goes::Inside;
    }
    let account: &str = match grantee.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", _, _, _, account, _, ..] => account,
        [account] => account,
        _ => return Goes::Unclear(grantee.clone()),
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !is_account {
        return Goes::Unclear(grantee.clone());
    }
    if account == asking.account() || asking.known_accounts().iter().any(|it| it == account) {
        return Goes::Inside;
    }
    Goes::Outside(grantee.clone())
}

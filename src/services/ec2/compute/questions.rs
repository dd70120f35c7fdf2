//! What rules may ask about what runs.

use super::instance::Instance;
use super::sharing::{SharedOutside, shared_outside};
use super::storage::Snapshot;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::aws::Region;
use crate::services::iam::Role;
use crate::services::iam::questions::{Administrator, admin};
use crate::services::{Asking, Decided, Question, Witness};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::sync::Arc;

record! {
    /// Whether strangers can copy a snapshot.
    pub struct SnapshotSharing {
        /// It is not shared with every AWS account.
        "private" => private: Decided<bool>,
        /// It is, but the region's block public access closes it.
        "latent" => latent: Decided<bool>,
        /// What decided.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// What the role behind an instance can do.
    pub struct InstanceAdministrator {
        /// It is administrator, always or under a condition.
        "admin" => admin: Decided<bool>,
        /// It is only under a condition that the caller does not control.
        "conditional" => conditional: Decided<bool>,
        /// The role.
        "role" => role: Option<String>,
        /// What allows it: the policy and the statement.
        "allows" => allows: Vec<String>,
        /// The conditions of that statement.
        "conditions" => conditions: Vec<String>,
        /// A request that shows it.
        "witness" => witness: Option<Witness>,
        /// What decided, what limits, or what was not read.
        "reasons" => reasons: Vec<String>,
    }
}

/// The questions.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "ec2.stopped_since",
        doc: "Since when an instance is stopped, from the words of its last change of state.",
        subjects: &["ec2.instance"],
        reads: &[("ec2.instance", &["StateTransitionReason"])],
        looks_up: &[],
        returns: Timestamp::shape,
        answer: stopped_since,
    },
    Question {
        name: "ec2.instance_admin",
        doc: "Whether the role in an instance's profile is administrator-equivalent, as iam.admin \
              decides it. A profile without a role gives nothing.",
        subjects: &["ec2.instance"],
        reads: &[("ec2.instance", &["IamInstanceProfile"])],
        looks_up: &[
            (
                "iam.role",
                &[
                    "InstanceProfileList",
                    "RolePolicyList",
                    "AttachedManagedPolicies",
                    "PermissionsBoundary",
                ],
            ),
            ("iam.policy", &["PolicyVersion"]),
        ],
        returns: InstanceAdministrator::shape,
        answer: instance_admin,
    },
    Question {
        name: "ec2.snapshot_sharing",
        doc: "Whether a snapshot is shared with every AWS account, and whether block public access \
              for snapshots keeps it closed all the same.",
        subjects: &["ec2.snapshot"],
        reads: &[("ec2.snapshot", &["RestorableByUserIds", "CreateVolumePermissions"])],
        looks_up: &[("aws.region", &["SnapshotBlockPublicAccess"])],
        returns: SnapshotSharing::shape,
        answer: snapshot_sharing,
    },
    Question {
        name: "ec2.shared_outside",
        doc: "Whether an image or snapshot is shared with somebody else than this account, accounts \
              that the tenants file calls known, and this account's organization.",
        subjects: &["ec2.image", "ec2.snapshot"],
        reads: &[
            ("ec2.image", &["LaunchPermissions"]),
            ("ec2.snapshot", &["CreateVolumePermissions"]),
        ],
        looks_up: &[("aws.account", &["Organization"])],
        returns: SharedOutside::shape,
        answer: shared_outside,
    },
];

/// The moment at the end of `User initiated (2026-01-01 00:00:00 GMT)`
/// (<https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html>).
pub(super) fn moment_in(reason: &str) -> Option<Timestamp> {
    let (_, rest) = reason.rsplit_once('(')?;
    let (text, _) = rest.split_once(')')?;
    // EC2 writes GMT; an emulator UTC, which is the same.
    let text = text.strip_suffix(" GMT").or_else(|| text.strip_suffix(" UTC"))?;
    let moment = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    moment.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn stopped_since(subject: &Resource, _: &dyn Asking) -> Value {
    let instance = Instance::from_value(&subject.document);
    match instance.map(|instance| instance.state_transition_reason) {
        Some(Fact::Known(reason)) => {
            moment_in(&reason).map_or(Value::Unknown(Gaps::NONE), Value::Time)
        }
        Some(Fact::Unknown(gaps)) => Value::Unknown(gaps),
        Some(Fact::Absent) | None => Value::Unknown(Gaps::NONE),
    }
}

fn instance_admin(subject: &Resource, asking: &dyn Asking) -> Value {
    let instance = Instance::from_value(&subject.document);
    let profile = match instance.map(|instance| instance.iam_instance_profile) {
        Some(Fact::Known(profile)) => profile,
        Some(Fact::Absent) => return no_admin("there is no instance profile"),
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    let profiles = asking.memo().of("", || InstanceProfiles::read(asking));
    let of_profile = profiles.roles.get(&profile.arn);
    if let Some(role) = of_profile.and_then(|arn| asking.find("iam.role", arn).0) {
        return of_role(role, asking);
    }
    if profiles.hidden.is_empty() {
        return no_admin("no role is in the instance profile");
    }
    Value::Unknown(profiles.hidden.clone())
}

/// The instance profiles of the account's roles: there are as many as roles, and
/// every instance asks for one.
struct InstanceProfiles {
    /// The ARNs of the roles by those of the profiles, which have one each.
    roles: HashMap<String, Arc<str>>,
    /// What may hide more of them.
    hidden: Gaps,
}

impl InstanceProfiles {
    fn read(asking: &dyn Asking) -> Self {
        let (all, mut hidden) = asking.all("iam.role");
        let mut roles = HashMap::new();
        for role in all {
            match Role::from_value(&role.document).map(|role| role.instance_profiles) {
                Some(Fact::Known(profiles)) => {
                    for profile in profiles {
                        roles.entry(profile.arn).or_insert_with(|| Arc::clone(&role.arn));
                    }
                }
                Some(Fact::Unknown(gaps)) => hidden = hidden.union(&gaps),
                Some(Fact::Absent) | None => {}
            }
        }
        Self { roles, hidden }
    }
}

fn no_admin(reason: &str) -> Value {
    InstanceAdministrator {
        admin: Decided::Known(false),
        conditional: Decided::Known(false),
        role: None,
        allows: Vec::new(),
        conditions: Vec::new(),
        witness: None,
        reasons: vec![reason.to_owned()],
    }
    .into_value()
}

fn of_role(role: &Resource, asking: &dyn Asking) -> Value {
    let answer = admin(role, asking);
    let Some(answer) = Administrator::from_value(&answer) else { return answer };
    InstanceAdministrator {
        admin: answer.admin,
        conditional: answer.conditional,
        role: Some(role.id.to_string()),
        allows: answer.allows,
        conditions: answer.conditions,
        witness: answer.witness,
        reasons: answer.reasons,
    }
    .into_value()
}

fn snapshot_sharing(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(snapshot) = Snapshot::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    match is_shared_with_all(&snapshot) {
        Decided::Known(false) => sharing(true, false, Vec::new()),
        Decided::Unknown(gaps) => SnapshotSharing {
            private: Decided::Unknown(gaps.clone()),
            latent: Decided::Unknown(gaps),
            reasons: Vec::new(),
        }
        .into_value(),
        Decided::Known(true) => match block_state(subject, asking) {
            Decided::Known(state) => {
                let reason = format!("block public access for snapshots is {state} in the region");
                sharing(false, state == "block-all-sharing", vec![reason])
            }
            Decided::Unknown(gaps) => SnapshotSharing {
                private: Decided::Unknown(gaps.clone()),
                latent: Decided::Unknown(gaps),
                reasons: vec![
                    "it is shared with every AWS account; whether block public access for \
                     snapshots keeps it closed is not known"
                        .to_owned(),
                ],
            }
            .into_value(),
        },
    }
}

fn sharing(private: bool, latent: bool, reasons: Vec<String>) -> Value {
    SnapshotSharing { private: Decided::Known(private), latent: Decided::Known(latent), reasons }
        .into_value()
}

fn is_shared_with_all(snapshot: &Snapshot) -> Decided<bool> {
    match &snapshot.restorable_by {
        Fact::Known(users) if !users.iter().any(|user| user == "all") => {
            return Decided::Known(false);
        }
        Fact::Known(_) => {}
        Fact::Unknown(gaps) => return Decided::Unknown(gaps.clone()),
        Fact::Absent => return Decided::Unknown(Gaps::NONE),
    }
    let permissions = snapshot.create_volume_permissions.as_ref();
    let to_all = permissions.map(|permissions| {
        permissions.iter().any(|permission| permission.group.as_deref() == Some("all"))
    });
    to_all.decided()
}

/// The state of block public access in the snapshot's region.
fn block_state(subject: &Resource, asking: &dyn Asking) -> Decided<String> {
    let (found, missing) = asking.find("aws.region", &subject.region);
    let region = found.and_then(|region| Region::from_value(&region.document));
    match region {
        Some(region) => region.snapshot_block_public_access.map(|block| block.state).decided(),
        None => Decided::Unknown(missing),
    }
}

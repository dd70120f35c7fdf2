//! What rules may ask about file systems.

use super::{FileSystem, MountTarget};
use crate::inventory::{Document, Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::ec2::network::Subnet;
use crate::services::exposure::{PolicyExposure, exposure};
use crate::services::{Asking, Decided, Question};

record! {
    /// The subnet of a mount target.
    pub struct MountSubnet {
        /// What is launched in it gets a public IPv4 address. Not decided if EC2 lists no such
        /// subnet.
        "public" => public: Decided<bool>,
    }
}

/// The questions.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "efs.open_policy",
        doc: "Whether strangers get through the file system's policy. That there is none, which \
              lets everybody in who reaches a mount target, is not this question's.",
        subjects: &["efs.file-system"],
        reads: &[("efs.file-system", &["Policy"])],
        looks_up: &[],
        returns: PolicyExposure::shape,
        answer: |subject, asking| {
            let found = FileSystem::from_value(&subject.document);
            let policy = found.as_ref().map(|found| &found.policy);
            exposure(policy, "elasticfilesystem", subject, asking)
        },
    },
    Question {
        name: "efs.mount_subnet",
        doc: "The subnet that the mount target is in.",
        subjects: &["efs.mount-target"],
        reads: &[("efs.mount-target", &["SubnetId"])],
        looks_up: &[("ec2.subnet", &["MapPublicIpOnLaunch"])],
        returns: MountSubnet::shape,
        answer: mount_subnet,
    },
];

fn mount_subnet(subject: &Resource, asking: &dyn Asking) -> Value {
    let target = MountTarget::from_value(&subject.document);
    let public = match target.map(|target| target.subnet) {
        Some(Fact::Known(id)) => {
            let (found, missing) = asking.find(Subnet::resource_type().name, &id);
            match found.and_then(|subnet| Subnet::from_value(&subnet.document)) {
                Some(subnet) => subnet.map_public_ip_on_launch.decided(),
                None => Decided::Unknown(missing),
            }
        }
        Some(Fact::Unknown(gaps)) => Decided::Unknown(gaps),
        Some(Fact::Absent) | None => Decided::Unknown(Gaps::NONE),
    };
    MountSubnet { public }.into_value()
}

//! The parts that decide about a bucket, each known or not, and the answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::attached::Attached;
use super::exposure::Answer;
use super::solve::Witness;

/// A part of a bucket's access settings: known (also as "there is none"), or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<T> {
    /// AWS answered.
    Known(T),
    /// AWS did not answer.
    Unknown,
}

/// The names of the parts, for naming the gaps that decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartName {
    /// GetBucketPolicy
    BucketPolicy,
    /// GetBucketPolicyStatus
    PolicyStatus,
    /// GetBucketAcl
    BucketAcl,
    /// GetBucketOwnershipControls
    OwnershipControls,
    /// GetPublicAccessBlock of the bucket
    BucketBlock,
    /// GetPublicAccessBlock of the account
    AccountBlock,
    /// ListAccessPoints
    AccessPoints,
    /// GetAccessPointPolicy of this access point
    AccessPointPolicy(String),
    /// GetAccessPoint of this access point: its block settings
    AccessPointBlock(String),
    /// GetAccessPoint of this access point: its network origin
    AccessPointOrigin(String),
}

/// The four switches. Two of them only stop future changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PublicAccessBlock {
    /// Refuses new public ACLs; changes nothing that is there.
    pub block_public_acls: bool,
    /// Neutralises public ACLs.
    pub ignore_public_acls: bool,
    /// Refuses new public policies; changes nothing that is there.
    pub block_public_policy: bool,
    /// Cuts a bucket with a public policy off from all outside but AWS services.
    pub restrict_public_buckets: bool,
}

/// One grant of a bucket's ACL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclGrant {
    /// The grantee's group URI, or its canonical id.
    pub grantee: String,
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or `FULL_CONTROL`.
    pub permission: String,
}

impl AclGrant {
    /// Whether it is for everybody, or for everybody with any AWS account.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups>
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.grantee.ends_with("/groups/global/AllUsers")
            || self.grantee.ends_with("/groups/global/AuthenticatedUsers")
    }

    pub(super) fn allows(&self, writes: bool) -> bool {
        match self.permission.as_str() {
            "FULL_CONTROL" => true,
            "WRITE" | "WRITE_ACP" => writes,
            "READ" | "READ_ACP" => !writes,
            _ => false,
        }
    }
}

/// An access point of the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPoint {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its policy, if it has one.
    pub policy: Part<Option<Arc<Attached>>>,
    /// What GetAccessPointPolicyStatus says; none without a policy.
    pub policy_status: Part<Option<bool>>,
    /// Its own block settings.
    pub block: Part<Option<PublicAccessBlock>>,
    /// Whether it can be reached through one VPC only.
    pub vpc_only: Part<bool>,
}

/// All that decides about a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The bucket policy, if there is one.
    pub policy: Part<Option<Arc<Attached>>>,
    /// What GetBucketPolicyStatus says; none without a policy.
    pub policy_status: Part<Option<bool>>,
    /// The grants of the bucket's ACL, as GetBucketAcl gives them: the effective ones.
    pub acl: Part<Vec<AclGrant>>,
    /// The ownership setting, such as `BucketOwnerEnforced`; none for an old bucket.
    pub ownership: Part<Option<String>>,
    /// The bucket's block settings.
    pub bucket_block: Part<Option<PublicAccessBlock>>,
    /// The account's block settings, as in effect.
    pub account_block: Part<Option<PublicAccessBlock>>,
    /// Its access points.
    pub access_points: Part<Vec<AccessPoint>>,
}

/// One answer, what decided it, and what was not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The answer.
    pub answer: Answer,
    /// If unknown: the parts whose lack decided. Empty if a policy could not be decided.
    pub unknown: BTreeSet<PartName>,
    /// What decided, or what limits.
    pub reasons: Vec<String>,
    /// A request that gets through, where a policy lets it.
    pub witness: Option<Witness>,
}

/// The answers about one access point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointExposure {
    /// Its name.
    pub name: String,
    /// Whether its policy is public and in effect.
    pub public: Finding,
    /// Where GetAccessPointPolicyStatus contradicts this module's reading of the policy.
    pub disagreement: Option<String>,
}

impl Finding {
    pub(super) fn new(answer: Answer, reason: impl Into<String>) -> Self {
        Self { answer, unknown: BTreeSet::new(), reasons: vec![reason.into()], witness: None }
    }

    pub(super) fn missing(part: PartName, reason: impl Into<String>) -> Self {
        Self { unknown: BTreeSet::from([part]), ..Self::new(Answer::Unknown, reason) }
    }

    pub(super) fn or(self, other: Self) -> Self {
        let answer = self.answer.or(other.answer);
        self.join(other, answer)
    }

    pub(super) fn and(self, other: Self) -> Self {
        let answer = self.answer.and(other.answer);
        self.join(other, answer)
    }

    pub(super) fn negate(self) -> Self {
        Self { answer: self.answer.negate(), witness: None, ..self }
    }

    /// Keeps what led to the joint answer.
    fn join(self, other: Self, answer: Answer) -> Self {
        let mut joint =
            Self { answer, unknown: BTreeSet::new(), reasons: Vec::new(), witness: None };
        for side in [self, other] {
            if side.answer != answer {
                continue;
            }
            joint.unknown.extend(side.unknown);
            for reason in side.reasons {
                if !joint.reasons.contains(&reason) {
                    joint.reasons.push(reason);
                }
            }
            joint.witness = joint.witness.or(side.witness);
        }
        joint
    }
}

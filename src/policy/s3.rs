//! What a bucket really exposes: bucket policy, access points, ACL, ownership controls
//! and the two levels of block public access, combined as S3 combines them. Each part
//! may be unknown; what is known and decides wins.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>

use std::collections::BTreeSet;
use std::sync::Arc;

use super::attached::Attached;
use super::exposure::{Answer, Exposure};
use super::s3_parts::{
    AccessPoint, Bucket, Finding, Part, PartName, PointExposure, PublicAccessBlock,
};

/// What a bucket exposes. Each answer is worked out when it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct BucketExposure<'a> {
    bucket: &'a Bucket,
}

impl<'a> BucketExposure<'a> {
    /// Of this bucket.
    #[must_use]
    pub fn of(bucket: &'a Bucket) -> Self {
        Self { bucket }
    }

    /// Publicly readable, in AWS's sense of public.
    #[must_use]
    pub fn public_read(&self) -> Finding {
        self.public(false)
    }

    /// Publicly writable, in AWS's sense of public.
    #[must_use]
    pub fn public_write(&self) -> Finding {
        self.public(true)
    }

    /// Open to strangers, though AWS does not call it public.
    #[must_use]
    pub fn reachable_without_public(&self) -> Finding {
        let any_public = self.public_read().or(self.public_write());
        self.reachable().and(any_public.negate())
    }

    /// Objects can be public by their own ACL.
    #[must_use]
    pub fn objects_can_be_public(&self) -> Finding {
        self.acls_count().and(self.ignored().negate())
    }

    fn points(&self) -> &'a [AccessPoint] {
        match &self.bucket.access_points {
            Part::Known(list) => list,
            Part::Unknown => &[],
        }
    }

    fn switch(
        &self,
        part: &Part<Option<PublicAccessBlock>>,
        name: PartName,
        level: &str,
        read: fn(&PublicAccessBlock) -> bool,
        label: &str,
    ) -> Finding {
        match part {
            Part::Unknown => Finding::missing(name, format!("{label} of the {level} is not known")),
            Part::Known(block) => {
                let on = block.as_ref().is_some_and(read);
                let state = if on { "on" } else { "off" };
                Finding::new(on.into(), format!("{label} of the {level} is {state}"))
            }
        }
    }

    fn both_levels(&self, read: fn(&PublicAccessBlock) -> bool, label: &str) -> Finding {
        let bucket = &self.bucket.bucket_block;
        let account = &self.bucket.account_block;
        self.switch(account, PartName::AccountBlock, "account", read, label).or(self.switch(
            bucket,
            PartName::BucketBlock,
            "bucket",
            read,
            label,
        ))
    }

    fn restricted(&self) -> Finding {
        self.both_levels(|b| b.restrict_public_buckets, "RestrictPublicBuckets")
    }

    fn ignored(&self) -> Finding {
        self.both_levels(|b| b.ignore_public_acls, "IgnorePublicAcls")
    }

    /// Whether ACLs count at all.
    fn acls_count(&self) -> Finding {
        match &self.bucket.ownership {
            Part::Unknown => {
                Finding::missing(PartName::OwnershipControls, "object ownership is not known")
            }
            Part::Known(Some(setting)) if setting == "BucketOwnerEnforced" => {
                Finding::new(Answer::No, "object ownership BucketOwnerEnforced switches ACLs off")
            }
            Part::Known(setting) => {
                let name = setting.as_deref().unwrap_or("not set");
                Finding::new(Answer::Yes, format!("object ownership {name} leaves ACLs on"))
            }
        }
    }

    /// Whether the bucket policy is public, and for an action of the kind if one is asked.
    fn policy_public(&self, writes: Option<bool>) -> Finding {
        match &self.bucket.policy {
            Part::Known(Some(policy)) => {
                let of_kind = public_for(policy.exposure(), writes);
                let witness = match (of_kind, writes) {
                    (Answer::Yes, Some(writes)) => policy.witness(writes).cloned(),
                    _ => None,
                };
                Finding {
                    answer: of_kind,
                    unknown: BTreeSet::new(),
                    reasons: reasons(policy, "bucket policy"),
                    witness,
                }
            }
            Part::Known(None) => Finding::new(Answer::No, "there is no bucket policy"),
            Part::Unknown => {
                let unread =
                    Finding::missing(PartName::BucketPolicy, "the bucket policy is not known");
                match (&self.bucket.policy_status, writes) {
                    (Part::Known(Some(true)), None) => {
                        Finding::new(Answer::Yes, "GetBucketPolicyStatus says public")
                    }
                    (Part::Known(None), _) => {
                        Finding::new(Answer::No, "GetBucketPolicyStatus says there is no policy")
                    }
                    // Its "not public" does not outweigh a policy that was read, so it
                    // cannot stand for one that was not.
                    _ => unread,
                }
            }
        }
    }

    fn public(&self, writes: bool) -> Finding {
        let by_policy = self.policy_public(Some(writes)).and(self.restricted().negate());
        let unlisted = self.unlisted_points(Some(writes)).and(self.restricted().negate());
        let mut answer = by_policy.or(self.public_acl(writes)).or(unlisted);
        for point in self.points() {
            let of_kind = self.point_public(point, Some(writes));
            answer = answer.or(of_kind
                .and(self.point_restricted(point).negate())
                .and(self.delegates(Some(point), Some(writes))));
        }
        answer
    }

    /// What access points that were not listed may add: nothing that the bucket policy
    /// refuses.
    fn unlisted_points(&self, writes: Option<bool>) -> Finding {
        if self.bucket.access_points != Part::Unknown {
            return Finding::new(Answer::No, "the access points are known");
        }
        let missing = Finding::missing(PartName::AccessPoints, "the access points are not known");
        missing.and(self.delegates(None, writes))
    }

    fn public_acl(&self, writes: bool) -> Finding {
        let granted = match &self.bucket.acl {
            Part::Unknown => Finding::missing(PartName::BucketAcl, "the bucket's ACL is not known"),
            Part::Known(grants) => {
                match grants.iter().find(|g| g.is_public() && g.allows(writes)) {
                    Some(grant) => Finding::new(
                        Answer::Yes,
                        format!("the ACL grants {} to {}", grant.permission, grant.grantee),
                    ),
                    None => {
                        Finding::new(Answer::No, "the ACL in effect grants nothing to the public")
                    }
                }
            }
        };
        // AWS shows the ACL in effect, so there a public grant that is shown also counts.
        // Emulators show what is stored: a switch that was not read leaves it open.
        granted.and(self.ignored().negate()).and(self.acls_count())
    }

    fn reachable(&self) -> Finding {
        let by_policy = match &self.bucket.policy {
            Part::Known(Some(policy)) => Finding {
                answer: policy.exposure().reachable,
                unknown: BTreeSet::new(),
                reasons: reasons(policy, "bucket policy"),
                witness: policy.exposure().witness.clone(),
            },
            Part::Known(None) => Finding::new(Answer::No, "there is no bucket policy"),
            Part::Unknown => {
                Finding::missing(PartName::BucketPolicy, "the bucket policy is not known")
            }
        };
        let cut_off = self.policy_public(None).and(self.restricted());
        let mut answer = by_policy.and(cut_off.negate()).or(self.unlisted_points(None));
        for point in self.points() {
            let open = match &point.policy {
                Part::Known(Some(policy)) => Finding {
                    answer: policy.exposure().reachable,
                    unknown: BTreeSet::new(),
                    reasons: vec![format!("access point {} is open to strangers", point.name)],
                    witness: policy.exposure().witness.clone(),
                },
                _ => self.point_public(point, None),
            };
            let cut_off = self.point_public(point, None).and(self.point_restricted(point));
            answer = answer.or(open
                .and(self.point_is_vpc(point).negate())
                .and(cut_off.negate())
                .and(self.delegates(Some(point), None)));
        }
        answer
    }

    /// A public bucket or access point policy that only block public access holds back.
    #[must_use]
    pub fn latent_policy(&self) -> Finding {
        let by_policy = self.policy_public(None).and(self.restricted());
        let mut answer = by_policy.or(self.unlisted_points(None));
        for point in self.points() {
            let public = self.point_public(point, None);
            let held_back = public.and(self.point_restricted(point));
            answer = answer.or(held_back.and(self.delegates(Some(point), None)));
        }
        answer
    }

    /// A public ACL that only block public access holds back: cannot be seen while it does.
    #[must_use]
    pub fn latent_acl(&self) -> Finding {
        let hidden = match self.ignored() {
            f if f.answer == Answer::Yes => Finding {
                answer: Answer::Unknown,
                reasons: vec![
                    "IgnorePublicAcls is on, and GetBucketAcl then shows no stored public grant"
                        .to_owned(),
                ],
                ..f
            },
            f => f,
        };
        hidden.and(self.acls_count())
    }

    /// Where GetBucketPolicyStatus contradicts this module's reading of the policy.
    #[must_use]
    pub fn disagreement(&self) -> Option<String> {
        disagree("GetBucketPolicyStatus", &self.bucket.policy_status, &self.bucket.policy)
    }

    /// The answers about each access point, in their order.
    #[must_use]
    pub fn access_points(&self) -> Vec<PointExposure> {
        let points = self.points().iter().map(|point| PointExposure {
            name: point.name.clone(),
            public: self.point_public(point, None).and(self.point_restricted(point).negate()),
            disagreement: disagree(
                "GetAccessPointPolicyStatus",
                &point.policy_status,
                &point.policy,
            ),
        });
        points.collect()
    }

    fn point_is_vpc(&self, point: &AccessPoint) -> Finding {
        let name = &point.name;
        match point.vpc_only {
            Part::Known(true) => {
                Finding::new(Answer::Yes, format!("access point {name} is for one VPC only"))
            }
            Part::Known(false) => {
                Finding::new(Answer::No, format!("access point {name} is on the internet"))
            }
            Part::Unknown => Finding::missing(
                PartName::AccessPointOrigin(name.clone()),
                format!("the network origin of access point {name} is not known"),
            ),
        }
    }

    fn point_public(&self, point: &AccessPoint, writes: Option<bool>) -> Finding {
        let name = &point.name;
        let by_policy = match &point.policy {
            Part::Known(Some(policy)) => {
                let of_kind = public_for(policy.exposure(), writes);
                let witness = match (of_kind, writes) {
                    (Answer::Yes, Some(writes)) => policy.witness(writes).cloned(),
                    (Answer::Yes, None) => policy.exposure().witness.clone(),
                    _ => None,
                };
                Finding {
                    answer: of_kind,
                    unknown: BTreeSet::new(),
                    reasons: reasons(policy, &format!("access point {name}")),
                    witness,
                }
            }
            Part::Known(None) => {
                Finding::new(Answer::No, format!("access point {name} has no policy"))
            }
            Part::Unknown => match (&point.policy_status, writes) {
                (Part::Known(Some(true)), None) => Finding::new(
                    Answer::Yes,
                    format!("GetAccessPointPolicyStatus says public of access point {name}"),
                ),
                (Part::Known(None), _) => Finding::new(
                    Answer::No,
                    format!("GetAccessPointPolicyStatus says access point {name} has no policy"),
                ),
                _ => Finding::missing(
                    PartName::AccessPointPolicy(name.clone()),
                    format!("the policy of access point {name} is not known"),
                ),
            },
        };
        by_policy.and(self.point_is_vpc(point).negate())
    }

    fn point_restricted(&self, point: &AccessPoint) -> Finding {
        let part = PartName::AccessPointBlock(point.name.clone());
        let level = format!("access point {}", point.name);
        let own = self.switch(
            &point.block,
            part,
            &level,
            |b| b.restrict_public_buckets,
            "RestrictPublicBuckets",
        );
        own.or(self.restricted())
    }

    /// Whether the bucket policy lets strangers in through the access point (or any): an
    /// access point grants nothing that the bucket's own policy does not.
    fn delegates(&self, point: Option<&AccessPoint>, writes: Option<bool>) -> Finding {
        match &self.bucket.policy {
            Part::Unknown => {
                Finding::missing(PartName::BucketPolicy, "the bucket policy is not known")
            }
            Part::Known(None) => {
                Finding::new(Answer::No, "without a bucket policy no access point admits strangers")
            }
            Part::Known(Some(policy)) => {
                let open = policy.delegates(point.map(|p| p.arn.as_str()), writes);
                Finding::new(open, "the bucket policy on requests through access points")
            }
        }
    }
}

/// Whether a policy is public, and for an action of the kind if one is asked.
fn public_for(exposure: &Exposure, writes: Option<bool>) -> Answer {
    match writes {
        None => exposure.public,
        Some(false) => exposure.public_read,
        Some(true) => exposure.public_write,
    }
}

/// What decided about a policy.
fn reasons(policy: &Attached, whose: &str) -> Vec<String> {
    policy.exposure().reasons.iter().map(|reason| format!("{whose}: {reason}")).collect()
}

/// What S3 says of a policy against what its text says, where they differ.
fn disagree(
    operation: &str,
    theirs: &Part<Option<bool>>,
    policy: &Part<Option<Arc<Attached>>>,
) -> Option<String> {
    let (Part::Known(Some(theirs)), Part::Known(Some(policy))) = (theirs, policy) else {
        return None;
    };
    let ours = policy.exposure().public;
    (ours != Answer::Unknown && ours != (*theirs).into()).then(|| {
        let said = if *theirs { "public" } else { "not public" };
        format!("{operation} says {said}; the policy's text says public: {}", ours.as_str())
    })
}

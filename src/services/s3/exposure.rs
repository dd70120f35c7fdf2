//! Answers about who gets through to a bucket.

use super::AccessPoint;
use super::parts::Parts;
use super::questions::{OpenPolicy, PublicAccess};
use crate::inventory::{Gaps, Resource, Shape, Value};
use crate::policy::{self, Answer, BucketExposure, Finding, Part, PartName};
use crate::services::{Asking, Decided, Witness};

type Choice = fn(&BucketExposure<'_>) -> Finding;

/// Answers `s3.public_read` and `s3.public_write`.
pub(super) fn public(subject: &Resource, asking: &dyn Asking, choose: Choice) -> Value {
    let mut parts = Parts::default();
    let Some(mut bucket) = parts.bucket(subject, asking) else {
        return Value::Unknown(Gaps::NONE);
    };
    let [mut finding] =
        through_access_points(&mut parts, &mut bucket, subject, asking, |e| [choose(e)]);
    let disagreement = BucketExposure::of(&bucket).disagreement();
    let says_public = bucket.policy_status == Part::Known(Some(true));
    if disagreement.is_some() && says_public && finding.answer == Answer::No {
        // What is public is AWS's to say: its word against ours is no pass.
        bucket.policy = Part::Unknown;
        finding = choose(&BucketExposure::of(&bucket));
    }
    let points = BucketExposure::of(&bucket).access_points();
    let mut reasons = finding.reasons.clone();
    reasons.extend(disagreement);
    reasons.extend(points.into_iter().filter_map(|point| point.disagreement));
    answer(&parts, &finding, finding.witness.as_ref(), reasons)
}

/// What is asked of a bucket with its access points, those that were not seen among
/// them.
fn through_access_points<const N: usize>(
    parts: &mut Parts,
    bucket: &mut policy::Bucket,
    subject: &Resource,
    asking: &dyn Asking,
    asked: impl Fn(&BucketExposure<'_>) -> [Finding; N],
) -> [Finding; N] {
    bucket.access_points = parts.access_points(subject, asking);
    let findings = asked(&BucketExposure::of(bucket));
    if parts.hidden_points.is_empty() || findings.iter().any(|f| f.answer == Answer::Yes) {
        return findings;
    }
    // Nothing that was seen is open. What was not seen may be.
    parts.gaps.insert(PartName::AccessPoints, parts.hidden_points.clone());
    for finding in &findings {
        if finding.answer == Answer::Unknown {
            parts.also(finding);
        }
    }
    bucket.access_points = Part::Unknown;
    asked(&BucketExposure::of(bucket))
}

/// Answers `s3.open_policy`.
pub(super) fn open_policy(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(mut bucket) = parts.bucket(subject, asking) else {
        return Value::Unknown(Gaps::NONE);
    };
    // What the ACL opens is another rule's subject.
    bucket.acl = Part::Known(Vec::new());
    bucket.ownership = Part::Known(None);
    bucket.policy_status = Part::Unknown;
    let findings = through_access_points(&mut parts, &mut bucket, subject, asking, |e| {
        [e.public_read(), e.public_write(), e.reachable_without_public()]
    });
    let [read, write, beyond] = &findings;
    let open = parts.decided_any(&[read, write, beyond]);
    let decisive = match &open {
        Decided::Known(true) => Answer::Yes,
        Decided::Known(false) => Answer::No,
        Decided::Unknown(_) => Answer::Unknown,
    };
    let mut reasons: Vec<String> = Vec::new();
    for finding in findings.iter().filter(|f| f.answer == decisive) {
        for reason in &finding.reasons {
            if !reasons.contains(reason) {
                reasons.push(reason.clone());
            }
        }
    }
    reasons.append(&mut parts.unreadable);
    let yes = || findings.iter().filter(|f| f.answer == Answer::Yes);
    OpenPolicy {
        public: parts.decided_any(&[read, write]),
        open,
        witness: yes().find_map(|f| f.witness.as_ref()).map(Witness::from),
        reasons,
    }
    .into_value()
}

/// Answers `s3.latent_exposure`.
pub(super) fn latent(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(mut bucket) = parts.bucket(subject, asking) else {
        return Value::Unknown(Gaps::NONE);
    };
    bucket.policy_status = Part::Unknown;
    let finding = BucketExposure::of(&bucket).latent_policy();
    // Whom the policy would let in by itself.
    let witness = match (&bucket.policy, finding.answer) {
        (Part::Known(Some(policy)), Answer::Yes) => policy.exposure().witness.as_ref(),
        _ => None,
    };
    answer(&parts, &finding, witness, finding.reasons.clone())
}

/// Answers `s3.public_objects`.
pub(super) fn objects(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(bucket) = parts.bucket(subject, asking) else { return Value::Unknown(Gaps::NONE) };
    parts.unreadable.clear();
    let finding = BucketExposure::of(&bucket).objects_can_be_public();
    answer(&parts, &finding, None, finding.reasons.clone())
}

/// Answers `s3.access_point_public`.
pub(super) fn access_point_public(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(point) = AccessPoint::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let (bucket_block, account_block) = parts.blocks_behind(&point, asking);
    let mut bucket = policy::Bucket {
        policy: Part::Known(None),
        policy_status: Part::Known(None),
        acl: Part::Known(Vec::new()),
        ownership: Part::Known(None),
        bucket_block,
        account_block,
        access_points: Part::Known(vec![parts.access_point(
            &subject.id,
            &subject.arn,
            &point,
            asking,
        )]),
    };
    let mut points = BucketExposure::of(&bucket).access_points();
    let disagreement = points.first().and_then(|point| point.disagreement.clone());
    let says_public = matches!(
        &bucket.access_points,
        Part::Known(points) if points.iter().any(|p| p.policy_status == Part::Known(Some(true)))
    );
    if disagreement.is_some() && says_public {
        // What is public is AWS's to say: its word against ours is no pass.
        if let Part::Known(points) = &mut bucket.access_points {
            for point in points {
                point.policy = Part::Unknown;
                point.policy_status = Part::Unknown;
            }
        }
        points = BucketExposure::of(&bucket).access_points();
    }
    let Some(point) = points.into_iter().next() else {
        return Value::Unknown(Gaps::NONE);
    };
    let mut reasons = point.public.reasons.clone();
    reasons.extend(disagreement);
    answer(&parts, &point.public, point.public.witness.as_ref(), reasons)
}

fn answer(
    parts: &Parts,
    finding: &Finding,
    witness: Option<&policy::Witness>,
    mut reasons: Vec<String>,
) -> Value {
    reasons.extend(parts.unreadable.iter().cloned());
    PublicAccess { public: parts.decided(finding), witness: witness.map(Witness::from), reasons }
        .into_value()
}

//! Answers about who gets through to a bucket.

use super::AccessPoint;
use super::parts::Parts;
use super::questions::{OpenPolicy, PublicAccess};
use crate::inventory::{Gaps, Resource, Shape, Value};
use crate::policy::{self, Answer, BucketExposure, Finding, Part, PartName};
use crate::services::{Asking, Decided, Witness};

type Choice = fn(&BucketExposure) -> &Finding;

/// Answers `s3.public_read` and `s3.public_write`.
pub(super) fn public(subject: &Resource, asking: &dyn Asking, choose: Choice) -> Value {
    let mut parts = Parts::default();
    let Some(mut bucket) = parts.bucket(subject, asking) else {
        return Value::Unknown(Gaps::NONE);
    };
    let mut exposure =
        through_access_points(&mut parts, &mut bucket, subject, asking, |e| vec![choose(e)]);
    let disagreement = exposure.disagreement.clone();
    let says_public = bucket.policy_status == Part::Known(Some(true));
    if disagreement.is_some() && says_public && choose(&exposure).answer == Answer::No {
        // What is public is AWS's to say: its word against ours is no pass.
        bucket.policy = Part::Unknown;
        exposure = policy::bucket_exposure(&bucket);
    }
    let finding = choose(&exposure);
    let mut reasons = finding.reasons.clone();
    reasons.extend(disagreement);
    reasons.extend(exposure.access_points.iter().filter_map(|p| p.disagreement.clone()));
    answer(&parts, finding, finding.witness.as_ref(), reasons)
}

/// The exposure with the bucket's access points, those that were not seen among
/// them.
fn through_access_points(
    parts: &mut Parts,
    bucket: &mut policy::Bucket,
    subject: &Resource,
    asking: &dyn Asking,
    asked: impl Fn(&BucketExposure) -> Vec<&Finding>,
) -> BucketExposure {
    bucket.access_points = parts.access_points(subject, asking);
    let exposure = policy::bucket_exposure(bucket);
    let findings = asked(&exposure);
    if parts.hidden_points.is_empty() || findings.iter().any(|f| f.answer == Answer::Yes) {
        return exposure;
    }
    // Nothing that was seen is open. What was not seen may be.
    parts.gaps.insert(PartName::AccessPoints, parts.hidden_points.clone());
    for finding in findings {
        if finding.answer == Answer::Unknown {
            parts.also(finding);
        }
    }
    bucket.access_points = Part::Unknown;
    policy::bucket_exposure(bucket)
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
    let exposure = through_access_points(&mut parts, &mut bucket, subject, asking, openings);
    let findings = openings(&exposure);
    let open = parts.decided_any(&findings);
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
        public: parts.decided_any(&[&exposure.public_read, &exposure.public_write]),
        open,
        witness: yes().find_map(|f| f.witness.as_ref()).map(Witness::from),
        reasons,
    }
    .into_value()
}

fn openings(exposure: &BucketExposure) -> Vec<&Finding> {
    vec![&exposure.public_read, &exposure.public_write, &exposure.reachable_without_public]
}

/// Answers `s3.latent_exposure`.
pub(super) fn latent(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(mut bucket) = parts.bucket(subject, asking) else {
        return Value::Unknown(Gaps::NONE);
    };
    bucket.policy_status = Part::Unknown;
    let exposure = policy::bucket_exposure(&bucket);
    let finding = &exposure.latent_policy;
    // Whom the policy would let in by itself.
    let witness = match (&bucket.policy, finding.answer) {
        (Part::Known(Some(policy)), Answer::Yes) => policy.exposure().witness.as_ref(),
        _ => None,
    };
    answer(&parts, finding, witness, finding.reasons.clone())
}

/// Answers `s3.public_objects`.
pub(super) fn objects(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(bucket) = parts.bucket(subject, asking) else { return Value::Unknown(Gaps::NONE) };
    let exposure = policy::bucket_exposure(&policy::Bucket {
        policy: Part::Known(None),
        policy_status: Part::Known(None),
        ..bucket
    });
    parts.unreadable.clear();
    let finding = &exposure.objects_can_be_public;
    answer(&parts, finding, None, finding.reasons.clone())
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
    let mut exposure = policy::bucket_exposure(&bucket);
    let disagreement = exposure.access_points.first().and_then(|p| p.disagreement.clone());
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
        exposure = policy::bucket_exposure(&bucket);
    }
    let Some(point) = exposure.access_points.into_iter().next() else {
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

//! What a bucket exposes, part by part.

use super::*;
use std::sync::Arc;

const OPEN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}]}"#;
const RANGE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*","Condition":{"IpAddress":{"aws:SourceIp":"3.0.0.0/8"}}}]}"#;
const DELEGATES: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":["arn:aws:s3:::example","arn:aws:s3:::example/*"],"Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}}]}"#;

fn attached(text: &str, service: Service, resource: &str) -> Part<Option<Arc<Attached>>> {
    let policy = Policy::parse(text, Kind::Resource(service)).unwrap();
    let setting = Setting {
        account: Some("111122223333".to_owned()),
        resource: Some(resource.to_owned()),
        now: None,
    };
    Part::Known(Some(Arc::new(Attached::new(policy, setting))))
}

fn policy(text: &str) -> Part<Option<Arc<Attached>>> {
    attached(text, Service::S3, "arn:aws:s3:::example")
}

fn all_on() -> Part<Option<PublicAccessBlock>> {
    Part::Known(Some(PublicAccessBlock {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    }))
}

/// A bucket without policy, grants, block settings and access points.
fn plain() -> Bucket {
    Bucket {
        policy: Part::Known(None),
        policy_status: Part::Known(None),
        acl: Part::Known(Vec::new()),
        ownership: Part::Known(Some("BucketOwnerEnforced".to_owned())),
        bucket_block: Part::Known(None),
        account_block: Part::Known(None),
        access_points: Part::Known(Vec::new()),
    }
}

fn grant(permission: &str) -> Part<Vec<AclGrant>> {
    Part::Known(vec![AclGrant {
        grantee: "http://acs.amazonaws.com/groups/global/AllUsers".to_owned(),
        permission: permission.to_owned(),
    }])
}

fn answers(bucket: &Bucket) -> [&'static str; 4] {
    let found = BucketExposure::of(bucket);
    for finding in [&found.public_read(), &found.public_write(), &found.latent_policy()] {
        assert!(!finding.reasons.is_empty(), "{finding:?}");
        assert!(finding.answer == Answer::Unknown || finding.unknown.is_empty());
    }
    [
        found.public_read().answer.as_str(),
        found.public_write().answer.as_str(),
        found.reachable_without_public().answer.as_str(),
        found.latent_policy().answer.as_str(),
    ]
}

#[test]
fn policy_and_block() {
    let mut bucket = plain();
    assert_eq!(answers(&bucket), ["no", "no", "no", "no"]);
    bucket.policy = policy(OPEN);
    assert_eq!(answers(&bucket), ["yes", "no", "no", "no"]);
    let witness = BucketExposure::of(&bucket).public_read().witness.unwrap();
    assert_eq!(witness.request.action, "s3:GetObject");
    assert!(witness.request.resource.starts_with("arn:aws:s3:::example/"));
    bucket.account_block = all_on();
    assert_eq!(answers(&bucket), ["no", "no", "no", "yes"]);
    // A broad range of addresses is not public, and no switch acts on it.
    bucket.policy = policy(RANGE);
    assert_eq!(answers(&bucket), ["no", "no", "yes", "no"]);
    // BlockPublicPolicy and BlockPublicAcls stop future changes only.
    bucket.policy = policy(OPEN);
    let future = PublicAccessBlock {
        block_public_acls: true,
        block_public_policy: true,
        ..PublicAccessBlock::default()
    };
    bucket.account_block = Part::Known(Some(future));
    assert_eq!(answers(&bucket), ["yes", "no", "no", "no"]);
}

#[test]
fn acl_ownership_and_ignore() {
    let mut bucket = plain();
    bucket.ownership = Part::Known(None);
    bucket.acl = grant("READ");
    assert_eq!(answers(&bucket), ["yes", "no", "no", "no"]);
    bucket.acl = grant("WRITE");
    assert_eq!(answers(&bucket), ["no", "yes", "no", "no"]);
    bucket.acl = grant("FULL_CONTROL");
    assert_eq!(answers(&bucket), ["yes", "yes", "no", "no"]);
    let found = BucketExposure::of(&bucket);
    assert_eq!(found.objects_can_be_public().answer, Answer::Yes);
    assert_eq!(found.latent_acl().answer, Answer::No);
    bucket.bucket_block = all_on();
    let found = BucketExposure::of(&bucket);
    assert_eq!(found.public_read().answer, Answer::No);
    assert_eq!(found.objects_can_be_public().answer, Answer::No);
    assert_eq!(found.latent_acl().answer, Answer::Unknown);
    bucket.ownership = Part::Known(Some("BucketOwnerEnforced".to_owned()));
    bucket.bucket_block = Part::Known(None);
    let found = BucketExposure::of(&bucket);
    assert_eq!(found.public_read().answer, Answer::No);
    assert_eq!(found.objects_can_be_public().answer, Answer::No);
    assert_eq!(found.latent_acl().answer, Answer::No);
}

#[test]
fn what_is_known_and_decides_wins() {
    let names = |finding: &Finding| finding.unknown.iter().cloned().collect::<Vec<_>>();
    let mut bucket = plain();
    bucket.policy = Part::Unknown;
    bucket.policy_status = Part::Unknown;
    let found = BucketExposure::of(&bucket);
    assert_eq!(found.public_read().answer, Answer::Unknown);
    assert_eq!(names(&found.public_read()), [PartName::BucketPolicy]);
    // A status settles nothing but that there is no policy: a policy that is read
    // outweighs "not public", and an answer never turns round when more is known.
    bucket.policy_status = Part::Known(Some(false));
    assert_eq!(answers(&bucket), ["unknown", "unknown", "unknown", "no"]);
    assert_eq!(names(&BucketExposure::of(&bucket).public_read()), [PartName::BucketPolicy]);
    bucket.policy = policy(OPEN);
    assert_eq!(BucketExposure::of(&bucket).public_read().answer, Answer::Yes);
    bucket.policy = Part::Unknown;
    bucket.policy_status = Part::Known(None);
    assert_eq!(answers(&bucket), ["no", "no", "unknown", "no"]);
    bucket.policy_status = Part::Known(Some(true));
    assert_eq!(answers(&bucket), ["unknown", "unknown", "unknown", "no"]);
    // Full block public access settles "public" whatever the policy says, and cuts
    // strangers off from a policy that is public.
    bucket.account_block = all_on();
    assert_eq!(answers(&bucket), ["no", "no", "no", "yes"]);
    bucket.policy_status = Part::Unknown;
    assert_eq!(answers(&bucket), ["no", "no", "unknown", "unknown"]);
    let mut bucket = plain();
    bucket.policy = policy(OPEN);
    bucket.account_block = Part::Unknown;
    let found = BucketExposure::of(&bucket);
    assert_eq!(names(&found.public_read()), [PartName::AccountBlock]);
    assert_eq!(found.public_write().answer, Answer::No);
    bucket.bucket_block = all_on();
    assert_eq!(BucketExposure::of(&bucket).public_read().answer, Answer::No);
    // Ownership switches ACLs off, so an unread ACL does not matter; nor does an unread
    // block where the policy is not public.
    let mut bucket = plain();
    bucket.acl = Part::Unknown;
    bucket.account_block = Part::Unknown;
    bucket.bucket_block = Part::Unknown;
    assert_eq!(answers(&bucket), ["no", "no", "no", "no"]);
    bucket.ownership = Part::Unknown;
    let found = BucketExposure::of(&bucket);
    assert_eq!(found.public_read().answer, Answer::Unknown);
    assert!(names(&found.public_read()).contains(&PartName::BucketAcl));
    assert!(names(&found.public_read()).contains(&PartName::OwnershipControls));
}

fn point(text: &str) -> AccessPoint {
    let arn = "arn:aws:s3:us-west-2:111122223333:accesspoint/ap";
    AccessPoint {
        name: "ap".to_owned(),
        arn: arn.to_owned(),
        policy: attached(text, Service::S3AccessPoint, arn),
        policy_status: Part::Known(Some(true)),
        block: Part::Known(None),
        vpc_only: Part::Known(false),
    }
}

const OPEN_POINT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:us-west-2:111122223333:accesspoint/ap/object/*"}]}"#;

#[test]
fn access_points() {
    let mut bucket = plain();
    let mut ap = point(OPEN_POINT);
    let with = |bucket: &mut Bucket, ap: &AccessPoint| {
        bucket.access_points = Part::Known(vec![ap.clone()]);
        let found = BucketExposure::of(bucket);
        let own = found.access_points().first().map(|p| p.public.answer).unwrap();
        (own.as_str(), found.public_read().answer.as_str())
    };
    // Public by itself, but the bucket's own policy admits nobody.
    assert_eq!(with(&mut bucket, &ap), ("yes", "no"));
    bucket.policy = policy(DELEGATES);
    assert_eq!(with(&mut bucket, &ap), ("yes", "yes"));
    ap.block = all_on();
    assert_eq!(with(&mut bucket, &ap), ("no", "no"));
    ap.block = Part::Unknown;
    assert_eq!(with(&mut bucket, &ap), ("unknown", "unknown"));
    ap.vpc_only = Part::Known(true);
    assert_eq!(with(&mut bucket, &ap), ("no", "no"));
    bucket.access_points = Part::Unknown;
    let found = BucketExposure::of(&bucket);
    assert!(found.public_read().unknown.contains(&PartName::AccessPoints));
    assert!(found.reachable_without_public().unknown.contains(&PartName::AccessPoints));
    assert!(found.latent_policy().unknown.contains(&PartName::AccessPoints));
    // Without a bucket policy no access point admits strangers, read or not.
    bucket.policy = Part::Known(None);
    assert_eq!(BucketExposure::of(&bucket).public_read().answer, Answer::No);
    // Naming access points by key makes an access point's policy public.
    let by_key = OPEN_POINT.replace(
        r#""Resource""#,
        r#""Condition":{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}},"Resource""#,
    );
    let parsed = Policy::parse(&by_key, Kind::Resource(Service::S3AccessPoint)).unwrap();
    assert_eq!(exposure(&parsed, &Setting::default()).public, Answer::Yes);
}

/// Every request for an access point's policy comes through that access point: the keys that
/// say so limit nobody, whatever AWS calls them.
#[test]
fn an_access_point_does_not_limit_itself() {
    let of = |condition: &str| {
        let text = OPEN_POINT
            .replace(r#""Resource""#, &format!(r#""Condition":{{{condition}}},"Resource""#));
        let parsed = Policy::parse(&text, Kind::Resource(Service::S3AccessPoint)).unwrap();
        let answer = checked(&parsed, &Setting::default());
        (answer.public.as_str(), answer.reachable.as_str())
    };
    let own = "arn:aws:s3:us-west-2:111122223333:accesspoint/ap";
    let arn =
        |pattern: &str| of(&format!(r#""StringLike":{{"s3:DataAccessPointArn":"{pattern}"}}"#));
    assert_eq!(arn(own), ("yes", "yes"));
    assert_eq!(arn("arn:aws:s3:us-west-2:111122223333:accesspoint/*"), ("yes", "yes"));
    assert_eq!(arn("arn:aws:s3:us-west-2:111122223333:accesspoint/other"), ("yes", "no"));
    let account =
        |number: &str| of(&format!(r#""StringEquals":{{"s3:DataAccessPointAccount":"{number}"}}"#));
    assert_eq!(account("111122223333"), ("no", "yes"));
    assert_eq!(account("444455556666"), ("no", "no"));
}

#[test]
fn a_status_that_disagrees_is_reported() {
    let mut bucket = plain();
    bucket.policy = policy(OPEN);
    bucket.policy_status = Part::Known(Some(true));
    assert_eq!(BucketExposure::of(&bucket).disagreement(), None);
    bucket.policy_status = Part::Known(Some(false));
    assert!(BucketExposure::of(&bucket).disagreement().unwrap().contains("not public"));
    let mut ap = point(OPEN_POINT);
    let of_point = |ap: &AccessPoint| {
        let bucket = Bucket { access_points: Part::Known(vec![ap.clone()]), ..plain() };
        BucketExposure::of(&bucket).access_points().into_iter().next().unwrap()
    };
    assert_eq!(of_point(&ap).disagreement, None);
    ap.policy_status = Part::Known(Some(false));
    assert!(of_point(&ap).disagreement.unwrap().contains("GetAccessPointPolicyStatus says not"));
    // Where the policy was not read, its status decides what it can.
    assert_eq!(of_point(&ap).public.answer, Answer::Yes);
    ap.policy = Part::Unknown;
    assert_eq!(of_point(&ap).public.answer, Answer::Unknown);
    ap.policy_status = Part::Known(None);
    assert_eq!(of_point(&ap).public.answer, Answer::No);
    ap.policy_status = Part::Known(Some(true));
    assert_eq!(of_point(&ap).public.answer, Answer::Yes);
    ap.policy_status = Part::Unknown;
    assert_eq!(of_point(&ap).public.answer, Answer::Unknown);
}

#[test]
fn plain_http() {
    let tls = |action: &str, principal: &str, resource: &str, condition: &str| {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Deny","Action":{action},"Principal":{principal},"Resource":{resource},"Condition":{{{condition}}}}}]}}"#
        );
        let parsed = Policy::parse(&text, Kind::Resource(Service::S3)).unwrap();
        tls_only(Some(&parsed), "arn:aws:s3:::example").answer.as_str()
    };
    let (all, star) = (r#""s3:*""#, r#""*""#);
    let both = r#"["arn:aws:s3:::example","arn:aws:s3:::example/*"]"#;
    let off = r#""Bool":{"aws:SecureTransport":"false"}"#;
    assert_eq!(tls(all, star, both, off), "yes");
    assert_eq!(tls(star, r#"{"AWS":"*"}"#, star, off), "yes");
    assert_eq!(tls(all, star, r#""arn:aws:s3:::example*""#, off), "yes");
    assert_eq!(tls(all, star, both, r#""StringEquals":{"AWS:securetransport":"false"}"#), "yes");
    assert_eq!(tls(all, star, both, r#""Bool":{"aws:SecureTransport":false}"#), "yes");
    assert_eq!(tls(all, star, r#""arn:aws:s3:::example/*""#, off), "no");
    assert_eq!(tls(all, star, r#""arn:aws:s3:::example""#, off), "no");
    assert_eq!(tls(r#""s3:GetObject""#, star, both, off), "no");
    assert_eq!(tls(all, r#"{"AWS":"111122223333"}"#, both, off), "no");
    assert_eq!(tls(all, star, both, r#""Bool":{"aws:SecureTransport":"true"}"#), "no");
    let more = format!(r#"{off},"StringEquals":{{"s3:prefix":"a"}}"#);
    assert_eq!(tls(all, star, both, &more), "no");
    assert_eq!(tls_only(None, "arn:aws:s3:::example").answer, Answer::No);
}

#[test]
fn sensitive_actions_of_other_accounts() {
    let outside = |principal: &str, action: &str, known: &[&str]| {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Action":"{action}","Principal":{principal},"Resource":["arn:aws:s3:::example","arn:aws:s3:::example/*"]}}]}}"#
        );
        let parsed = Policy::parse(&text, Kind::Resource(Service::S3)).unwrap();
        let setting = Setting { account: Some("111122223333".to_owned()), ..Setting::default() };
        let known: Vec<String> = known.iter().map(|k| (*k).to_owned()).collect();
        sensitive_cross_account(&Attached::new(parsed, setting), &known).len()
    };
    let other = r#"{"AWS":"arn:aws:iam::444455556666:root"}"#;
    assert_eq!(outside(other, "s3:PutBucketPolicy", &[]), 1);
    assert_eq!(outside(other, "s3:*", &[]), 1);
    assert_eq!(outside(other, "s3:PutBucketPolicy", &["444455556666"]), 0);
    assert_eq!(outside(other, "s3:GetObject", &[]), 0);
    assert_eq!(outside(r#"{"AWS":"111122223333"}"#, "s3:*", &[]), 0);
    assert_eq!(outside(r#"{"Service":"cloudtrail.amazonaws.com"}"#, "s3:*", &[]), 0);
    assert_eq!(outside(r#""*""#, "s3:*", &[]), 1);
}

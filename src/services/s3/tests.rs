//! What cannot be read: policies that do not parse, and access points of which
//! only some were listed. What can be read is tested by the rules' examples.

#![expect(clippy::expect_used, reason = "tests")]

use super::*;
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::services::Witness;
use crate::services::aws::Account;
use crate::services::testing::{ACCOUNT, World, ask, gaps};

const OPEN: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}]}"#;
const CLOSED: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}]}"#;
const DELEGATES: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::data","arn:aws:s3:::data/*"],"Condition":{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}}]}"#;
const OPEN_POINT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:eu-west-1:111122223333:accesspoint/point/object/*"}]}"#;
const BROKEN: &str = "{\"Version\":\"2012-10-17\",\n\"Statement\":[{\"Effect\":\"Perhaps\"}]}";

fn block(on: bool) -> PublicAccessBlock {
    PublicAccessBlock {
        block_public_acls: on,
        ignore_public_acls: on,
        block_public_policy: on,
        restrict_public_buckets: on,
    }
}

fn bucket(policy: Fact<String>, change: impl FnOnce(&mut Bucket)) -> Resource {
    let owner = Owner { id: Some("owner".to_owned()) };
    let mut bucket = Bucket {
        policy,
        policy_status: Fact::Unknown(gaps(&[90])),
        acl: Fact::Known(AccessControlPolicy { owner, grants: Vec::new() }),
        ownership_controls: Fact::Absent,
        public_access_block: Fact::Absent,
        ..Bucket::not_collected()
    };
    change(&mut bucket);
    Resource::new("data", "arn:aws:s3:::data", "eu-west-1", bucket)
}

fn account() -> Resource {
    let document = Account { public_access_block: Fact::Absent, ..Account::not_collected() };
    Resource::new(ACCOUNT, "arn:aws:account::111122223333:account", "global", document)
}

fn point(policy: Fact<String>) -> Resource {
    let document = AccessPoint {
        bucket: Fact::Known("data".to_owned()),
        network_origin: Fact::Known("Internet".to_owned()),
        public_access_block: Fact::Known(block(false)),
        policy,
        ..AccessPoint::not_collected()
    };
    let arn = "arn:aws:s3:eu-west-1:111122223333:accesspoint/point";
    Resource::new("point", arn, "eu-west-1", document)
}

fn known(text: &str) -> Fact<String> {
    Fact::Known(text.to_owned())
}

fn public(subject: &Resource, world: &World) -> Value {
    ask("s3.public_read", subject, world).member("public")
}

#[test]
fn a_policy_that_does_not_parse_is_open_and_says_where() {
    let subject = bucket(known(BROKEN), |_| {});
    let world = World::of(vec![account()]);
    for (question, member) in [
        ("s3.public_read", "public"),
        ("s3.public_write", "public"),
        ("s3.denies_http", "denied"),
        ("s3.sensitive_cross_account", "granted"),
        ("s3.open_policy", "open"),
    ] {
        let answer = ask(question, &subject, &world);
        assert_eq!(answer.member(member), Value::Unknown(Gaps::NONE), "{question}");
        assert!(answer.texts("reasons").iter().any(|r| r.contains("line 2")), "{question}");
    }
    let held_back = bucket(known(BROKEN), |b| b.public_access_block = Fact::Known(block(true)));
    assert_eq!(public(&held_back, &world), Value::Bool(false));
}

#[test]
fn an_access_point_that_was_seen_decides_whatever_was_not() {
    let world = World::of(vec![account(), point(known(OPEN_POINT))]).hiding("s3.access-point", 1);
    assert_eq!(public(&bucket(known(DELEGATES), |_| {}), &world), Value::Bool(true));
}

#[test]
fn access_points_that_were_not_seen_matter_where_the_policy_gives_way() {
    let world = World::of(vec![account(), point(Fact::Absent)]).hiding("s3.access-point", 1);
    assert_eq!(public(&bucket(known(DELEGATES), |_| {}), &world), Value::Unknown(gaps(&[1])));
    assert_eq!(public(&bucket(Fact::Absent, |_| {}), &world), Value::Bool(false));
    let undecided =
        World::of(vec![account(), point(Fact::Unknown(gaps(&[2])))]).hiding("s3.access-point", 1);
    let answer = public(&bucket(known(DELEGATES), |_| {}), &undecided);
    assert_eq!(answer, Value::Unknown(gaps(&[1, 2])));
}

#[test]
fn access_points_of_other_regions_do_not_matter() {
    let subject = bucket(known(DELEGATES), |_| {});
    let elsewhere = World::of(vec![account()]).hiding_in("s3.access-point", "us-east-1", 1);
    assert_eq!(public(&subject, &elsewhere), Value::Bool(false));
    let here = World::of(vec![account()]).hiding_in("s3.access-point", "eu-west-1", 1);
    assert_eq!(public(&subject, &here), Value::Unknown(gaps(&[1])));
}

#[test]
fn an_access_point_of_an_unknown_bucket_may_be_this_one_s() {
    let of = |behind: Fact<String>| {
        let mut point = point(known(OPEN_POINT));
        let document = AccessPoint::from_value(&point.document).expect("an access point");
        point.document = AccessPoint { bucket: behind, ..document }.into_value();
        public(&bucket(known(DELEGATES), |_| {}), &World::of(vec![account(), point]))
    };
    assert_eq!(of(known("data")), Value::Bool(true));
    assert_eq!(of(known("data2")), Value::Bool(false));
    assert_eq!(of(Fact::Unknown(gaps(&[5]))), Value::Unknown(gaps(&[5])));
}

#[test]
fn the_accounts_switches_can_be_hidden() {
    let hidden =
        Account { public_access_block: Fact::Unknown(gaps(&[3])), ..Account::not_collected() };
    let arn = "arn:aws:account::111122223333:account";
    let world = World::of(vec![Resource::new(ACCOUNT, arn, "global", hidden)]);
    assert_eq!(public(&bucket(known(OPEN), |_| {}), &world), Value::Unknown(gaps(&[3])));
    let none = World::default().hiding("aws.account", 4);
    assert_eq!(public(&bucket(known(OPEN), |_| {}), &none), Value::Unknown(gaps(&[4])));
}

#[test]
fn a_public_grant_is_not_decided_while_a_switch_is_hidden() {
    let grantee = Grantee {
        kind: "Group".to_owned(),
        id: None,
        uri: Some("http://acs.amazonaws.com/groups/global/AllUsers".to_owned()),
    };
    let grant = Grant { grantee, permission: "READ".to_owned() };
    let granted = |change: fn(&mut Bucket)| {
        bucket(Fact::Absent, |bucket| {
            let owner = Owner { id: None };
            bucket.acl = Fact::Known(AccessControlPolicy { owner, grants: vec![grant.clone()] });
            change(bucket);
        })
    };
    let world = World::of(vec![account()]);
    assert_eq!(public(&granted(|_| {}), &world), Value::Bool(true));
    let hidden = granted(|bucket| bucket.public_access_block = Fact::Unknown(gaps(&[5])));
    assert_eq!(public(&hidden, &world), Value::Unknown(gaps(&[5])));
    let hidden = granted(|bucket| bucket.ownership_controls = Fact::Unknown(gaps(&[6])));
    assert_eq!(public(&hidden, &world), Value::Unknown(gaps(&[6])));
}

#[test]
fn a_disagreement_with_s3_is_said() {
    let says = |is_public: bool| Fact::Known(PolicyStatus { is_public });
    let world = World::of(vec![account()]);
    let reasons = |status: Fact<PolicyStatus>| {
        let subject = bucket(known(OPEN), |bucket| bucket.policy_status = status);
        ask("s3.public_read", &subject, &world).texts("reasons").join("; ")
    };
    assert!(reasons(says(false)).contains("GetBucketPolicyStatus says not public"));
    assert!(!reasons(says(true)).contains("GetBucketPolicyStatus"));
}

#[test]
fn a_policy_that_only_s3_calls_public_does_not_pass() {
    let says_public = |change: fn(&mut Bucket)| {
        bucket(known(CLOSED), |bucket| {
            bucket.policy_status = Fact::Known(PolicyStatus { is_public: true });
            change(bucket);
        })
    };
    let world = World::of(vec![account()]);
    let answer = ask("s3.public_read", &says_public(|_| {}), &world);
    assert_eq!(answer.member("public"), Value::Unknown(Gaps::NONE));
    assert!(
        answer.texts("reasons").iter().any(|r| r.contains("GetBucketPolicyStatus says public"))
    );
    let held_back = says_public(|bucket| bucket.public_access_block = Fact::Known(block(true)));
    assert_eq!(public(&held_back, &world), Value::Bool(false));
}

#[test]
fn an_access_point_of_a_foreign_bucket_is_open_unless_its_own_switch_decides() {
    let foreign = |on: bool| {
        let mut resource = point(known(OPEN_POINT));
        let mut document = AccessPoint::from_value(&resource.document).expect("an access point");
        document.bucket_account = Fact::Known("444455556666".to_owned());
        document.public_access_block = Fact::Known(block(on));
        resource.document = document.into_value();
        ask("s3.access_point_public", &resource, &World::of(vec![account()])).member("public")
    };
    assert_eq!(foreign(false), Value::Unknown(Gaps::NONE));
    assert_eq!(foreign(true), Value::Bool(false));
}

#[test]
fn an_access_point_that_only_s3_calls_public_does_not_pass() {
    let world = World::of(vec![account(), bucket(Fact::Absent, |_| {})]);
    let asked = |policy: &str, says: bool| {
        let mut resource = point(known(policy));
        let mut document = AccessPoint::from_value(&resource.document).expect("an access point");
        document.policy_status = Fact::Known(PolicyStatus { is_public: says });
        resource.document = document.into_value();
        ask("s3.access_point_public", &resource, &world)
    };
    let closed = OPEN_POINT.replace(r#""Principal":"*""#, r#""Principal":{"AWS":"444455556666"}"#);
    let answer = asked(&closed, true);
    assert_eq!(answer.member("public"), Value::Unknown(Gaps::NONE));
    let reasons = answer.texts("reasons").join("; ");
    assert!(reasons.contains("GetAccessPointPolicyStatus says public"), "{reasons}");
    assert_eq!(asked(&closed, false).member("public"), Value::Bool(false));
    assert_eq!(asked(OPEN_POINT, true).member("public"), Value::Bool(true));
    let answer = asked(OPEN_POINT, false);
    assert_eq!(answer.member("public"), Value::Bool(true));
    assert!(answer.texts("reasons").join("; ").contains("says not public"));
}

#[test]
fn an_access_point_whose_bucket_is_nowhere_is_open() {
    let answer =
        ask("s3.access_point_public", &point(known(OPEN_POINT)), &World::of(vec![account()]));
    assert_eq!(answer.member("public"), Value::Unknown(Gaps::NONE));
}

#[test]
fn an_open_policy_is_shown_by_a_request() {
    let answer = ask("s3.open_policy", &bucket(known(OPEN), |_| {}), &World::of(vec![account()]));
    assert_eq!(answer.member("open"), Value::Bool(true));
    let witness = Witness::from_value(&answer.member("witness")).expect("a witness");
    assert_eq!((witness.principal.as_str(), witness.action.as_str()), ("*", "s3:GetObject"));
    assert_eq!(witness.statement, 1);
    let held_back = bucket(known(OPEN), |b| b.public_access_block = Fact::Known(block(true)));
    let answer = ask("s3.latent_exposure", &held_back, &World::of(vec![account()]));
    assert!(Witness::from_value(&answer.member("witness")).is_some());
}

//! How the kinds of policies decide together.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::identity::identity;
use super::*;

const USER: &str = "arn:aws:iam::111122223333:user/carlossalazar";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/session";
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/k";

fn on_resource(statements: &str) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Policy::parse(&text, Kind::Resource(Service::S3)).unwrap()
}

/// A resource policy that allows everything to one principal.
fn opens_to(principal: &str) -> Policy {
    on_resource(&format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":"*","Resource":"*"}}"#
    ))
}

fn named(arn: &str) -> Policy {
    opens_to(&format!(r#"{{"AWS":"{arn}"}}"#))
}

fn all() -> Policy {
    identity(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#)
}

fn nothing() -> Policy {
    identity("")
}

fn request(caller: &str, action: &str, resource: &str) -> Request {
    Request {
        caller: Caller::parse(caller).unwrap(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        context: Context::default(),
    }
}

fn get(applicable: &Applicable<'_>, caller: &str) -> Ruling {
    let mut own = applicable.clone();
    own.resource_account = Some("111122223333".to_owned());
    evaluate(&own, &request(caller, "s3:GetObject", "arn:aws:s3:::bucket/a"))
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html>
#[test]
fn carlos_and_his_logs() {
    let own = identity(
        r#"{"Sid":"AllowS3ListRead","Effect":"Allow","Action":["s3:GetBucketLocation","s3:ListAllMyBuckets"],"Resource":"*"},
        {"Sid":"AllowS3Self","Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::carlossalazar","arn:aws:s3:::carlossalazar/*"]},
        {"Sid":"DenyS3Logs","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::*log*"}"#,
    );
    let bucket = named(USER);
    let applicable = Applicable {
        identity: vec![&own],
        resource: Some(&bucket),
        resource_account: Some("111122223333".to_owned()),
        ..Applicable::default()
    };
    let put = |bucket: &str| {
        let arn = format!("arn:aws:s3:::{bucket}/file");
        evaluate(&applicable, &request(USER, "s3:PutObject", &arn))
    };
    let denied = put("carlossalazar-logs");
    assert_eq!(denied.decision, Decision::ExplicitDeny);
    assert_eq!(denied.by, Some((Layer::Identity, 0, 3)));
    assert_eq!(put("carlossalazar").decision, Decision::Allowed);
}

#[test]
fn one_of_identity_and_resource_policy_is_enough_in_one_account() {
    let (all, nothing, bucket) = (all(), nothing(), named(USER));
    let own = Applicable { identity: vec![&all], ..Applicable::default() };
    let allowed = get(&own, USER);
    assert_eq!((allowed.decision, allowed.by), (Decision::Allowed, Some((Layer::Identity, 0, 1))));
    let granted =
        Applicable { identity: vec![&nothing], resource: Some(&bucket), ..Applicable::default() };
    let allowed = get(&granted, USER);
    assert_eq!((allowed.decision, allowed.by), (Decision::Allowed, Some((Layer::Resource, 0, 1))));
    let neither = get(&Applicable { identity: vec![&nothing], ..Applicable::default() }, USER);
    assert_eq!(neither.decision, Decision::ImplicitDeny);
    assert_eq!(neither.lacking, [Layer::Identity, Layer::Resource]);
    // Naming the account leaves it to the account's own policies.
    let account = named("arn:aws:iam::111122223333:root");
    let left =
        Applicable { identity: vec![&nothing], resource: Some(&account), ..Applicable::default() };
    assert_eq!(get(&left, USER).decision, Decision::ImplicitDeny);
    assert_eq!(get(&left, "111122223333").decision, Decision::Allowed);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic>
#[test]
fn who_is_named_decides_whether_the_boundary_limits() {
    let (nothing, narrow) =
        (nothing(), identity(r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*"}"#));
    let bounded = |principal: &Policy, caller: &str, session: bool| {
        let applicable = Applicable {
            identity: vec![&nothing],
            boundary: Some(&narrow),
            session: session.then_some(&narrow),
            resource: Some(principal),
            ..Applicable::default()
        };
        get(&applicable, caller)
    };
    assert_eq!(bounded(&named(USER), USER, false).decision, Decision::Allowed);
    assert_eq!(bounded(&named(SESSION), SESSION, true).decision, Decision::Allowed);
    assert_eq!(bounded(&opens_to(r#""*""#), SESSION, true).decision, Decision::Allowed);
    let role = bounded(&named(ROLE), SESSION, false);
    assert_eq!(role.decision, Decision::ImplicitDeny);
    assert!(role.lacking.contains(&Layer::Boundary));
    // A federated user's session.
    let federated = "arn:aws:sts::111122223333:federated-user/Bob";
    assert_eq!(bounded(&named(federated), federated, true).decision, Decision::Allowed);
    // Wide enough a boundary lets the role's grant through; then the session policy limits.
    let all = all();
    let wide = |session: bool| {
        let role = named(ROLE);
        let applicable = Applicable {
            identity: vec![&nothing],
            boundary: Some(&all),
            session: session.then_some(&narrow),
            resource: Some(&role),
            ..Applicable::default()
        };
        get(&applicable, SESSION).decision
    };
    assert_eq!(wide(false), Decision::Allowed);
    assert_eq!(wide(true), Decision::ImplicitDeny);
    // A Deny in the boundary holds whoever is named.
    let denies = identity(r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#);
    let bucket = named(USER);
    let denied =
        Applicable { boundary: Some(&denies), resource: Some(&bucket), ..Applicable::default() };
    assert_eq!(get(&denied, USER).by, Some((Layer::Boundary, 0, 1)));
}

/// The same page: a user and her boundary.
#[test]
fn shirley_and_her_boundary() {
    let boundary =
        identity(r#"{"Effect":"Allow","Action":["s3:*","cloudwatch:*","ec2:*"],"Resource":"*"}"#);
    let create = identity(r#"{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*"}"#);
    let applicable =
        Applicable { identity: vec![&create], boundary: Some(&boundary), ..Applicable::default() };
    let arn = "arn:aws:iam::111122223333:user/new";
    let answer = evaluate(&applicable, &request(USER, "iam:CreateUser", arn));
    assert_eq!(
        (answer.decision, answer.lacking),
        (Decision::ImplicitDeny, vec![Layer::Boundary, Layer::Resource])
    );
}

#[test]
fn assuming_a_role_is_always_within_the_boundary() {
    let (nothing, all) = (nothing(), all());
    let trust = {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{USER}"}},"Action":"sts:AssumeRole"}}]}}"#
        );
        Policy::parse(&text, Kind::Trust).unwrap()
    };
    let assume = |boundary: Option<&Policy>, caller: &str| {
        let applicable = Applicable {
            identity: vec![&nothing],
            boundary,
            resource: Some(&trust),
            ..Applicable::default()
        };
        evaluate(&applicable, &request(caller, "sts:AssumeRole", ROLE)).decision
    };
    assert_eq!(assume(None, USER), Decision::Allowed);
    assert_eq!(assume(Some(&nothing), USER), Decision::ImplicitDeny);
    assert_eq!(assume(Some(&all), USER), Decision::Allowed);
    // An identity policy alone never assumes a role, nor does it use a key.
    let own = Applicable { identity: vec![&all], ..Applicable::default() };
    let alone = |action: &str, arn: &str| evaluate(&own, &request(USER, action, arn)).decision;
    assert_eq!(alone("sts:AssumeRole", ROLE), Decision::ImplicitDeny);
    assert_eq!(alone("kms:Decrypt", KEY), Decision::ImplicitDeny);
    let delegates = named("111122223333");
    let both =
        Applicable { identity: vec![&all], resource: Some(&delegates), ..Applicable::default() };
    assert_eq!(evaluate(&both, &request(USER, "kms:Decrypt", KEY)).decision, Decision::Allowed);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
#[test]
fn across_accounts_both_sides_have_to_allow() {
    let (all, nothing) = (all(), nothing());
    let jiang = "arn:aws:iam::444455556666:user/Jiang";
    let bucket = named(jiang);
    let both =
        Applicable { identity: vec![&all], resource: Some(&bucket), ..Applicable::default() };
    assert_eq!(get(&both, jiang).decision, Decision::Allowed);
    let without = Applicable { identity: vec![&nothing], ..both.clone() };
    assert_eq!(get(&without, jiang).decision, Decision::ImplicitDeny);
    let no_bucket_policy = Applicable { resource: None, ..both.clone() };
    assert_eq!(get(&no_bucket_policy, jiang).decision, Decision::ImplicitDeny);
    let bounded = Applicable { boundary: Some(&nothing), ..both.clone() };
    assert_eq!(get(&bounded, jiang).lacking, [Layer::Boundary]);
    // Whose the bucket is decides here; unless it is said, nothing is.
    let unsaid = request(USER, "s3:GetObject", "arn:aws:s3:::bucket/a");
    let own = Applicable { identity: vec![&all], ..Applicable::default() };
    let open = evaluate(&own, &unsaid);
    assert_eq!(open.decision, Decision::Undecided);
    assert_eq!(open.missing, ["aws:ResourceAccount"]);
}

#[test]
fn anonymous_callers_and_services_need_the_resource_policy_only() {
    let everyone = opens_to(r#""*""#);
    let service = opens_to(r#"{"Service":"cloudtrail.amazonaws.com"}"#);
    let open = Applicable { resource: Some(&everyone), ..Applicable::default() };
    assert_eq!(get(&open, "*").decision, Decision::Allowed);
    let trail = Applicable { resource: Some(&service), ..Applicable::default() };
    assert_eq!(get(&trail, "cloudtrail.amazonaws.com").decision, Decision::Allowed);
    assert_eq!(get(&trail, "*").decision, Decision::ImplicitDeny);
    let none = Applicable::default();
    assert_eq!(get(&none, "*").lacking, [Layer::Resource]);
}

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_authorization_policies.html>
#[test]
fn what_the_organization_leaves() {
    let (all, bucket) = (all(), named(USER));
    let only_ec2 = identity(r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*"}"#);
    // A service control policy also limits what a resource policy grants.
    let limited = Applicable {
        identity: vec![&all],
        service_control: vec![&only_ec2],
        resource: Some(&bucket),
        ..Applicable::default()
    };
    let denied = get(&limited, USER);
    assert_eq!(
        (denied.decision, denied.lacking),
        (Decision::ImplicitDeny, vec![Layer::ServiceControl])
    );
    assert_eq!(get(&limited, "111122223333").decision, Decision::ImplicitDeny);
    // Not the service-linked roles, nor whoever is of no account.
    let linked = "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/X";
    assert_eq!(get(&limited, linked).decision, Decision::Allowed);
    // Resource control policies deny, whoever asks, and grant nothing.
    let perimeter = on_resource(
        r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},
        {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}"#,
    );
    let everyone = opens_to(r#""*""#);
    let guarded = Applicable {
        resource: Some(&everyone),
        resource_control: vec![&perimeter],
        ..Applicable::default()
    };
    assert_eq!(get(&guarded, "*").by, Some((Layer::ResourceControl, 0, 2)));
    assert_eq!(get(&guarded, "cloudtrail.amazonaws.com").decision, Decision::Allowed);
    let granted = Applicable { resource_control: vec![&perimeter], ..Applicable::default() };
    assert_eq!(get(&granted, "cloudtrail.amazonaws.com").decision, Decision::ImplicitDeny);
}

/// A Deny that hangs on a key that every request has leaves it open.
#[test]
fn what_hangs_on_a_missing_key_is_undecided() {
    let late = identity(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}"#,
    );
    let open = get(&Applicable { identity: vec![&late], ..Applicable::default() }, USER);
    assert_eq!(open.decision, Decision::Undecided);
    assert_eq!(open.missing, ["aws:CurrentTime"]);
    let soon = identity(
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}"#,
    );
    let open = get(&Applicable { identity: vec![&soon], ..Applicable::default() }, USER);
    assert_eq!((open.decision, open.missing.len()), (Decision::Undecided, 1));
    // Where nothing allows, it does not matter.
    let denies = identity(
        r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}"#,
    );
    let closed = get(&Applicable { identity: vec![&denies], ..Applicable::default() }, USER);
    assert_eq!(closed.decision, Decision::ImplicitDeny);
}

/// What an organization denies to strangers is out of their reach, whatever a policy opens.
#[test]
fn strangers_within_resource_control_policies() {
    let open = on_resource(
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}"#,
    );
    let perimeter = resource_control(on_resource(
        r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}"#,
    ));
    let setting = Setting { account: Some("111122223333".to_owned()), ..Setting::default() };
    let alone = exposure(&open, &setting);
    assert_eq!((alone.public, alone.reachable), (Answer::Yes, Answer::Yes));
    let within = exposure_within(&open, &setting, &[&perimeter]);
    // A service on a stranger's behalf is what this one lets through.
    assert_eq!((within.public, within.reachable), (Answer::Yes, Answer::Yes));
    let caller = within.witness.unwrap().request.caller;
    assert!(matches!(caller, Caller::Service(_)), "{caller}");
    let closed = resource_control(on_resource(
        r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5","aws:SourceOrgID":"o-a1b2c3d4e5"}}}"#,
    ));
    let within = exposure_within(&open, &setting, &[&closed]);
    assert_eq!((within.public, within.reachable), (Answer::Yes, Answer::No));
    assert!(within.reasons.iter().any(|r| r.contains("resource control policy's statement 1")));
    // They do not act on every service.
    let text = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:111122223333:t"}]}"#;
    let topic = Policy::parse_any(text).unwrap();
    assert_eq!(exposure_within(&topic, &setting, &[&closed]).reachable, Answer::Yes);
}

//! The table of condition keys against AWS's page of global condition keys, sentence by
//! sentence of its "Availability".
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use super::*;
use crate::policy::keys::{self, CallerKind, Control, Presence};

const ALL: [CallerKind; 7] = [
    CallerKind::Anonymous,
    CallerKind::ForeignUser,
    CallerKind::ForeignRole,
    CallerKind::OwnUser,
    CallerKind::OwnRole,
    CallerKind::Federated,
    CallerKind::Service,
];

/// The kinds of callers whose requests can have a key.
fn who_has(key: &str) -> Vec<CallerKind> {
    assert!(keys::find(key).is_some(), "{key} is not in the table");
    ALL.into_iter().filter(|kind| keys::lookup(key, *kind).0 != Presence::Never).collect()
}

#[test]
fn who_has_which_key() {
    use CallerKind::{Anonymous, Federated, ForeignRole, ForeignUser, OwnRole, OwnUser, Service};
    let people = [ForeignUser, ForeignRole, OwnUser, OwnRole];
    let roles = [ForeignRole, OwnRole];
    // Every request, the anonymous ones, too.
    for key in ["aws:PrincipalAccount", "aws:CurrentTime", "aws:SecureTransport"] {
        assert_eq!(who_has(key), ALL, "{key}");
        assert!(keys::is_always_present(key), "{key}");
    }
    for key in ["aws:PrincipalType", "aws:userid"] {
        assert_eq!(keys::lookup(key, Anonymous).0, Presence::Always, "{key}");
    }
    // Signed requests, not anonymous ones.
    for key in [
        "aws:PrincipalArn",
        "aws:PrincipalOrgID",
        "aws:PrincipalOrgPaths",
        "aws:PrincipalTag/team",
        "aws:TokenIssueTime",
        "aws:MultiFactorAuthPresent",
        "aws:MultiFactorAuthAge",
        "aws:SourceIdentity",
        "aws:SignInSessionArn",
        "aws:CalledVia",
    ] {
        assert_eq!(who_has(key), people, "{key}");
    }
    assert!(!who_has("aws:PrincipalIsAWSService").contains(&Anonymous));
    assert!(!who_has("aws:PrincipalIsAWSService").contains(&Federated));
    assert!(!keys::is_always_present("aws:PrincipalIsAWSService"));
    assert_eq!(who_has("aws:username"), [ForeignUser, OwnUser]);
    // Sessions of a role.
    for key in [
        "aws:AssumedRoot",
        "aws:ChatbotSourceArn",
        "aws:Ec2InstanceSourceVpc",
        "aws:Ec2InstanceSourcePrivateIPv4",
        "ec2:RoleDelivery",
        "ec2:SourceInstanceArn",
        "glue:RoleAssumedBy",
        "glue:CredentialIssuingService",
        "codebuild:BuildArn",
        "codebuild:ProjectArn",
        "lambda:SourceFunctionArn",
        "ssm:SourceInstanceArn",
        "identitystore:UserId",
    ] {
        assert_eq!(who_has(key), roles, "{key}");
    }
    assert_eq!(who_has("aws:FederatedProvider"), [ForeignRole, OwnRole, Federated]);
    // Service principals only.
    for key in [
        "aws:SourceArn",
        "aws:SourceAccount",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
    ] {
        assert_eq!(who_has(key), [Service], "{key}");
    }
    // The network: a service principal's requests have none of these.
    for key in ["aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp"] {
        assert!(!who_has(key).contains(&Service), "{key}");
        assert!(who_has(key).contains(&Anonymous), "{key}");
    }
}

#[test]
fn who_controls_the_value() {
    for key in [
        "aws:Referer",
        "aws:UserAgent",
        "aws:PrincipalTag/team",
        "aws:RequestTag/team",
        "aws:TagKeys",
        "aws:RequestedRegion",
        "aws:SourceIdentity",
        "aws:MultiFactorAuthPresent",
        "sts:ExternalId",
        "sts:RoleSessionName",
        "s3:prefix",
        "kms:EncryptionContext:a",
        "kms:ViaService",
    ] {
        let control = keys::lookup(key, CallerKind::ForeignUser).1;
        assert_eq!(control, Control::Caller, "{key}: a stranger chooses it");
    }
    for key in [
        "aws:PrincipalOrgID",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:VpceAccount",
        "lambda:SourceFunctionArn",
        "codebuild:ProjectArn",
        "s3:DataAccessPointAccount",
    ] {
        let control = keys::lookup(key, CallerKind::ForeignRole).1;
        assert!(matches!(control, Control::Assigned(_)), "{key}: AWS gives the value");
    }
    // An administrator sets a user's tags, not the user.
    assert_eq!(keys::lookup("aws:PrincipalTag/team", CallerKind::OwnUser).1, Control::Owner);
    assert_eq!(keys::lookup("example:unheard", CallerKind::OwnUser).1, Control::NotKnown);
}

/// A session key with a fixed ARN admits one holder's sessions, with a wildcard account
/// anybody's.
#[test]
fn session_keys_limit_by_their_account() {
    for (condition, expected) in [
        (
            r#""ArnEquals":{"lambda:SourceFunctionArn":"arn:aws:lambda:us-east-1:111122223333:function:f"}"#,
            "no",
        ),
        (r#""ArnLike":{"lambda:SourceFunctionArn":"arn:aws:lambda:*:*:function:f"}"#, "yes"),
        (
            r#""ArnEquals":{"codebuild:ProjectArn":"arn:aws:codebuild:us-east-1:111122223333:project/p"}"#,
            "no",
        ),
        (
            r#""ArnLike":{"codebuild:BuildArn":"arn:aws:codebuild:us-east-1:111122223333:build/p:*"}"#,
            "no",
        ),
        (r#""ArnLike":{"codebuild:BuildArn":"arn:aws:codebuild:*:*:build/*"}"#, "yes"),
        (r#""StringEquals":{"glue:RoleAssumedBy":"glue.amazonaws.com"}"#, "yes"),
        (r#""NumericGreaterThanEquals":{"ec2:RoleDelivery":"2.0"}"#, "yes"),
        (r#""StringEquals":{"identitystore:UserId":"94482488-3041-7026-18f3-be45837cd0e4"}"#, "no"),
        (
            r#""ArnLike":{"aws:ChatbotSourceArn":"arn:aws:chatbot::*:chat-configuration/slack-channel/*"}"#,
            "yes",
        ),
    ] {
        let elements = format!(r#""Principal":"*","Condition":{{{condition}}}"#);
        let answer = bucket(&bucket_statement(&elements));
        assert_eq!(answer.reachable.as_str(), expected, "{condition}");
    }
}

/// An unsigned request says nothing of services, and none passes one on.
#[test]
fn what_an_anonymous_request_lacks() {
    let anonymous = |condition: &str| {
        let elements = format!(r#""Principal":"*","Condition":{{{condition}}}"#);
        let answer = bucket(&bucket_statement(&elements));
        answer.witness.is_some_and(|w| w.request.caller == Caller::Anonymous)
    };
    assert!(!anonymous(r#""Bool":{"aws:PrincipalIsAWSService":"false"}"#));
    assert!(anonymous(r#""BoolIfExists":{"aws:PrincipalIsAWSService":"true"}"#));
    assert!(anonymous(r#""Null":{"aws:PrincipalIsAWSService":"true"}"#));
    assert!(!anonymous(r#""Bool":{"aws:ViaAWSService":"true"}"#));
    assert!(anonymous(r#""Bool":{"aws:ViaAWSService":"false"}"#));
    assert!(!anonymous(r#""ForAnyValue:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"}"#));
    // A Deny that spares services by `Bool` alone spares whoever does not sign.
    let policy = |operator: &str| {
        let deny = format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{{"StringNotEquals":{{"aws:SourceVpc":"vpc-111bbb22"}},"{operator}":{{"aws:PrincipalIsAWSService":"false"}}}}}}"#
        );
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::example/*"}},{deny}]}}"#
        );
        bucket(&text).witness.map(|w| w.request.caller)
    };
    assert_eq!(policy("Bool"), Some(Caller::Anonymous));
    assert!(matches!(policy("BoolIfExists"), Some(Caller::Service(_))));
}

//! The events that the CIS AWS Foundations Benchmark wants an alarm for. Beside
//! what the benchmark names stands what is always so in such an event: CloudTrail's
//! user guide says which service and which type it has.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use super::event::{Event, Field};
use Field::{Absent, Bool, Is, Not};

/// A recommendation of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recommendation {
    UnauthorizedApi,
    SigninNoMfa,
    RootUse,
    IamPolicyChange,
    CloudtrailChange,
    SigninFailures,
    KmsKeyDisable,
    S3PolicyChange,
    ConfigChange,
    SecurityGroupChange,
    NaclChange,
    GatewayChange,
    RouteChange,
    VpcChange,
    OrganizationsChange,
}

type Fields = &'static [(&'static str, Field)];

const OF_MANAGEMENT: Fields =
    &[("eventCategory", Is("Management")), ("managementEvent", Bool(true))];
const OF_CALL: Fields = &[("eventType", Is("AwsApiCall")), ("readOnly", Bool(false))];
const SIGNIN: Fields = &[
    ("eventName", Is("ConsoleLogin")),
    ("eventSource", Is("signin.amazonaws.com")),
    ("eventType", Is("AwsConsoleSignIn")),
    ("readOnly", Bool(false)),
];

/// The events of a recommendation: a filter that matches all of them does what the
/// benchmark's own does.
pub(super) fn events(recommendation: Recommendation) -> Vec<Event> {
    use Recommendation as R;
    match recommendation {
        R::UnauthorizedApi => {
            let codes = [
                "Client.UnauthorizedOperation",
                "Any.UnauthorizedOperation",
                "AccessDenied",
                "AccessDeniedException",
                "AccessDeniedForAnyReason",
            ];
            let of = |code| {
                let fields: [(&'static str, Field); 3] = [
                    ("errorCode", Is(code)),
                    // The benchmark's filter leaves these two out.
                    ("sourceIPAddress", Not("delivery.logs.amazonaws.com")),
                    ("eventName", Not("HeadBucket")),
                ];
                event(&format!("errorCode {code}"), &[OF_MANAGEMENT, &fields])
            };
            codes.into_iter().map(of).collect()
        }
        R::SigninNoMfa => vec![event(
            "ConsoleLogin without MFA",
            &[
                OF_MANAGEMENT,
                SIGNIN,
                &[
                    ("additionalEventData.MFAUsed", Is("No")),
                    ("userIdentity.type", Is("IAMUser")),
                    ("responseElements.ConsoleLogin", Is("Success")),
                ],
            ],
        )],
        R::RootUse => vec![event(
            "use of the root user",
            &[
                OF_MANAGEMENT,
                &[
                    ("userIdentity.type", Is("Root")),
                    ("userIdentity.invokedBy", Absent),
                    ("eventType", Not("AwsServiceEvent")),
                ],
            ],
        )],
        R::SigninFailures => vec![event(
            "ConsoleLogin that failed",
            &[
                OF_MANAGEMENT,
                SIGNIN,
                &[
                    ("errorMessage", Is("Failed authentication")),
                    ("responseElements.ConsoleLogin", Is("Failure")),
                ],
            ],
        )],
        R::IamPolicyChange => calls(
            "iam.amazonaws.com",
            &[
                "DeleteGroupPolicy",
                "DeleteRolePolicy",
                "DeleteUserPolicy",
                "PutGroupPolicy",
                "PutRolePolicy",
                "PutUserPolicy",
                "CreatePolicy",
                "DeletePolicy",
                "CreatePolicyVersion",
                "DeletePolicyVersion",
                "AttachRolePolicy",
                "DetachRolePolicy",
                "AttachUserPolicy",
                "DetachUserPolicy",
                "AttachGroupPolicy",
                "DetachGroupPolicy",
            ],
        ),
        R::CloudtrailChange => calls(
            "cloudtrail.amazonaws.com",
            &["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"],
        ),
        R::KmsKeyDisable => calls("kms.amazonaws.com", &["DisableKey", "ScheduleKeyDeletion"]),
        R::S3PolicyChange => calls(
            "s3.amazonaws.com",
            &[
                "PutBucketAcl",
                "PutBucketPolicy",
                "PutBucketCors",
                "PutBucketLifecycle",
                "PutBucketReplication",
                "DeleteBucketPolicy",
                "DeleteBucketCors",
                "DeleteBucketLifecycle",
                "DeleteBucketReplication",
            ],
        ),
        R::ConfigChange => calls(
            "config.amazonaws.com",
            &[
                "StopConfigurationRecorder",
                "DeleteDeliveryChannel",
                "PutDeliveryChannel",
                "PutConfigurationRecorder",
            ],
        ),
        R::SecurityGroupChange => calls(
            "ec2.amazonaws.com",
            &[
                "AuthorizeSecurityGroupIngress",
                "AuthorizeSecurityGroupEgress",
                "RevokeSecurityGroupIngress",
                "RevokeSecurityGroupEgress",
                "CreateSecurityGroup",
                "DeleteSecurityGroup",
            ],
        ),
        R::NaclChange => calls(
            "ec2.amazonaws.com",
            &[
                "CreateNetworkAcl",
                "CreateNetworkAclEntry",
                "DeleteNetworkAcl",
                "DeleteNetworkAclEntry",
                "ReplaceNetworkAclEntry",
                "ReplaceNetworkAclAssociation",
            ],
        ),
        R::GatewayChange => calls(
            "ec2.amazonaws.com",
            &[
                "CreateCustomerGateway",
                "DeleteCustomerGateway",
                "AttachInternetGateway",
                "CreateInternetGateway",
                "DeleteInternetGateway",
                "DetachInternetGateway",
            ],
        ),
        R::RouteChange => calls(
            "ec2.amazonaws.com",
            &[
                "CreateRoute",
                "CreateRouteTable",
                "ReplaceRoute",
                "ReplaceRouteTableAssociation",
                "DeleteRouteTable",
                "DeleteRoute",
                "DisassociateRouteTable",
            ],
        ),
        R::VpcChange => calls(
            "ec2.amazonaws.com",
            &[
                "CreateVpc",
                "DeleteVpc",
                "ModifyVpcAttribute",
                "AcceptVpcPeeringConnection",
                "CreateVpcPeeringConnection",
                "DeleteVpcPeeringConnection",
                "RejectVpcPeeringConnection",
                "AttachClassicLinkVpc",
                "DetachClassicLinkVpc",
                "DisableVpcClassicLink",
                "EnableVpcClassicLink",
            ],
        ),
        R::OrganizationsChange => calls(
            "organizations.amazonaws.com",
            &[
                "AcceptHandshake",
                "AttachPolicy",
                "CreateAccount",
                "CreateOrganizationalUnit",
                "CreatePolicy",
                "DeclineHandshake",
                "DeleteOrganization",
                "DeleteOrganizationalUnit",
                "DeletePolicy",
                "DetachPolicy",
                "DisablePolicyType",
                "EnablePolicyType",
                "InviteAccountToOrganization",
                "LeaveOrganization",
                "MoveAccount",
                "RemoveAccountFromOrganization",
                "UpdatePolicy",
                "UpdateOrganizationalUnit",
            ],
        ),
    }
}

fn event(name: &str, fields: &[&[(&'static str, Field)]]) -> Event {
    let fields = fields.iter().copied().flatten().copied().collect();
    Event { name: name.to_owned(), fields }
}

/// Calls of a service that change something.
fn calls(source: &'static str, names: &[&'static str]) -> Vec<Event> {
    let of = |name: &&'static str| {
        let fields: [(&'static str, Field); 2] =
            [("eventSource", Is(source)), ("eventName", Is(name))];
        event(name, &[OF_MANAGEMENT, OF_CALL, &fields])
    };
    names.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::event::{Coverage, coverage};
    use super::super::pattern::parse;
    use super::*;
    use Recommendation as R;

    fn covers(recommendation: R, pattern: &str) -> bool {
        let pattern = parse(pattern);
        events(recommendation).iter().all(|event| coverage(&pattern, event) == Coverage::All)
    }

    fn misses(recommendation: R, pattern: &str) -> Vec<String> {
        let pattern = parse(pattern);
        let missed = |event: &Event| match coverage(&pattern, event) {
            Coverage::Misses(what) => Some(what),
            Coverage::All | Coverage::Open => None,
        };
        events(recommendation).iter().filter_map(missed).collect()
    }

    /// The filters that the benchmark and AWS's Security Hub prescribe
    /// (<https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html>).
    #[test]
    fn the_prescribed_filters_do_what_is_asked() {
        for (recommendation, pattern) in [
            (
                R::UnauthorizedApi,
                r#"{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}"#,
            ),
            (
                R::UnauthorizedApi,
                r#"{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }"#,
            ),
            (
                R::SigninNoMfa,
                r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }"#,
            ),
            (
                R::SigninNoMfa,
                r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }"#,
            ),
            (
                R::RootUse,
                r#"{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}"#,
            ),
            (
                R::SigninFailures,
                r#"{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}"#,
            ),
            (
                R::KmsKeyDisable,
                r#"{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}"#,
            ),
            (
                R::CloudtrailChange,
                r#"{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}"#,
            ),
            (
                R::ConfigChange,
                r#"{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || ($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || ($.eventName=PutConfigurationRecorder))}"#,
            ),
            (
                R::S3PolicyChange,
                r#"{($.eventSource=s3.amazonaws.com) && (($.eventName=PutBucketAcl) || ($.eventName=PutBucketPolicy) || ($.eventName=PutBucketCors) || ($.eventName=PutBucketLifecycle) || ($.eventName=PutBucketReplication) || ($.eventName=DeleteBucketPolicy) || ($.eventName=DeleteBucketCors) || ($.eventName=DeleteBucketLifecycle) || ($.eventName=DeleteBucketReplication))}"#,
            ),
        ] {
            assert!(
                covers(recommendation, pattern),
                "{pattern} {:?}",
                misses(recommendation, pattern)
            );
        }
    }

    /// Every recommendation that names calls is met by a list of them, in any order,
    /// and by nothing that leaves one out.
    #[test]
    fn a_list_of_the_calls_does_and_a_shorter_one_does_not() {
        for recommendation in [
            R::IamPolicyChange,
            R::CloudtrailChange,
            R::KmsKeyDisable,
            R::S3PolicyChange,
            R::ConfigChange,
            R::SecurityGroupChange,
            R::NaclChange,
            R::GatewayChange,
            R::RouteChange,
            R::VpcChange,
            R::OrganizationsChange,
        ] {
            let mut names: Vec<String> =
                events(recommendation).into_iter().map(|event| event.name).collect();
            names.reverse();
            let list = |names: &[String]| {
                let tests: Vec<String> =
                    names.iter().map(|name| format!("($.eventName = {name})")).collect();
                format!("{{ {} }}", tests.join(" || "))
            };
            assert!(covers(recommendation, &list(&names)), "{recommendation:?}");
            let last = names.pop().into_iter().collect::<Vec<_>>();
            assert_eq!(misses(recommendation, &list(&names)), last);
        }
    }

    #[test]
    fn narrower_filters_miss_something() {
        for (recommendation, pattern) in [
            (R::UnauthorizedApi, r#"{ $.errorCode = "AccessDenied" }"#),
            (
                R::UnauthorizedApi,
                r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") && ($.eventName != "ListBuckets") }"#,
            ),
            (
                R::SigninNoMfa,
                r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed = "Yes") }"#,
            ),
            (R::RootUse, r#"{ $.userIdentity.type = "Root" && $.eventType = "AwsApiCall" }"#),
            (R::RootUse, r#"{ $.userIdentity.type = "Root" && $.eventName != "ConsoleLogin" }"#),
            (
                R::SigninFailures,
                r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") && ($.userIdentity.type = IAMUser) }"#,
            ),
            (
                R::KmsKeyDisable,
                r#"{ ($.eventSource = kms.amazonaws.com) && ($.eventName = DisableKey) }"#,
            ),
        ] {
            assert!(!misses(recommendation, pattern).is_empty(), "{pattern}");
        }
    }
}

//! What rules may ask about alarms.

use super::recommended::Recommendation;
use super::watch::{has_trail, watched};
use crate::inventory::{Shape, Type};
use crate::record;
use crate::services::{Decided, Question};

record! {
    /// Whether somebody hears of events.
    pub struct Watch {
        /// A filter with an alarm that reaches somebody matches each of them.
        "watched" => watched: Decided<bool>,
        /// The alarms that do, or may.
        "alarms" => alarms: Vec<String>,
        /// What is missing, or cannot be said.
        "reasons" => reasons: Vec<String>,
    }
}

const LOOKS_UP: &[(&str, &[&str])] = &[
    (
        "cloudtrail.trail",
        &[
            "IsMultiRegionTrail",
            "IsLogging",
            "EventSelectors",
            "AdvancedEventSelectors",
            "CloudWatchLogsLogGroupArn",
        ],
    ),
    (
        "cloudwatch.metric-filter",
        &[
            "logGroupName",
            "filterPattern",
            "metricTransformations",
            "applyOnTransformedLogs",
            "fieldSelectionCriteria",
            "emitSystemFieldDimensions",
        ],
    ),
    (
        "cloudwatch.alarm",
        &[
            "ActionsEnabled",
            "AlarmActions",
            "Namespace",
            "MetricName",
            "Dimensions",
            "Metrics",
            "Subscriptions",
        ],
    ),
];

/// Each line makes the question about the events of a recommendation.
macro_rules! questions {
    ($($name:literal: $recommendation:ident, $what:literal;)+) => {
        /// The questions about alarms.
        pub(super) static QUESTIONS: &[Question] = &[
            Question {
                name: "cloudwatch.has_trail",
                doc: "Whether a trail works in the account: without one no filter sees anything.",
                subjects: &["aws.account"],
                reads: &[],
                looks_up: &[("cloudtrail.trail", &[])],
                returns: || Type::Bool,
                answer: |_, asking| has_trail(asking),
            },
            $(Question {
                name: $name,
                doc: concat!(
                    "Whether an alarm with a subscriber goes off on ", $what, ": a trail that \
                     records all management events of all regions, its log group, metric filters \
                     that match all of these events, and alarms on their metrics."
                ),
                subjects: &["aws.account"],
                reads: &[],
                looks_up: LOOKS_UP,
                returns: Watch::shape,
                answer: |_, asking| watched(asking, Recommendation::$recommendation),
            },)+
        ];
    };
}

questions! {
    "cloudwatch.watches_unauthorized_api": UnauthorizedApi, "API calls that are refused";
    "cloudwatch.watches_signin_no_mfa": SigninNoMfa, "sign-ins of IAM users to the console without MFA";
    "cloudwatch.watches_root_use": RootUse, "anything that the root user does";
    "cloudwatch.watches_iam_policy_change": IamPolicyChange, "changes to IAM policies";
    "cloudwatch.watches_cloudtrail_change": CloudtrailChange, "changes to trails";
    "cloudwatch.watches_signin_failures": SigninFailures, "sign-ins to the console that fail";
    "cloudwatch.watches_kms_key_disable": KmsKeyDisable, "customer keys that are disabled or scheduled for deletion";
    "cloudwatch.watches_s3_policy_change": S3PolicyChange, "changes to the policies of buckets";
    "cloudwatch.watches_config_change": ConfigChange, "changes to AWS Config";
    "cloudwatch.watches_security_group_change": SecurityGroupChange, "changes to security groups";
    "cloudwatch.watches_nacl_change": NaclChange, "changes to network ACLs";
    "cloudwatch.watches_gateway_change": GatewayChange, "changes to network gateways";
    "cloudwatch.watches_route_change": RouteChange, "changes to route tables";
    "cloudwatch.watches_vpc_change": VpcChange, "changes to VPCs";
    "cloudwatch.watches_organizations_change": OrganizationsChange, "changes to the organization";
}

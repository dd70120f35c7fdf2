//! What AWS documents about request rates, as data: which operations share a
//! limit, how large it is, and where that is written. Each limit holds for an
//! account in a region; what is not here has no documented rate.

use crate::inventory::{GLOBAL, Operation};

/// A steady rate and how much may come at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    /// Requests a second.
    pub(crate) per_second: f64,
    /// Requests at once after a pause.
    pub(crate) burst: f64,
}

impl Rate {
    const fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst }
    }

    /// The half that we use; the other is left to production.
    pub(crate) fn half(self) -> Self {
        Self { per_second: self.per_second / 2.0, burst: (self.burst / 2.0).max(1.0) }
    }
}

/// Which operations of a service share a limit.
enum Group {
    /// These together; all others if none is named.
    Shared(&'static str, &'static [&'static str]),
    /// Each of these by itself; all others if none is named.
    Each(&'static [&'static str]),
}

struct Limit {
    service: &'static str,
    group: Group,
    rate: Rate,
}

const fn limit(service: &'static str, group: Group, rate: Rate) -> Limit {
    Limit { service, group, rate }
}

/// The first line that fits an operation holds.
///
/// - ec2: each action has a bucket of its own; 100 and 20 a second for actions
///   that read, 50 and 10 for those that are asked without pages and filters,
///   50 and 3 for spot fleets
///   (<https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>)
/// - cloudtrail: all that gets, describes and lists together; LookupEvents and
///   ListInsightsMetricData apart; the rest one a second
///   (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>)
/// - lambda: GetFunction and GetPolicy apart, the rest of the control plane
///   together (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>)
/// - account: each operation
///   (<https://docs.aws.amazon.com/accounts/latest/reference/quotas.html>)
/// - wafv2: GetWebACLForResource one a second, other operations that get and list
///   five (<https://docs.aws.amazon.com/waf/latest/developerguide/limits.html>)
/// - kms: each operation
///   (<https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html>)
/// - cloudwatch and logs: each operation
///   (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>,
///   <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>)
/// - organizations: each operation, here what holds for one account; some have
///   no limit (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>)
/// - elb, each version of its API: all that describes together
///   (<https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html>)
/// - apigateway: both APIs together, everything
///   (<https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>)
/// - dynamodb: the control plane together
///   (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-control-plane.html>)
/// - secretsmanager
///   (<https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>)
/// - securityhub: each operation
///   (<https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html>)
/// - sns: the lists, in the API reference
///   (<https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html>)
/// - sts (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>)
static LIMITS: &[Limit] = &[
    limit("ec2", Group::Each(&["DescribeRegions"]), Rate::new(10.0, 50.0)),
    limit("ec2", Group::Each(&["DescribeSpotFleetRequests"]), Rate::new(3.0, 50.0)),
    limit("ec2", Group::Each(&[]), Rate::new(20.0, 100.0)),
    limit("cloudtrail", Group::Each(&["LookupEvents"]), Rate::new(2.0, 2.0)),
    limit("cloudtrail", Group::Each(&["ListInsightsMetricData"]), Rate::new(1.0, 1.0)),
    limit("cloudtrail", Group::Shared("read", &[]), Rate::new(10.0, 10.0)),
    limit("lambda", Group::Each(&["GetFunction"]), Rate::new(100.0, 100.0)),
    limit("lambda", Group::Each(&["GetPolicy"]), Rate::new(15.0, 15.0)),
    limit("lambda", Group::Shared("control", &[]), Rate::new(15.0, 15.0)),
    limit(
        "account",
        Group::Each(&["GetAlternateContact", "GetContactInformation"]),
        Rate::new(10.0, 15.0),
    ),
    limit("account", Group::Each(&["ListRegions", "GetRegionOptStatus"]), Rate::new(5.0, 5.0)),
    limit("account", Group::Each(&[]), Rate::new(3.0, 3.0)),
    limit("wafv2", Group::Each(&["GetWebACLForResource"]), Rate::new(1.0, 1.0)),
    limit("wafv2", Group::Each(&[]), Rate::new(5.0, 5.0)),
    limit("kms", Group::Each(&["DescribeKey"]), Rate::new(2000.0, 2000.0)),
    limit("kms", Group::Each(&["GetKeyPolicy", "GetKeyRotationStatus"]), Rate::new(1000.0, 1000.0)),
    limit("kms", Group::Each(&["ListKeys"]), Rate::new(500.0, 500.0)),
    limit("kms", Group::Each(&["ListGrants"]), Rate::new(100.0, 100.0)),
    limit("cloudwatch", Group::Each(&["DescribeAlarms"]), Rate::new(9.0, 9.0)),
    limit("logs", Group::Each(&["DescribeLogGroups"]), Rate::new(10.0, 10.0)),
    limit("logs", Group::Each(&["DescribeMetricFilters"]), Rate::new(5.0, 5.0)),
    limit(
        "organizations",
        Group::Each(&["DescribeOrganization", "ListRoots"]),
        Rate::new(1.0, 2.0),
    ),
    limit("organizations", Group::Each(&["DescribePolicy"]), Rate::new(2.0, 2.0)),
    limit("organizations", Group::Each(&["ListAccounts"]), Rate::new(8.0, 12.0)),
    limit("organizations", Group::Each(&["ListTagsForResource"]), Rate::new(10.0, 15.0)),
    limit(
        "organizations",
        Group::Each(&["ListAWSServiceAccessForOrganization", "ListDelegatedServicesForAccount"]),
        Rate::new(1.0, 3.0),
    ),
    limit(
        "organizations",
        Group::Each(&[
            "ListAccountsForParent",
            "ListDelegatedAdministrators",
            "ListOrganizationalUnitsForParent",
            "ListPolicies",
            "ListTargetsForPolicy",
        ]),
        Rate::new(5.0, 8.0),
    ),
    limit("elb", Group::Shared("read", &[]), Rate::new(10.0, 40.0)),
    limit("elbv2", Group::Shared("read", &[]), Rate::new(10.0, 40.0)),
    limit("apigateway", Group::Shared("all", &[]), Rate::new(10.0, 40.0)),
    limit("dynamodb", Group::Shared("control", &[]), Rate::new(2500.0, 2500.0)),
    limit("secretsmanager", Group::Each(&["GetResourcePolicy"]), Rate::new(50.0, 50.0)),
    limit("secretsmanager", Group::Each(&["ListSecrets"]), Rate::new(100.0, 100.0)),
    limit("securityhub", Group::Each(&[]), Rate::new(10.0, 30.0)),
    limit("sns", Group::Each(&["ListSubscriptionsByTopic", "ListTopics"]), Rate::new(30.0, 30.0)),
    limit("sts", Group::Shared("all", &[]), Rate::new(600.0, 600.0)),
];

/// Services with one endpoint and one limit for all regions
/// (<https://docs.aws.amazon.com/general/latest/gr/rande.html>).
const GLOBAL_SERVICES: [&str; 5] = ["iam", "organizations", "account", "cloudfront", "route53"];

/// The service whose limits hold: APIs of one service share them.
fn limited_as(service: &'static str) -> &'static str {
    if service == "apigatewayv2" { "apigateway" } else { service }
}

fn of(operation: &Operation) -> Option<&'static Limit> {
    let service = limited_as(operation.service);
    LIMITS.iter().find(|limit| {
        let (Group::Shared(_, names) | Group::Each(names)) = limit.group;
        limit.service == service && (names.is_empty() || names.contains(&operation.name))
    })
}

/// The operations that are limited together: `ec2:DescribeVpcs`,
/// `cloudtrail:read`, or the service where nothing is documented.
pub(crate) fn group(operation: &Operation) -> String {
    match of(operation).map(|limit| &limit.group) {
        Some(Group::Each(_)) => operation.id(),
        Some(Group::Shared(name, _)) => format!("{}:{name}", limited_as(operation.service)),
        None => operation.service.to_owned(),
    }
}

/// The documented rate of that group.
pub(crate) fn rate(operation: &Operation) -> Option<Rate> {
    of(operation).map(|limit| limit.rate)
}

/// Where an operation is limited: its region, or all of them together.
pub(crate) fn place<'a>(operation: &Operation, region: &'a str) -> &'a str {
    if GLOBAL_SERVICES.contains(&operation.service) { GLOBAL } else { region }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const fn operation(service: &'static str, name: &'static str) -> Operation {
        Operation::new(service, name, &[])
    }

    #[test]
    fn groups_are_the_documented_ones() {
        for (service, name, expected, per_second) in [
            ("ec2", "DescribeRegions", "ec2:DescribeRegions", Some(10.0)),
            ("ec2", "DescribeVpcs", "ec2:DescribeVpcs", Some(20.0)),
            ("ec2", "DescribeSpotFleetRequests", "ec2:DescribeSpotFleetRequests", Some(3.0)),
            ("cloudtrail", "DescribeTrails", "cloudtrail:read", Some(10.0)),
            ("cloudtrail", "GetTrailStatus", "cloudtrail:read", Some(10.0)),
            ("cloudtrail", "LookupEvents", "cloudtrail:LookupEvents", Some(2.0)),
            ("lambda", "GetPolicy", "lambda:GetPolicy", Some(15.0)),
            ("lambda", "ListFunctions", "lambda:control", Some(15.0)),
            ("lambda", "ListTags", "lambda:control", Some(15.0)),
            ("wafv2", "GetWebACLForResource", "wafv2:GetWebACLForResource", Some(1.0)),
            ("wafv2", "GetWebACL", "wafv2:GetWebACL", Some(5.0)),
            ("kms", "DescribeKey", "kms:DescribeKey", Some(2000.0)),
            ("kms", "ListGrants", "kms:ListGrants", Some(100.0)),
            ("logs", "DescribeLogGroups", "logs:DescribeLogGroups", Some(10.0)),
            ("elb", "DescribeTags", "elb:read", Some(10.0)),
            ("elbv2", "DescribeTags", "elbv2:read", Some(10.0)),
            ("apigateway", "GetStages", "apigateway:all", Some(10.0)),
            ("apigatewayv2", "GetStages", "apigateway:all", Some(10.0)),
            ("dynamodb", "DescribeTable", "dynamodb:control", Some(2500.0)),
            ("secretsmanager", "ListSecrets", "secretsmanager:ListSecrets", Some(100.0)),
            ("securityhub", "DescribeHub", "securityhub:DescribeHub", Some(10.0)),
            ("sns", "ListTopics", "sns:ListTopics", Some(30.0)),
            ("sns", "GetTopicAttributes", "sns", None),
            ("sts", "AssumeRole", "sts:all", Some(600.0)),
            ("s3", "GetBucketAcl", "s3", None),
            ("iam", "ListUsers", "iam", None),
            ("organizations", "ListAccounts", "organizations:ListAccounts", Some(8.0)),
            ("organizations", "DescribePolicy", "organizations:DescribePolicy", Some(2.0)),
            ("organizations", "ListRoots", "organizations:ListRoots", Some(1.0)),
            ("organizations", "ListPolicies", "organizations:ListPolicies", Some(5.0)),
            ("organizations", "DescribeResourcePolicy", "organizations", None),
        ] {
            let operation = operation(service, name);
            assert_eq!(group(&operation), expected);
            assert_eq!(rate(&operation).map(|rate| rate.per_second), per_second, "{expected}");
        }
    }

    #[test]
    fn global_services_are_limited_in_one_place() {
        assert_eq!(place(&operation("iam", "ListUsers"), "eu-west-1"), GLOBAL);
        assert_eq!(place(&operation("ec2", "DescribeVpcs"), "eu-west-1"), "eu-west-1");
    }

    #[test]
    fn half_of_it_is_left_to_production() {
        let half = rate(&operation("ec2", "DescribeVpcs")).unwrap().half();
        assert_eq!(half, Rate::new(10.0, 50.0));
        assert_eq!(rate(&operation("cloudtrail", "LookupEvents")).unwrap().half().burst, 1.0);
    }
}

//! How many requests AWS answers before it throttles.

use super::call::Call;
use std::time::{Duration, Instant};

/// A token bucket: how much at once, and how much a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    /// Requests at once after a pause.
    pub(crate) burst: f64,
    /// Requests a second.
    pub(crate) per_second: f64,
}

impl Rate {
    const fn new(burst: f64, per_second: f64) -> Self {
        Self { burst, per_second }
    }

    /// The half that a polite client uses.
    pub(crate) fn half(self) -> Self {
        Self { burst: (self.burst / 2.0).max(1.0), per_second: self.per_second / 2.0 }
    }

    /// The least time in which it lets that many requests through.
    pub(crate) fn least(self, requests: u64) -> Duration {
        let requests = u32::try_from(requests).map_or(f64::from(u32::MAX), f64::from);
        Duration::from_secs_f64((requests - self.burst).max(0.0) / self.per_second)
    }
}

/// What is throttled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Throttling {
    /// Nothing.
    Off,
    /// What AWS documents.
    Documented,
    /// That, and limits that nobody documents: assumed ones.
    Hidden,
}

/// What is limited together, and the limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limit {
    /// The group of operations.
    pub(crate) group: String,
    /// How much of it.
    pub(crate) rate: Rate,
    /// Whether AWS documents it.
    pub(crate) documented: bool,
}

/// EC2 actions with limits of their own.
const EC2_OWN: &[(&str, Rate)] = &[
    ("DescribeSpotFleetRequests", Rate::new(50.0, 3.0)),
    ("DescribeStaleSecurityGroups", Rate::new(20.0, 5.0)),
    ("DescribeSecurityGroupReferences", Rate::new(20.0, 5.0)),
];

/// EC2 actions that have a smaller bucket without pages and filters.
const EC2_UNPAGED: &[&str] = &[
    "DescribeInstances",
    "DescribeInstanceStatus",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeSpotInstanceRequests",
    "DescribeVolumes",
];

/// Which operations of a service have a limit together, or each.
enum Group {
    /// Together, under this name.
    Shared(&'static str),
    /// Each of these; each of all if none is named.
    Each(&'static [&'static str]),
}

/// Services, operations and limits beside those of EC2; the first that fits
/// holds. Where only a rate is documented, so much comes at once, too.
///
/// - account: <https://docs.aws.amazon.com/accounts/latest/reference/quotas.html>
/// - apigateway, both APIs together:
///   <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
/// - cloudtrail: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
/// - cloudwatch: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>
/// - dynamodb: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-control-plane.html>
/// - elb, each version: <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html>
/// - kms: <https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html>
/// - lambda: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
/// - logs: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
/// - secretsmanager: <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>
/// - securityhub: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html>
/// - sns: <https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html>
/// - sts: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
/// - wafv2: <https://docs.aws.amazon.com/waf/latest/developerguide/limits.html>
const LIMITS: &[(&str, Group, Rate)] = &[
    (
        "account",
        Group::Each(&["GetAlternateContact", "GetContactInformation"]),
        Rate::new(15.0, 10.0),
    ),
    ("apigateway", Group::Shared("apigateway"), Rate::new(40.0, 10.0)),
    ("apigatewayv2", Group::Shared("apigateway"), Rate::new(40.0, 10.0)),
    ("cloudtrail", Group::Each(&["LookupEvents"]), Rate::new(2.0, 2.0)),
    ("cloudtrail", Group::Shared("cloudtrail"), Rate::new(10.0, 10.0)),
    ("cloudwatch", Group::Each(&["DescribeAlarms"]), Rate::new(9.0, 9.0)),
    ("dynamodb", Group::Shared("dynamodb"), Rate::new(2500.0, 2500.0)),
    ("elb", Group::Shared("elb"), Rate::new(40.0, 10.0)),
    ("elbv2", Group::Shared("elbv2"), Rate::new(40.0, 10.0)),
    ("kms", Group::Each(&["DescribeKey"]), Rate::new(2000.0, 2000.0)),
    ("kms", Group::Each(&["GetKeyPolicy", "GetKeyRotationStatus"]), Rate::new(1000.0, 1000.0)),
    ("kms", Group::Each(&["ListKeys"]), Rate::new(500.0, 500.0)),
    ("kms", Group::Each(&["ListGrants"]), Rate::new(100.0, 100.0)),
    ("lambda", Group::Each(&["GetPolicy"]), Rate::new(15.0, 15.0)),
    ("lambda", Group::Shared("lambda"), Rate::new(15.0, 15.0)),
    ("logs", Group::Each(&["DescribeLogGroups"]), Rate::new(10.0, 10.0)),
    ("logs", Group::Each(&["DescribeMetricFilters"]), Rate::new(5.0, 5.0)),
    ("secretsmanager", Group::Each(&["GetResourcePolicy"]), Rate::new(50.0, 50.0)),
    ("secretsmanager", Group::Each(&["ListSecrets"]), Rate::new(100.0, 100.0)),
    ("securityhub", Group::Each(&[]), Rate::new(30.0, 10.0)),
    ("sns", Group::Each(&["ListSubscriptionsByTopic", "ListTopics"]), Rate::new(30.0, 30.0)),
    ("sts", Group::Shared("sts"), Rate::new(600.0, 600.0)),
    ("wafv2", Group::Each(&["GetWebACLForResource"]), Rate::new(1.0, 1.0)),
    ("wafv2", Group::Each(&[]), Rate::new(5.0, 5.0)),
];

/// The limit of a call, if any. Where AWS documents none, those of
/// [`Throttling::Hidden`] are assumed.
pub(crate) fn limit(throttling: Throttling, call: &Call) -> Option<Limit> {
    if throttling == Throttling::Off {
        return None;
    }
    let found = documented(call).map(|(group, rate)| Limit { group, rate, documented: true });
    found.or_else(|| {
        (throttling == Throttling::Hidden).then(|| Limit {
            group: call.service.to_owned(),
            rate: match call.service {
                "s3" => Rate::new(200.0, 200.0),
                "iam" => Rate::new(40.0, 20.0),
                _ => Rate::new(20.0, 10.0),
            },
            documented: false,
        })
    })
}

/// The limit that AWS documents for a call. EC2:
/// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>.
pub(crate) fn documented(call: &Call) -> Option<(String, Rate)> {
    let operation = call.operation.as_str();
    if call.service == "ec2" {
        let own = EC2_OWN.iter().find(|(name, _)| *name == operation);
        let rate = own.map_or(Rate::new(100.0, 20.0), |(_, rate)| *rate);
        if EC2_UNPAGED.contains(&operation) && !is_narrowed(call) {
            return Some((format!("ec2:{operation} without pages"), Rate::new(50.0, 10.0)));
        }
        return Some((call.id(), rate));
    }
    let mut of_service = LIMITS.iter().filter(|(service, ..)| *service == call.service);
    of_service.find_map(|(_, group, rate)| match group {
        Group::Shared(name) => Some(((*name).to_owned(), *rate)),
        Group::Each(names) if names.is_empty() || names.contains(&operation) => {
            Some((call.id(), *rate))
        }
        Group::Each(_) => None,
    })
}

fn is_narrowed(call: &Call) -> bool {
    let narrows = ["MaxResults", "Filter.", "InstanceId.", "GroupId.", "SnapshotId.", "VolumeId."];
    call.parameters.keys().any(|name| narrows.iter().any(|start| name.starts_with(start)))
}

/// A bucket in use.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, tokens: rate.burst, at: now }
    }

    /// Takes one token; says whether there was one.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate.per_second).min(self.rate.burst);
        self.at = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

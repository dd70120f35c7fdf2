//! The least time that a scan could have taken.

use super::rates::Rate;
use super::record::Record;
use std::collections::BTreeMap;
use std::time::Duration;

/// Which answer a call cannot be made without. What is not here needs a
/// session only, or, where the service is not [`GLOBAL`], the list of regions, too.
const AFTER: &[(&str, &str)] = &[
    ("apigateway:GetStages", "apigateway:GetRestApis"),
    ("apigatewayv2:GetStages", "apigatewayv2:GetApis"),
    ("cloudfront:GetDistributionConfig", "cloudfront:ListDistributions"),
    ("cloudtrail:GetEventSelectors", "cloudtrail:DescribeTrails"),
    ("cloudtrail:GetTrailStatus", "cloudtrail:DescribeTrails"),
    ("dynamodb:DescribeContinuousBackups", "dynamodb:ListTables"),
    ("dynamodb:DescribeTable", "dynamodb:ListTables"),
    ("dynamodb:GetResourcePolicy", "dynamodb:ListTables"),
    ("ec2:DescribeImageAttribute", "ec2:DescribeImages"),
    ("ec2:DescribeInstanceAttribute", "ec2:DescribeInstances"),
    ("ec2:DescribeSnapshotAttribute", "ec2:DescribeSnapshots"),
    ("ec2:GetManagedPrefixListEntries", "ec2:DescribeManagedPrefixLists"),
    ("ecr:GetLifecyclePolicy", "ecr:DescribeRepositories"),
    ("ecr:GetRepositoryPolicy", "ecr:DescribeRepositories"),
    ("efs:DescribeBackupPolicy", "efs:DescribeFileSystems"),
    ("efs:DescribeFileSystemPolicy", "efs:DescribeFileSystems"),
    ("efs:DescribeMountTargets", "efs:DescribeFileSystems"),
    ("eks:DescribeAddon", "eks:ListAddons"),
    ("eks:DescribeAddonVersions", "eks:DescribeAddon"),
    ("eks:DescribeCluster", "eks:ListClusters"),
    ("eks:DescribeNodegroup", "eks:ListNodegroups"),
    ("eks:ListAccessEntries", "eks:ListClusters"),
    ("eks:ListAddons", "eks:ListClusters"),
    ("eks:ListAssociatedAccessPolicies", "eks:ListAccessEntries"),
    ("eks:ListInsights", "eks:ListClusters"),
    ("eks:ListNodegroups", "eks:ListClusters"),
    ("eks:ListPodIdentityAssociations", "eks:ListClusters"),
    ("elb:DescribeLoadBalancerAttributes", "elb:DescribeLoadBalancers"),
    ("elb:DescribeLoadBalancerPolicies", "elb:DescribeLoadBalancers"),
    ("elb:DescribeTags", "elb:DescribeLoadBalancers"),
    ("elbv2:DescribeListeners", "elbv2:DescribeLoadBalancers"),
    ("elbv2:DescribeLoadBalancerAttributes", "elbv2:DescribeLoadBalancers"),
    ("elbv2:DescribeRules", "elbv2:DescribeListeners"),
    ("elbv2:DescribeTags", "elbv2:DescribeLoadBalancers"),
    ("glacier:GetVaultAccessPolicy", "glacier:ListVaults"),
    ("guardduty:GetDetector", "guardduty:ListDetectors"),
    ("iam:GetCredentialReport", "iam:GenerateCredentialReport"),
    ("iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"),
    ("iam:ListAccessKeys", "iam:GetCredentialReport"),
    ("iam:ListMFADevices", "iam:GetCredentialReport"),
    ("kms:DescribeKey", "kms:ListKeys"),
    ("kms:GetKeyPolicy", "kms:DescribeKey"),
    ("kms:GetKeyRotationStatus", "kms:DescribeKey"),
    ("kms:ListGrants", "kms:DescribeKey"),
    ("lambda:GetPolicy", "lambda:ListFunctions"),
    ("lambda:ListFunctionUrlConfigs", "lambda:ListFunctions"),
    ("logs:DescribeDeliveries", "logs:DescribeDeliverySources"),
    ("logs:DescribeDeliverySources", "cloudfront:ListDistributions"),
    ("organizations:DescribePolicy", "organizations:ListPolicies"),
    ("organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"),
    ("organizations:ListDelegatedServicesForAccount", "organizations:ListDelegatedAdministrators"),
    ("organizations:ListOrganizationalUnitsForParent", "organizations:ListRoots"),
    ("organizations:ListRoots", "organizations:DescribeOrganization"),
    ("organizations:ListTargetsForPolicy", "organizations:ListPolicies"),
    ("rds:DescribeDBClusterParameters", "rds:DescribeDBClusters"),
    ("rds:DescribeDBClusterSnapshotAttributes", "rds:DescribeDBClusterSnapshots"),
    ("rds:DescribeDBEngineVersions", "rds:DescribeGlobalClusters"),
    ("rds:DescribeDBParameters", "rds:DescribeDBInstances"),
    ("rds:DescribeDBSnapshotAttributes", "rds:DescribeDBSnapshots"),
    ("s3:GetBucketPolicyStatus", "s3:GetBucketPolicy"),
    ("s3control:GetAccessPoint", "s3control:ListAccessPoints"),
    ("s3control:GetAccessPointPolicy", "s3control:ListAccessPoints"),
    ("s3control:GetAccessPointPolicyStatus", "s3control:ListAccessPoints"),
    ("s3express:GetBucketLifecycleConfiguration", "s3:ListDirectoryBuckets"),
    ("secretsmanager:GetResourcePolicy", "secretsmanager:ListSecrets"),
    ("sns:GetTopicAttributes", "sns:ListTopics"),
    ("sns:ListSubscriptionsByTopic", "cloudwatch:DescribeAlarms"),
    ("sqs:GetQueueAttributes", "sqs:ListQueues"),
    ("ssm:DescribeDocumentPermission", "ssm:ListDocuments"),
    ("ssm:DescribeInstancePatchStates", "ssm:DescribeInstanceInformation"),
    ("ssm:GetParameter", "eks:DescribeNodegroup"),
    ("ssm:ListResourceComplianceSummaries", "ssm:DescribeInstanceInformation"),
    ("wafv2:GetWebACLForResource", "elbv2:DescribeLoadBalancers"),
];

/// Services that answer for all regions at once. All others are asked in each
/// region, once the regions are known.
const GLOBAL: &[&str] = &["account", "cloudfront", "iam", "organizations", "s3"];

/// What the bound is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bound {
    /// Calls of which each needs the answer to the one before.
    pub(crate) chain: u64,
    /// The last of them.
    pub(crate) chain_end: String,
    /// Their latency.
    pub(crate) chain_time: Duration,
    /// All requests' latency over the permits.
    pub(crate) flight_time: Duration,
    /// The slowest lane at the rate that is permitted.
    pub(crate) rate_time: Duration,
    /// Which one: operations, requests, rate.
    pub(crate) rate_lane: String,
    /// The scanner's CPU over the cores.
    pub(crate) cpu_time: Duration,
}

/// What a bound is computed from, beside the record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// Of every call.
    pub(crate) latency: Duration,
    /// Requests in flight at most.
    pub(crate) permits: usize,
    /// The scanner's CPU time.
    pub(crate) cpu: Duration,
    /// The machine's cores.
    pub(crate) cores: usize,
}

impl Bound {
    /// The bound of a scan that made these requests.
    pub(crate) fn new(record: &Record, terms: Terms) -> Self {
        let (chain, chain_end) = chain(record);
        let answered = record.requests().saturating_sub(record.throttled());
        let (rate_time, rate_lane) = rate(record);
        Self {
            chain,
            chain_end,
            chain_time: times(terms.latency, chain),
            flight_time: times(terms.latency, answered).div_f64(count(terms.permits)),
            rate_time,
            rate_lane,
            cpu_time: terms.cpu.div_f64(count(terms.cores)),
        }
    }

    /// The largest term.
    pub(crate) fn least(&self) -> Duration {
        self.chain_time.max(self.flight_time).max(self.rate_time).max(self.cpu_time)
    }
}

fn count(number: usize) -> f64 {
    u32::try_from(number.max(1)).map_or(f64::from(u32::MAX), f64::from)
}

fn times(one: Duration, number: u64) -> Duration {
    one.saturating_mul(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The longest chain over all accounts, and its end.
fn chain(record: &Record) -> (u64, String) {
    let role = record.operations.contains_key("sts:AssumeRole");
    let session = if role { 3 } else { 1 };
    let mut longest = (session, "sts:GetCallerIdentity".to_owned());
    for (account, pages) in &record.pages {
        let reports = record.reports.get(account).copied().unwrap_or(0);
        for operation in pages.keys().filter(|name| !name.starts_with("sts:")) {
            let depth = session + depth(pages, reports, operation);
            if depth > longest.0 {
                longest = (depth, operation.clone());
            }
        }
    }
    longest
}

/// Calls up to the last page of an operation, without those of the session.
fn depth(pages: &BTreeMap<String, u64>, reports: u64, operation: &str) -> u64 {
    let own = match operation {
        "iam:GenerateCredentialReport" => reports,
        _ => pages.get(operation).copied().unwrap_or(0),
    };
    if own == 0 {
        return 0;
    }
    let service = operation.split(':').next().unwrap_or_default();
    let after = AFTER.iter().find(|(name, _)| *name == operation).map(|(_, before)| *before);
    let before = match after {
        Some(before) => Some(before),
        None if operation == "ec2:DescribeRegions" => None,
        None if operation == "s3control:GetPublicAccessBlock" => None,
        None if operation == "s3:ListDirectoryBuckets" => Some("ec2:DescribeRegions"),
        None if operation.starts_with("s3:") && operation != "s3:ListBuckets" => {
            Some("s3:ListBuckets")
        }
        None => (!GLOBAL.contains(&service)).then_some("ec2:DescribeRegions"),
    };
    own + before.map_or(0, |before| depth(pages, reports, before))
}

/// The lane that takes longest at the rate that is permitted: the polite half
/// of a documented one.
fn rate(record: &Record) -> (Duration, String) {
    let mut longest = (Duration::ZERO, String::new());
    for ((_, region, group), (rate, documented, requests)) in &record.lanes {
        let permitted: Rate = if *documented { rate.half() } else { *rate };
        let least = permitted.least(*requests);
        if least > longest.0 {
            let what = if *documented { "half of the documented" } else { "the assumed" };
            longest = (
                least,
                format!(
                    "{group} in {region}: {requests} requests at {}/s after {}, {what} rate",
                    permitted.per_second, permitted.burst
                ),
            );
        }
    }
    longest
}

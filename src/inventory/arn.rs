//! ARNs, also for things that AWS gives none.

/// The account itself, as AWS Account Management names it
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html>).
pub fn account_arn(partition: &str, account: &str) -> String {
    format!("arn:{partition}:account::{account}:account")
}

/// A region of an account. AWS has no ARN for it; this one is ours.
pub fn region_arn(partition: &str, account: &str, region: &str) -> String {
    format!("arn:{partition}:account::{account}:region/{region}")
}

/// The partition of a region: `aws`, `aws-us-gov` or `aws-cn`.
pub fn partition_of_region(region: &str) -> &'static str {
    if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else if region.starts_with("cn-") {
        "aws-cn"
    } else {
        "aws"
    }
}

/// A metric filter of a log group. AWS has no ARN for it; this one is ours.
pub fn metric_filter_arn(
    partition: &str,
    account: &str,
    region: &str,
    log_group: &str,
    filter: &str,
) -> String {
    format!("arn:{partition}:logs:{region}:{account}:log-group:{log_group}:metric-filter:{filter}")
}

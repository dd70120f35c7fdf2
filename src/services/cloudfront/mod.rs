//! Amazon CloudFront: distributions.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html>.
//! Newer access logs are deliveries of CloudWatch Logs:
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{Document, Operation};
use crate::services::Service;
use crate::{document, record};

/// All distributions.
pub static LIST_DISTRIBUTIONS: Operation =
    Operation::new("cloudfront", "ListDistributions", &["cloudfront:ListDistributions"]);
/// How a distribution is set up.
pub static GET_DISTRIBUTION_CONFIG: Operation =
    Operation::new("cloudfront", "GetDistributionConfig", &["cloudfront:GetDistributionConfig"]);
/// Whose logs CloudWatch Logs can deliver.
pub static DESCRIBE_DELIVERY_SOURCES: Operation =
    Operation::new("logs", "DescribeDeliverySources", &["logs:DescribeDeliverySources"]);
/// Which of them it does.
pub static DESCRIBE_DELIVERIES: Operation =
    Operation::new("logs", "DescribeDeliveries", &["logs:DescribeDeliveries"]);

record! {
    /// Where the older kind of access log goes.
    pub struct LoggingConfig {
        /// It is written.
        "Enabled" => enabled: bool,
        /// The bucket; empty if it is not.
        "Bucket" => bucket: Option<String>,
    }
}

document! {
    /// A distribution.
    pub struct Distribution: "cloudfront.distribution" in Global,
    listed by [[LIST_DISTRIBUTIONS]], tagged by [] {
        /// The older kind of access log, which goes to a bucket.
        "Logging" => optional logging: LoggingConfig = [GET_DISTRIBUTION_CONFIG],
        /// The deliveries of the newer kind, by their identifiers.
        "deliveries" => always deliveries: Vec<String> = [DESCRIBE_DELIVERY_SOURCES, DESCRIBE_DELIVERIES],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "cloudfront", types: vec![Distribution::resource_type()], questions: &[] }
}

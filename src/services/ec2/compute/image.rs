//! The account's own images (AMIs).

use crate::document;
use crate::inventory::Operation;
use crate::services::aws::DESCRIBE_REGIONS;
use jiff::Timestamp;

/// Images: the account's own, and by id those that its instances use.
pub static DESCRIBE_IMAGES: Operation =
    Operation::new("ec2", "DescribeImages", &["ec2:DescribeImages"]);

document! {
    /// An image that the account owns.
    pub struct Image: "ec2.image" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_IMAGES]], tagged by [DESCRIBE_IMAGES] {
        /// Its name.
        "Name" => optional name: String = [DESCRIBE_IMAGES],
        /// available, disabled, pending, failed and others.
        "State" => always state: String = [DESCRIBE_IMAGES],
        /// Every AWS account may launch it.
        "Public" => always public: bool = [DESCRIBE_IMAGES],
        /// When it was made.
        "CreationDate" => optional creation_date: Timestamp = [DESCRIBE_IMAGES],
        /// From when on it is called out of date.
        "DeprecationTime" => optional deprecation_time: Timestamp = [DESCRIBE_IMAGES],
    }
}

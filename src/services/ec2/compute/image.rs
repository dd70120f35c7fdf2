//! The account's own images (AMIs).

use crate::inventory::Operation;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};
use jiff::Timestamp;

/// Images: the account's own, and by id those that its instances use.
pub static DESCRIBE_IMAGES: Operation =
    Operation::new("ec2", "DescribeImages", &["ec2:DescribeImages"]);

/// One attribute of an image: with whom it is shared.
pub static DESCRIBE_IMAGE_ATTRIBUTE: Operation =
    Operation::new("ec2", "DescribeImageAttribute", &["ec2:DescribeImageAttribute"]);

record! {
    /// Somebody who may start instances from an image.
    pub struct LaunchPermission {
        /// `all`: every AWS account.
        "Group" => group: Option<String>,
        /// One AWS account.
        "UserId" => user: Option<String>,
        /// The accounts of an organization.
        "OrganizationArn" => organization: Option<String>,
        /// The accounts of a unit of an organization.
        "OrganizationalUnitArn" => unit: Option<String>,
    }
}

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
        /// With whom it is shared. Asked only of images that can be started, else absent.
        "LaunchPermissions" => optional launch_permissions: Vec<LaunchPermission> = [DESCRIBE_IMAGE_ATTRIBUTE],
    }
}

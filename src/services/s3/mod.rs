//! Amazon S3: buckets, directory buckets, access points and Multi-Region Access Points.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html>.
//! Actions: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>.

#[cfg(feature = "aws")]
pub mod collect;
mod exposure;
mod parts;
pub mod questions;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};
use jiff::Timestamp;

/// An error code that says: there is none.
const fn absent(code: &'static str) -> ErrorEntry {
    ErrorEntry { code, message: None, means: Meaning::Absent }
}

/// All buckets, with their regions.
pub static LIST_BUCKETS: Operation = Operation::new("s3", "ListBuckets", &["s3:ListAllMyBuckets"]);
/// The bucket's policy.
pub static GET_BUCKET_POLICY: Operation =
    Operation::new("s3", "GetBucketPolicy", &["s3:GetBucketPolicy"])
        .with_errors(&[absent("NoSuchBucketPolicy")]);
/// Whether S3 itself calls the policy public.
pub static GET_BUCKET_POLICY_STATUS: Operation =
    Operation::new("s3", "GetBucketPolicyStatus", &["s3:GetBucketPolicyStatus"])
        .with_errors(&[absent("NoSuchBucketPolicy")]);
/// The effective access control list.
pub static GET_BUCKET_ACL: Operation = Operation::new("s3", "GetBucketAcl", &["s3:GetBucketAcl"]);
/// Object ownership.
pub static GET_BUCKET_OWNERSHIP_CONTROLS: Operation =
    Operation::new("s3", "GetBucketOwnershipControls", &["s3:GetBucketOwnershipControls"])
        .with_errors(&[absent("OwnershipControlsNotFoundError")]);
/// Block public access of the bucket.
pub static GET_PUBLIC_ACCESS_BLOCK: Operation =
    Operation::new("s3", "GetPublicAccessBlock", &["s3:GetBucketPublicAccessBlock"])
        .with_errors(&[absent("NoSuchPublicAccessBlockConfiguration")]);
/// Default encryption.
pub static GET_BUCKET_ENCRYPTION: Operation =
    Operation::new("s3", "GetBucketEncryption", &["s3:GetEncryptionConfiguration"])
        .with_errors(&[absent("ServerSideEncryptionConfigurationNotFoundError")]);
/// Versioning and MFA delete.
pub static GET_BUCKET_VERSIONING: Operation =
    Operation::new("s3", "GetBucketVersioning", &["s3:GetBucketVersioning"]);
/// Server access logging.
pub static GET_BUCKET_LOGGING: Operation =
    Operation::new("s3", "GetBucketLogging", &["s3:GetBucketLogging"]);
/// Life cycle rules.
pub static GET_BUCKET_LIFECYCLE_CONFIGURATION: Operation =
    Operation::new("s3", "GetBucketLifecycleConfiguration", &["s3:GetLifecycleConfiguration"])
        .with_errors(&[absent("NoSuchLifecycleConfiguration")]);
/// Object Lock.
pub static GET_OBJECT_LOCK_CONFIGURATION: Operation =
    Operation::new("s3", "GetObjectLockConfiguration", &["s3:GetBucketObjectLockConfiguration"])
        .with_errors(&[absent("ObjectLockConfigurationNotFoundError")]);
/// The bucket's tags.
pub static GET_BUCKET_TAGGING: Operation =
    Operation::new("s3", "GetBucketTagging", &["s3:GetBucketTagging"])
        .with_errors(&[absent("NoSuchTagSet")]);
/// Block public access of the account.
pub static GET_ACCOUNT_PUBLIC_ACCESS_BLOCK: Operation =
    Operation::new("s3control", "GetPublicAccessBlock", &["s3:GetAccountPublicAccessBlock"])
        .with_errors(&[absent("NoSuchPublicAccessBlockConfiguration")]);
/// Access points of a region.
pub static LIST_ACCESS_POINTS: Operation =
    Operation::new("s3control", "ListAccessPoints", &["s3:ListAccessPoints"]);
/// One access point with its block public access.
pub static GET_ACCESS_POINT: Operation =
    Operation::new("s3control", "GetAccessPoint", &["s3:GetAccessPoint"]);
/// An access point's policy.
pub static GET_ACCESS_POINT_POLICY: Operation =
    Operation::new("s3control", "GetAccessPointPolicy", &["s3:GetAccessPointPolicy"])
        .with_errors(&[absent("NoSuchAccessPointPolicy")]);
/// Whether S3 itself calls an access point's policy public.
pub static GET_ACCESS_POINT_POLICY_STATUS: Operation =
    Operation::new("s3control", "GetAccessPointPolicyStatus", &["s3:GetAccessPointPolicyStatus"])
        .with_errors(&[absent("NoSuchAccessPointPolicy")]);

/// Directory buckets of a region.
pub static LIST_DIRECTORY_BUCKETS: Operation =
    Operation::new("s3", "ListDirectoryBuckets", &["s3express:ListAllMyDirectoryBuckets"]);
/// Life cycle rules of a directory bucket. The call has the name of that for other
/// buckets, but another endpoint and another action: its signature is `s3express`'s.
pub static GET_DIRECTORY_BUCKET_LIFECYCLE_CONFIGURATION: Operation = Operation::new(
    "s3express",
    "GetBucketLifecycleConfiguration",
    &["s3express:GetLifecycleConfiguration"],
)
.with_errors(&[absent("NoSuchLifecycleConfiguration")]);
/// Multi-Region Access Points, with their block public access.
pub static LIST_MULTI_REGION_ACCESS_POINTS: Operation =
    Operation::new("s3control", "ListMultiRegionAccessPoints", &["s3:ListMultiRegionAccessPoints"]);

record! {
    /// The four switches of block public access. A switch that was never set is off.
    pub struct PublicAccessBlock {
        /// New public ACLs are refused.
        "BlockPublicAcls" => block_public_acls: bool,
        /// Public ACLs have no effect.
        "IgnorePublicAcls" => ignore_public_acls: bool,
        /// New public policies are refused.
        "BlockPublicPolicy" => block_public_policy: bool,
        /// A public policy lets in only this account and AWS services.
        "RestrictPublicBuckets" => restrict_public_buckets: bool,
    }
}

record! {
    /// Whether S3 calls the policy public.
    pub struct PolicyStatus {
        /// It does.
        "IsPublic" => is_public: bool,
    }
}

record! {
    /// An access control list.
    pub struct AccessControlPolicy {
        /// Who owns the bucket.
        "Owner" => owner: Owner,
        /// Who may do what.
        "Grants" => grants: Vec<Grant>,
    }
}

record! {
    /// An owner.
    pub struct Owner {
        /// The canonical user id.
        "ID" => id: Option<String>,
    }
}

record! {
    /// One grant of an access control list.
    pub struct Grant {
        /// To whom.
        "Grantee" => grantee: Grantee,
        /// READ, WRITE, READ_ACP, WRITE_ACP or FULL_CONTROL.
        "Permission" => permission: String,
    }
}

record! {
    /// To whom something is granted.
    pub struct Grantee {
        /// CanonicalUser, Group or AmazonCustomerByEmail.
        "Type" => kind: String,
        /// The canonical user id.
        "ID" => id: Option<String>,
        /// The group's URI: AllUsers, AuthenticatedUsers, LogDelivery.
        "URI" => uri: Option<String>,
    }
}

record! {
    /// Object ownership.
    pub struct OwnershipControls {
        /// One rule.
        "Rules" => rules: Vec<OwnershipControlsRule>,
    }
}

record! {
    /// The rule of object ownership.
    pub struct OwnershipControlsRule {
        /// BucketOwnerEnforced (ACLs off), BucketOwnerPreferred or ObjectWriter.
        "ObjectOwnership" => object_ownership: String,
    }
}

record! {
    /// Default encryption.
    pub struct ServerSideEncryptionConfiguration {
        /// One rule.
        "Rules" => rules: Vec<ServerSideEncryptionRule>,
    }
}

record! {
    /// The rule of default encryption.
    pub struct ServerSideEncryptionRule {
        /// What new objects are encrypted with.
        "ApplyServerSideEncryptionByDefault" => by_default: Option<ServerSideEncryptionByDefault>,
        /// A bucket key is used, which needs fewer calls to KMS.
        "BucketKeyEnabled" => bucket_key_enabled: Option<bool>,
    }
}

record! {
    /// What new objects are encrypted with.
    pub struct ServerSideEncryptionByDefault {
        /// AES256, aws:kms or aws:kms:dsse.
        "SSEAlgorithm" => algorithm: String,
        /// The KMS key; absent for AWS's own.
        "KMSMasterKeyID" => kms_key: Option<String>,
    }
}

record! {
    /// Versioning. A bucket that never had it has neither member.
    pub struct VersioningConfiguration {
        /// Enabled or Suspended.
        "Status" => status: Option<String>,
        /// Enabled or Disabled.
        "MFADelete" => mfa_delete: Option<String>,
    }
}

record! {
    /// Where the server access log goes.
    pub struct LoggingEnabled {
        /// The bucket.
        "TargetBucket" => target_bucket: String,
        /// In front of the objects' names.
        "TargetPrefix" => target_prefix: String,
    }
}

record! {
    /// Life cycle rules.
    pub struct LifecycleConfiguration {
        /// The rules.
        "Rules" => rules: Vec<LifecycleRule>,
    }
}

record! {
    /// One life cycle rule.
    pub struct LifecycleRule {
        /// Its name.
        "ID" => id: Option<String>,
        /// Enabled or Disabled.
        "Status" => status: String,
    }
}

record! {
    /// Object Lock.
    pub struct ObjectLockConfiguration {
        /// Enabled.
        "ObjectLockEnabled" => object_lock_enabled: Option<String>,
        /// What new objects are locked by, if nothing else is asked for.
        "Rule" => rule: Option<ObjectLockRule>,
    }
}

record! {
    /// The rule of Object Lock.
    pub struct ObjectLockRule {
        /// For how long new objects are locked.
        "DefaultRetention" => default_retention: Option<DefaultRetention>,
    }
}

record! {
    /// For how long new objects are locked.
    pub struct DefaultRetention {
        /// GOVERNANCE or COMPLIANCE.
        "Mode" => mode: Option<String>,
        /// Days.
        "Days" => days: Option<i64>,
        /// Or years.
        "Years" => years: Option<i64>,
    }
}

document! {
    /// A general purpose bucket.
    pub struct Bucket: "s3.bucket" in GlobalList,
    listed by [[LIST_BUCKETS]], tagged by [GET_BUCKET_TAGGING] {
        /// When it was made.
        "CreationDate" => optional creation_date: Timestamp = [LIST_BUCKETS],
        /// The policy, as JSON text.
        "Policy" => optional policy: String = [GET_BUCKET_POLICY],
        /// Whether S3 calls the policy public.
        "PolicyStatus" => optional policy_status: PolicyStatus = [GET_BUCKET_POLICY_STATUS],
        /// The effective ACL: behind IgnorePublicAcls a stored grant is not shown.
        "AccessControlPolicy" => always acl: AccessControlPolicy = [GET_BUCKET_ACL],
        /// Object ownership; absent on buckets made before 2023-04 that never set it.
        "OwnershipControls" => optional ownership_controls: OwnershipControls = [GET_BUCKET_OWNERSHIP_CONTROLS],
        /// Block public access.
        "PublicAccessBlockConfiguration" => optional public_access_block: PublicAccessBlock = [GET_PUBLIC_ACCESS_BLOCK],
        /// Default encryption.
        "ServerSideEncryptionConfiguration" => optional encryption: ServerSideEncryptionConfiguration = [GET_BUCKET_ENCRYPTION],
        /// Versioning.
        "VersioningConfiguration" => always versioning: VersioningConfiguration = [GET_BUCKET_VERSIONING],
        /// Server access logging; absent if off.
        "LoggingEnabled" => optional logging: LoggingEnabled = [GET_BUCKET_LOGGING],
        /// Life cycle rules.
        "LifecycleConfiguration" => optional lifecycle: LifecycleConfiguration = [GET_BUCKET_LIFECYCLE_CONFIGURATION],
        /// Object Lock; absent if off.
        "ObjectLockConfiguration" => optional object_lock: ObjectLockConfiguration = [GET_OBJECT_LOCK_CONFIGURATION],
    }
}

document! {
    /// A directory bucket of S3 Express One Zone.
    pub struct DirectoryBucket: "s3.directory-bucket" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_DIRECTORY_BUCKETS]], tagged by [] {
        /// Life cycle rules.
        "LifecycleConfiguration" => optional lifecycle: LifecycleConfiguration = [GET_DIRECTORY_BUCKET_LIFECYCLE_CONFIGURATION],
    }
}

document! {
    /// A Multi-Region Access Point.
    pub struct MultiRegionAccessPoint: "s3.multi-region-access-point" in Global,
    listed by [[LIST_MULTI_REGION_ACCESS_POINTS]], tagged by [] {
        /// Its name; its id is the alias.
        "Name" => always name: String = [LIST_MULTI_REGION_ACCESS_POINTS],
        /// READY, CREATING, DELETING, PARTIALLY_CREATED, PARTIALLY_DELETED or
        /// INCONSISTENT_ACROSS_REGIONS.
        "Status" => always status: String = [LIST_MULTI_REGION_ACCESS_POINTS],
        /// Its block public access, which cannot be changed once it is made.
        "PublicAccessBlock" => optional public_access_block: PublicAccessBlock = [LIST_MULTI_REGION_ACCESS_POINTS],
    }
}

record! {
    /// The network of an access point.
    pub struct VpcConfiguration {
        /// The only VPC it can be reached from.
        "VpcId" => vpc_id: String,
    }
}

document! {
    /// An access point of a bucket.
    pub struct AccessPoint: "s3.access-point" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_ACCESS_POINTS]], tagged by [] {
        /// The bucket behind it.
        "Bucket" => always bucket: String = [LIST_ACCESS_POINTS],
        /// The account that owns the bucket.
        "BucketAccountId" => optional bucket_account: String = [LIST_ACCESS_POINTS],
        /// Internet or VPC.
        "NetworkOrigin" => always network_origin: String = [LIST_ACCESS_POINTS],
        /// The VPC, for that origin.
        "VpcConfiguration" => optional vpc: VpcConfiguration = [LIST_ACCESS_POINTS],
        /// Block public access of the access point.
        "PublicAccessBlockConfiguration" => optional public_access_block: PublicAccessBlock = [GET_ACCESS_POINT],
        /// The access point's policy, as JSON text.
        "Policy" => optional policy: String = [GET_ACCESS_POINT_POLICY],
        /// Whether S3 calls the policy public.
        "PolicyStatus" => optional policy_status: PolicyStatus = [GET_ACCESS_POINT_POLICY_STATUS],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "s3",
        types: vec![
            Bucket::resource_type(),
            AccessPoint::resource_type(),
            DirectoryBucket::resource_type(),
            MultiRegionAccessPoint::resource_type(),
        ],
        questions: questions::QUESTIONS,
    }
}

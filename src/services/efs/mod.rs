//! Amazon Elastic File System: file systems, their access points and mount targets.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/efs/latest/ug/api-reference.html>.
//! Actions and ARNs:
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticfilesystem.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod questions;
#[cfg(test)]
mod tests;

use crate::inventory::{Document, ErrorEntry, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};
use jiff::Timestamp;

/// What both kinds of policies answer where there is none.
const NONE: &[ErrorEntry] =
    &[ErrorEntry { code: "PolicyNotFound", message: None, means: Meaning::Absent }];

/// All file systems.
pub static DESCRIBE_FILE_SYSTEMS: Operation =
    Operation::new("efs", "DescribeFileSystems", &["elasticfilesystem:DescribeFileSystems"]);
/// The policy of a file system.
pub static DESCRIBE_FILE_SYSTEM_POLICY: Operation = Operation::new(
    "efs",
    "DescribeFileSystemPolicy",
    &["elasticfilesystem:DescribeFileSystemPolicy"],
)
.with_errors(NONE);
/// Whether a file system is backed up by itself.
pub static DESCRIBE_BACKUP_POLICY: Operation =
    Operation::new("efs", "DescribeBackupPolicy", &["elasticfilesystem:DescribeBackupPolicy"])
        .with_errors(NONE);
/// All access points.
pub static DESCRIBE_ACCESS_POINTS: Operation =
    Operation::new("efs", "DescribeAccessPoints", &["elasticfilesystem:DescribeAccessPoints"]);
/// The mount targets of a file system.
pub static DESCRIBE_MOUNT_TARGETS: Operation =
    Operation::new("efs", "DescribeMountTargets", &["elasticfilesystem:DescribeMountTargets"]);

record! {
    /// Whether a file system is backed up by itself.
    pub struct BackupPolicy {
        /// ENABLED, ENABLING, DISABLED or DISABLING.
        "Status" => status: String,
    }
}

document! {
    /// A file system.
    pub struct FileSystem: "efs.file-system" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_FILE_SYSTEMS]], tagged by [DESCRIBE_FILE_SYSTEMS] {
        /// creating, available, updating, deleting, deleted or error.
        "LifeCycleState" => always state: String = [DESCRIBE_FILE_SYSTEMS],
        /// When it was made.
        "CreationTime" => always created: Timestamp = [DESCRIBE_FILE_SYSTEMS],
        /// How many mount targets it has.
        "NumberOfMountTargets" => always mount_targets: i64 = [DESCRIBE_FILE_SYSTEMS],
        /// It is encrypted.
        "Encrypted" => always encrypted: bool = [DESCRIBE_FILE_SYSTEMS],
        /// The KMS key, if it is encrypted.
        "KmsKeyId" => optional kms_key: String = [DESCRIBE_FILE_SYSTEMS],
        /// Its policy, as JSON text. Without one everybody may do everything who reaches a mount
        /// target.
        "Policy" => optional policy: String = [DESCRIBE_FILE_SYSTEM_POLICY],
        /// Whether it is backed up by itself; absent if that was never set.
        "BackupPolicy" => optional backup_policy: BackupPolicy = [DESCRIBE_BACKUP_POLICY],
    }
}

record! {
    /// The directory that an access point shows as the root.
    pub struct RootDirectory {
        /// Its path; `/` is the root of the file system.
        "Path" => path: Option<String>,
    }
}

record! {
    /// The user that every client of an access point becomes.
    pub struct PosixUser {
        /// The user.
        "Uid" => uid: i64,
        /// The group.
        "Gid" => gid: i64,
    }
}

document! {
    /// An access point of a file system.
    pub struct AccessPoint: "efs.access-point" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_ACCESS_POINTS]], tagged by [DESCRIBE_ACCESS_POINTS] {
        /// Its file system.
        "FileSystemId" => always file_system: String = [DESCRIBE_ACCESS_POINTS],
        /// What it shows as the root.
        "RootDirectory" => optional root_directory: RootDirectory = [DESCRIBE_ACCESS_POINTS],
        /// Who every client becomes; absent if clients say themselves who they are.
        "PosixUser" => optional posix_user: PosixUser = [DESCRIBE_ACCESS_POINTS],
    }
}

document! {
    /// A mount target: where a file system can be reached in a subnet.
    pub struct MountTarget: "efs.mount-target" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_FILE_SYSTEMS, DESCRIBE_MOUNT_TARGETS]], tagged by [] {
        /// Its file system.
        "FileSystemId" => always file_system: String = [DESCRIBE_MOUNT_TARGETS],
        /// Its subnet.
        "SubnetId" => always subnet: String = [DESCRIBE_MOUNT_TARGETS],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "efs",
        types: vec![
            FileSystem::resource_type(),
            AccessPoint::resource_type(),
            MountTarget::resource_type(),
        ],
        questions: questions::QUESTIONS,
    }
}

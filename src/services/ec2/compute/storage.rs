//! EBS volumes and snapshots.

use crate::inventory::Operation;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};
use jiff::Timestamp;

/// All volumes.
pub static DESCRIBE_VOLUMES: Operation =
    Operation::new("ec2", "DescribeVolumes", &["ec2:DescribeVolumes"]);
/// Snapshots: the account's own, and those of them that everyone may restore.
pub static DESCRIBE_SNAPSHOTS: Operation =
    Operation::new("ec2", "DescribeSnapshots", &["ec2:DescribeSnapshots"]);
/// One attribute of a snapshot: with whom it is shared.
pub static DESCRIBE_SNAPSHOT_ATTRIBUTE: Operation =
    Operation::new("ec2", "DescribeSnapshotAttribute", &["ec2:DescribeSnapshotAttribute"]);

record! {
    /// An instance that a volume is attached to.
    pub struct VolumeAttachment {
        /// The instance; absent where an AWS service holds the volume.
        "InstanceId" => instance: Option<String>,
        /// attaching, attached, detaching, detached or busy.
        "State" => state: Option<String>,
    }
}

document! {
    /// A volume.
    pub struct Volume: "ec2.volume" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_VOLUMES]], tagged by [DESCRIBE_VOLUMES] {
        /// creating, available, in-use, deleting, deleted or error.
        "State" => always state: String = [DESCRIBE_VOLUMES],
        /// What it is attached to.
        "Attachments" => always attachments: Vec<VolumeAttachment> = [DESCRIBE_VOLUMES],
        /// It is encrypted.
        "Encrypted" => always encrypted: bool = [DESCRIBE_VOLUMES],
        /// The KMS key, if it is encrypted.
        "KmsKeyId" => optional kms_key: String = [DESCRIBE_VOLUMES],
        /// The snapshot that it was made from.
        "SnapshotId" => optional snapshot: String = [DESCRIBE_VOLUMES],
        /// When it was made.
        "CreateTime" => always create_time: Timestamp = [DESCRIBE_VOLUMES],
    }
}

record! {
    /// Someone who may make volumes from a snapshot.
    pub struct CreateVolumePermission {
        /// `all`: every AWS account.
        "Group" => group: Option<String>,
        /// One AWS account.
        "UserId" => user: Option<String>,
    }
}

document! {
    /// A snapshot that the account owns.
    pub struct Snapshot: "ec2.snapshot" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_SNAPSHOTS]], tagged by [DESCRIBE_SNAPSHOTS] {
        /// pending, completed, error, recoverable or recovering.
        "State" => always state: String = [DESCRIBE_SNAPSHOTS],
        /// It is encrypted.
        "Encrypted" => always encrypted: bool = [DESCRIBE_SNAPSHOTS],
        /// When it was made.
        "StartTime" => always start_time: Timestamp = [DESCRIBE_SNAPSHOTS],
        /// The volume that it was made of; ids of volumes outside this account occur, too.
        "VolumeId" => optional volume: String = [DESCRIBE_SNAPSHOTS],
        /// `all` if the list of snapshots that everyone may restore names it. An endpoint may
        /// ignore what the list was asked for: CreateVolumePermissions has the last word.
        "RestorableByUserIds" => always restorable_by: Vec<String> = [DESCRIBE_SNAPSHOTS],
        /// With whom it is shared.
        "CreateVolumePermissions" => optional create_volume_permissions: Vec<CreateVolumePermission> = [DESCRIBE_SNAPSHOT_ATTRIBUTE],
    }
}

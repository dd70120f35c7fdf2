//! AWS Backup: what it has backed up.
//!
//! Names and presence:
//! <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListProtectedResources.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::document;
use crate::inventory::{Document, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use jiff::Timestamp;

/// All resources that have a recovery point.
pub static LIST_PROTECTED_RESOURCES: Operation =
    Operation::new("backup", "ListProtectedResources", &["backup:ListProtectedResources"]);

document! {
    /// A resource that AWS Backup has backed up, by the resource's own ARN. That it is here says
    /// nothing of whether a plan still selects it; the time of the last backup does.
    pub struct ProtectedResource: "backup.protected-resource" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_PROTECTED_RESOURCES]], tagged by [] {
        /// When it was backed up last.
        "LastBackupTime" => optional last_backup_time: Timestamp = [LIST_PROTECTED_RESOURCES],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service { name: "backup", types: vec![ProtectedResource::resource_type()], questions: &[] }
}

//! Event subscriptions.

use super::DESCRIBE_EVENT_SUBSCRIPTIONS;
use crate::document;
use crate::services::aws::DESCRIBE_REGIONS;

document! {
    /// A subscription to events of RDS.
    pub struct EventSubscription: "rds.event-subscription" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_EVENT_SUBSCRIPTIONS]], tagged by [] {
        /// It is switched on.
        "Enabled" => always enabled: bool = [DESCRIBE_EVENT_SUBSCRIPTIONS],
        /// creating, modifying, deleting, active, no-permission or topic-not-exist.
        "Status" => always status: String = [DESCRIBE_EVENT_SUBSCRIPTIONS],
        /// db-instance, db-cluster, db-parameter-group, db-security-group and others; absent if it
        /// is about all of them.
        "SourceType" => optional source_type: String = [DESCRIBE_EVENT_SUBSCRIPTIONS],
        /// The only sources that it is about; absent or empty if it is about all.
        "SourceIdsList" => optional source_ids: Vec<String> = [DESCRIBE_EVENT_SUBSCRIPTIONS],
        /// The only categories that it is about; absent or empty if it is about all.
        "EventCategoriesList" => optional categories: Vec<String> = [DESCRIBE_EVENT_SUBSCRIPTIONS],
    }
}

//! The built-in account: a snapshot that needs no AWS and tells a story.

/// The snapshot, as text.
pub static DEMO_SNAPSHOT: &str = include_str!("demo.jsonl");

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::inventory::snapshot::{Header, SnapshotReader};

    #[test]
    fn the_demo_knows_every_member() {
        let reader = SnapshotReader::open(DEMO_SNAPSHOT.as_bytes()).unwrap();
        let members = Header::members_of(crate::services::types());
        let expected = serde_json::to_string(&members).unwrap();
        assert!(reader.header().members == members, "the header's members are to be {expected}");
    }
}

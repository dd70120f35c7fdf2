//! Forgetting old scans. Findings keep their lives, and the trail is kept
//! whole: only what single scans judged goes.

use super::error::Result;
use super::record::ScanId;
use super::store::{History, write_transaction};
use super::{event, time};
use jiff::Timestamp;
use rusqlite::{ErrorCode, params};
use serde_json::json;

impl History {
    /// Forgets scans, notes it in the trail, and gives the space back if nobody
    /// else uses the file. Scans that run are left alone. How many were
    /// forgotten.
    pub fn prune(&mut self, scans: &[ScanId], at: Timestamp, by: &str) -> Result<usize> {
        let transaction = write_transaction(&mut self.connection)?;
        let mut pruned = Vec::new();
        for scan in scans {
            let gone = transaction.execute(
                "DELETE FROM scan WHERE id = ?1 AND status <> 'running'",
                params![scan.to_string()],
            )?;
            if gone > 0 {
                pruned.push(scan.to_string());
            }
        }
        if pruned.is_empty() {
            return Ok(0);
        }
        transaction.execute_batch(
            "DELETE FROM run WHERE finished_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM scan WHERE scan.run = run.seq);
             DELETE FROM resource WHERE seq NOT IN (SELECT resource FROM finding_span)
               AND account NOT IN (SELECT account FROM scan);",
        )?;
        let data = json!({ "scans": pruned });
        event::append(&transaction, time::micros(at), by, "scans_pruned", &data)?;
        transaction.commit()?;
        match self.connection.execute_batch("VACUUM") {
            // Another process reads or writes: the space is used again later.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
            other => other?,
        }
        Ok(pruned.len())
    }
}

//! The trail: what happened, append only, one chain of hashes per file.
//!
//! The hash of an event is SHA-256, in hex, over the compact JSON array
//! `["cspm-event1", previous hash, origin, number, at, actor, kind, data]`,
//! `at` in microseconds and `data` as its stored text. Events are never pruned;
//! a merged history keeps the chain of each file beside its own.

use super::error::Result;
use super::time;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// One event of the trail.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The file that wrote it: a uuid.
    pub origin: String,
    /// Its place in that file's chain, from 1.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who: an ARN, or a user of the machine.
    pub actor: String,
    /// What kind of event.
    pub kind: String,
    /// What happened.
    pub data: serde_json::Value,
}

/// Where a chain is broken: an event was changed, taken out or put in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the trail of {origin} is broken at event {number}: {what}")]
pub struct BrokenChain {
    /// The file whose chain it is.
    pub origin: String,
    /// The first event that does not fit.
    pub number: i64,
    /// What does not fit.
    pub what: &'static str,
}

/// Appends an event to this file's chain. Must run within a write transaction.
pub(super) fn append(
    connection: &Connection,
    at: i64,
    actor: &str,
    kind: &str,
    data: &serde_json::Value,
) -> Result<()> {
    let (seq, origin): (i64, String) = connection
        .prepare_cached("SELECT seq, id FROM origin WHERE here = 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let last: Option<(i64, String)> = connection
        .prepare_cached(
            "SELECT number, hash FROM event WHERE origin = ?1 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (last, previous) = last.unwrap_or_default();
    let (number, data) = (last + 1, data.to_string());
    let hash = hash(&previous, &origin, number, at, actor, kind, &data);
    connection
        .prepare_cached(
            "INSERT INTO event (origin, number, at, actor, kind, data, previous, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![seq, number, at, actor, kind, data, previous, hash])?;
    Ok(())
}

/// Calls `each` with every event, by file and place, until the first error.
pub(super) fn for_each(
    connection: &Connection,
    mut each: impl FnMut(Event) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare(
        "SELECT o.id, e.number, e.at, e.actor, e.kind, e.data
         FROM event e JOIN origin o ON o.seq = e.origin ORDER BY o.id, e.number",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let data: String = row.get(5)?;
        each(Event {
            origin: row.get(0)?,
            number: row.get(1)?,
            at: time::timestamp(row.get(2)?)?,
            actor: row.get(3)?,
            kind: row.get(4)?,
            data: super::json(&data)?,
        })?;
    }
    Ok(())
}

/// Checks every chain; the first break of each that is broken.
pub(super) fn verify(connection: &Connection) -> Result<Vec<BrokenChain>> {
    let mut statement = connection.prepare(
        "SELECT o.id, e.number, e.at, e.actor, e.kind, e.data, e.previous, e.hash
         FROM event e JOIN origin o ON o.seq = e.origin ORDER BY o.id, e.number",
    )?;
    let mut rows = statement.query([])?;
    let mut broken: Vec<BrokenChain> = Vec::new();
    let (mut chain, mut number, mut last) = (String::new(), 0_i64, String::new());
    while let Some(row) = rows.next()? {
        let origin: String = row.get(0)?;
        if origin != chain {
            (chain, number, last) = (origin.clone(), 0, String::new());
        } else if broken.last().is_some_and(|b| b.origin == origin) {
            continue;
        }
        number += 1;
        let (at, actor, kind, data): (i64, String, String, String) =
            (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        let (previous, stored): (String, String) = (row.get(6)?, row.get(7)?);
        let what = if row.get::<_, i64>(1)? != number {
            Some("an event is missing")
        } else if previous != last {
            Some("it does not follow the event before")
        } else if stored != hash(&previous, &origin, number, at, &actor, &kind, &data) {
            Some("it was changed")
        } else {
            None
        };
        if let Some(what) = what {
            broken.push(BrokenChain { origin, number, what });
        }
        last = stored;
    }
    Ok(broken)
}

fn hash(
    previous: &str,
    origin: &str,
    number: i64,
    at: i64,
    actor: &str,
    kind: &str,
    data: &str,
) -> String {
    let json = serde_json::json!(["cspm-event1", previous, origin, number, at, actor, kind, data]);
    let digest = Sha256::digest(json.to_string().as_bytes());
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

//! The chains of events of another file, copied as they are.

use crate::history::error::{HistoryError, Result};
use rusqlite::{Connection, OptionalExtension, params};

/// Copies the events that are not there yet; how many.
///
/// # Errors
/// A chain that is in both files went on in two ways.
pub(super) fn copy(to: &Connection, from: &Connection) -> Result<usize> {
    let mut copied = 0;
    let mut origins = from.prepare("SELECT seq, id, created_at FROM origin ORDER BY id")?;
    let mut rows = origins.query([])?;
    while let Some(row) = rows.next()? {
        let (there, id): (i64, String) = (row.get(0)?, row.get(1)?);
        to.execute(
            "INSERT OR IGNORE INTO origin (id, here, created_at) VALUES (?1, 0, ?2)",
            params![id, row.get::<_, i64>(2)?],
        )?;
        let here: i64 =
            to.query_row("SELECT seq FROM origin WHERE id = ?1", [&id], |row| row.get(0))?;
        let known = last(to, here)?;
        let common = known.min(last(from, there)?);
        if common > 0 && hash(to, here, common)? != hash(from, there, common)? {
            return Err(HistoryError::Forked { origin: id });
        }
        copied += chain(to, from, here, there, known)?;
    }
    Ok(copied)
}

/// Copies the events of one chain behind the number `known`.
fn chain(to: &Connection, from: &Connection, here: i64, there: i64, known: i64) -> Result<usize> {
    let mut insert = to.prepare_cached(
        "INSERT INTO event (origin, number, at, actor, kind, data, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let mut events = from.prepare_cached(
        "SELECT number, at, actor, kind, data, previous, hash FROM event
         WHERE origin = ?1 AND number > ?2 ORDER BY number",
    )?;
    let mut rows = events.query([there, known])?;
    let mut copied = 0;
    while let Some(row) = rows.next()? {
        insert.execute(params![
            here,
            row.get::<_, i64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
            row.get::<_, String>(4)?,
            row.get::<_, String>(5)?,
            row.get::<_, String>(6)?
        ])?;
        copied += 1;
    }
    Ok(copied)
}

fn last(file: &Connection, origin: i64) -> Result<i64> {
    let last: Option<i64> = file
        .prepare_cached("SELECT max(number) FROM event WHERE origin = ?1")?
        .query_row([origin], |row| row.get(0))?;
    Ok(last.unwrap_or(0))
}

fn hash(file: &Connection, origin: i64, number: i64) -> Result<Option<String>> {
    let mut statement =
        file.prepare_cached("SELECT hash FROM event WHERE origin = ?1 AND number = ?2")?;
    Ok(statement.query_row([origin, number], |row| row.get(0)).optional()?)
}

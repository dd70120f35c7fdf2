//! The numbers that resources and parts have in the file.

use super::error::{HistoryError, Result};
use crate::rules::Verdict;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::sync::Arc;

/// How many resources and parts are remembered by their numbers.
const REMEMBERED: usize = 16_384;

/// Numbers of resources and parts, with a bounded memory of those used last.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    resources: HashMap<ResourceName, u32>,
    parts: HashMap<String, u32>,
}

/// Type, ARN, region, and what people call it.
type ResourceName = (&'static str, Arc<str>, Arc<str>, Arc<str>);

impl Numbers {
    /// How many are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.resources.len() + self.parts.len()
    }

    /// The number of the verdict's resource, which is written if it is new.
    pub(super) fn resource(
        &mut self,
        to: &Connection,
        account: i64,
        verdict: &Verdict,
    ) -> Result<u32> {
        let subject = &verdict.subject;
        let name = (
            subject.kind.name,
            Arc::clone(&subject.arn),
            Arc::clone(&subject.region),
            Arc::clone(&subject.id),
        );
        if let Some(number) = self.resources.get(&name) {
            return Ok(*number);
        }
        let values = params![account, name.1, name.0, name.2, name.3];
        let known: Option<i64> = to
            .prepare_cached(
                "SELECT seq FROM resource
                 WHERE account = ?1 AND arn = ?2 AND type = ?3 AND region = ?4 AND name = ?5",
            )?
            .query_row(values, |row| row.get(0))
            .optional()?;
        let seq = match known {
            Some(seq) => seq,
            None => to
                .prepare_cached(
                    "INSERT INTO resource (account, arn, type, region, name)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .insert(values)?,
        };
        let number = small(seq)?;
        if self.resources.len() >= REMEMBERED {
            self.resources.clear();
        }
        self.resources.insert(name, number);
        Ok(number)
    }

    /// The number of the part that the verdict is about, or 0 for the whole.
    pub(super) fn part(&mut self, to: &Connection, verdict: &Verdict) -> Result<u32> {
        let Some(key) = verdict.subject.key.as_deref().filter(|key| !key.is_empty()) else {
            return Ok(0);
        };
        if let Some(number) = self.parts.get(key) {
            return Ok(*number);
        }
        let known: Option<i64> = to
            .prepare_cached("SELECT seq FROM part WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let seq = match known {
            Some(seq) => seq,
            None => to.prepare_cached("INSERT INTO part (key) VALUES (?1)")?.insert([key])?,
        };
        let number = small(seq)?;
        if self.parts.len() >= REMEMBERED {
            self.parts.clear();
        }
        self.parts.insert(key.to_owned(), number);
        Ok(number)
    }
}

/// A number of the file, as lists of references keep it.
pub(super) fn small(seq: i64) -> Result<u32> {
    u32::try_from(seq).map_err(|_| {
        HistoryError::Damaged(format!("{seq} is more than a history can count; start a new one"))
    })
}

//! Suppressions in the file. They are never deleted: a scan of the past is
//! shown with the suppressions of its time. Every change lands in the trail.

use super::error::{HistoryError, Result};
use super::store::{History, write_transaction};
use super::{event, time};
use crate::findings::{Suppression, Suppressions, Target};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use uuid::Uuid;

impl History {
    /// Every suppression that ever was, in the order of their ids.
    pub fn suppressions(&self) -> Result<Suppressions> {
        all(&self.connection)
    }

    /// Writes a suppression, and notes it in the trail.
    pub fn suppress(&mut self, suppression: &Suppression) -> Result<()> {
        // Refuses a malformed glob before it is stored.
        Suppressions::new(vec![suppression.clone()])?;
        let transaction = write_transaction(&mut self.connection)?;
        add(&transaction, suppression)?;
        transaction.commit()?;
        Ok(())
    }

    /// Takes a suppression back, and notes it in the trail; whether there was
    /// one of that id that was not taken back before.
    pub fn remove_suppression(&mut self, id: &str, at: Timestamp, by: &str) -> Result<bool> {
        let transaction = write_transaction(&mut self.connection)?;
        let removed = remove(&transaction, id, at, by)?;
        transaction.commit()?;
        Ok(removed)
    }

    /// Makes the suppressions of a file under version control the ones that
    /// hold: those that are new in `list` are added, those that are missing
    /// are taken back. `list` needs no ids; `id` makes them. Each of `list`
    /// has to name `file`.
    pub fn sync_suppressions(
        &mut self,
        file: &str,
        list: Vec<Suppression>,
        at: Timestamp,
        by: &str,
        mut id: impl FnMut() -> Uuid,
    ) -> Result<()> {
        Suppressions::new(list.clone())?;
        let transaction = write_transaction(&mut self.connection)?;
        let mut held: Vec<Suppression> = read(&transaction)?
            .into_iter()
            .filter(|s| s.file.as_deref() == Some(file) && s.removed_at.is_none())
            .collect();
        for wanted in list {
            match held.iter().position(|held| same(held, &wanted)) {
                Some(position) => {
                    held.swap_remove(position);
                }
                None => add(&transaction, &Suppression { id: id().to_string(), ..wanted })?,
            }
        }
        held.sort_by(|a, b| a.id.cmp(&b.id));
        for missing in held {
            remove(&transaction, &missing.id, at, by)?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// Whether two suppressions say the same.
fn same(a: &Suppression, b: &Suppression) -> bool {
    let says = |s: &Suppression| {
        (s.target.clone(), s.tenant.clone(), s.reason.clone(), s.until, s.owner.clone())
    };
    says(a) == says(b)
}

/// Every suppression, ready to be matched.
pub(super) fn all(file: &Connection) -> Result<Suppressions> {
    Ok(Suppressions::new(read(file)?)?)
}

fn add(file: &Connection, suppression: &Suppression) -> Result<()> {
    let (fingerprint, uid, resource) = match &suppression.target {
        Target::Finding(fingerprint) => (Some(fingerprint), None, None),
        Target::Rule { uid, resource } => (None, Some(uid), resource.as_ref()),
    };
    file.execute(
        "INSERT INTO suppression (id, fingerprint, rule_uid, resource, tenant, reason, until, owner,
                                  file, created_at, created_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            suppression.id,
            fingerprint,
            uid,
            resource,
            suppression.tenant,
            suppression.reason,
            suppression.until.to_string(),
            suppression.owner,
            suppression.file,
            time::micros(suppression.created_at),
            suppression.created_by
        ],
    )?;
    let data = json!({ "from": null, "to": describe(suppression) });
    let at = time::micros(suppression.created_at);
    event::append(file, at, &suppression.created_by, "suppression_added", &data)
}

fn remove(file: &Connection, id: &str, at: Timestamp, by: &str) -> Result<bool> {
    let held = read(file)?.into_iter().find(|s| s.id == id && s.removed_at.is_none());
    let Some(held) = held else { return Ok(false) };
    file.execute(
        "UPDATE suppression SET removed_at = ?2, removed_by = ?3 WHERE id = ?1",
        params![id, time::micros(at), by],
    )?;
    let data = json!({ "from": describe(&held), "to": null });
    event::append(file, time::micros(at), by, "suppression_removed", &data)?;
    Ok(true)
}

fn describe(suppression: &Suppression) -> Value {
    let (fingerprint, uid, resource) = match &suppression.target {
        Target::Finding(fingerprint) => (Some(fingerprint), None, None),
        Target::Rule { uid, resource } => (None, Some(uid), resource.as_ref()),
    };
    json!({
        "id": suppression.id,
        "fingerprint": fingerprint,
        "rule_uid": uid,
        "resource": resource,
        "tenant": suppression.tenant,
        "reason": suppression.reason,
        "until": suppression.until.to_string(),
        "owner": suppression.owner,
        "file": suppression.file,
    })
}

fn read(file: &Connection) -> Result<Vec<Suppression>> {
    let mut statement = file.prepare_cached(
        "SELECT id, fingerprint, rule_uid, resource, tenant, reason, until, owner, file,
                created_at, created_by, removed_at, removed_by
         FROM suppression ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let until: String = row.get(6)?;
        let target = match (row.get(1)?, row.get(2)?) {
            (Some(fingerprint), _) => Target::Finding(fingerprint),
            (None, Some(uid)) => Target::Rule { uid, resource: row.get(3)? },
            (None, None) => {
                return Err(HistoryError::Damaged("a suppression hides nothing".to_owned()));
            }
        };
        list.push(Suppression {
            id: row.get(0)?,
            target,
            tenant: row.get(4)?,
            reason: row.get(5)?,
            until: until
                .parse::<Date>()
                .map_err(|error| HistoryError::Damaged(format!("`{until}`: {error}")))?,
            owner: row.get(7)?,
            file: row.get(8)?,
            created_at: time::timestamp(row.get(9)?)?,
            created_by: row.get(10)?,
            removed_at: time::maybe_timestamp(row.get(11)?)?,
            removed_by: row.get(12)?,
        });
    }
    Ok(list)
}

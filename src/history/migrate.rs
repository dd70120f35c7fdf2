//! The schema over time. A migration that has shipped is never edited.

use super::error::{HistoryError, Result};
use rusqlite::{Connection, TransactionBehavior, params};
use std::path::Path;
use uuid::Uuid;

/// Each takes the schema from its position to the next.
const MIGRATIONS: &[&str] =
    &[include_str!("migrations/0001_first.sql"), include_str!("migrations/0002_finding_span.sql")];

/// `cspm` in ASCII: marks our files (`PRAGMA application_id`).
const APPLICATION_ID: i64 = 0x6373_706d;

/// Brings a file to the newest schema. A new file gets `origin` as its id.
/// Several processes may do this at once.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    origin: Uuid,
    now: i64,
) -> Result<()> {
    migrate_with(connection, path, origin, now, MIGRATIONS)
}

/// The schema of a file, 0 for an empty one.
///
/// # Errors
/// It is somebody else's, or newer than we know.
pub(super) fn version(connection: &Connection, path: &Path) -> Result<i64> {
    check(connection, path, i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))
}

fn migrate_with(
    connection: &mut Connection,
    path: &Path,
    origin: Uuid,
    now: i64,
    migrations: &[&str],
) -> Result<()> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if check(connection, path, known)? == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = check(&transaction, path, known)?;
    let first = usize::try_from(found).unwrap_or(0);
    for migration in migrations.iter().skip(first) {
        transaction.execute_batch(migration)?;
    }
    if found == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.execute(
            "INSERT INTO origin (id, here, created_at) VALUES (?1, 1, ?2)",
            params![origin.to_string(), now],
        )?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

/// The schema of a file, 0 for an empty one; refuses files of others and of
/// newer versions.
fn check(connection: &Connection, path: &Path, known: i64) -> Result<i64> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let not_ours = || HistoryError::NotAHistory { path: path.to_owned() };
    let found = pragma("user_version").map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => not_ours(),
        _ => error.into(),
    })?;
    let application = pragma("application_id")?;
    let empty: bool =
        connection
            .query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
    match (application, found, empty) {
        (0, 0, true) => Ok(0),
        (APPLICATION_ID, found, _) if found > known => {
            Err(HistoryError::Newer { path: path.to_owned(), found, known })
        }
        (APPLICATION_ID, 1.., _) => Ok(found),
        _ => Err(not_ours()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn at_version(version: usize) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_with(&mut connection, Path::new("old"), Uuid::nil(), 1, &MIGRATIONS[..version])
            .unwrap();
        connection
    }

    #[test]
    fn every_old_schema_becomes_the_newest() {
        let newest = schema(&at_version(MIGRATIONS.len()));
        for version in 1..=MIGRATIONS.len() {
            let mut connection = at_version(version);
            migrate(&mut connection, Path::new("old"), Uuid::max(), 2).unwrap();
            assert_eq!(schema(&connection), newest, "from schema {version}");
            let origin: String =
                connection.query_row("SELECT id FROM origin", [], |row| row.get(0)).unwrap();
            assert_eq!(origin, Uuid::nil().to_string(), "the file keeps its origin");
        }
    }

    #[test]
    fn a_newer_file_is_refused() {
        let mut connection = at_version(1);
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = migrate(&mut connection, Path::new("h.db"), Uuid::nil(), 1).unwrap_err();
        assert!(matches!(error, HistoryError::Newer { found: 99, .. }));
        assert!(error.to_string().contains("h.db has schema 99"));
    }

    #[test]
    fn a_foreign_database_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE other (x)").unwrap();
        let error = migrate(&mut connection, Path::new("h.db"), Uuid::nil(), 1).unwrap_err();
        assert!(matches!(error, HistoryError::NotAHistory { .. }));
        assert_eq!(schema(&connection), ["CREATE TABLE other (x)"]);
    }

    #[test]
    fn a_failed_migration_leaves_the_old_schema() {
        let mut connection = at_version(1);
        let before = schema(&connection);
        let broken = [MIGRATIONS[0], "CREATE TABLE fresh (x); CREATE TABLE finding (x);"];
        migrate_with(&mut connection, Path::new("h.db"), Uuid::nil(), 1, &broken).unwrap_err();
        assert_eq!(schema(&connection), before);
        assert_eq!(check(&connection, Path::new("h.db"), 2).unwrap(), 1);
    }
}

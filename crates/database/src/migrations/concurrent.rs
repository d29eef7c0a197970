//! Indexes of tables that have rows, built beside the writers of a running
//! deployment.
//!
//! The migrations build indexes inside their transaction, where writers wait for
//! them. So before a migration runs, its indexes on tables with rows are built
//! `CONCURRENTLY`, one statement each outside a transaction; the migration finds
//! them and has nothing left to do. What the build of an index leaves behind when
//! it fails or is interrupted is marked invalid by PostgreSQL, and dropped first.

#[cfg(test)]
mod tests;
mod texts;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{Bool, Nullable, Text};

use texts::{INDEXES, Index};

/// Its unique indexes are left out where rows forbid them, so what it does is
/// done here as a whole when there are rows.
const UNIQUE_WHERE_POSSIBLE: &str = "20250711000200";

/// What remains to be done for a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remaining {
    /// To run it; it finds the indexes that are there.
    Run,
    /// To record it.
    Record,
}

/// Drops what interrupted builds of these indexes left behind.
pub(super) fn drop_invalid(conn: &mut PgConnection) -> QueryResult<()> {
    for name in invalid(conn)? {
        let ours = |index: &Index| index.name == name || fallback(&index.name) == name;
        if INDEXES.iter().any(ours) {
            drop_index(conn, &name)?;
        }
    }
    Ok(())
}

/// Builds the indexes of the migration with this version on tables with rows.
pub(super) fn prepare(conn: &mut PgConnection, version: &str) -> QueryResult<Remaining> {
    let mut rows = false;
    for index in INDEXES.iter().filter(|index| index.version == version) {
        if has_rows(conn, &index.table)? {
            rows = true;
            build(conn, index)?;
        }
    }
    if version != UNIQUE_WHERE_POSSIBLE || !rows {
        return Ok(Remaining::Run);
    }
    // The same without rows: what forbids nothing takes no time.
    for index in INDEXES.iter().filter(|index| index.version == version) {
        build(conn, index)?;
    }
    Ok(Remaining::Record)
}

fn build(conn: &mut PgConnection, index: &Index) -> QueryResult<()> {
    let known = indexes(conn)?;
    let there = |name: &str| known.iter().any(|known| known == name);
    if there(&index.name)
        || index.needless_with.is_some_and(there)
        || (index.unique && there(&fallback(&index.name)))
    {
        return Ok(());
    }
    let body = if index.trigram {
        let Some(home) = trigram_home(conn)? else {
            return Ok(());
        };
        index
            .body
            .replace("gin_trgm_ops", &format!("{home}.gin_trgm_ops"))
    } else {
        index.body.clone()
    };
    tracing::info!(
        index = index.name,
        table = index.table,
        "building an index beside the writers"
    );
    let kind = if index.unique {
        "UNIQUE INDEX"
    } else {
        "INDEX"
    };
    let (name, table) = (&index.name, &index.table);
    let built = conn.batch_execute(&format!(
        "CREATE {kind} CONCURRENTLY IF NOT EXISTS {name} ON {table} {body}"
    ));
    let Err(error) = built else {
        return Ok(());
    };
    if invalid(conn)?.contains(name) {
        drop_index(conn, name)?;
    }
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, why) => {
            tracing::warn!(index = name, "left out: {}", why.message());
            // Look-ups still want an index.
            let plain = fallback(name);
            conn.batch_execute(&format!(
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS {plain} ON {table} {body}"
            ))
        }
        // A column that the migration adds itself, mostly: it has its say.
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, why) => {
            tracing::debug!(index = name, "left to its migration: {}", why.message());
            Ok(())
        }
        error => Err(error),
    }
}

/// The index for look-ups in place of a unique one.
fn fallback(name: &str) -> String {
    name.replacen("uk_", "ix_", 1)
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

fn names(conn: &mut PgConnection, query: &str) -> QueryResult<Vec<String>> {
    let names: Vec<Name> = diesel::sql_query(query).load(conn)?;
    Ok(names.into_iter().filter_map(|one| one.name).collect())
}

/// Invalid indexes of our schemas.
pub(super) fn invalid(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    names(
        conn,
        "SELECT c.relname::text AS name \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT i.indisvalid AND n.nspname IN ('pms', 'keymgr')",
    )
}

fn indexes(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    names(
        conn,
        "SELECT indexname::text AS name FROM pg_indexes WHERE schemaname IN ('pms', 'keymgr')",
    )
}

/// Indexes live in the schema of their table.
fn drop_index(conn: &mut PgConnection, name: &str) -> QueryResult<()> {
    let table = INDEXES
        .iter()
        .find(|index| index.name == name || fallback(&index.name) == name);
    let schema = table
        .and_then(|index| index.table.split('.').next())
        .unwrap_or("pms");
    tracing::warn!(
        index = name,
        "dropping what an interrupted build left behind"
    );
    conn.batch_execute(&format!(
        "DROP INDEX CONCURRENTLY IF EXISTS {schema}.{name}"
    ))
}

/// Whether the table is there and has rows.
fn has_rows(conn: &mut PgConnection, table: &str) -> QueryResult<bool> {
    let there: Found = diesel::sql_query("SELECT to_regclass($1) IS NOT NULL AS found")
        .bind::<Text, _>(table)
        .get_result(conn)?;
    if !there.found {
        return Ok(false);
    }
    let rows: Found = diesel::sql_query(format!("SELECT EXISTS (SELECT FROM {table}) AS found"))
        .get_result(conn)?;
    Ok(rows.found)
}

/// The schema of the extension, which is installed if that is allowed.
fn trigram_home(conn: &mut PgConnection) -> QueryResult<Option<String>> {
    let home = "SELECT n.nspname::text AS name FROM pg_extension e \
                JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'";
    if let Some(home) = names(conn, home)?.into_iter().next() {
        return Ok(Some(home));
    }
    // Not allowed, mostly: lists work without.
    let _ = conn.batch_execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
    Ok(names(conn, home)?.into_iter().next())
}

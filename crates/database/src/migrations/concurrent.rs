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

use std::sync::LazyLock;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{Bool, Nullable, Text};

/// Version and text of every migration.
const TEXTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migration_texts.rs"));

/// Its unique indexes are left out where rows forbid them, so what it does is
/// done here as a whole when there are rows.
const UNIQUE_WHERE_POSSIBLE: &str = "20250711000200";

/// Indexes that are made under a condition: version, name, table, the rest, and
/// the index that makes them needless.
const CONDITIONAL: [(&str, &str, &str, &str, &str); 2] = [
    (
        "20250711000800",
        "ix_ddsbi_device",
        "pms.device_detail_sbi",
        "(device_detail_id, sbi_id)",
        "uk_ddsbi_device_sbi",
    ),
    (
        "20250711000800",
        "ix_user_details_user",
        "pms.user_details",
        "(user_id)",
        "uk_user_details_user",
    ),
];

/// An index as a migration makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Index {
    version: &'static str,
    name: String,
    /// `schema.table`.
    table: String,
    /// What stands behind the table.
    body: String,
    unique: bool,
    /// Its operator class belongs to the extension `pg_trgm`.
    trigram: bool,
    needless_with: Option<&'static str>,
}

/// What is left of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// To run it; it finds the indexes that are there.
    Run,
    /// To record it.
    Record,
}

static INDEXES: LazyLock<Vec<Index>> = LazyLock::new(|| {
    let mut indexes: Vec<Index> = TEXTS
        .iter()
        .flat_map(|(version, text)| indexes_of(version, text))
        .collect();
    let conditional = CONDITIONAL
        .iter()
        .map(|(version, name, table, body, other)| Index {
            needless_with: Some(*other),
            ..plain(version, name, table, body)
        });
    indexes.extend(conditional);
    // Made by name in a block of its own.
    indexes.push(Index {
        trigram: true,
        ..plain(
            "20250711000350",
            "tx_apol_type",
            "pms.auth_policy",
            "USING gin (lower(policy_type) gin_trgm_ops)",
        )
    });
    indexes
});

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
pub(super) fn prepare(conn: &mut PgConnection, version: &str) -> QueryResult<Left> {
    let mut rows = false;
    for index in INDEXES.iter().filter(|index| index.version == version) {
        if has_rows(conn, &index.table)? {
            rows = true;
            build(conn, index)?;
        }
    }
    if version != UNIQUE_WHERE_POSSIBLE || !rows {
        return Ok(Left::Run);
    }
    // The same without rows: what forbids nothing takes no time.
    for index in INDEXES.iter().filter(|index| index.version == version) {
        build(conn, index)?;
    }
    Ok(Left::Record)
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

/// The indexes that the text of a migration makes.
fn indexes_of(version: &'static str, text: &'static str) -> Vec<Index> {
    let without_comments: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for (number, part) in without_comments.split("$$").enumerate() {
        // Every second part is the body of a block.
        if number % 2 == 0 {
            found.extend(part.split(';').filter_map(|one| statement(version, one)));
        } else {
            found.extend(listed(version, part));
        }
    }
    found
}

/// `CREATE [UNIQUE] INDEX IF NOT EXISTS name ON schema.table …`
fn statement(version: &'static str, statement: &str) -> Option<Index> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let text = words.join(" ");
    let (unique, rest) = match text.strip_prefix("CREATE UNIQUE INDEX IF NOT EXISTS ") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("CREATE INDEX IF NOT EXISTS ")?),
    };
    let (name, rest) = rest.split_once(" ON ")?;
    let (table, body) = rest.split_once(' ')?;
    Some(Index {
        unique,
        ..plain(version, name, table, body)
    })
}

/// The rows of a block's list: `('tx_…', 'table', 'column')` for a trigram index,
/// `('uk_…', 'table (columns)')` for a unique one.
fn listed(version: &'static str, block: &str) -> Vec<Index> {
    let rows = block.lines().filter_map(|line| {
        let row = line.trim().trim_end_matches(',').strip_prefix('(')?;
        let row: Vec<&str> = row
            .strip_suffix(')')?
            .split("', '")
            .map(|value| value.trim_matches('\''))
            .collect();
        match row.as_slice() {
            [name, table, column] if name.starts_with("tx_") => Some(Index {
                trigram: true,
                ..plain(
                    version,
                    name,
                    &format!("pms.{table}"),
                    &format!("USING gin (lower({column}) gin_trgm_ops)"),
                )
            }),
            [name, place] if name.starts_with("uk_") => {
                let (table, columns) = place.split_once(' ')?;
                Some(Index {
                    unique: true,
                    ..plain(version, name, &format!("pms.{table}"), columns)
                })
            }
            _ => None,
        }
    });
    rows.collect()
}

fn plain(version: &'static str, name: &str, table: &str, body: &str) -> Index {
    Index {
        version,
        name: name.to_owned(),
        table: table.to_owned(),
        body: body.to_owned(),
        unique: false,
        trigram: false,
        needless_with: None,
    }
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
fn invalid(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
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

//! Whether a service can work with its database, checked before it says "ready".

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::migrations::{self, MigrationError};
use crate::pool;

/// The tables as the code reads them.
const SCHEMA: &str = include_str!("schema.rs");

/// What keeps a service from starting: the fault and its cure, for people.
/// Nothing of the connection string but names is in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// libpq can't make sense of it.
    #[error("{0} Correct database.url")]
    ConnectionString(String),
    /// The role or its password is wrong.
    #[error("{0}. Create the role, or correct user and password in database.url")]
    Login(String),
    /// No server, or none that takes connections.
    #[error("{0}. Check host and port in database.url, and whether PostgreSQL runs")]
    Unreachable(String),
    /// The server has no such database.
    #[error("{0}. Create the database, then run `pms migrate`")]
    NoDatabase(String),
    /// Migrations are left to do.
    #[error("the schema is not up to date: {first} is pending ({count} in all). Run `pms migrate`")]
    NotMigrated {
        /// The first version that is missing.
        first: String,
        /// How many there are.
        count: usize,
    },
    /// A table that the services read was removed, `schema.table`.
    #[error("table {0} is missing although the schema is migrated. Restore it from a backup")]
    MissingTable(String),
    /// A column that the services read was removed, `schema.table.column`.
    #[error(
        "column {0} is missing although the schema is migrated. Add it again, as the migrations make it"
    )]
    MissingColumn(String),
    /// A column can't be read or written as the services do: what it is, and why.
    #[error("{0}. Give the column a default, or the type that the migrations give it")]
    Layout(String),
    /// The account has no rights on a table, `schema.table`.
    #[error(
        "the account of database.url may not read {0}. Run `pms migrate` as the owner, which grants it"
    )]
    Forbidden(String),
    /// A statement failed.
    #[error("{0}. Look into the log of PostgreSQL")]
    Statement(String),
}

impl NotReady {
    /// Whether waiting can help: a server that starts, a database that is being
    /// made, migrations that run.
    pub const fn may_recover(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_) | Self::NoDatabase(_) | Self::NotMigrated { .. }
        )
    }
}

/// Looks whether the database at `url` is there.
///
/// # Errors
/// The first thing that is wrong.
pub fn reach(url: &str) -> Result<(), NotReady> {
    open(url).map(drop)
}

/// Looks whether the services can work with the database at `url`. Changes
/// nothing.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(url: &str) -> Result<(), NotReady> {
    let mut conn = open(url)?;
    let pending = migrations::pending_on(&mut conn).map_err(|error| match error {
        MigrationError::Connection(error) => refused(&error.to_string()),
        other => NotReady::Statement(other.to_string()),
    })?;
    if let Some(first) = pending.first() {
        return Err(NotReady::NotMigrated {
            first: first.clone(),
            count: pending.len(),
        });
    }
    complete(&mut conn)?;
    migrations::check_layout(&mut conn).map_err(|error| match error {
        MigrationError::Layout(problem) => NotReady::Layout(problem.to_string()),
        other => NotReady::Statement(other.to_string()),
    })
}

fn open(url: &str) -> Result<PgConnection, NotReady> {
    let url = pool::with_parameters(url, &[("connect_timeout", "3")]);
    PgConnection::establish(&url)
        .map_err(|error| refused(&pool::without_secrets(error).to_string()))
}

/// diesel shows no SQLSTATE of a refused connection, so the server's text decides;
/// in another language than English it counts as a server that may come.
fn refused(text: &str) -> NotReady {
    let line = text.trim().replace('\n', " ");
    let has = |part: &str| line.contains(part);
    if has(pool::UNUSABLE) {
        NotReady::ConnectionString(line)
    } else if has("password authentication failed")
        || has("no password supplied")
        || has("no pg_hba.conf entry")
        || (has("FATAL:  role \"") && has("does not exist"))
        || has("is not permitted to log in")
    {
        NotReady::Login(line)
    } else if has("FATAL:  database \"") && has("does not exist") {
        NotReady::NoDatabase(line)
    } else {
        NotReady::Unreachable(line)
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    readable: bool,
}

/// Compares what is there with what the code reads.
fn complete(conn: &mut PgConnection) -> Result<(), NotReady> {
    let found: Vec<Found> = diesel::sql_query(
        "SELECT n.nspname || '.' || c.relname AS place, a.attname::text AS name, \
                has_table_privilege(c.oid, 'SELECT') AS readable \
         FROM pg_attribute a \
         JOIN pg_class c ON c.oid = a.attrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname IN ('pms', 'keymgr') AND c.relkind IN ('r', 'p', 'v') \
           AND a.attnum > 0 AND NOT a.attisdropped",
    )
    .load(conn)
    .map_err(|error| NotReady::Statement(error.to_string()))?;
    let mut tables: HashMap<&str, HashSet<&str>> = HashMap::new();
    for column in &found {
        tables
            .entry(&column.place)
            .or_default()
            .insert(&column.name);
    }
    for (table, column) in EXPECTED.iter() {
        let Some(columns) = tables.get(table) else {
            return Err(NotReady::MissingTable((*table).to_owned()));
        };
        if !columns.contains(column) {
            return Err(NotReady::MissingColumn(format!("{table}.{column}")));
        }
    }
    // Not every service has to do with keys.
    let forbidden = found.iter().find(|column| {
        !column.readable && EXPECTED.iter().any(|(table, _)| *table == column.place)
    });
    match forbidden {
        Some(column) if column.place.starts_with("pms.") => {
            Err(NotReady::Forbidden(column.place.clone()))
        }
        _ => Ok(()),
    }
}

/// `schema.table` and column, as `schema.rs` declares them.
static EXPECTED: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| declared(SCHEMA));

fn declared(schema: &str) -> Vec<(&str, &str)> {
    let mut columns = Vec::new();
    let mut table = None;
    for line in schema.lines().map(str::trim) {
        if line.starts_with("//") || line.starts_with('#') {
            continue;
        }
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = Some(name);
        } else if line == "}" {
            table = None;
        } else if let (Some(table), Some((column, _))) = (table, line.split_once(" -> ")) {
            columns.push((table, column));
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_all_tables_are_read() {
        let tables: HashSet<_> = EXPECTED.iter().map(|(table, _)| *table).collect();

        assert_eq!(tables.len(), SCHEMA.matches("diesel::table! {").count());
        assert!(EXPECTED.contains(&("pms.partner", "email_id_hash")));
        assert!(EXPECTED.contains(&("pms.outbox", "order_key")));
    }

    #[test]
    fn waiting_helps_only_against_what_can_change_by_itself() {
        let server = "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  ";
        let cases = [
            ("role \"anna\" does not exist", false),
            ("password authentication failed for user \"anna\"", false),
            ("database \"mosip_pms\" does not exist", true),
            ("the database system is starting up", true),
        ];

        for (text, heals) in cases {
            assert_eq!(
                refused(&format!("{server}{text}")).may_recover(),
                heals,
                "{text}"
            );
        }
    }
}

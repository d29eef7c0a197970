//! What is in a database before it is migrated, and whether we can work with it.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::MigrationError;

/// Tables and columns that an adopted database must have.
const LAYOUT: &str = include_str!("layout.txt");

/// Whose database it was before a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Without tables of ours.
    Empty,
    /// Made by the reference.
    Adopted,
    /// Migrated by us before.
    Own,
}

/// Why the tables in a database can't be adopted. Columns are `table.column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayoutProblem {
    /// The layout is older than line 1.2.0.1: this column is missing.
    MissingColumn(String),
    /// A column has a type that the services can't read.
    OtherType {
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// A column we don't know must have a value: the layout is newer than ours.
    UnknownColumn(String),
}

impl std::fmt::Display for LayoutProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MissingColumn(column) => write!(
                f,
                "its layout is older than 1.2.0.1, column pms.{column} is missing; \
                 run the reference's upgrade scripts first"
            ),
            Self::OtherType { column, found } => {
                write!(f, "column pms.{column} has the unexpected type {found}")
            }
            Self::UnknownColumn(column) => write!(
                f,
                "its layout is newer than 1.3.0-beta.1, column pms.{column} needs a value"
            ),
        }
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = Text)]
    is_nullable: String,
    #[diesel(sql_type = Nullable<Text>)]
    column_default: Option<String>,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Tells whose database it is.
///
/// # Errors
/// [`MigrationError::Layout`] when its tables can't be adopted.
pub(super) fn examine(conn: &mut PgConnection) -> Result<Origin, MigrationError> {
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text, \
                column_default::text \
         FROM information_schema.columns WHERE table_schema = 'pms'",
    )
    .load(conn)?;
    let expected = Expected::read();
    if !columns
        .iter()
        .any(|column| expected.tables.contains_key(column.table_name.as_str()))
    {
        return Ok(Origin::Empty);
    }
    expected.check(&columns).map_err(MigrationError::Layout)?;
    let base = super::versions()?.into_iter().next().unwrap_or_default();
    let own = applied(conn)?.contains(&base);
    Ok(if own { Origin::Own } else { Origin::Adopted })
}

/// Versions that were applied before; none when the database was never migrated.
pub(super) fn applied(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let table: Vec<Name> = diesel::sql_query(
        "SELECT 'found' AS name WHERE to_regclass('public.__diesel_schema_migrations') IS NOT NULL",
    )
    .load(conn)?;
    if table.is_empty() {
        return Ok(Vec::new());
    }
    let versions: Vec<Name> =
        diesel::sql_query("SELECT version::text AS name FROM public.__diesel_schema_migrations")
            .load(conn)?;
    Ok(versions.into_iter().map(|version| version.name).collect())
}

/// Names of all indexes in schema `pms`.
pub(super) fn indexes(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let names: Vec<Name> = diesel::sql_query(
        "SELECT indexname::text AS name FROM pg_indexes WHERE schemaname = 'pms'",
    )
    .load(conn)?;
    Ok(names.into_iter().map(|index| index.name).collect())
}

/// The layout file, in its order.
struct Expected {
    columns: Vec<ExpectedColumn>,
    /// Whether each table may be missing.
    tables: HashMap<&'static str, bool>,
}

struct ExpectedColumn {
    table: &'static str,
    name: &'static str,
    kind: &'static str,
    optional: bool,
}

impl Expected {
    fn read() -> Self {
        let mut expected = Self {
            columns: Vec::new(),
            tables: HashMap::new(),
        };
        let mut table = "";
        for line in LAYOUT
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
        {
            let optional = line.ends_with(" ?");
            let mut words = line.split_whitespace();
            let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            if line.starts_with(' ') {
                expected.columns.push(ExpectedColumn {
                    table,
                    name: first,
                    kind: second,
                    optional,
                });
            } else {
                table = first;
                expected.tables.insert(first, optional);
            }
        }
        expected
    }

    fn check(&self, found: &[Column]) -> Result<(), LayoutProblem> {
        let by_name: HashMap<_, _> = found
            .iter()
            .map(|column| {
                (
                    (column.table_name.as_str(), column.column_name.as_str()),
                    column,
                )
            })
            .collect();
        let has_table = |table: &str| found.iter().any(|column| column.table_name == table);
        for column in &self.columns {
            let name = format!("{}.{}", column.table, column.name);
            let table_may_miss = self.tables.get(column.table).copied().unwrap_or(false);
            match by_name.get(&(column.table, column.name)) {
                Some(found) if !readable(column.kind, &found.data_type) => {
                    return Err(LayoutProblem::OtherType {
                        column: name,
                        found: found.data_type.clone(),
                    });
                }
                Some(_) => {}
                None if column.optional || (table_may_miss && !has_table(column.table)) => {}
                None => return Err(LayoutProblem::MissingColumn(name)),
            }
        }
        self.check_unknown(found)
    }

    /// Columns that our inserts would leave empty although they must not be.
    fn check_unknown(&self, found: &[Column]) -> Result<(), LayoutProblem> {
        let known = |column: &Column| {
            self.columns.iter().any(|expected| {
                expected.table == column.table_name && expected.name == column.column_name
            })
        };
        let unknown = found.iter().find(|column| {
            self.tables.contains_key(column.table_name.as_str())
                && column.is_nullable == "NO"
                && column.column_default.is_none()
                && !known(column)
        });
        match unknown {
            Some(column) => Err(LayoutProblem::UnknownColumn(format!(
                "{}.{}",
                column.table_name, column.column_name
            ))),
            None => Ok(()),
        }
    }
}

/// Whether the services can read a column of type `found` as a `kind`.
fn readable(kind: &str, found: &str) -> bool {
    match kind {
        "varchar" => matches!(found, "character varying" | "text" | "character"),
        "timestamp" => matches!(
            found,
            "timestamp without time zone" | "timestamp with time zone"
        ),
        other => found == other,
    }
}

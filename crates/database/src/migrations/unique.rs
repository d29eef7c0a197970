//! Unique constraints and indexes that rows of an adopted database may forbid. Every run
//! tries those that are missing, beside the writers: the rows may have gone meanwhile.

use std::sync::LazyLock;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::{MigrationError, concurrent, connect, layout};

/// The list, in the form that psql runs.
const TEXT: &str = include_str!("unique.sql");

/// A unique constraint or index that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why it is not there.
    pub why: Why,
}

/// Why a unique constraint or index is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Rows of this table have the same values in these columns.
    Rows {
        /// `schema.table`.
        table: String,
        /// In brackets, and which rows count, as SQL.
        columns: String,
    },
    /// The account may not make it, so it was not tried.
    NotTried,
    /// The database said something else.
    Failed(String),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rows { table, columns } => {
                write!(f, "rows of {table} have the same values in {columns}")
            }
            Self::NotTried => f.write_str("this account may not make it"),
            Self::Failed(why) => f.write_str(why),
        }
    }
}

/// A unique constraint or index as the list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unique {
    name: &'static str,
    /// `schema.table`.
    table: String,
    columns: String,
    is_constraint: bool,
    /// Indexes for look-ups, made where it is left out.
    stand_ins: Vec<&'static str>,
}

static LIST: LazyLock<Vec<Unique>> = LazyLock::new(|| TEXT.lines().filter_map(listed).collect());

/// `('name', 'table', 'columns', 'kind', 'stand-ins')`
fn listed(line: &'static str) -> Option<Unique> {
    let row = line.trim().trim_end_matches(',').strip_prefix("('")?;
    let values: Vec<&str> = row.strip_suffix("')")?.split("', '").collect();
    let [name, table, columns, kind, stand_ins] = values.try_into().ok()?;
    Some(Unique {
        name,
        table: format!("pms.{table}"),
        columns: columns.replace("''", "'"),
        is_constraint: kind == "constraint",
        stand_ins: stand_ins.split_whitespace().collect(),
    })
}

/// Names of the unique constraints and indexes that are missing from the migrated database
/// at `url`. Changes nothing, and needs only the rights of the services.
///
/// # Errors
/// [`MigrationError::Connection`] and [`MigrationError::Statement`].
pub fn left_out(url: &str) -> Result<Vec<String>, MigrationError> {
    let missing = missing(&mut connect(url)?)?;
    Ok(missing.iter().map(|one| one.name.to_owned()).collect())
}

/// What is missing, without an attempt to make it.
pub(super) fn not_tried(conn: &mut PgConnection) -> QueryResult<Vec<LeftOut>> {
    let missing = missing(conn)?.into_iter();
    let not_tried = missing.map(|one| LeftOut {
        name: one.name.to_owned(),
        why: Why::NotTried,
    });
    Ok(not_tried.collect())
}

/// Makes what is missing, and tells what can't be made and why.
pub(super) fn complete(conn: &mut PgConnection) -> QueryResult<Vec<LeftOut>> {
    let mut left_out = Vec::new();
    for unique in missing(conn)? {
        let Some(why) = make(conn, unique)? else {
            tracing::info!(index = unique.name, "made, since the rows allow it now");
            continue;
        };
        tracing::warn!(index = unique.name, "left out: {why}");
        left_out.push(LeftOut {
            name: unique.name.to_owned(),
            why,
        });
    }
    Ok(left_out)
}

/// What an interrupted build left behind is as good as missing.
fn missing(conn: &mut PgConnection) -> QueryResult<Vec<&'static Unique>> {
    let (there, invalid) = (layout::indexes(conn)?, concurrent::invalid(conn)?);
    let is_there = |one: &&Unique| {
        there.iter().any(|name| name == one.name) && !invalid.iter().any(|name| name == one.name)
    };
    Ok(LIST.iter().filter(|one| !is_there(one)).collect())
}

fn make(conn: &mut PgConnection, unique: &Unique) -> QueryResult<Option<Why>> {
    let Unique { name, table, .. } = unique;
    let columns = &unique.columns;
    let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS pms.{name}");
    conn.batch_execute(&drop)?;
    let built = conn.batch_execute(&format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} {columns}"
    ));
    let made = match built {
        Ok(()) if unique.is_constraint => conn.batch_execute(&format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"
        )),
        other => other,
    };
    match made {
        Ok(()) => {}
        Err(DieselError::DatabaseError(kind, why)) => {
            conn.batch_execute(&drop)?;
            return Ok(Some(match kind {
                DatabaseErrorKind::UniqueViolation => Why::Rows {
                    table: table.clone(),
                    columns: columns.clone(),
                },
                _ => Why::Failed(why.message().to_owned()),
            }));
        }
        Err(error) => return Err(error),
    }
    for stand_in in &unique.stand_ins {
        conn.batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS pms.{stand_in}"))?;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_read() {
        assert_eq!(LIST.len(), TEXT.matches("            ('u").count());
        let of = |name: &str| LIST.iter().find(|one| one.name == name).unwrap();

        assert!(of("uk_polg").is_constraint);
        assert_eq!(
            *of("uk_ddsbi_device_sbi"),
            Unique {
                name: "uk_ddsbi_device_sbi",
                table: "pms.device_detail_sbi".to_owned(),
                columns: "(device_detail_id, sbi_id)".to_owned(),
                is_constraint: false,
                stand_ins: vec!["ix_ddsbi_device_sbi", "ix_ddsbi_device"],
            }
        );
        let live = &of("uk_devdtl_make_model_approval_status").columns;
        assert!(live.contains("approval_status <> 'rejected' AND"), "{live}");
    }
}

//! What a migration found and did.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::MigrationError;
use super::layout::{self, Origin};
use super::unique::LeftOut;
use crate::functions::lower;
use crate::schema::partner;

/// Unique constraints that 1.2.2.0 replaced by partial indexes.
const STRICTER: [&str; 2] = ["uk_devdtl_id", "uk_fcdtl_id"];

/// What [`super::migrate`] found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// Whose database it was before.
    pub origin: Origin,
    /// Versions applied now, in order; empty when nothing was left to do.
    pub applied: Vec<String>,
    /// Unique constraints and indexes that are not there, because rows forbid them
    /// mostly. Advisory locks hold their uniqueness for new rows; the next run after the
    /// duplicates are gone makes them.
    pub left_out: Vec<LeftOut>,
    /// Partners whose `user_id` is not their `id`, ignoring case: they belong to
    /// that user alone. Nothing is rewritten.
    pub owned_by_others: OwnedByOthers,
    /// Constraints of the lines 1.2.0.1 and 1.2.1.0 that forbid devices and chips
    /// which later lines allow. They stay: dropping them is no addition.
    pub stricter: Vec<String>,
    /// Whether substring filters have trigram indexes (extension `pg_trgm`).
    pub trigram_indexes: bool,
}

/// Partners that belong to another user than the one that is named like them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnedByOthers {
    /// How many there are.
    pub count: i64,
    /// `id` and `user_id` of the first of them, by id.
    pub first: Vec<(String, String)>,
}

/// Looks at the migrated database.
pub(super) fn report(
    conn: &mut PgConnection,
    origin: Origin,
    applied: Vec<String>,
    left_out: Vec<LeftOut>,
) -> Result<MigrationReport, MigrationError> {
    let mut stricter = layout::indexes(conn)?;
    stricter.retain(|index| STRICTER.contains(&index.as_str()));
    stricter.sort();
    Ok(MigrationReport {
        origin,
        applied,
        left_out,
        owned_by_others: owned_by_others(conn)?,
        stricter,
        trigram_indexes: index_exists(conn, "tx_part_name")?,
    })
}

/// At most so many are named.
const NAMED: i64 = 50;

fn owned_by_others(conn: &mut PgConnection) -> QueryResult<OwnedByOthers> {
    // An empty owner is none: then the id counts.
    let others = || {
        partner::table
            .filter(lower(partner::user_id).ne(lower(partner::id)))
            .filter(partner::user_id.ne(""))
    };
    Ok(OwnedByOthers {
        count: others().count().get_result(conn)?,
        first: others()
            .order(partner::id)
            .limit(NAMED)
            .select((partner::id, partner::user_id))
            .load(conn)?,
    })
}

fn index_exists(conn: &mut PgConnection, name: &str) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        found: bool,
    }
    let found: Found = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM pg_indexes WHERE schemaname = 'pms' AND indexname = $1) \
         AS found",
    )
    .bind::<Text, _>(name)
    .get_result(conn)?;
    Ok(found.found)
}

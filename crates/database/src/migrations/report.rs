//! What a migration found and did.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::MigrationError;
use super::layout::{self, Origin};
use crate::functions::lower;
use crate::schema::partner;

/// Unique constraints and indexes that rows of an adopted database may forbid.
const UNIQUE: [&str; 12] = [
    "uk_polg",
    "uk_apol",
    "uk_apolh",
    "uk_partcnt_idcnt",
    "uk_partcnt_ideml",
    "uk_ppol",
    "uk_misp",
    "uq_oidc_client_public_key",
    "uk_devdtl_make_model_approval_status",
    "uk_fcdtl_make_model_approval_status",
    "uk_ddsbi_device_sbi",
    "uk_user_details_user",
];

/// Unique constraints that 1.2.2.0 replaced by partial indexes.
const STRICTER: [&str; 2] = ["uk_devdtl_id", "uk_fcdtl_id"];

/// What [`super::migrate`] found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// Whose database it was before.
    pub origin: Origin,
    /// Versions applied now, in order; empty when nothing was left to do.
    pub applied: Vec<String>,
    /// Unique indexes that existing rows forbid. Advisory locks hold their
    /// uniqueness for new rows; remove the duplicates and create them by hand.
    pub left_out: Vec<String>,
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
) -> Result<MigrationReport, MigrationError> {
    let mut stricter = layout::indexes(conn)?;
    stricter.retain(|index| STRICTER.contains(&index.as_str()));
    stricter.sort();
    Ok(MigrationReport {
        origin,
        applied,
        left_out: left_out(conn)?,
        owned_by_others: owned_by_others(conn)?,
        stricter,
        trigram_indexes: index_exists(conn, "tx_part_name")?,
    })
}

fn left_out(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let mut missing = Vec::new();
    let present = layout::indexes(conn)?;
    for name in UNIQUE {
        if !present.iter().any(|index| index == name) {
            missing.push(name.to_owned());
        }
    }
    Ok(missing)
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

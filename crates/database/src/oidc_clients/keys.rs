//! Clients by the content of their keys.
//!
//! The id of a client follows from its key, so a second client with the same key
//! has the same id. That is not so for rows that another system or a person wrote:
//! their keys are spelled in any way. So the id that would follow from each stored
//! key is kept beside it, and made up for rows that lack it when a client is
//! created.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::DbError;
use crate::schema::{oidc_client, oidc_client_key};

/// Rows that are looked at in one statement.
const BATCH: i64 = 500;

/// Notes the id that follows from a client's key.
///
/// # Errors
/// When the statement fails.
pub fn note(conn: &mut PgConnection, client_id: &str, derived_id: &str) -> QueryResult<()> {
    diesel::insert_into(oidc_client_key::table)
        .values((
            oidc_client_key::client_id.eq(client_id),
            oidc_client_key::derived_id.eq(derived_id),
        ))
        .on_conflict(oidc_client_key::client_id)
        .do_update()
        .set(oidc_client_key::derived_id.eq(derived_id))
        .execute(conn)?;
    Ok(())
}

/// Notes the ids of all stored keys for which that was not done yet. `derive`
/// makes the id of a key's text; nothing for what is no key.
///
/// # Errors
/// When a statement fails.
pub fn note_missing(
    conn: &mut PgConnection,
    derive: impl Fn(&str) -> Option<String>,
) -> Result<(), DbError> {
    loop {
        let noted = oidc_client_key::table.filter(oidc_client_key::client_id.eq(oidc_client::id));
        let rows: Vec<(String, String)> = oidc_client::table
            .filter(diesel::dsl::not(exists(noted)))
            .select((oidc_client::id, oidc_client::public_key))
            .order(oidc_client::id)
            .limit(BATCH)
            .load(conn)?;
        let derived: Vec<_> = rows
            .iter()
            .map(|(id, key)| {
                let derived = derive(key).unwrap_or_default();
                (
                    oidc_client_key::client_id.eq(id),
                    oidc_client_key::derived_id.eq(derived),
                )
            })
            .collect();
        diesel::insert_into(oidc_client_key::table)
            .values(&derived)
            .on_conflict_do_nothing()
            .execute(conn)?;
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) < BATCH {
            return Ok(());
        }
    }
}

/// Whether a client has this id, or a key from which it follows.
///
/// # Errors
/// When the statement fails.
pub fn is_taken(conn: &mut PgConnection, derived_id: &str) -> QueryResult<bool> {
    let with_key = oidc_client_key::table
        .filter(oidc_client_key::client_id.eq(oidc_client::id))
        .filter(oidc_client_key::derived_id.eq(derived_id));
    let taken = oidc_client::table.filter(oidc_client::id.eq(derived_id).or(exists(with_key)));
    diesel::select(exists(taken)).get_result(conn)
}

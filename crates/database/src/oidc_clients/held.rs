//! Clients that eSignet had before this service asked for them.
//!
//! A question whose answer was lost lets its partner take what eSignet has. That must not
//! hold for a key that eSignet refused before: then the client is another's, or was made by
//! another way, and a lost answer changes nothing about it.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::intents::Intent;
use crate::locks::{self, Lock};
use crate::schema::oidc_client_held as held;

/// Notes that eSignet refused `declared` because it has the client, unless another question
/// about the key is open, which may have made it. `false` when nothing is noted, or it was
/// noted before. It holds the key's lock until the transaction ends.
///
/// # Errors
/// When a statement fails.
pub fn note(conn: &mut PgConnection, declared: &Intent) -> QueryResult<bool> {
    locks::hold(conn, Lock::OidcClient(&declared.client_id))?;
    let noted = diesel::sql_query(
        "INSERT INTO pms.oidc_client_held (client_id, cr_dtimes) \
         SELECT $1, clock_timestamp() AT TIME ZONE 'UTC' \
         WHERE NOT EXISTS (SELECT FROM pms.oidc_client_intent \
           WHERE client_id = $1 AND kind = 'create' AND (rp_id, digest) <> ($2, $3)) \
         ON CONFLICT DO NOTHING",
    )
    .bind::<Text, _>(&declared.client_id)
    .bind::<Text, _>(&declared.rp_id)
    .bind::<Text, _>(&declared.digest)
    .execute(conn)?;
    Ok(noted == 1)
}

/// Takes back what [`note`] has noted a moment ago: eSignet has no such client.
///
/// # Errors
/// When the statement fails.
pub fn take_back(conn: &mut PgConnection, client_id: &str) -> QueryResult<()> {
    forget(conn, client_id)
}

/// Whether eSignet had the client before any question of ours could have made it.
///
/// # Errors
/// When the statement fails.
pub fn is_noted(conn: &mut PgConnection, client_id: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(held::table.find(client_id))).get_result(conn)
}

/// Forgets it: the client is stored by now.
pub(super) fn forget(conn: &mut PgConnection, client_id: &str) -> QueryResult<()> {
    diesel::delete(held::table.find(client_id)).execute(conn)?;
    Ok(())
}

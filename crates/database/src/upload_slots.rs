//! Upload slots at the key manager: who may give it a certificate of a partner now.
//!
//! A key manager of the platform does not lock: two uploads of one partner at
//! once leave it with two current certificates, and it takes none of that
//! partner any more. No transaction may be open while a peer is asked, so a
//! slot is a row with an end of its own, and not a lock.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use crate::DbError;
use crate::schema::certificate_turn;

/// A slot that was taken.
#[derive(Debug, Clone)]
pub struct UploadSlot {
    partner_id: String,
    token: Uuid,
    /// The certificate that the partner had at the slot's beginning.
    pub certificate_alias: Option<String>,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Nullable<Text>)]
    certificate_alias: Option<String>,
}

/// Takes the slot of a partner for `length`; `None` while another upload has it.
///
/// A single statement that commits by itself, and without waiting for the disk:
/// a slot says nothing about the past. Should the server crash before the row is
/// on the disk, nothing is lost but the slot, as if it had ended, and its holder
/// learns that from [`end`], whose transaction does wait for the disk.
///
/// Upload slots begin and end by the database's clock, the one that all processes share.
///
/// # Errors
/// When the statement fails.
pub fn take(
    conn: &mut PgConnection,
    partner_id: &str,
    length: Duration,
) -> Result<Option<UploadSlot>, DbError> {
    let token = Uuid::new_v4();
    let millis = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    // Looks before it inserts: those who wait look often, and the conflict alone
    // would lock the row and write every time.
    let taken: Option<Taken> = diesel::sql_query(
        "WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)) \
         INSERT INTO pms.certificate_turn (partner_id, token, until) \
         SELECT $1, $2, clock_timestamp() AT TIME ZONE 'UTC' + $3 * interval '1 millisecond' \
         FROM unhurried \
         WHERE NOT EXISTS (SELECT FROM pms.certificate_turn held WHERE held.partner_id = $1 \
                             AND held.until >= clock_timestamp() AT TIME ZONE 'UTC') \
         ON CONFLICT (partner_id) DO UPDATE SET token = excluded.token, until = excluded.until \
         WHERE certificate_turn.until < clock_timestamp() AT TIME ZONE 'UTC' \
         RETURNING (SELECT p.certificate_alias FROM pms.partner p \
                    WHERE p.id = certificate_turn.partner_id) AS certificate_alias",
    )
    .bind::<Text, _>(partner_id)
    .bind::<SqlUuid, _>(token)
    .bind::<BigInt, _>(millis)
    .get_result(conn)
    .optional()?;
    Ok(taken.map(|taken| UploadSlot {
        partner_id: partner_id.to_owned(),
        token,
        certificate_alias: taken.certificate_alias,
    }))
}

/// Ends a slot, and tells whether it was still the holder's: what was done under
/// one that passed on may have been overtaken.
///
/// # Errors
/// When the statement fails.
pub fn end(conn: &mut PgConnection, slot: &UploadSlot) -> QueryResult<bool> {
    let mine = certificate_turn::table
        .filter(certificate_turn::partner_id.eq(&slot.partner_id))
        .filter(certificate_turn::token.eq(slot.token));
    Ok(diesel::delete(mine).execute(conn)? == 1)
}

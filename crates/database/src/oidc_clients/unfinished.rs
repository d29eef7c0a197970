//! Questions to eSignet whose call left no outcome: the process was killed, or the
//! answer was lost and the call was not repeated.
//!
//! A registration stands in the same table from before eSignet is asked, and an
//! update too. Behind `busy_until` the call is over.

use std::time::Duration;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Double, Integer, Jsonb, Nullable, Text, Timestamp};
use serde_json::Value;

use super::OidcClient;
use super::intents::{self, Intent};
use crate::Stamp;
use crate::locks::{self, Lock};
use crate::rows::created_by;
use crate::schema::oidc_client_intent as intent;

/// What was asked, as the column has it.
const CREATE: &str = "create";
const UPDATE: &str = "update";
/// An update whose call has ended, and that eSignet may still take.
const LOST: &str = "lost";

/// A question whose call will not finish it any more.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct Unfinished {
    /// Client id.
    #[diesel(sql_type = Text)]
    pub client_id: String,
    /// Partner id.
    #[diesel(sql_type = Text)]
    pub rp_id: String,
    /// SHA-256 of a registration, or the id of an update.
    #[diesel(sql_type = Text)]
    pub digest: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// What ends a registered client at eSignet; nothing in rows of older versions.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub ending: Option<Value>,
}

impl Unfinished {
    /// Whether a stored client was to be updated; otherwise one was to be made.
    pub fn is_update(&self) -> bool {
        self.kind != CREATE
    }

    /// The question, as queues name it.
    pub fn intent(&self) -> Intent {
        Intent {
            client_id: self.client_id.clone(),
            rp_id: self.rp_id.clone(),
            digest: self.digest.clone(),
        }
    }
}

/// Questions that are over for longer than `grace`, at most `most` of them behind
/// `after`. The table holds what is asked now and what never ended: few rows.
///
/// # Errors
/// When the statement fails.
pub fn list(
    conn: &mut PgConnection,
    grace: Duration,
    after: Option<&Unfinished>,
    most: i32,
) -> QueryResult<Vec<Unfinished>> {
    let (client_id, rp_id, digest) = after.map_or(("", "", ""), |last| {
        (&last.client_id, &last.rp_id, &last.digest)
    });
    diesel::sql_query(
        "SELECT client_id, rp_id, digest, kind, ending FROM pms.oidc_client_intent \
         WHERE settled_at IS NULL \
           AND coalesce(busy_until, cr_dtimes) \
             < clock_timestamp() AT TIME ZONE 'UTC' - interval '1 second' * $1 \
           AND (client_id, rp_id, digest) > ($2, $3, $4) \
         ORDER BY client_id, rp_id, digest LIMIT $5",
    )
    .bind::<Double, _>(grace.as_secs_f64())
    .bind::<Text, _>(client_id)
    .bind::<Text, _>(rp_id)
    .bind::<Text, _>(digest)
    .bind::<Integer, _>(most)
    .load(conn)
}

/// Takes a question that [`list`] found: it is marked as settled by the transaction that
/// this is called in. `false` when a call has taken it up or finished it meanwhile,
/// or asks about the same client now. Hold the client's lock.
///
/// # Errors
/// When the statement fails.
pub fn take(conn: &mut PgConnection, found: &Unfinished, grace: Duration) -> QueryResult<bool> {
    let taken = diesel::sql_query(
        "UPDATE pms.oidc_client_intent question \
         SET settled_at = clock_timestamp() AT TIME ZONE 'UTC' \
         WHERE client_id = $1 AND rp_id = $2 AND digest = $3 AND settled_at IS NULL \
           AND coalesce(busy_until, cr_dtimes) \
             < clock_timestamp() AT TIME ZONE 'UTC' - interval '1 second' * $4 \
           AND NOT EXISTS (SELECT FROM pms.oidc_client_intent other \
             WHERE other.client_id = question.client_id \
               AND other.busy_until > clock_timestamp() AT TIME ZONE 'UTC')",
    )
    .bind::<Text, _>(&found.client_id)
    .bind::<Text, _>(&found.rp_id)
    .bind::<Text, _>(&found.digest)
    .bind::<Double, _>(grace.as_secs_f64())
    .execute(conn)?;
    Ok(taken == 1)
}

/// How an update begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Another call updates the client.
    Busy,
    /// It is noted: the client as it is.
    Noted(Box<OidcClient>),
    /// There is no such client, or it was deactivated meanwhile. Nothing is noted.
    Over,
}

/// Notes that eSignet is about to be asked for an update of a stored client, which takes no
/// longer than `lease`. Updates of one client follow each other: each of them sends all
/// details, as the one before left them. It holds the client's lock until the transaction
/// ends.
///
/// # Errors
/// When a statement fails.
pub fn begin_update(
    conn: &mut PgConnection,
    (client_id, call): (&str, &str),
    lease: Duration,
    stamp: &Stamp,
) -> QueryResult<Begun> {
    locks::hold(conn, Lock::OidcClient(client_id))?;
    let running = intent::table
        .filter(intent::client_id.eq(client_id))
        .filter(intent::kind.eq(UPDATE))
        .filter(intent::busy_until.gt(now().nullable()));
    if diesel::select(diesel::dsl::exists(running)).get_result(conn)? {
        return Ok(Begun::Busy);
    }
    // Behind that look: what it does not find any more has stored what is read here.
    let Some(client) = super::find(conn, client_id)?.filter(|client| !client.is_deactivated())
    else {
        return Ok(Begun::Over);
    };
    let until = intents::busy_until(conn, lease)?;
    diesel::insert_into(intent::table)
        .values((
            intent::client_id.eq(client_id),
            intent::rp_id.eq(&client.rp_id),
            intent::digest.eq(call),
            intent::kind.eq(UPDATE),
            intent::busy_until.eq(until),
            created_by!(intent, stamp),
        ))
        .execute(conn)?;
    Ok(Begun::Noted(Box::new(client)))
}

/// Notes that the call of an update has ended without an outcome. eSignet may take the update
/// until its time is over, so it is unfinished until then; but the next update need not wait.
///
/// # Errors
/// When the statement fails.
pub fn lose_update(conn: &mut PgConnection, update: &Intent) -> QueryResult<()> {
    let row = intent::table.find((&update.client_id, &update.rp_id, &update.digest));
    diesel::update(row)
        .set(intent::kind.eq(LOST))
        .execute(conn)?;
    Ok(())
}

/// The time of the database.
fn now() -> SqlLiteral<Timestamp> {
    sql("clock_timestamp() AT TIME ZONE 'UTC'")
}

/// Forgets an update that eSignet refused, or that is stored. No other call has the same id.
///
/// # Errors
/// When the statement fails.
pub fn withdraw_update(conn: &mut PgConnection, update: &Intent) -> QueryResult<()> {
    let row = intent::table.find((&update.client_id, &update.rp_id, &update.digest));
    diesel::delete(row).execute(conn)?;
    Ok(())
}

/// Leaves an update unfinished whose call is over: eSignet has to be given what is stored.
///
/// # Errors
/// When a statement fails.
pub fn leave_update(conn: &mut PgConnection, update: &Intent) -> QueryResult<()> {
    let now = intents::busy_until(conn, Duration::ZERO)?;
    let row = intent::table.find((&update.client_id, &update.rp_id, &update.digest));
    diesel::update(row)
        .set(intent::busy_until.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Forgets the updates of a client whose calls are over, since eSignet is given what
/// is stored. `false`, and nothing is forgotten, while a call updates the client: then
/// it is not known which of the two eSignet took last.
///
/// # Errors
/// When a statement fails.
pub fn end_updates(conn: &mut PgConnection, client_id: &str) -> QueryResult<bool> {
    let updates = || {
        intent::table
            .filter(intent::client_id.eq(client_id.to_owned()))
            .filter(intent::kind.ne(CREATE))
    };
    let busy = updates().filter(intent::busy_until.gt(now().nullable()));
    if diesel::select(diesel::dsl::exists(busy)).get_result(conn)? {
        return Ok(false);
    }
    // One that began since the look is not over.
    let over = intent::busy_until
        .is_null()
        .or(intent::busy_until.le(now().nullable()));
    diesel::delete(updates().filter(over)).execute(conn)?;
    Ok(true)
}

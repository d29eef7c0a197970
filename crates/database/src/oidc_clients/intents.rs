//! Clients that eSignet is about to register, committed before the call.
//!
//! eSignet can't say whose a client is, and public keys are public. So only a call
//! that can show, from before, that the same partner asked for the same client with
//! the same details, and never learned the outcome, may take a client that eSignet
//! already has; and not even that call where eSignet refused the key before ([`held`]).
//! Calls about one key wait for each other: an intent is busy while
//! its call is asking, and unresolved when that time is over.

use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::held;
use crate::Stamp;
use crate::locks::{self, Lock};
use crate::rows::created_by;
use crate::schema::oidc_client_intent as intent;

/// A question to eSignet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// Client id.
    pub client_id: String,
    /// Partner id.
    pub rp_id: String,
    /// SHA-256 of the request to eSignet, in hexadecimal.
    pub digest: String,
}

/// What became of a question that was to be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// It is noted, and was never sent before.
    Fresh,
    /// It is noted, and the outcome of another partner's about the same key is not known:
    /// what eSignet has may be theirs.
    Contested,
    /// The same was sent before, and the outcome is not known. eSignet did not refuse the key
    /// before that.
    Unresolved,
    /// The same was sent before, and the outcome is not known; but eSignet had the client
    /// already when it was asked for the first time (see [`super::held`]).
    Doubtful,
}

/// Until when a question is busy. It names the call as well: a call that asks the same
/// later is busy until another time, and an earlier one then has nothing to say about the
/// question any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease(Option<NaiveDateTime>);

/// The columns that change when the same operation is requested again.
#[derive(AsChangeset)]
#[diesel(table_name = intent)]
struct RepeatedIntent<'a> {
    busy_until: Option<NaiveDateTime>,
    #[diesel(treat_none_as_null = true)]
    settled_at: Option<NaiveDateTime>,
    ending: Option<&'a Value>,
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = Text)]
    rp_id: String,
    #[diesel(sql_type = Text)]
    digest: String,
    #[diesel(sql_type = Bool)]
    busy: bool,
}

/// Notes a question, which is busy for `time`; nothing while another call asks eSignet
/// about the same key. It holds the key's lock until the
/// transaction ends; look for the stored client behind it. `ending` is what ends the
/// client at eSignet if no call ever finishes (see [`super::unfinished`]); without
/// one the earlier one stays.
///
/// A question of another partner about the same key that is unresolved leaves it
/// open whose the client at eSignet is: then nothing of before counts.
///
/// # Errors
/// When a statement fails.
pub fn declare(
    conn: &mut PgConnection,
    wanted: &Intent,
    ending: Option<&Value>,
    time: Duration,
    stamp: &Stamp,
) -> QueryResult<Option<(Declared, Lease)>> {
    locks::hold(conn, Lock::OidcClient(&wanted.client_id))?;
    let open: Vec<Open> = diesel::sql_query(
        "SELECT rp_id, digest, \
           coalesce(busy_until > clock_timestamp() AT TIME ZONE 'UTC', false) AS busy \
         FROM pms.oidc_client_intent WHERE client_id = $1 AND kind = 'create'",
    )
    .bind::<Text, _>(&wanted.client_id)
    .load(conn)?;
    if open.iter().any(|open| open.busy) {
        return Ok(None);
    }
    let until = busy_until(conn, time)?;
    let again = RepeatedIntent {
        busy_until: until,
        settled_at: None,
        ending,
    };
    diesel::insert_into(intent::table)
        .values((
            intent::client_id.eq(&wanted.client_id),
            intent::rp_id.eq(&wanted.rp_id),
            intent::digest.eq(&wanted.digest),
            intent::busy_until.eq(until),
            intent::ending.eq(ending),
            created_by!(intent, stamp),
        ))
        .on_conflict((intent::client_id, intent::rp_id, intent::digest))
        .do_update()
        .set(again)
        .execute(conn)?;
    let own = |open: &Open| open.rp_id == wanted.rp_id && open.digest == wanted.digest;
    let foreign = open.iter().any(|open| open.rp_id != wanted.rp_id);
    let declared = if foreign {
        Declared::Contested
    } else if open.iter().any(own) {
        match held::is_noted(conn, &wanted.client_id)? {
            true => Declared::Doubtful,
            false => Declared::Unresolved,
        }
    } else {
        Declared::Fresh
    };
    Ok(Some((declared, Lease(until))))
}

/// The end of a lease, by the database's clock.
pub(super) fn busy_until(
    conn: &mut PgConnection,
    lease: Duration,
) -> QueryResult<Option<NaiveDateTime>> {
    let seconds = lease.as_secs_f64();
    diesel::select(
        diesel::dsl::sql::<Nullable<Timestamp>>(
            "clock_timestamp() AT TIME ZONE 'UTC' + interval '1 second' * ",
        )
        .bind::<diesel::sql_types::Double, _>(seconds),
    )
    .get_result(conn)
}

/// Keeps a question busy for another `time`; nothing when its `lease` is over: another call
/// may ask about the key by now. It holds the key's lock until the transaction ends.
///
/// # Errors
/// When a statement fails.
pub fn prolong(
    conn: &mut PgConnection,
    declared: &Intent,
    lease: Lease,
    time: Duration,
) -> QueryResult<Option<Lease>> {
    // A call that finds the time over must not declare its question meanwhile.
    locks::hold(conn, Lock::OidcClient(&declared.client_id))?;
    let until = busy_until(conn, time)?;
    let row = intent::table.find((&declared.client_id, &declared.rp_id, &declared.digest));
    let now = diesel::dsl::sql::<Timestamp>("clock_timestamp() AT TIME ZONE 'UTC'");
    let prolonged = diesel::update(row)
        .filter(intent::busy_until.eq(lease.0))
        .filter(intent::busy_until.gt(now.nullable()))
        .set(intent::busy_until.eq(until))
        .execute(conn)?;
    Ok((prolonged == 1).then_some(Lease(until)))
}

/// Forgets a question that eSignet refused. `false`, and nothing is done, when a later call
/// has asked the same.
///
/// # Errors
/// When the statement fails.
pub fn withdraw(conn: &mut PgConnection, declared: &Intent, lease: Lease) -> QueryResult<bool> {
    let row = intent::table.find((&declared.client_id, &declared.rp_id, &declared.digest));
    let own = row.filter(intent::busy_until.eq(lease.0));
    Ok(diesel::delete(own).execute(conn)? == 1)
}

/// Leaves a question unresolved: its outcome is not known. The next call about
/// the key need not wait. `false` as for [`withdraw`].
///
/// # Errors
/// When the statement fails.
pub fn leave_open(conn: &mut PgConnection, declared: &Intent, lease: Lease) -> QueryResult<bool> {
    let now = busy_until(conn, Duration::ZERO)?;
    let row = intent::table.find((&declared.client_id, &declared.rp_id, &declared.digest));
    let left = diesel::update(row)
        .filter(intent::busy_until.eq(lease.0))
        .set(intent::busy_until.eq(now))
        .execute(conn)?;
    Ok(left == 1)
}

/// Leaves a question unresolved whose client was ended at eSignet: the same call may
/// still take it up, and nothing else has to be done about it. `false` as for [`withdraw`].
///
/// # Errors
/// When the statement fails.
pub fn leave_ended(conn: &mut PgConnection, declared: &Intent, lease: Lease) -> QueryResult<bool> {
    let now = busy_until(conn, Duration::ZERO)?;
    let row = intent::table.find((&declared.client_id, &declared.rp_id, &declared.digest));
    let left = diesel::update(row)
        .filter(intent::busy_until.eq(lease.0))
        .set((intent::busy_until.eq(now), intent::settled_at.eq(now)))
        .execute(conn)?;
    Ok(left == 1)
}

/// Forgets all questions about a client, which is stored by now.
///
/// # Errors
/// When the statement fails.
pub fn resolve(conn: &mut PgConnection, client_id: &str) -> QueryResult<()> {
    diesel::delete(intent::table.filter(intent::client_id.eq(client_id))).execute(conn)?;
    held::forget(conn, client_id)
}

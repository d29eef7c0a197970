//! Settling what a dispatcher has delivered, many rows at once: a commit per
//! row would cost more than the deliveries.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Timestamp, Uuid as SqlUuid};
use uuid::Uuid;

use super::queue::Outcome;
use super::{Lane, heads};
use crate::DbError;
use crate::locks::{self, Lock};

/// A leased row whose delivery has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The row.
    pub id: Uuid,
    /// What it was leased under.
    pub token: Uuid,
    /// Its order key.
    pub order_key: Option<String>,
    /// How the delivery ended.
    pub outcome: Outcome,
}

/// What became of rows that were to be settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Their leases had run out: somebody else has them, and nothing was changed.
    pub overtaken: Vec<Uuid>,
    /// Somebody queues under their keys right now. They are as before: settle
    /// each with [`super::queue::settle`], which waits for its key alone.
    pub held_up: Vec<Uuid>,
}

#[derive(QueryableByName)]
struct Changed {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    status: String,
}

/// Settles leased rows of a lane in one transaction that waits for no key.
///
/// # Errors
/// When a statement fails; nothing is settled then.
pub fn settle_all(
    conn: &mut PgConnection,
    lane: Lane,
    ended: &[Ended],
    now: NaiveDateTime,
) -> Result<Settled, DbError> {
    conn.transaction(|conn| {
        let free = free_keys(conn, ended)?;
        let is_free = |row: &&Ended| key_to_pass_on(row).is_none_or(|key| free.contains(key));
        let (ready, held_up): (Vec<&Ended>, Vec<&Ended>) = ended.iter().partition(is_free);
        let changed = write(conn, &ready, now)?;
        let keys: BTreeMap<Uuid, &str> = ready
            .iter()
            .filter_map(|row| Some((row.id, key_to_pass_on(row)?)))
            .collect();
        let passed_on: Vec<&str> = changed
            .iter()
            .filter(|row| row.status != "pending")
            .filter_map(|row| keys.get(&row.id).copied())
            .collect();
        if !passed_on.is_empty() {
            heads::promote_all(conn, lane.name(), &passed_on)?;
        }
        let changed: HashSet<Uuid> = changed.iter().map(|row| row.id).collect();
        let ids = |rows: &[&Ended]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let mut overtaken = ids(&ready);
        overtaken.retain(|id| !changed.contains(id));
        Ok(Settled {
            overtaken,
            held_up: ids(&held_up),
        })
    })
}

/// The key whose next row may be delivered once this one has ended.
fn key_to_pass_on(row: &Ended) -> Option<&str> {
    if matches!(row.outcome, Outcome::Retry { .. }) {
        return None;
    }
    row.order_key.as_deref()
}

/// The keys that nobody queues under, and nobody will until the commit.
fn free_keys<'r>(
    conn: &mut PgConnection,
    ended: &'r [Ended],
) -> Result<HashSet<&'r str>, diesel::result::Error> {
    let keys: Vec<&str> = ended.iter().filter_map(key_to_pass_on).collect();
    if keys.is_empty() {
        return Ok(HashSet::new());
    }
    let wanted: Vec<Lock<'_>> = keys.iter().copied().map(Lock::OutboxOrder).collect();
    let held = locks::try_hold(conn, &wanted)?;
    let free = keys.into_iter().zip(held).filter(|(_, held)| *held);
    Ok(free.map(|(key, _)| key).collect())
}

fn write(
    conn: &mut PgConnection,
    ready: &[&Ended],
    now: NaiveDateTime,
) -> Result<Vec<Changed>, diesel::result::Error> {
    let outcomes: Vec<_> = ready.iter().map(|row| columns(&row.outcome)).collect();
    let status: Vec<&str> = outcomes.iter().map(|(status, ..)| *status).collect();
    let next: Vec<Option<NaiveDateTime>> = outcomes.iter().map(|(_, next, _)| *next).collect();
    let error: Vec<Option<&str>> = outcomes.iter().map(|(.., error)| *error).collect();
    let ids: Vec<Uuid> = ready.iter().map(|row| row.id).collect();
    let tokens: Vec<Uuid> = ready.iter().map(|row| row.token).collect();
    diesel::sql_query(
        "UPDATE pms.outbox AS o SET status = e.status, attempts = o.attempts + 1, \
           next_attempt_at = coalesce(e.next_at, o.next_attempt_at), \
           last_error = coalesce(e.error, o.last_error), \
           finished_at = CASE WHEN e.status <> 'pending' THEN $6 END, \
           lease_token = NULL, leased_until = NULL \
         FROM unnest($1, $2, $3, $4, $5) AS e (id, token, status, next_at, error) \
         WHERE o.id = e.id AND o.lease_token = e.token AND o.status = 'pending' \
         RETURNING o.id, o.status",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<SqlUuid>, _>(tokens)
    .bind::<Array<Text>, _>(status)
    .bind::<Array<Nullable<Timestamp>>, _>(next)
    .bind::<Array<Nullable<Text>>, _>(error)
    .bind::<Timestamp, _>(now)
    .load(conn)
}

/// Status, time of the next try and error, as the table has them.
fn columns(outcome: &Outcome) -> (&'static str, Option<NaiveDateTime>, Option<&str>) {
    match outcome {
        Outcome::Delivered => ("delivered", None, None),
        Outcome::Skipped => ("skipped", None, None),
        Outcome::Dead { error } => ("dead", None, Some(error)),
        Outcome::Retry { at, error } => ("pending", Some(*at), Some(error)),
    }
}

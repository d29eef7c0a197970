//! Acknowledging what a dispatcher has delivered, many rows at once: a commit
//! per row would cost more than the deliveries.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

use super::{Queue, heads};
use crate::DbError;
use crate::locks::{self, Lock};

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The peer has it.
    Delivered,
    /// It is no longer worth delivering.
    Skipped {
        /// Why, for the operator.
        reason: String,
    },
    /// It is in a wrong queue: it goes to this one.
    Moved(Queue),
    /// Try again.
    Retry {
        /// After this pause.
        after: Duration,
        /// What went wrong, without secrets.
        error: String,
    },
    /// Parked: an operator must look.
    Dead {
        /// What went wrong, without secrets.
        error: String,
    },
}

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

/// What became of rows that were to be acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledged {
    /// Their leases had run out: another dispatcher has them, and nothing was
    /// changed.
    pub overtaken: Vec<Uuid>,
    /// A transaction queues under their keys right now. They are as before:
    /// acknowledge each with [`acknowledge`], which waits for its key alone.
    pub held_up: Vec<Uuid>,
}

#[derive(QueryableByName)]
struct Changed {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Acknowledges one leased row, when no transaction queues under its key any
/// more. Does nothing and is false when the lease has gone to another
/// dispatcher, whose answer counts.
///
/// # Errors
/// When a statement fails; nothing is acknowledged then.
pub fn acknowledge(conn: &mut PgConnection, queue: Queue, ended: &Ended) -> Result<bool, DbError> {
    conn.transaction(|conn| {
        let is_mine = !write(conn, &[ended])?.is_empty();
        if is_mine && let Some(key) = key_to_pass_on(ended) {
            heads::promote(conn, queue.name(), key)?;
        }
        Ok(is_mine)
    })
}

/// Acknowledges leased rows of a queue in one transaction that waits for no key.
///
/// # Errors
/// When a statement fails; nothing is acknowledged then.
pub fn acknowledge_all(
    conn: &mut PgConnection,
    queue: Queue,
    ended: &[Ended],
) -> Result<Acknowledged, DbError> {
    conn.transaction(|conn| {
        let free = free_keys(conn, ended)?;
        let is_free = |row: &&Ended| key_to_pass_on(row).is_none_or(|key| free.contains(key));
        let (ready, held_up): (Vec<&Ended>, Vec<&Ended>) = ended.iter().partition(is_free);
        let changed: HashSet<Uuid> = write(conn, &ready)?.iter().map(|row| row.id).collect();
        let keys: BTreeMap<Uuid, &str> = ready
            .iter()
            .filter_map(|row| Some((row.id, key_to_pass_on(row)?)))
            .collect();
        let passed_on: Vec<&str> = changed
            .iter()
            .filter_map(|id| keys.get(id).copied())
            .collect();
        if !passed_on.is_empty() {
            heads::promote_all(conn, queue.name(), &passed_on)?;
        }
        let ids = |rows: &[&Ended]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let mut overtaken = ids(&ready);
        overtaken.retain(|id| !changed.contains(id));
        Ok(Acknowledged {
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

/// The keys that no transaction queues under, and none will until the commit.
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

/// Writes the outcomes of rows whose leases still hold; returns those rows.
fn write(conn: &mut PgConnection, ready: &[&Ended]) -> Result<Vec<Changed>, diesel::result::Error> {
    let columns: Vec<Columns<'_>> = ready.iter().map(|row| columns(&row.outcome)).collect();
    let status: Vec<&str> = columns.iter().map(|row| row.status).collect();
    let pause: Vec<Option<i64>> = columns.iter().map(|row| row.pause_millis).collect();
    let error: Vec<Option<&str>> = columns.iter().map(|row| row.error).collect();
    let moved: Vec<Option<&str>> = columns.iter().map(|row| row.moved_to).collect();
    let ids: Vec<Uuid> = ready.iter().map(|row| row.id).collect();
    let tokens: Vec<Uuid> = ready.iter().map(|row| row.token).collect();
    // A moved row may be the first of its key in its new queue; a mark too many
    // only costs time.
    diesel::sql_query(
        "UPDATE pms.outbox AS o SET status = e.status, \
           attempts = o.attempts + CASE WHEN e.moved_to IS NULL THEN 1 ELSE 0 END, \
           lane = coalesce(e.moved_to, o.lane), \
           next_attempt_at = coalesce(clock_timestamp() AT TIME ZONE 'UTC' \
             + e.pause * interval '1 millisecond', o.next_attempt_at), \
           last_error = coalesce(e.error, o.last_error), \
           finished_at = CASE WHEN e.status <> 'pending' \
             THEN clock_timestamp() AT TIME ZONE 'UTC' END, \
           lease_token = NULL, leased_until = NULL \
         FROM unnest($1, $2, $3, $4, $5, $6) AS e (id, token, status, pause, error, moved_to) \
         WHERE o.id = e.id AND o.lease_token = e.token AND o.status = 'pending' \
         RETURNING o.id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<SqlUuid>, _>(tokens)
    .bind::<Array<Text>, _>(status)
    .bind::<Array<Nullable<BigInt>>, _>(pause)
    .bind::<Array<Nullable<Text>>, _>(error)
    .bind::<Array<Nullable<Text>>, _>(moved)
    .load(conn)
}

/// An outcome as the table has it.
struct Columns<'o> {
    status: &'static str,
    pause_millis: Option<i64>,
    error: Option<&'o str>,
    moved_to: Option<&'static str>,
}

fn columns(outcome: &Outcome) -> Columns<'_> {
    let ended = |status, error| Columns {
        status,
        pause_millis: None,
        error,
        moved_to: None,
    };
    match outcome {
        Outcome::Delivered => ended("delivered", None),
        Outcome::Skipped { reason } => ended("skipped", Some(reason.as_str())),
        Outcome::Dead { error } => ended("dead", Some(error.as_str())),
        Outcome::Moved(queue) => Columns {
            moved_to: Some(queue.name()),
            ..ended("pending", None)
        },
        Outcome::Retry { after, error } => Columns {
            pause_millis: Some(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)),
            ..ended("pending", Some(error.as_str()))
        },
    }
}

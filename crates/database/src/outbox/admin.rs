//! What an operator does with the outbox: look, and queue again.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp, Uuid as SqlUuid};
use uuid::Uuid;

use super::{Queue, heads};
use crate::DbError;
use crate::schema::outbox;

/// Rows that one statement queues again, so that its locks are short.
const BATCH: usize = 1_000;

/// A row as an operator sees it: everything but the payload, which may hold
/// bearer secrets.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outbox)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct Entry {
    pub id: Uuid,
    pub seq: i64,
    #[diesel(column_name = lane)]
    pub queue: String,
    pub topic: String,
    pub order_key: Option<String>,
    pub status: String,
    pub attempts: i32,
    pub next_attempt_at: NaiveDateTime,
    pub last_error: Option<String>,
    pub created_at: NaiveDateTime,
    pub finished_at: Option<NaiveDateTime>,
    pub request_id: Option<String>,
}

/// The newest `limit` rows, of one status if given.
///
/// # Errors
/// When the statement fails.
pub fn list(
    conn: &mut PgConnection,
    status: Option<&str>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let mut query = outbox::table.select(Entry::as_select()).into_boxed();
    if let Some(status) = status {
        query = query.filter(outbox::status.eq(status.to_owned()));
    }
    Ok(query.order(outbox::seq.desc()).limit(limit).load(conn)?)
}

/// The newest `limit` rows of a queue with this order key.
///
/// # Errors
/// When the statement fails.
pub fn list_of_key(
    conn: &mut PgConnection,
    queue: Queue,
    key: &str,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let rows = outbox::table
        .select(Entry::as_select())
        .filter(outbox::lane.eq(queue.name()))
        .filter(outbox::order_key.eq(key))
        .order(outbox::seq.desc())
        .limit(limit);
    Ok(rows.load(conn)?)
}

/// The status of a row, if there is such a row.
///
/// # Errors
/// When the statement fails.
pub fn status(conn: &mut PgConnection, id: Uuid) -> Result<Option<String>, DbError> {
    let row = outbox::table.find(id).select(outbox::status);
    Ok(row.first(conn).optional()?)
}

/// Which rows to queue again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One row that is dead, skipped or waiting for its next try.
    One(Uuid),
    /// All dead rows.
    AllDead,
    /// Rows that were discarded or have expired.
    Skipped {
        /// Since this instant (UTC).
        since: NaiveDateTime,
        /// Only those of this queue.
        queue: Option<Queue>,
    },
}

/// Queues rows again, at once; returns how many. A row that a dispatcher is
/// delivering right now stays its own until its lease ends.
///
/// # Errors
/// When a statement fails; batches before it stay queued.
pub fn retry(conn: &mut PgConnection, which: Which) -> Result<usize, DbError> {
    if let Which::One(id) = which {
        return Ok(one(conn, id)?);
    }
    // Rows that end again meanwhile, such as those of a queue that is still being
    // discarded, are not taken a second time.
    let until: NaiveDateTime = diesel::select(diesel::dsl::sql::<Timestamp>(
        "clock_timestamp() AT TIME ZONE 'UTC'",
    ))
    .get_result(conn)?;
    let mut total = 0;
    loop {
        let rows = conn.transaction(|conn| {
            let rows = batch(conn, which, until)?;
            // Which of them are the first of their keys.
            heads::repair(conn)?;
            Ok::<_, DbError>(rows)
        })?;
        total += rows;
        if rows < BATCH {
            return Ok(total);
        }
    }
}

/// What queueing again changes; a row that is queued again is as old as that.
const AGAIN: &str = "status = 'pending', attempts = 0, finished_at = NULL, \
    next_attempt_at = clock_timestamp() AT TIME ZONE 'UTC', \
    requeued_at = clock_timestamp() AT TIME ZONE 'UTC'";

fn one(conn: &mut PgConnection, id: Uuid) -> QueryResult<usize> {
    // It may be the first of its key again; a mark too many only costs a look.
    diesel::sql_query(format!(
        "UPDATE pms.outbox SET {AGAIN}, is_head = true \
         WHERE id = $1 AND status IN ('dead', 'skipped', 'pending')"
    ))
    .bind::<SqlUuid, _>(id)
    .execute(conn)
}

fn batch(conn: &mut PgConnection, which: Which, until: NaiveDateTime) -> QueryResult<usize> {
    let (status, since, queue) = match which {
        Which::Skipped { since, queue } => ("skipped", Some(since), queue),
        Which::AllDead | Which::One(_) => ("dead", None, None),
    };
    diesel::sql_query(format!(
        "WITH chosen AS MATERIALIZED ( \
           SELECT id FROM pms.outbox \
           WHERE status = $1 AND finished_at <= $2 \
             AND ($3 IS NULL OR finished_at >= $3) AND ($4 IS NULL OR lane = $4) \
           LIMIT $5 FOR UPDATE SKIP LOCKED) \
         UPDATE pms.outbox AS o SET {AGAIN}, is_head = (o.order_key IS NULL) \
         FROM chosen WHERE o.id = chosen.id"
    ))
    .bind::<Text, _>(status)
    .bind::<Timestamp, _>(until)
    .bind::<Nullable<Timestamp>, _>(since)
    .bind::<Nullable<Text>, _>(queue.map(Queue::name))
    .bind::<BigInt, _>(i64::try_from(BATCH).unwrap_or(i64::MAX))
    .execute(conn)
}

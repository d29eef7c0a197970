//! Leasing due rows. A lease is committed before the delivery starts, so that a
//! killed dispatcher only delays its rows until the lease runs out.
//!
//! Due times and leases follow the database's clock, the one that all processes
//! share: a process whose own clock is wrong neither delays its rows nor takes
//! those of others.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use super::Queue;
use crate::DbError;

/// A leased row.
#[derive(Clone, QueryableByName)]
pub struct Delivery {
    /// The stable event id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Order of queueing.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// Topic, audit event id or mail kind.
    #[diesel(sql_type = Text)]
    pub topic: String,
    /// Rows with the same key are delivered in order.
    #[diesel(sql_type = Nullable<Text>)]
    pub order_key: Option<String>,
    /// What to deliver. May hold bearer secrets: never logged.
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
    /// Deliveries that failed before.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// The id of the request that queued it, if a request did.
    #[diesel(sql_type = Nullable<Text>)]
    pub request_id: Option<String>,
    /// Seconds since it was queued, or queued again by an operator.
    #[diesel(sql_type = BigInt)]
    pub age_seconds: i64,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("topic", &self.topic)
            .field("attempts", &self.attempts)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

/// Leases up to `limit` due rows of a queue under `token` for `hold`, oldest
/// first.
///
/// A row is due when it is pending, its time has come, no lease on it
/// holds, and no earlier pending row has its order key: the head of a key that
/// fails holds back what is behind it, a dead one does not.
///
/// # Errors
/// When the statement fails.
pub fn lease(
    conn: &mut PgConnection,
    queue: Queue,
    token: Uuid,
    hold: Duration,
    limit: i64,
) -> Result<Vec<Delivery>, DbError> {
    let millis = i64::try_from(hold.as_millis()).unwrap_or(i64::MAX);
    // MATERIALIZED: a plan that repeats the inner query would lease more rows.
    // ORDER BY next_attempt_at: an index of due rows has this order; the index by
    // number would lead through all rows that were delivered long ago.
    // The earliest row of a key is a subquery per row: a join would read all waiting
    // rows each time.
    // statement_timestamp(): a volatile function would not be looked up in the index.
    let mut rows: Vec<Delivery> = diesel::sql_query(
        "WITH due AS MATERIALIZED ( \
           SELECT o.id FROM pms.outbox o \
           WHERE o.status = 'pending' AND o.is_head AND o.lane = $3 \
             AND o.next_attempt_at <= statement_timestamp() AT TIME ZONE 'UTC' \
             AND (o.leased_until IS NULL \
                  OR o.leased_until < clock_timestamp() AT TIME ZONE 'UTC') \
             AND (o.order_key IS NULL \
                  OR o.seq = (SELECT e.seq FROM pms.outbox e \
                              WHERE e.status = 'pending' AND e.lane = o.lane \
                                AND e.order_key = o.order_key ORDER BY e.seq LIMIT 1)) \
             AND ($4 IS NULL OR o.order_key IS NULL \
                  OR NOT EXISTS (SELECT 1 FROM pms.outbox e \
                                 WHERE e.status = 'pending' AND e.lane = $4 \
                                   AND e.order_key = o.order_key AND e.seq < o.seq)) \
           ORDER BY o.next_attempt_at, o.seq LIMIT $5 FOR UPDATE OF o SKIP LOCKED) \
         UPDATE pms.outbox AS o SET lease_token = $1, \
           leased_until = clock_timestamp() AT TIME ZONE 'UTC' + $2 * interval '1 millisecond' \
         FROM due WHERE o.id = due.id \
         RETURNING o.id, o.seq, o.topic, o.order_key, o.payload, o.attempts, o.request_id, \
           floor(extract(epoch FROM clock_timestamp() AT TIME ZONE 'UTC' \
                                    - coalesce(o.requeued_at, o.created_at)))::bigint \
             AS age_seconds",
    )
    .bind::<SqlUuid, _>(token)
    .bind::<BigInt, _>(millis)
    .bind::<Text, _>(queue.name())
    .bind::<Nullable<Text>, _>(queue.after().map(Queue::name))
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    rows.sort_by_key(|row| row.seq);
    Ok(rows)
}

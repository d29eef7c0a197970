//! What a dispatcher does: lease due rows, deliver without a connection,
//! settle. A lease is committed before the delivery starts, so that a killed
//! dispatcher only delays its rows until the lease runs out.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Timestamp, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use super::{Lane, heads};
use crate::DbError;
use crate::schema::outbox;

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
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("topic", &self.topic)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Leases up to `limit` due rows of a lane under `token` for `hold`, oldest
/// first.
///
/// A row is due when it is pending, its time has come (`now`), nobody holds a
/// lease on it, and no earlier pending row has its order key: the head of a
/// queue that fails holds back what is behind it, a dead one does not.
///
/// Leases begin and end by the database's clock, the one that all dispatchers
/// share: a process whose own clock is ahead must not take others' rows.
///
/// # Errors
/// When the statement fails.
pub fn lease(
    conn: &mut PgConnection,
    lane: Lane,
    token: Uuid,
    (now, hold): (NaiveDateTime, std::time::Duration),
    limit: i64,
) -> Result<Vec<Delivery>, DbError> {
    let millis = i64::try_from(hold.as_millis()).unwrap_or(i64::MAX);
    // Materialised, or a plan that repeats the inner query would lease more.
    // In the order of the index of due rows: the one by number leads through
    // everything that was delivered long ago. The earliest row of a key is asked
    // for one by one: joined, all rows that wait would be read at every look.
    let mut rows: Vec<Delivery> = diesel::sql_query(
        "WITH due AS MATERIALIZED ( \
           SELECT o.id FROM pms.outbox o \
           WHERE o.status = 'pending' AND o.is_head AND o.lane = $3 \
             AND o.next_attempt_at <= $4 \
             AND (o.leased_until IS NULL \
                  OR o.leased_until < clock_timestamp() AT TIME ZONE 'UTC') \
             AND (o.order_key IS NULL \
                  OR o.seq = (SELECT e.seq FROM pms.outbox e \
                              WHERE e.status = 'pending' AND e.lane = o.lane \
                                AND e.order_key = o.order_key ORDER BY e.seq LIMIT 1)) \
           ORDER BY o.next_attempt_at, o.seq LIMIT $5 FOR UPDATE OF o SKIP LOCKED) \
         UPDATE pms.outbox AS o SET lease_token = $1, \
           leased_until = clock_timestamp() AT TIME ZONE 'UTC' + $2 * interval '1 millisecond' \
         FROM due WHERE o.id = due.id \
         RETURNING o.id, o.seq, o.topic, o.order_key, o.payload, o.attempts",
    )
    .bind::<SqlUuid, _>(token)
    .bind::<BigInt, _>(millis)
    .bind::<Text, _>(lane.name())
    .bind::<Timestamp, _>(now)
    .bind::<BigInt, _>(limit)
    .load(conn)?;
    rows.sort_by_key(|row| row.seq);
    Ok(rows)
}

/// How a delivery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The peer has it.
    Delivered,
    /// There is no such peer in this deployment.
    Skipped,
    /// Try again at this time.
    Retry {
        /// When.
        at: NaiveDateTime,
        /// What went wrong, without secrets.
        error: String,
    },
    /// Parked: an operator must look.
    Dead {
        /// What went wrong, without secrets.
        error: String,
    },
}

/// Settles a leased row. Does nothing when the lease is no longer `token`'s:
/// another dispatcher has the row then, and its answer counts.
///
/// # Errors
/// When the statement fails.
pub fn settle(
    conn: &mut PgConnection,
    id: Uuid,
    token: Uuid,
    outcome: &Outcome,
    now: NaiveDateTime,
) -> Result<bool, DbError> {
    let mine = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::lease_token.eq(token))
        .filter(outbox::status.eq("pending"));
    let free = (
        outbox::lease_token.eq(None::<Uuid>),
        outbox::leased_until.eq(None::<NaiveDateTime>),
    );
    let counted = outbox::attempts.eq(outbox::attempts + 1);
    let (status, reason) = match outcome {
        Outcome::Delivered => ("delivered", None),
        Outcome::Skipped => ("skipped", None),
        Outcome::Dead { error } => ("dead", Some(error)),
        Outcome::Retry { at, error } => {
            let changed = diesel::update(mine)
                .set((
                    outbox::next_attempt_at.eq(at),
                    outbox::last_error.eq(error),
                    free,
                    counted,
                ))
                .execute(conn)?;
            return Ok(changed == 1);
        }
    };
    conn.transaction(|conn| {
        let ended: Option<(String, Option<String>)> = diesel::update(mine)
            .set((
                outbox::status.eq(status),
                outbox::finished_at.eq(now),
                reason.map(|reason| outbox::last_error.eq(reason)),
                free,
                counted,
            ))
            .returning((outbox::lane, outbox::order_key))
            .get_result(conn)
            .optional()?;
        if let Some((lane, Some(key))) = &ended {
            heads::promote(conn, lane, key)?;
        }
        Ok(ended.is_some())
    })
}

/// Deletes delivered and skipped rows that ended before `now - keep`, at most
/// `limit` at once so that the lock is short.
///
/// # Errors
/// When the statement fails.
pub fn clean_up(
    conn: &mut PgConnection,
    now: NaiveDateTime,
    keep: Duration,
    limit: i64,
) -> Result<usize, DbError> {
    let deleted = diesel::sql_query(
        "DELETE FROM pms.outbox WHERE id IN ( \
           SELECT id FROM pms.outbox \
           WHERE status IN ('delivered', 'skipped') AND finished_at < $1 LIMIT $2)",
    )
    .bind::<Timestamp, _>(now - keep)
    .bind::<BigInt, _>(limit)
    .execute(conn)?;
    Ok(deleted)
}

/// How full a lane is.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Depth {
    /// Name of the lane.
    #[diesel(sql_type = Text)]
    pub lane: String,
    /// Rows that wait.
    #[diesel(sql_type = BigInt)]
    pub pending: i64,
    /// Rows that are parked.
    #[diesel(sql_type = BigInt)]
    pub dead: i64,
    /// When the oldest waiting row was queued.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub oldest: Option<NaiveDateTime>,
}

/// How full the lanes are; a lane without pending or dead rows is absent.
///
/// # Errors
/// When the statement fails.
pub fn depths(conn: &mut PgConnection) -> Result<Vec<Depth>, DbError> {
    Ok(diesel::sql_query(
        // Two looks, since an index serves one status, never a list of them.
        "SELECT lane, sum(pending)::bigint AS pending, sum(dead)::bigint AS dead, \
                min(oldest) AS oldest \
         FROM (SELECT lane, count(*) AS pending, 0 AS dead, min(created_at) AS oldest \
               FROM pms.outbox WHERE status = 'pending' GROUP BY lane \
               UNION ALL \
               SELECT lane, 0, count(*), NULL \
               FROM pms.outbox WHERE status = 'dead' GROUP BY lane) AS lanes \
         GROUP BY lane",
    )
    .load(conn)?)
}

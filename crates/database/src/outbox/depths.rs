//! How full the queues are.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::DbError;

/// How full a queue is.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Depth {
    /// Name of the queue.
    #[diesel(sql_type = Text)]
    pub queue: String,
    /// Rows that wait.
    #[diesel(sql_type = BigInt)]
    pub pending: i64,
    /// Rows that are parked.
    #[diesel(sql_type = BigInt)]
    pub dead: i64,
    /// Seconds since the oldest waiting row was queued.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub oldest_seconds: Option<i64>,
}

/// How full the queues are; a queue without pending or dead rows is absent.
///
/// # Errors
/// When the statement fails.
pub fn depths(conn: &mut PgConnection) -> Result<Vec<Depth>, DbError> {
    Ok(diesel::sql_query(
        // Two queries: an index serves one status, not a list of them.
        "SELECT lane AS queue, sum(pending)::bigint AS pending, sum(dead)::bigint AS dead, \
                greatest(0, floor(extract(epoch FROM \
                  statement_timestamp() AT TIME ZONE 'UTC' - min(oldest))))::bigint \
                  AS oldest_seconds \
         FROM (SELECT lane, count(*) AS pending, 0 AS dead, min(created_at) AS oldest \
               FROM pms.outbox WHERE status = 'pending' GROUP BY lane \
               UNION ALL \
               SELECT lane, 0, count(*), NULL \
               FROM pms.outbox WHERE status = 'dead' GROUP BY lane) AS queues \
         GROUP BY lane",
    )
    .load(conn)?)
}

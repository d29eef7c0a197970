//! The end of rows: discarding what a deployment does not want delivered, and
//! deleting what ended long ago.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Queue;
use crate::{Db, DbError};

/// Rows that one statement discards or deletes, so that its locks are short.
const BATCH: i64 = 1_000;

/// How long ended rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Delivered rows.
    pub delivered: Duration,
    /// Rows that were discarded or have expired.
    pub skipped: Duration,
}

/// Marks every row of a queue that waits as skipped; returns how many. A row
/// that is being delivered right now is left alone.
///
/// # Errors
/// When a statement fails; batches before it stay discarded.
pub async fn discard(db: &Db, queue: Queue) -> Result<u64, DbError> {
    in_batches(db, move |conn| {
        diesel::sql_query(
            "WITH chosen AS MATERIALIZED ( \
               SELECT id FROM pms.outbox \
               WHERE status = 'pending' AND lane = $1 \
                 AND (leased_until IS NULL \
                      OR leased_until < clock_timestamp() AT TIME ZONE 'UTC') \
               LIMIT $2 FOR UPDATE SKIP LOCKED) \
             UPDATE pms.outbox AS o SET status = 'skipped', \
               finished_at = clock_timestamp() AT TIME ZONE 'UTC', \
               last_error = 'discarded: outbox.discard names its queue', \
               lease_token = NULL, leased_until = NULL \
             FROM chosen WHERE o.id = chosen.id",
        )
        .bind::<Text, _>(queue.name())
        .bind::<BigInt, _>(BATCH)
        .execute(conn)
    })
    .await
}

/// Deletes delivered and skipped rows that are past their time; returns how
/// many. Several processes may do it at once.
///
/// # Errors
/// When a statement fails; batches before it stay deleted.
pub async fn clean_up(db: &Db, keep: Keep) -> Result<u64, DbError> {
    let mut deleted = 0;
    for (status, age) in [("delivered", keep.delivered), ("skipped", keep.skipped)] {
        let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        deleted += in_batches(db, move |conn| {
            diesel::sql_query(
                "WITH past AS MATERIALIZED ( \
                   SELECT id FROM pms.outbox \
                   WHERE status = $1 AND status IN ('delivered', 'skipped') \
                     AND finished_at < statement_timestamp() AT TIME ZONE 'UTC' \
                                       - $2 * interval '1 second' \
                   ORDER BY finished_at LIMIT $3 FOR UPDATE SKIP LOCKED) \
                 DELETE FROM pms.outbox AS o USING past WHERE o.id = past.id",
            )
            .bind::<Text, _>(status)
            .bind::<BigInt, _>(seconds)
            .bind::<BigInt, _>(BATCH)
            .execute(conn)
        })
        .await?;
    }
    Ok(deleted)
}

/// Repeats a statement, each time with a commit and a connection of its own,
/// until it no longer finds a whole batch.
async fn in_batches(
    db: &Db,
    statement: impl Fn(&mut PgConnection) -> QueryResult<usize> + Clone + Send + 'static,
) -> Result<u64, DbError> {
    let mut total = 0;
    loop {
        let one = statement.clone();
        let rows = db.read(move |conn| Ok(one(conn)?)).await?;
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        total += rows;
        if rows < BATCH.unsigned_abs() {
            return Ok(total);
        }
    }
}

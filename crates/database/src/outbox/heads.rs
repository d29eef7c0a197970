//! Which row of an order key is the first that waits (`is_head`).
//!
//! The mark only narrows what a dispatcher looks at; the order itself is checked
//! when rows are leased. A mark too many costs time, one too few would be a row
//! that is never looked at: [`repair`] finds those.

use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use crate::locks::{self, Lock};

/// Marks the first waiting row of a key, whose former first one has just ended
/// in this transaction.
///
/// A transaction that queues under the key at this moment has either committed
/// already, or sees the end of the former first row.
pub(super) fn promote(conn: &mut PgConnection, queue: &str, key: &str) -> QueryResult<()> {
    locks::hold(conn, Lock::OutboxOrder(key))?;
    diesel::sql_query(
        "UPDATE pms.outbox SET is_head = true \
         WHERE id = (SELECT id FROM pms.outbox \
                     WHERE status = 'pending' AND lane = $1 AND order_key = $2 \
                     ORDER BY seq LIMIT 1) \
           AND NOT is_head",
    )
    .bind::<Text, _>(queue)
    .bind::<Text, _>(key)
    .execute(conn)?;
    Ok(())
}

/// As [`promote`] for several keys, whose locks the caller holds since before
/// their former first rows ended.
pub(super) fn promote_all(conn: &mut PgConnection, queue: &str, keys: &[&str]) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE pms.outbox SET is_head = true \
         WHERE NOT is_head AND id IN ( \
           SELECT first.id FROM unnest($2) AS key CROSS JOIN LATERAL ( \
             SELECT id FROM pms.outbox \
             WHERE status = 'pending' AND lane = $1 AND order_key = key \
             ORDER BY seq LIMIT 1) AS first)",
    )
    .bind::<Text, _>(queue)
    .bind::<Array<Text>, _>(keys)
    .execute(conn)?;
    Ok(())
}

/// Marks first rows that lack the mark; returns how many. They come from
/// processes of an older version, and from rows that were changed by hand.
///
/// Costs a look per key that has waiting rows, however many those are. Waits for
/// no lock: a row that is being changed right now is left to the next repair.
///
/// # Errors
/// When the statement fails.
pub fn repair(conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::sql_query(
        "WITH RECURSIVE firsts AS ( \
           (SELECT lane, order_key, id, is_head FROM pms.outbox \
            WHERE status = 'pending' AND order_key IS NOT NULL \
            ORDER BY lane, order_key, seq LIMIT 1) \
           UNION ALL \
           SELECT later.lane, later.order_key, later.id, later.is_head \
           FROM firsts CROSS JOIN LATERAL ( \
             SELECT lane, order_key, id, is_head FROM pms.outbox \
             WHERE status = 'pending' \
               AND (lane, order_key) > (firsts.lane, firsts.order_key) \
             ORDER BY lane, order_key, seq LIMIT 1) AS later) \
         UPDATE pms.outbox SET is_head = true WHERE id IN ( \
           SELECT id FROM pms.outbox \
           WHERE status = 'pending' AND id IN (SELECT id FROM firsts WHERE NOT is_head) \
           FOR UPDATE SKIP LOCKED)",
    )
    .execute(conn)
}

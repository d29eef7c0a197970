//! What an operator does with the outbox: look, and queue again.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use uuid::Uuid;

use crate::DbError;
use crate::schema::outbox;

/// A row as an operator sees it: everything but the payload, which may hold
/// bearer secrets.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = outbox)]
#[expect(missing_docs, reason = "the columns of the table")]
pub struct Entry {
    pub id: Uuid,
    pub seq: i64,
    pub lane: String,
    pub topic: String,
    pub order_key: Option<String>,
    pub status: String,
    pub attempts: i32,
    pub next_attempt_at: NaiveDateTime,
    pub last_error: Option<String>,
    pub created_at: NaiveDateTime,
    pub finished_at: Option<NaiveDateTime>,
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

/// Which rows to queue again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One row that is dead, skipped or waiting for its next try.
    One(Uuid),
    /// All dead rows.
    AllDead,
}

/// Queues rows again, at once; returns how many. A row that a dispatcher is
/// delivering right now stays its own until its lease ends.
///
/// # Errors
/// When the statement fails.
pub fn retry(conn: &mut PgConnection, which: Which, now: NaiveDateTime) -> Result<usize, DbError> {
    let again = (
        outbox::status.eq("pending"),
        outbox::attempts.eq(0),
        outbox::next_attempt_at.eq(now),
        outbox::finished_at.eq(None::<NaiveDateTime>),
        // They may be the first of their keys again; a mark too many only costs
        // a look.
        outbox::is_head.eq(true),
    );
    let changed = match which {
        Which::One(id) => diesel::update(
            outbox::table
                .filter(outbox::id.eq(id))
                .filter(outbox::status.eq_any(["dead", "skipped", "pending"])),
        )
        .set(again)
        .execute(conn)?,
        Which::AllDead => diesel::update(outbox::table.filter(outbox::status.eq("dead")))
            .set(again)
            .execute(conn)?,
    };
    Ok(changed)
}

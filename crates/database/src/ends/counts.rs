//! How much ends soon, for the metrics.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamp};

/// How many rows of a kind end within some days.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct EndingCount {
    /// `kind` of the view `pms.expiring`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Days from now.
    #[diesel(sql_type = Integer)]
    pub days: i32,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// Counts what ends from `now` on within a day, a week and 30 days, by kind. Reads
/// what ends within 30 days by the indexes of the ends.
pub fn count_ending(conn: &mut PgConnection, now: NaiveDateTime) -> QueryResult<Vec<EndingCount>> {
    diesel::sql_query(
        "SELECT item.kind, span.days, count(*) AS amount \
         FROM pms.expiring AS item \
         JOIN unnest(ARRAY[1, 7, 30]) AS span (days) \
           ON item.ends_at < $1 + span.days * interval '1 day' \
         WHERE item.ends_at >= $1 AND item.ends_at < $1 + interval '30 days' \
         GROUP BY item.kind, span.days",
    )
    .bind::<Timestamp, _>(now)
    .load(conn)
}

//! How much ends soon, for the metrics.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text, Timestamp};

use crate::schema::certificate_validity;

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

/// How many certificates of authorities that are in force at `now` end by `until`. What an
/// administrator has disabled is none of them, nor is a partner's certificate, which is in
/// the store of authorities for what it signs.
pub fn count_ending_authorities(
    conn: &mut PgConnection,
    now: NaiveDateTime,
    until: NaiveDateTime,
) -> QueryResult<i64> {
    certificate_validity::table
        .filter(certificate_validity::kind.eq("CA"))
        .filter(certificate_validity::valid_till.gt(now))
        .filter(certificate_validity::valid_till.le(until))
        .count()
        .get_result(conn)
}

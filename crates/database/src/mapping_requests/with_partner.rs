//! Mapping requests together with the names of their partners.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5 and §2.9"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::rows::{more_than, oldest_first};
use crate::schema::{partner, partner_policy_request as request};

/// A mapping request and the name of its partner.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = request)]
#[diesel(base_query = request::table.inner_join(partner::table))]
pub struct RequestWithPartner {
    pub id: String,
    pub part_id: String,
    pub policy_id: String,
    pub request_detail: String,
    pub status_code: String,
    pub cr_dtimes: NaiveDateTime,
    #[diesel(select_expression = partner::name)]
    pub partner_name: String,
}

/// The request with this id, and the name of its partner.
pub fn find_with_partner(
    conn: &mut PgConnection,
    id: &str,
) -> QueryResult<Option<RequestWithPartner>> {
    RequestWithPartner::query()
        .filter(request::id.eq(id))
        .first(conn)
        .optional()
}

/// When a request was made, and its id: its place among all requests by age.
pub type Age = (NaiveDateTime, String);

/// Up to `limit` requests, oldest first; those `after` a place, or from the
/// beginning.
pub fn list_with_partner(
    conn: &mut PgConnection,
    after: Option<&Age>,
    limit: i64,
) -> QueryResult<Vec<RequestWithPartner>> {
    oldest_first!(RequestWithPartner::query(), request, after, limit).load(conn)
}

/// Whether there are more requests than `most`.
pub fn more_than(conn: &mut PgConnection, most: i64) -> QueryResult<bool> {
    more_than!(conn, request, most)
}

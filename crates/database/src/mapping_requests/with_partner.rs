//! Mapping requests together with the names of their partners.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5 and §2.9"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

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
    let mut query = RequestWithPartner::query()
        .order((request::cr_dtimes, request::id))
        .limit(limit)
        .into_boxed();
    if let Some((at, id)) = after {
        // The first condition lets the index find the place.
        query = query
            .filter(request::cr_dtimes.ge(at))
            .filter(request::cr_dtimes.gt(at).or(request::id.gt(id.as_str())));
    }
    query.load(conn)
}

/// Whether there are more requests than `most`.
pub fn more_than(conn: &mut PgConnection, most: i64) -> QueryResult<bool> {
    let one_more: Option<String> = request::table
        .select(request::id)
        .offset(most)
        .limit(1)
        .first(conn)
        .optional()?;
    Ok(one_more.is_some())
}

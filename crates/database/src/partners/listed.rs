//! All partners, or all of a type, for the lists without pages.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::rows::{more_than, oldest_first};
use crate::schema::partner;

/// What the lists without pages show of a partner. `Debug` is left out: it
/// holds personal data.
#[derive(Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
pub struct ListedPartner {
    pub id: String,
    pub name: String,
    pub contact_no: Option<String>,
    pub email_id: Option<String>,
    pub address: Option<String>,
    pub partner_type_code: String,
    pub is_active: bool,
    pub logo_url: Option<String>,
    pub addl_info: Option<String>,
    pub cr_dtimes: NaiveDateTime,
}

/// When a partner was registered, and its id: its place among all by age.
pub type Age = (NaiveDateTime, String);

/// Up to `limit` partners of exactly this type, or of any, oldest first; those
/// `after` a place, or from the beginning.
pub fn list_of_type(
    conn: &mut PgConnection,
    partner_type: Option<&str>,
    after: Option<&Age>,
    limit: i64,
) -> QueryResult<Vec<ListedPartner>> {
    let mut query = oldest_first!(ListedPartner::query(), partner, after, limit);
    if let Some(partner_type) = partner_type {
        query = query.filter(partner::partner_type_code.eq(partner_type));
    }
    query.load(conn)
}

/// Whether there are more partners than `most`, of exactly this type or of any.
pub fn more_than(
    conn: &mut PgConnection,
    partner_type: Option<&str>,
    most: i64,
) -> QueryResult<bool> {
    more_than!(conn, partner, most, partner_type_code = partner_type)
}

/// Place and additional information of up to `limit` partners; which ones, see
/// [`list_of_type`].
pub fn additional_info(
    conn: &mut PgConnection,
    partner_type: Option<&str>,
    after: Option<&Age>,
    limit: i64,
) -> QueryResult<Vec<(Age, Option<String>)>> {
    let rows = partner::table.select(((partner::cr_dtimes, partner::id), partner::addl_info));
    let mut query = oldest_first!(rows, partner, after, limit);
    if let Some(partner_type) = partner_type {
        query = query.filter(partner::partner_type_code.eq(partner_type));
    }
    query.load(conn)
}

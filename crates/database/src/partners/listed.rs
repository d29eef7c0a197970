//! All partners, or all of a type, for the lists without pages.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::functions::octet_length;
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
    pub cr_dtimes: NaiveDateTime,
}

/// The same with what the partner added.
#[derive(Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
pub struct DescribedPartner {
    #[diesel(embed)]
    pub partner: ListedPartner,
    /// JSON, of a length that only `partner.additional_info_bytes` bounds; rows of other
    /// origin may be longer.
    pub addl_info: Option<String>,
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

/// A part of a list, and whether more may follow.
pub type Part<R> = (Vec<R>, bool);

/// Most that a part of a list may hold.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// Rows.
    pub rows: i64,
    /// Bytes of additional information, unless a single row has more.
    pub bytes: i64,
}

/// The partners of [`list_of_type`] with what they added, as many as the share takes.
pub fn list_described(
    conn: &mut PgConnection,
    partner_type: Option<&str>,
    after: Option<&Age>,
    share: Share,
) -> QueryResult<Part<DescribedPartner>> {
    let (fitting, more) = fitting(conn, partner_type, after, share)?;
    let mut query = oldest_first!(DescribedPartner::query(), partner, after, fitting);
    if let Some(partner_type) = partner_type {
        query = query.filter(partner::partner_type_code.eq(partner_type));
    }
    Ok((query.load(conn)?, more))
}

/// Place and additional information of the partners of [`list_described`].
pub fn additional_info(
    conn: &mut PgConnection,
    partner_type: Option<&str>,
    after: Option<&Age>,
    share: Share,
) -> QueryResult<Part<(Age, Option<String>)>> {
    let (fitting, more) = fitting(conn, partner_type, after, share)?;
    let rows = partner::table.select(((partner::cr_dtimes, partner::id), partner::addl_info));
    let mut query = oldest_first!(rows, partner, after, fitting);
    if let Some(partner_type) = partner_type {
        query = query.filter(partner::partner_type_code.eq(partner_type));
    }
    Ok((query.load(conn)?, more))
}

/// How many of the next rows fit into a share, one at least, and whether more follow.
/// PostgreSQL knows the length of a text without reading it.
fn fitting(
    conn: &mut PgConnection,
    partner_type: Option<&str>,
    after: Option<&Age>,
    share: Share,
) -> QueryResult<(i64, bool)> {
    let rows = partner::table.select(octet_length(partner::addl_info));
    let mut query = oldest_first!(rows, partner, after, share.rows);
    if let Some(partner_type) = partner_type {
        query = query.filter(partner::partner_type_code.eq(partner_type));
    }
    let lengths: Vec<Option<i32>> = query.load(conn)?;
    let (mut fitting, mut bytes) = (0, 0);
    for length in &lengths {
        bytes += i64::from(length.unwrap_or_default());
        if fitting > 0 && bytes > share.bytes {
            return Ok((fitting, true));
        }
        fitting += 1;
    }
    Ok((fitting, fitting == share.rows))
}

//! `keymgr.crl`: the current list of revoked certificates of each issuing key.
#![expect(missing_docs, reason = "fields are columns of our own table")]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::locks;
use crate::schema::crl;

/// A list as it is published.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = crl)]
#[diesel(primary_key(key_id))]
pub struct Crl {
    /// Lower-case hex of the issuing key's identifier.
    pub key_id: String,
    /// Grows with every list of the key.
    pub crl_number: i64,
    pub this_update: NaiveDateTime,
    pub next_update: NaiveDateTime,
    /// DER.
    pub crl_data: Vec<u8>,
}

/// Number and dates of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, HasQuery)]
#[diesel(table_name = crl)]
pub struct CrlHead {
    pub crl_number: i64,
    pub this_update: NaiveDateTime,
    pub next_update: NaiveDateTime,
}

/// Lets one transaction at a time make a list of this key.
pub fn lock_crl(conn: &mut PgConnection, key_id: &str) -> QueryResult<()> {
    locks::hold(conn, locks::Lock::Crl(key_id))
}

/// Number and dates of the key's current list.
pub fn crl_head(conn: &mut PgConnection, key_id: &str) -> QueryResult<Option<CrlHead>> {
    CrlHead::query()
        .filter(crl::key_id.eq(key_id))
        .first(conn)
        .optional()
}

/// The key's current list.
pub fn find_crl(conn: &mut PgConnection, key_id: &str) -> QueryResult<Option<Crl>> {
    Crl::query()
        .filter(crl::key_id.eq(key_id))
        .first(conn)
        .optional()
}

/// The keys that there are lists of.
pub fn list_crl_keys(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    crl::table.select(crl::key_id).load(conn)
}

/// Puts a list in the place of the key's earlier one. The caller holds the
/// lock of the list.
pub fn replace_crl(conn: &mut PgConnection, list: &Crl) -> QueryResult<()> {
    diesel::insert_into(crl::table)
        .values(list)
        .on_conflict(crl::key_id)
        .do_update()
        .set(list)
        .execute(conn)?;
    Ok(())
}

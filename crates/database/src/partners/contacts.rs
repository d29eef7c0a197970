//! Rows and queries of `pms.partner_contact`.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.7"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::Stamp;
use crate::rows::{changed_by, created_by};
use crate::schema::partner_contact;

/// A person to reach at a partner. `Debug` shows the key alone.
#[derive(Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = partner_contact)]
pub struct PartnerContact {
    pub id: String,
    pub partner_id: String,
    pub contact_no: Option<String>,
    pub email_id: Option<String>,
    pub email_id_hash: Option<String>,
    pub address: Option<String>,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

impl std::fmt::Debug for PartnerContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PartnerContact")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A contact to insert; address, phone and e-mail are cipher texts.
#[derive(Clone, Copy, Insertable)]
#[diesel(table_name = partner_contact)]
pub struct NewPartnerContact<'a> {
    pub id: &'a str,
    pub partner_id: &'a str,
    pub contact_no: &'a str,
    pub email_id: &'a str,
    pub email_id_hash: &'a str,
    pub address: &'a str,
    pub is_active: bool,
}

/// New values of a contact; `None` leaves a column as it is.
#[derive(Clone, Copy, AsChangeset)]
#[diesel(table_name = partner_contact)]
pub struct ContactChange<'a> {
    /// Cipher text.
    pub contact_no: Option<&'a str>,
    /// Cipher text.
    pub address: Option<&'a str>,
    /// Cipher text; set when the stored row still has clear text.
    pub email_id: Option<&'a str>,
    pub email_id_hash: Option<&'a str>,
    pub is_active: Option<bool>,
}

/// The partner's contact with this e-mail (by hash, else by clear address
/// where the row has no hash), locked until the transaction ends.
pub fn lock_contact(
    conn: &mut PgConnection,
    partner_id: &str,
    hash: &str,
    clear: &str,
) -> QueryResult<Option<PartnerContact>> {
    let by_clear_text = partner_contact::email_id
        .eq(clear)
        .and(partner_contact::email_id_hash.is_null());
    PartnerContact::query()
        .filter(partner_contact::partner_id.eq(partner_id))
        .filter(partner_contact::email_id_hash.eq(hash).or(by_clear_text))
        .order((
            partner_contact::email_id_hash.asc().nulls_last(),
            partner_contact::id,
        ))
        .for_update()
        .first(conn)
        .optional()
}

/// Inserts a contact.
///
/// # Errors
/// A taken id is a unique violation of `partcnt`; an unknown partner a foreign
/// key violation of `fk_partcnt_id`.
pub fn insert_contact(
    conn: &mut PgConnection,
    contact: &NewPartnerContact<'_>,
    stamp: &Stamp,
) -> QueryResult<PartnerContact> {
    diesel::insert_into(partner_contact::table)
        .values((
            contact,
            created_by!(partner_contact, stamp),
            partner_contact::is_deleted.eq(Some(false)),
        ))
        .returning(PartnerContact::as_returning())
        .get_result(conn)
}

/// Gives a contact new values.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn update_contact(
    conn: &mut PgConnection,
    id: &str,
    change: &ContactChange<'_>,
    stamp: &Stamp,
) -> QueryResult<PartnerContact> {
    diesel::update(partner_contact::table.find(id))
        .set((change, changed_by!(partner_contact, stamp)))
        .returning(PartnerContact::as_returning())
        .get_result(conn)
}

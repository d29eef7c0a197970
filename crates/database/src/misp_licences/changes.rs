//! Changes of licences. A change holds
//! [`crate::locks::Lock::MispLicence`], before the partner's row if both.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.12"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::MispLicence;
use crate::Stamp;
use crate::flags::Flag as _;
use crate::rows::{changed_by, created_by};
use crate::schema::misp_license;

/// A licence to insert: live, from now on.
#[derive(Clone, Copy)]
pub struct NewMispLicence<'a> {
    pub misp_id: &'a str,
    pub license_key: &'a str,
    pub policy_id: Option<&'a str>,
    pub valid_to_date: NaiveDateTime,
}

/// Inserts a licence.
///
/// # Errors
/// A key that the MISP had before is a unique violation of `pk_mlic`.
pub fn insert(
    conn: &mut PgConnection,
    licence: &NewMispLicence<'_>,
    stamp: &Stamp,
) -> QueryResult<MispLicence> {
    diesel::insert_into(misp_license::table)
        .values((
            misp_license::misp_id.eq(licence.misp_id),
            misp_license::license_key.eq(licence.license_key),
            misp_license::policy_id.eq(licence.policy_id),
            misp_license::valid_from_date.eq(stamp.at),
            misp_license::valid_to_date.eq(licence.valid_to_date),
            misp_license::is_active.eq(true),
            created_by!(misp_license, stamp),
            misp_license::is_deleted.eq(Some(false)),
        ))
        .returning(MispLicence::as_returning())
        .get_result(conn)
}

/// Switches a licence on or off, and stamps it even if it was so before.
///
/// # Errors
/// `NotFound` for an unknown licence.
pub fn set_active(
    conn: &mut PgConnection,
    licence: &MispLicence,
    active: bool,
    stamp: &Stamp,
) -> QueryResult<MispLicence> {
    let row = misp_license::table.find((&licence.misp_id, &licence.license_key));
    diesel::update(row)
        .set((
            misp_license::is_active.eq(active),
            changed_by!(misp_license, stamp),
        ))
        .returning(MispLicence::as_returning())
        .get_result(conn)
}

/// Switches off all live licences of a MISP and returns them, oldest first.
pub fn deactivate_all(
    conn: &mut PgConnection,
    misp_id: &str,
    stamp: &Stamp,
) -> QueryResult<Vec<MispLicence>> {
    deactivate(conn, misp_id, None, stamp)
}

/// Switches off all live licences of a MISP but the one with this key, and
/// tells which, oldest first.
pub fn deactivate_others(
    conn: &mut PgConnection,
    misp_id: &str,
    license_key: &str,
    stamp: &Stamp,
) -> QueryResult<Vec<MispLicence>> {
    deactivate(conn, misp_id, Some(license_key), stamp)
}

fn deactivate(
    conn: &mut PgConnection,
    misp_id: &str,
    spared_key: Option<&str>,
    stamp: &Stamp,
) -> QueryResult<Vec<MispLicence>> {
    let key = misp_license::license_key.nullable();
    let live = misp_license::table
        .filter(misp_license::misp_id.eq(misp_id))
        .filter(key.is_distinct_from(spared_key))
        .filter(misp_license::is_active)
        .filter(misp_license::is_deleted.is_not_true());
    let mut ended: Vec<MispLicence> = diesel::update(live)
        .set((
            misp_license::is_active.eq(false),
            changed_by!(misp_license, stamp),
        ))
        .returning(MispLicence::as_returning())
        .get_results(conn)?;
    ended.sort_by(|a, b| (a.cr_dtimes, &a.license_key).cmp(&(b.cr_dtimes, &b.license_key)));
    Ok(ended)
}

//! Rows and queries of `pms.misp_license`.
#![expect(
    missing_docs,
    reason = "fields are the columns of the schema contract §2.12"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::Stamp;
use crate::schema::misp_license;

/// A licence of a MISP: a bearer secret, so `Debug` shows its owner alone.
#[derive(Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = misp_license)]
#[diesel(primary_key(misp_id, license_key))]
pub struct MispLicence {
    pub misp_id: String,
    pub license_key: String,
    pub policy_id: Option<String>,
    pub valid_from_date: NaiveDateTime,
    pub valid_to_date: Option<NaiveDateTime>,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

impl std::fmt::Debug for MispLicence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MispLicence")
            .field("misp_id", &self.misp_id)
            .finish_non_exhaustive()
    }
}

/// Switches off all active licences of a MISP and tells which, oldest first.
///
/// The caller holds [`crate::locks::Lock::MispLicence`].
pub fn deactivate_all(
    conn: &mut PgConnection,
    misp_id: &str,
    stamp: &Stamp,
) -> QueryResult<Vec<MispLicence>> {
    let active = misp_license::table
        .filter(misp_license::misp_id.eq(misp_id))
        .filter(misp_license::is_active)
        .filter(misp_license::is_deleted.is_distinct_from(true));
    let mut ended: Vec<MispLicence> = diesel::update(active)
        .set((
            misp_license::is_active.eq(false),
            misp_license::upd_by.eq(&stamp.by),
            misp_license::upd_dtimes.eq(stamp.at),
        ))
        .returning(MispLicence::as_returning())
        .get_results(conn)?;
    ended.sort_by(|a, b| (a.cr_dtimes, &a.license_key).cmp(&(b.cr_dtimes, &b.license_key)));
    Ok(ended)
}

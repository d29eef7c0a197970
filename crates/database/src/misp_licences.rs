//! Rows and queries of `pms.misp_license`.
//!
//! A MISP has one live licence and any number of ended ones. An adopted
//! database may hold several live ones of a MISP; they stay as they are until
//! one of them is switched.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.12"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::flags::Flag as _;
use crate::schema::misp_license;

mod changes;
mod event;
mod expired;

pub use changes::{NewMispLicence, deactivate_all, deactivate_others, insert, set_active};
pub use event::tell;
pub use expired::{list_expired, lock_expired};

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

/// Whether the MISP has, or ever had, a licence.
pub fn exists_for(conn: &mut PgConnection, misp_id: &str) -> QueryResult<bool> {
    let any = misp_license::table.filter(misp_license::misp_id.eq(misp_id));
    diesel::select(exists(any)).get_result(conn)
}

/// The licence of the MISP with this key, unless it is deleted.
pub fn find(
    conn: &mut PgConnection,
    misp_id: &str,
    license_key: &str,
) -> QueryResult<Option<MispLicence>> {
    MispLicence::query()
        .filter(misp_license::misp_id.eq(misp_id))
        .filter(misp_license::license_key.eq(license_key))
        .filter(misp_license::is_deleted.is_not_true())
        .first(conn)
        .optional()
}

/// The newest live licence of the MISP, expired or not.
pub fn find_live(conn: &mut PgConnection, misp_id: &str) -> QueryResult<Option<MispLicence>> {
    MispLicence::query()
        .filter(misp_license::misp_id.eq(misp_id))
        .filter(misp_license::is_active)
        .filter(misp_license::is_deleted.is_not_true())
        .order((
            misp_license::cr_dtimes.desc(),
            misp_license::license_key.desc(),
        ))
        .first(conn)
        .optional()
}

/// The newest live licence of the MISP that ends after `now`.
pub fn find_valid(
    conn: &mut PgConnection,
    misp_id: &str,
    now: NaiveDateTime,
) -> QueryResult<Option<MispLicence>> {
    MispLicence::query()
        .filter(misp_license::misp_id.eq(misp_id))
        .filter(misp_license::is_active)
        .filter(misp_license::is_deleted.is_not_true())
        .filter(misp_license::valid_to_date.gt(now))
        .order((
            misp_license::cr_dtimes.desc(),
            misp_license::license_key.desc(),
        ))
        .first(conn)
        .optional()
}

/// Up to `limit` licences in any state, oldest first: those of some MISPs, or
/// all.
pub fn list(
    conn: &mut PgConnection,
    misp_ids: Option<&[String]>,
    limit: i64,
) -> QueryResult<Vec<MispLicence>> {
    let mut query = MispLicence::query()
        .order((
            misp_license::cr_dtimes,
            misp_license::misp_id,
            misp_license::license_key,
        ))
        .limit(limit)
        .into_boxed();
    if let Some(misp_ids) = misp_ids {
        query = query.filter(misp_license::misp_id.eq_any(misp_ids));
    }
    query.load(conn)
}

//! Licences whose time is over and that are live still.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::MispLicence;
use crate::flags::Flag as _;
use crate::fresh_plan::PlannedForItsValues;
use crate::schema::misp_license;

/// At most `most` live licences that expired before `now`, by MISP and key, after
/// one if it is given.
pub fn list_expired(
    conn: &mut PgConnection,
    now: NaiveDateTime,
    after: Option<&MispLicence>,
    most: i64,
) -> QueryResult<Vec<MispLicence>> {
    let mut expired = MispLicence::query()
        .filter(misp_license::is_active)
        .filter(misp_license::is_deleted.is_not_true())
        .filter(misp_license::valid_to_date.lt(now))
        .filter(PlannedForItsValues)
        .order((misp_license::misp_id, misp_license::license_key))
        .limit(most)
        .into_boxed();
    if let Some(last) = after {
        let same = misp_license::misp_id
            .eq(&last.misp_id)
            .and(misp_license::license_key.gt(&last.license_key));
        expired = expired.filter(misp_license::misp_id.gt(&last.misp_id).or(same));
    }
    expired.load(conn)
}

/// The licence, locked until the transaction ends, if it is live still and
/// expired before `now`. Hold [`crate::locks::Lock::MispLicence`] before.
pub fn lock_expired(
    conn: &mut PgConnection,
    licence: &MispLicence,
    now: NaiveDateTime,
) -> QueryResult<Option<MispLicence>> {
    MispLicence::query()
        .filter(misp_license::misp_id.eq(&licence.misp_id))
        .filter(misp_license::license_key.eq(&licence.license_key))
        .filter(misp_license::is_active)
        .filter(misp_license::is_deleted.is_not_true())
        .filter(misp_license::valid_to_date.lt(now))
        .for_update()
        .first(conn)
        .optional()
}

//! SBIs whose last day is over.

use chrono::NaiveDate;
use diesel::prelude::*;
use pms_domain::device::status::{APPROVED, PENDING_APPROVAL};

use super::Interface;
use crate::flags::Flag as _;
use crate::fresh_plan::PlannedForItsValues;
use crate::schema::secure_biometric_interface as sbi;

/// At most `most` SBIs whose last day was before `today` and that are in use, or
/// wait for approval; by id, after one if it is given.
pub fn list_expired(
    conn: &mut PgConnection,
    today: NaiveDate,
    after: Option<&str>,
    most: i64,
) -> QueryResult<Vec<Interface>> {
    let in_use = sbi::approval_status.eq(APPROVED).and(sbi::is_active);
    Interface::query()
        .filter(in_use.or(sbi::approval_status.eq(PENDING_APPROVAL)))
        .filter(sbi::is_deleted.is_not_true())
        .filter(sbi::sw_expiry_dtimes.lt(today.and_time(chrono::NaiveTime::MIN)))
        .filter(sbi::id.gt(after.unwrap_or_default()))
        .filter(PlannedForItsValues)
        .order(sbi::id)
        .limit(most)
        .load(conn)
}

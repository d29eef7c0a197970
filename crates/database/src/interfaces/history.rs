//! `pms.secure_biometric_interface_h`: what an SBI was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.19"
)]

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};

use crate::Stamp;
use crate::functions::{INSTANT, bool_or, later, plus};
use crate::schema::{secure_biometric_interface as sbi, secure_biometric_interface_h as history};

/// An SBI as it was from `eff_dtimes` on.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = history)]
pub struct InterfaceHistory {
    pub id: String,
    pub eff_dtimes: NaiveDateTime,
    pub sw_binary_hash: Vec<u8>,
    pub sw_version: String,
    pub sw_cr_dtimes: Option<NaiveDateTime>,
    pub sw_expiry_dtimes: Option<NaiveDateTime>,
    pub approval_status: String,
    pub is_active: bool,
    pub provider_id: Option<String>,
    pub partner_org_name: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
}

/// Appends what the SBI is now: the row is copied in the database. Its author is that
/// of the change. It begins at the time of the change, or one microsecond after the
/// latest row of the SBI: changes are stamped before they wait for each other.
pub(super) fn append(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<()> {
    let latest = history::table
        .filter(history::id.eq(id))
        .select(max(history::eff_dtimes));
    let row = sbi::table.find(id).select((
        sbi::id,
        sbi::sw_binary_hash,
        sbi::sw_version,
        sbi::sw_cr_dtimes,
        sbi::sw_expiry_dtimes,
        sbi::approval_status,
        sbi::is_active,
        sbi::provider_id,
        sbi::partner_org_name,
        sbi::upd_by,
        sbi::upd_dtimes,
        bool_or(sbi::is_deleted, false).nullable(),
        stamp.by.as_str().into_sql::<Text>(),
        stamp.at.into_sql::<Timestamp>(),
        later(stamp.at, plus(latest.single_value(), INSTANT)),
    ));
    row.insert_into(history::table)
        .into_columns((
            history::id,
            history::sw_binary_hash,
            history::sw_version,
            history::sw_cr_dtimes,
            history::sw_expiry_dtimes,
            history::approval_status,
            history::is_active,
            history::provider_id,
            history::partner_org_name,
            history::upd_by,
            history::upd_dtimes,
            history::is_deleted,
            history::cr_by,
            history::cr_dtimes,
            history::eff_dtimes,
        ))
        .execute(conn)?;
    Ok(())
}

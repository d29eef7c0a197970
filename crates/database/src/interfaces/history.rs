//! `pms.secure_biometric_interface_h`: what an SBI was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.19"
)]

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;

use super::Interface;
use crate::Stamp;
use crate::schema::secure_biometric_interface_h as history;

/// An SBI as it was from `eff_dtimes` on.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable)]
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

/// Appends what the SBI is now. Its author is that of the change.
pub(super) fn append(conn: &mut PgConnection, sbi: Interface, stamp: &Stamp) -> QueryResult<()> {
    let latest: Option<NaiveDateTime> = history::table
        .filter(history::id.eq(&sbi.id))
        .filter(history::eff_dtimes.ge(stamp.at))
        .select(max(history::eff_dtimes))
        .first(conn)?;
    let row = InterfaceHistory {
        id: sbi.id,
        eff_dtimes: stamp.after(latest),
        sw_binary_hash: sbi.sw_binary_hash,
        sw_version: sbi.sw_version,
        sw_cr_dtimes: sbi.sw_cr_dtimes,
        sw_expiry_dtimes: sbi.sw_expiry_dtimes,
        approval_status: sbi.approval_status,
        is_active: sbi.is_active,
        provider_id: sbi.provider_id,
        partner_org_name: sbi.partner_org_name,
        cr_by: stamp.by.clone(),
        cr_dtimes: stamp.at,
        upd_by: sbi.upd_by,
        upd_dtimes: sbi.upd_dtimes,
        is_deleted: Some(sbi.is_deleted.unwrap_or(false)),
    };
    diesel::insert_into(history::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

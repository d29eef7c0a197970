//! `pms.secure_biometric_interface_h`: what an SBI was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.19"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::Interface;
use crate::history::{Stamped, WithHistory};
use crate::schema::secure_biometric_interface_h as history;

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

/// The author of a history row is that of the change.
impl WithHistory for Interface {
    const TABLE: &'static str = "pms.secure_biometric_interface";
    const HISTORY: &'static str = "pms.secure_biometric_interface_h";
    const COPIED: &'static str = "id, sw_binary_hash, sw_version, sw_cr_dtimes, sw_expiry_dtimes, \
        approval_status, is_active, provider_id, partner_org_name, upd_by, upd_dtimes";
    const STAMPED: &'static [(&'static str, Stamped)] =
        &[("cr_by", Stamped::By), ("cr_dtimes", Stamped::At)];
}

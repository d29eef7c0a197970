//! `POST /securebiometricinterface/search`
//!
//! SBIs in any state (contract devices.md §11.4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_database::interfaces::Interface;
use pms_web::wire::{LocalDateTime, ZuluDateTime};
use serde::Serialize;
use utoipa::ToSchema;

/// An SBI that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §11.4"
)]
pub struct FoundInterface {
    pub id: String,
    /// In base64.
    pub sw_binary_hash: String,
    pub sw_version: String,
    /// Always null.
    pub device_detail_id: Option<String>,
    pub sw_create_date_time: Option<ZuluDateTime>,
    pub sw_expiry_date_time: Option<ZuluDateTime>,
    pub is_active: bool,
    pub approval_status: String,
    pub provider_id: Option<String>,
    pub partner_organization_name: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: LocalDateTime,
    pub del_dtimes: Option<LocalDateTime>,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<LocalDateTime>,
    pub deleted: bool,
}

/// A hash as the wire shows it.
pub(super) fn shown(hash: &[u8]) -> String {
    STANDARD.encode(hash)
}

impl From<Interface> for FoundInterface {
    fn from(sbi: Interface) -> Self {
        Self {
            id: sbi.id,
            sw_binary_hash: shown(&sbi.sw_binary_hash),
            sw_version: sbi.sw_version,
            device_detail_id: None,
            sw_create_date_time: sbi.sw_cr_dtimes.map(Into::into),
            sw_expiry_date_time: sbi.sw_expiry_dtimes.map(Into::into),
            is_active: sbi.is_active,
            approval_status: sbi.approval_status,
            provider_id: sbi.provider_id,
            partner_organization_name: sbi.partner_org_name,
            cr_by: sbi.cr_by,
            cr_dtimes: sbi.cr_dtimes.into(),
            del_dtimes: sbi.del_dtimes.map(Into::into),
            upd_by: sbi.upd_by,
            upd_dtimes: sbi.upd_dtimes.map(Into::into),
            deleted: sbi.is_deleted.unwrap_or(false),
        }
    }
}

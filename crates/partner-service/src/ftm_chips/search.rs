//! `POST /ftpchipdetail/search`
//!
//! FTM chips in any state, all at once (contract devices.md §10.6).

use pms_database::ftm_chips::FtmChip;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

/// A chip that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §10.6"
)]
pub struct FoundChip {
    pub ftp_chip_detail_id: String,
    pub ftp_provider_id: String,
    pub make: Option<String>,
    pub model: Option<String>,
    pub certificate_alias: Option<String>,
    pub partner_organization_name: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: LocalDateTime,
    pub del_dtimes: Option<LocalDateTime>,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<LocalDateTime>,
    pub approval_status: String,
    pub active: bool,
    pub deleted: bool,
}

impl From<FtmChip> for FoundChip {
    fn from(chip: FtmChip) -> Self {
        Self {
            ftp_chip_detail_id: chip.id,
            ftp_provider_id: chip.foundational_trust_provider_id,
            make: chip.make,
            model: chip.model,
            certificate_alias: chip.certificate_alias,
            partner_organization_name: chip.partner_org_name,
            cr_by: chip.cr_by,
            cr_dtimes: chip.cr_dtimes.into(),
            del_dtimes: chip.del_dtimes.map(Into::into),
            upd_by: chip.upd_by,
            upd_dtimes: chip.upd_dtimes.map(Into::into),
            approval_status: chip.approval_status,
            active: chip.is_active,
            deleted: chip.is_deleted.unwrap_or(false),
        }
    }
}

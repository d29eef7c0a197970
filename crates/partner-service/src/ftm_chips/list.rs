//! `GET /ftpchipdetail/v2`
//!
//! FTM chips in pages, for administrators (contract devices.md §10.10).

use actix_web::web;
use pms_database::search::lists::{FtmChipItem, FtmChipList};
use pms_domain::device::status::displayed;
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// An FTM chip in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedFtmChip {
    /// Id of the chip.
    pub ftm_id: String,
    /// Partner id of the provider.
    pub partner_id: String,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Make.
    pub make: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// `approved`, `rejected`, `pending_cert_upload`, `pending_approval` or
    /// `deactivated`.
    pub status: Option<&'static str>,
    /// Whether the chip is active.
    pub is_active: bool,
    /// Whether a certificate was uploaded.
    pub is_certificate_available: bool,
    /// When the chip was added.
    pub created_date_time: LocalDateTime,
}

/// Lists FTM chips.
///
/// # Errors
/// The checks of contract devices.md §7.
pub async fn handle(
    _: Caller,
    request: ListRequest<FtmChipList>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedFtmChip>> {
    context.lists.page(request, Visible::All).await
}

impl From<FtmChipItem> for ListedFtmChip {
    fn from(item: FtmChipItem) -> Self {
        Self {
            status: displayed(&item.approval_status, item.is_active),
            ftm_id: item.id,
            partner_id: item.foundational_trust_provider_id,
            org_name: item.partner_org_name,
            make: item.make,
            model: item.model,
            is_active: item.is_active,
            is_certificate_available: item.certificate_alias.is_some(),
            created_date_time: item.cr_dtimes.into(),
        }
    }
}

//! `GET /devicedetail`
//!
//! Devices in pages, for administrators (contract devices.md §9.11).

use actix_web::web;
use pms_database::search::lists::{DeviceItem, DeviceList};
use pms_domain::device::status::displayed;
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A device in the list, with one of its SBIs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedDevice {
    /// Id of the device.
    pub device_id: String,
    /// Partner id of the provider.
    pub partner_id: String,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Code of the device type.
    pub device_type: String,
    /// Code of the device sub-type.
    pub device_sub_type: String,
    /// `approved`, `rejected`, `pending_approval` or `deactivated`.
    pub status: Option<&'static str>,
    /// Make.
    pub make: String,
    /// Model.
    pub model: String,
    /// When the device was added.
    pub created_date_time: LocalDateTime,
    /// Id of the SBI.
    pub sbi_id: Option<String>,
    /// Version of the SBI.
    pub sbi_version: Option<String>,
}

/// Lists devices.
///
/// # Errors
/// The checks of contract devices.md §7.
pub async fn handle(
    _: Caller,
    request: ListRequest<DeviceList>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedDevice>> {
    context.lists.page(request, Visible::All).await
}

impl From<DeviceItem> for ListedDevice {
    fn from(item: DeviceItem) -> Self {
        Self {
            status: displayed(&item.approval_status, item.is_active),
            device_id: item.id,
            partner_id: item.dprovider_id,
            org_name: item.partner_org_name,
            device_type: item.dtype_code,
            device_sub_type: item.dstype_code,
            make: item.make,
            model: item.model,
            created_date_time: item.cr_dtimes.into(),
            sbi_id: item.sbi_id,
            sbi_version: item.sbi_version,
        }
    }
}

//! `GET /devicedetail`
//!
//! Devices in pages, for administrators (contract devices.md §9.11).

use actix_web::web;
use pms_database::search::ListQuery;
use pms_database::search::lists::{DeviceFilter, DeviceItem, DeviceList};
use pms_domain::device::status::displayed;
use pms_web::query::optional_integer;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;
use crate::pages::Page;

/// Order, page and filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct DeviceListQuery {
    /// `deviceId`, `sbiId`, `sbiVersion`, `partnerId`, `orgName`, `deviceType`,
    /// `deviceSubType`, `make`, `model`, `status` or `createdDateTime`.
    pub sort_field_name: Option<String>,
    /// `asc` or `desc`; without both the newest come first.
    pub sort_type: Option<String>,
    /// Index of the page, from 0.
    #[serde(deserialize_with = "optional_integer")]
    pub page_no: Option<i64>,
    /// Rows of a page; 8 unless given.
    #[serde(deserialize_with = "optional_integer")]
    pub page_size: Option<i64>,
    /// Part of the provider's partner id.
    pub partner_id: Option<String>,
    /// Part of the organisation's name.
    pub org_name: Option<String>,
    /// Part of the code of the device type.
    pub device_type: Option<String>,
    /// Part of the code of the device sub-type.
    pub device_sub_type: Option<String>,
    /// Exactly `approved`, `rejected`, `pending_approval` or `deactivated`.
    pub status: Option<String>,
    /// Part of the make.
    pub make: Option<String>,
    /// Part of the model.
    pub model: Option<String>,
    /// Part of the id of a mapped SBI.
    pub sbi_id: Option<String>,
    /// Part of the version of a mapped SBI.
    pub sbi_version: Option<String>,
    /// Part of the device id.
    pub device_id: Option<String>,
}

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
pub async fn list(
    _: Caller,
    Query(query): Query<DeviceListQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedDevice>> {
    let (wanted, filter) = query.split();
    let page = context.list::<DeviceList>(wanted, move |_| Ok(filter.conditions()));
    Ok(Page(page.await?.map(ListedDevice::from)))
}

impl DeviceListQuery {
    fn split(self) -> (ListQuery, DeviceFilter) {
        let wanted = ListQuery {
            sort_field_name: self.sort_field_name,
            sort_type: self.sort_type,
            page_no: self.page_no,
            page_size: self.page_size,
        };
        let filter = DeviceFilter {
            partner_id: self.partner_id,
            org_name: self.org_name,
            device_type: self.device_type,
            device_sub_type: self.device_sub_type,
            make: self.make,
            model: self.model,
            sbi_id: self.sbi_id,
            sbi_version: self.sbi_version,
            device_id: self.device_id,
            status: self.status,
        };
        (wanted, filter)
    }
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

//! `POST /devicedetail/search`
//!
//! Devices in any state (contract devices.md §9.4).

use pms_database::devices::Device;
use serde::Serialize;
use utoipa::ToSchema;

/// A device that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §9.4"
)]
pub struct FoundDevice {
    pub id: String,
    pub device_provider_id: String,
    pub device_type_code: String,
    pub device_sub_type_code: String,
    pub make: String,
    pub model: String,
    pub partner_organization_name: Option<String>,
    pub is_active: bool,
    pub approval_status: String,
}

impl From<Device> for FoundDevice {
    fn from(device: Device) -> Self {
        Self {
            id: device.id,
            device_provider_id: device.dprovider_id,
            device_type_code: device.dtype_code,
            device_sub_type_code: device.dstype_code,
            make: device.make,
            model: device.model,
            partner_organization_name: device.partner_org_name,
            is_active: device.is_active,
            approval_status: device.approval_status,
        }
    }
}

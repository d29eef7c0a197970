//! `POST /securebiometricinterface/devicedetails/map/search`
//!
//! Devices of SBIs (contract devices.md §11.8).

use pms_database::search::searches::DeviceMappingFound;
use pms_web::wire::OffsetDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::search::shown;

/// A mapping that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract devices.md §11.8"
)]
pub struct FoundDeviceMapping {
    pub device_detail_id: String,
    pub sbi_id: String,
    pub provider_id: String,
    pub provider_name: Option<String>,
    pub make: String,
    pub model: String,
    pub device_type_code: String,
    pub device_sub_type_code: String,
    /// In base64.
    pub sw_binary_hash: String,
    pub sw_version: String,
    pub cr_by: String,
    pub cr_dtimes: OffsetDateTime,
}

impl From<DeviceMappingFound> for FoundDeviceMapping {
    fn from(found: DeviceMappingFound) -> Self {
        Self {
            device_detail_id: found.device_detail_id,
            sbi_id: found.sbi_id,
            provider_id: found.dprovider_id,
            provider_name: found.partner_org_name,
            make: found.make,
            model: found.model,
            device_type_code: found.dtype_code,
            device_sub_type_code: found.dstype_code,
            sw_binary_hash: shown(&found.sw_binary_hash),
            sw_version: found.sw_version,
            cr_by: found.cr_by,
            cr_dtimes: found.cr_dtimes.into(),
        }
    }
}

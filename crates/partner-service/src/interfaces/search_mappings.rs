//! `POST /securebiometricinterface/devicedetails/map/search`
//!
//! Devices of SBIs (contract devices.md §11.8).

use pms_database::search::Entity;
use pms_database::search::searches::{DeviceMappingFound, DeviceMappings};
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacySearch};
use pms_web::Caller;
use pms_web::search::Search;
use pms_web::wire::OffsetDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::search::shown;
use crate::Context;
use crate::scope::rows_of_own;

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

/// The search of mappings in any state.
pub struct SearchDeviceMappings;

impl LegacySearch for SearchDeviceMappings {
    type Context = Context;
    type Entity = DeviceMappings;
    type Request = Search;
    type Found = FoundDeviceMapping;
    const AUDITS: Option<AuditPair> = None;

    fn visible(caller: Caller) -> Visible<<DeviceMappings as Entity>::Source> {
        rows_of_own(caller, DeviceMappings::of_partners)
    }
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

//! `GET /securebiometricinterface/{sbiId}/devices`
//!
//! The devices of an SBI of the caller's (contract devices.md §11.10).

use actix_web::web;
use pms_database::devices::Device;
use pms_database::partners::{self, OwnedPartner};
use pms_database::{Connection, DbError, device_mappings, interfaces};
use pms_domain::device::errors;
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_domain::partner::types::DEVICE_PROVIDER;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A device of an SBI.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceOfSbi {
    /// Id of the device.
    pub device_id: String,
    /// Code of the device type.
    pub device_type_code: String,
    /// Code of the device sub-type.
    pub device_sub_type_code: String,
    /// Partner id of the provider.
    pub device_provider_id: String,
    /// Make.
    pub make: String,
    /// Model.
    pub model: String,
    /// As it is stored: a deactivated device is `approved`.
    pub status: String,
    /// Whether the device is active.
    pub is_active: bool,
    /// When the device was added.
    pub created_date_time: LocalDateTime,
}

/// Lists the devices of an SBI; null when none was ever mapped.
///
/// # Errors
/// The rules of contract devices.md §11.10 in its order.
pub async fn handle(
    caller: Caller,
    sbi_id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<Option<Vec<DeviceOfSbi>>> {
    let sbi_id = sbi_id.into_inner();
    let limit = context.unpaged.rows_to_ask();
    let listed = context.db.read(move |conn| {
        let own = partners::list_owned(conn, caller.user_id(), limit)?;
        let provider = provider_of(conn, &own, &sbi_id)?;
        Ok(device_mappings::devices_of(conn, &sbi_id, provider, limit)?)
    });
    let Some(devices) = listed.await? else {
        return Ok(None);
    };
    context.unpaged.check(devices.len())?;
    Ok(Some(devices.into_iter().map(DeviceOfSbi::from).collect()))
}

/// The caller's partner that provides the SBI.
fn provider_of<'a>(
    conn: &mut Connection,
    own: &'a [OwnedPartner],
    sbi_id: &str,
) -> Result<&'a str, DbError> {
    if own.is_empty() {
        return Err(USER_WITHOUT_PARTNERS.into());
    }
    let sbi = interfaces::find(conn, sbi_id)?.ok_or(errors::SBI_UNKNOWN)?;
    let provider = own
        .iter()
        .find(|partner| sbi.provider_id.as_deref() == Some(partner.id.as_str()))
        .ok_or(errors::SBI_NOT_OWN)?;
    if provider.partner_type_code != DEVICE_PROVIDER {
        return Err(errors::NOT_DEVICE_PROVIDER.into());
    }
    Ok(&provider.id)
}

impl From<Device> for DeviceOfSbi {
    fn from(device: Device) -> Self {
        Self {
            device_id: device.id,
            device_type_code: device.dtype_code,
            device_sub_type_code: device.dstype_code,
            device_provider_id: device.dprovider_id,
            make: device.make,
            model: device.model,
            status: device.approval_status,
            is_active: device.is_active,
            created_date_time: device.cr_dtimes.into(),
        }
    }
}

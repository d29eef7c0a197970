//! `GET /devices/registry`
//!
//! The SBIs with their devices and the FTM chips that may be used, for relying
//! modules and registration clients (`docs/registry.md`). The reference has nothing
//! like it.

use actix_web::web;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDateTime;
use pms_database::device_registry::{
    self, RegisteredChip, RegisteredDevice, RegisteredSbi, RegistryPage, RegistryRow,
};
use pms_domain::device_registry::{Place, STATE_PASSED};
use pms_domain::{BusinessError, ErrorDef};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller, Conditional, Query, Tagged};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;

/// Lines of a page, unless the client asks for fewer or more.
const USUAL_SIZE: i64 = 500;
/// Most lines of a page; a larger wish gets this many.
const LARGEST_SIZE: i64 = 2000;

const SIZE_INVALID: ErrorDef = ErrorDef::new("PMS_PRT_361", "Invalid page size");

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct RegistryQuery {
    /// `nextCursor` of the page before; none for the first page.
    pub cursor: Option<String>,
    /// Devices, SBIs without devices, and chips of a page: 500, at most 2000.
    pub page_size: Option<i32>,
}

/// A page of the registry.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRegistry {
    /// Names the state of the registry that the page is of, as `ETag` does.
    pub state: String,
    /// SBIs in the order of their ids. An SBI whose devices don't fit into a page
    /// stands in the next one again, with more of its devices.
    pub sbis: Vec<SbiInRegistry>,
    /// FTM chips, after the last SBI, in the order of their ids.
    pub ftm_chips: Vec<ChipInRegistry>,
    /// Of the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// An SBI that may be used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SbiInRegistry {
    /// Id of the SBI.
    pub sbi_id: String,
    /// Partner id of the provider.
    pub partner_id: String,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Version of the software.
    pub sbi_version: String,
    /// Hash of the software, as its provider wrote it; in base64 where another tool stored
    /// bytes that are no text.
    pub sbi_binary_hash: String,
    /// When the software was made.
    pub sbi_created_date_time: Option<LocalDateTime>,
    /// When it ends: with the end of that day, UTC.
    pub sbi_expiry_date_time: Option<LocalDateTime>,
    /// Devices that may be used with it, in the order of their ids.
    pub devices: Vec<DeviceInRegistry>,
}

/// A device that may be used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeviceInRegistry {
    /// Id of the device.
    pub device_id: String,
    /// Code of the device type.
    pub device_type: String,
    /// Code of the device sub-type.
    pub device_sub_type: String,
    /// Make.
    pub make: String,
    /// Model.
    pub model: String,
}

/// An FTM chip that may be used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChipInRegistry {
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
    /// When its certificate ends, where that is known.
    pub certificate_expiry_date_time: Option<LocalDateTime>,
}

/// Reads a page of the registry.
///
/// # Errors
/// A page size below 1, a cursor that is none, or one of a state that has passed.
pub async fn handle(
    _: Caller,
    Query(query): Query<RegistryQuery>,
    conditional: Conditional,
    context: web::Data<Context>,
) -> ApiResult<Tagged<DeviceRegistry>> {
    let wanted_size = query.page_size.map_or(USUAL_SIZE, i64::from);
    let size = wanted_size.min(LARGEST_SIZE);
    if size < 1 {
        return Err(SIZE_INVALID.into());
    }
    let (wanted, place) = match query.cursor.as_deref() {
        None | Some("") => (None, Place::start()),
        Some(cursor) => {
            let (tag, place) = Place::of_cursor(cursor)?;
            (Some(tag), place)
        }
    };
    let now: NaiveDateTime = context.now();
    let read = context
        .db
        .read(move |conn| Ok(device_registry::page(conn, &place, size, now)?));
    let page = read.await?;
    let tag = page.state.tag();
    if wanted.is_some_and(|wanted| wanted != tag) {
        return Err(BusinessError::from(STATE_PASSED).into());
    }
    Ok(conditional.answer(tag.clone(), DeviceRegistry::of(page, tag, size)))
}

impl DeviceRegistry {
    fn of(page: RegistryPage, tag: String, size: i64) -> Self {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let mut rows = page.rows;
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|last| last.place().cursor(&tag));
        let mut registry = Self {
            state: tag,
            sbis: Vec::new(),
            ftm_chips: Vec::new(),
            next_cursor: next,
        };
        for row in rows {
            match row {
                RegistryRow::Device { sbi, device } => registry.add(sbi, device),
                RegistryRow::Chip(chip) => registry.ftm_chips.push(chip.into()),
            }
        }
        registry
    }

    fn add(&mut self, sbi: RegisteredSbi, device: Option<RegisteredDevice>) {
        let device = device.map(DeviceInRegistry::from);
        match self.sbis.last_mut().filter(|last| last.sbi_id == sbi.id) {
            Some(last) => last.devices.extend(device),
            None => self.sbis.push(SbiInRegistry {
                sbi_id: sbi.id,
                partner_id: sbi.provider_id,
                org_name: sbi.partner_org_name,
                sbi_version: sbi.sw_version,
                sbi_binary_hash: hash_text(sbi.sw_binary_hash),
                sbi_created_date_time: sbi.sw_cr_dtimes.map(Into::into),
                sbi_expiry_date_time: sbi.sw_expiry_dtimes.map(Into::into),
                devices: device.into_iter().collect(),
            }),
        }
    }
}

/// The text that the provider sent, which is stored in UTF-8; base64 of anything else.
fn hash_text(stored: Vec<u8>) -> String {
    String::from_utf8(stored).unwrap_or_else(|error| STANDARD.encode(error.as_bytes()))
}

impl From<RegisteredDevice> for DeviceInRegistry {
    fn from(device: RegisteredDevice) -> Self {
        Self {
            device_id: device.id,
            device_type: device.dtype_code,
            device_sub_type: device.dstype_code,
            make: device.make,
            model: device.model,
        }
    }
}

impl From<RegisteredChip> for ChipInRegistry {
    fn from(chip: RegisteredChip) -> Self {
        Self {
            ftm_id: chip.id,
            partner_id: chip.provider_id,
            org_name: chip.partner_org_name,
            make: chip.make,
            model: chip.model,
            certificate_expiry_date_time: chip.certificate_not_after.map(Into::into),
        }
    }
}

//! `PUT /securebiometricinterface/devicedetails/map`
//!
//! Maps an approved device to an approved SBI (contract devices.md §11.6).

use actix_web::web;
use pms_database::device_mappings::{self, NewMapping, Pair};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, devices, interfaces};
use pms_domain::device::audits::{self, about_sbi};
use pms_domain::device::errors;
use pms_domain::device::pairing::may_map;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::hardware::fields::EMPTY;
use crate::hardware::providers::{lock_active, require_own};

/// A device and an SBI.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DeviceOfInterface {
    /// Id of the device.
    pub device_detail_id: Option<String>,
    /// Id of the SBI.
    pub sbi_id: Option<String>,
}

impl Request for DeviceOfInterface {
    fn check(&self, fields: &mut Checks) {
        fields
            .not_blank_or("deviceDetailId", self.device_detail_id.as_deref(), EMPTY)
            .not_blank_or("sbiId", self.sbi_id.as_deref(), EMPTY);
    }
}

struct Command {
    caller: Caller,
    device_id: String,
    sbi_id: String,
    stamp: Stamp,
}

/// Maps a device.
///
/// # Errors
/// The rules of contract devices.md §11.6 in its order; after the device's
/// existence another user's, last an inactive provider.
pub async fn handle(
    caller: Caller,
    Body(request): Body<DeviceOfInterface>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        device_id: request.device_detail_id.unwrap_or_default(),
        sbi_id: request.sbi_id.unwrap_or_default(),
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<&'static str, DbError> {
        let pair = Pair {
            device_id: &self.device_id,
            sbi_id: &self.sbi_id,
        };
        device_mappings::hold(conn, pair)?;
        if let Some(provider) = device_mappings::provider_of(conn, pair)? {
            let foreign = errors::DEVICE_NOT_OWN;
            require_own(conn, &self.caller, Some(&provider), foreign)?;
            return Ok("Mapping already exists");
        }
        self.map(conn, trail, pair)?;
        Ok("Success")
    }

    fn map(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        pair: Pair<'_>,
    ) -> Result<(), DbError> {
        let about = about_sbi(&self.sbi_id);
        let of_device = audits::MAP_DEVICE_REFUSED;
        let unknown = || errors::DEVICE_UNKNOWN_BY_ID.with(&[&self.device_id]);
        let found = devices::find(conn, &self.device_id)?.filter(|device| !device.is_gone());
        let Some(found) = found else {
            return Err(trail.refuse_with_text(of_device, about, unknown()));
        };
        let provider = found.dprovider_id;
        require_own(conn, &self.caller, Some(&provider), errors::DEVICE_NOT_OWN)?;
        // In the order of locks: partner, SBI, device.
        let admitted = lock_active(conn, &provider);
        let sbi = interfaces::keep(conn, &self.sbi_id)?.filter(|sbi| !sbi.is_gone());
        let device = devices::lock(conn, &self.device_id)?.ok_or_else(unknown)?;
        let usable = device.facts().must_be_in_use();
        usable.map_err(|error| trail.refuse_with_text(of_device, about, error))?;
        let of_sbi = audits::MAP_SBI_REFUSED;
        let Some(sbi) = sbi else {
            let error = errors::SBI_UNKNOWN_BY_ID.with(&[&self.sbi_id]);
            return Err(trail.refuse_with_text(of_sbi, about, error));
        };
        may_map(&device.facts(), &sbi.facts(), self.stamp.at.date())
            .map_err(|error| trail.refuse_with_text(of_sbi, about, error))?;
        admitted?;
        let mapping = NewMapping {
            pair,
            provider_id: &provider,
            org_name: sbi.partner_org_name.as_deref(),
            is_active: true,
        };
        Ok(device_mappings::insert(conn, &mapping, &self.stamp)?)
    }
}

//! `PATCH /devicedetail/{deviceId}`
//!
//! Ends the use of a device (contract devices.md §9.9).

use actix_web::web;
use pms_database::{Connection, DbError, Stamp, devices};
use pms_domain::device::errors;
use pms_domain::device::lifecycle::deactivate_device;
use pms_domain::device::status::APPROVED;
use pms_web::{ApiResult, Body, Caller, PathId};
use serde::Serialize;
use utoipa::ToSchema;

use super::deactivation::Deactivation;
use super::providers::OwnPartners;
use crate::Context;

/// A device that is no longer used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeactivatedDevice {
    /// Id of the device.
    pub device_id: String,
    /// `approved`, as it was.
    pub status: &'static str,
    /// `false`.
    pub is_active: bool,
}

struct Command {
    caller: Caller,
    id: String,
    stamp: Stamp,
}

/// Deactivates a device.
///
/// # Errors
/// The rules of contract devices.md §9.9, in its order.
pub async fn handle(
    caller: Caller,
    PathId(id): PathId,
    Body(request): Body<Deactivation>,
    context: web::Data<Context>,
) -> ApiResult<DeactivatedDevice> {
    request.is_asked_for()?;
    let stamp = context.stamp(&caller);
    let command = Command { caller, id, stamp };
    let deactivated = context.db.transaction(move |conn| command.run(conn));
    Ok(deactivated.await?)
}

impl Command {
    fn run(&self, conn: &mut Connection) -> Result<DeactivatedDevice, DbError> {
        let own = OwnPartners::of(conn, &self.caller)?;
        let device = devices::lock(conn, &self.id)?.ok_or(errors::DEVICE_UNKNOWN)?;
        let provider = Some(device.dprovider_id.as_str());
        own.may_end(&self.caller, provider, errors::DEVICE_NOT_OWN)?;
        let change = deactivate_device(device.state())?;
        devices::set_state(conn, &device.id, change, &self.stamp)?;
        Ok(DeactivatedDevice {
            device_id: device.id,
            status: APPROVED,
            is_active: false,
        })
    }
}

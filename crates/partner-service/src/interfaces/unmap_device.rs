//! `PUT /securebiometricinterface/devicedetails/map/remove`
//!
//! Removes a device from an SBI (contract devices.md §11.7).

use actix_web::web;
use pms_database::device_mappings::{self, Pair};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError};
use pms_domain::device::audits::{self, about_sbi};
use pms_domain::device::errors;
use pms_web::{ApiResult, Body, Caller};

use super::map_device::DeviceOfInterface;
use crate::Context;
use crate::hardware::providers::{lock_active, require_own};

struct Command {
    caller: Caller,
    device_id: String,
    sbi_id: String,
}

/// Removes a mapping.
///
/// # Errors
/// A pair that is not mapped, then another user's, then one whose provider is
/// inactive; administrators remove it nevertheless.
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
        let Some(provider) = device_mappings::provider_of(conn, pair)? else {
            let about = about_sbi(&self.sbi_id);
            return Err(trail.refuse_with_text(audits::MAP_SBI_REFUSED, about, errors::NO_MAPPING));
        };
        let foreign = errors::DEVICE_NOT_OWN;
        require_own(conn, &self.caller, Some(&provider), foreign)?;
        if !self.caller.is_partner_admin() {
            lock_active(conn, &provider)?;
        }
        device_mappings::delete(conn, pair)?;
        Ok("Success")
    }
}

//! `PATCH /devicedetail`
//!
//! Approves or rejects a device, whatever its SBIs (contract devices.md §9.3). A
//! rejected device stays rejected, and none is approved whose SBI can't be used.

use actix_web::web;
use pms_database::interfaces::Interface;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, device_mappings, devices};
use pms_domain::device::audits::{self, about_device};
use pms_domain::device::decision::Decision;
use pms_domain::device::errors;
use pms_domain::device::lifecycle::decide_device;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::providers::lock_active;
use super::registration::{taken, to_36};
use crate::Context;

/// The decision about a device or an SBI.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OlderDecision {
    /// Id of the device or the SBI.
    pub id: Option<String>,
    /// `Activate` or `De-activate`, exactly.
    pub approval_status: Option<String>,
}

impl Request for OlderDecision {
    fn check(&self, fields: &mut Checks) {
        to_36(fields, "id", self.id.as_deref());
        to_36(fields, "approvalStatus", self.approval_status.as_deref());
    }
}

struct Command {
    id: String,
    decision: Option<Decision>,
    stamp: Stamp,
}

/// Decides about a device.
///
/// # Errors
/// The rules of contract devices.md §9.3 in its order; then for an approval an
/// inactive provider, a rejected device, an SBI that can't be used, a live device
/// of the same make and model.
pub async fn handle(
    caller: Caller,
    Body(request): Body<OlderDecision>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let stamp = context.stamp(&caller);
    let wanted = request.approval_status.unwrap_or_default();
    let command = Command {
        id: request.id.unwrap_or_default(),
        decision: Decision::parse_older(&wanted),
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<&'static str, DbError> {
        let about = about_device(&self.id);
        trail.note(audits::DECIDE_DEVICE, about);
        let mut unknown = || {
            let error = errors::DEVICE_UNKNOWN_BY_ID.with(&[&self.id]);
            trail.refuse_telling(audits::UPDATE_DEVICE_FAILED, about, error)
        };
        let found = devices::find(conn, &self.id)?.filter(|device| !device.is_gone());
        let provider = found.ok_or_else(&mut unknown)?.dprovider_id;
        let Some(decision) = self.decision else {
            let error = errors::DEVICE_STATUS_NOT_KNOWN;
            return Err(trail.refuse_telling(audits::DECIDE_DEVICE_FAILED, about, error));
        };
        if decision == Decision::Approve {
            lock_active(conn, &provider)?;
        }
        let device = devices::lock(conn, &self.id)?
            .ok_or_else(|| DbError::from(errors::DEVICE_UNKNOWN_BY_ID.with(&[&self.id])))?;
        // After the lock: what happens to an SBI reaches its devices through it.
        let sbis = device_mappings::interfaces_of(conn, &device.id)?;
        let sbis: Vec<_> = sbis.iter().map(Interface::facts).collect();
        let today = self.stamp.at.date();
        if let Some(change) = decide_device(device.state(), decision, &sbis, today)? {
            devices::set_state(conn, &device.id, change, &self.stamp).map_err(taken)?;
        }
        trail.note(audits::DEVICE_UPDATED, about);
        Ok(match decision {
            Decision::Approve => "Device details approved successfully.",
            Decision::Reject => "Device details rejected successfully.",
        })
    }
}

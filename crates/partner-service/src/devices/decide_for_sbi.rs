//! `POST /devicedetail/{id}/approval`
//!
//! Approves or rejects a device for its SBI (contract devices.md §9.10).

use actix_web::web;
use pms_database::device_mappings::{self, Pair};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, devices, interfaces};
use pms_domain::device::audits::{self, about_device};
use pms_domain::device::decision::Decision;
use pms_domain::device::errors;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::registration::or_device_exists;
use crate::Context;
use crate::hardware::providers::lock_active;

/// The decision about a device.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DecideForSbi {
    /// Partner id of the provider.
    pub partner_id: Option<String>,
    /// Id of the SBI.
    pub sbi_id: Option<String>,
    /// `approved` or `rejected`, exactly.
    pub status: Option<String>,
}

impl Request for DecideForSbi {
    fn check(&self, _: &mut Checks) {}
}

struct Command {
    partner_id: String,
    sbi_id: String,
    device_id: String,
    decision: Decision,
    stamp: Stamp,
}

/// Decides about a device and its mapping.
///
/// # Errors
/// The rules of contract devices.md §9.10 in its order, behind them a device that is
/// marked as deleted; last, for an approval, an inactive provider.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<DecideForSbi>,
    context: web::Data<Context>,
) -> ApiResult<bool> {
    let partner_id = request.partner_id.ok_or(errors::REQUEST_INCOMPLETE)?;
    let status = request.status.ok_or(errors::REQUEST_INCOMPLETE)?;
    let decision = Decision::parse(&status)?;
    let stamp = context.stamp(&caller);
    let command = Command {
        partner_id,
        sbi_id: request.sbi_id.ok_or(match decision {
            Decision::Approve => errors::APPROVAL_WITHOUT_SBI,
            Decision::Reject => errors::REJECTION_WITHOUT_SBI,
        })?,
        device_id: id.into_inner(),
        decision,
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    context.db.audited(stamp, work).await?;
    Ok(true)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
        let provider = lock_active(conn, &self.partner_id);
        let sbi = interfaces::keep(conn, &self.sbi_id)?.ok_or(errors::SBI_UNKNOWN)?;
        let today = self.stamp.at.date();
        sbi.facts().must_be_usable_by(&self.partner_id, today)?;
        let device = devices::lock(conn, &self.device_id)?.ok_or(errors::DEVICE_UNKNOWN)?;
        device.facts().must_wait_for_approval(&self.partner_id)?;
        let pair = Pair {
            device_id: &device.id,
            sbi_id: &sbi.id,
        };
        if !device_mappings::exists_of(conn, pair, &self.partner_id)? {
            return Err(errors::MAPPING_UNKNOWN.into());
        }
        if device.is_gone() {
            // The record tells why, the answer does not.
            let why = errors::DEVICE_UNKNOWN_BY_ID.with(&[&device.id]);
            trail.refuse_with_text(audits::UPDATE_DEVICE_FAILED, about_device(&device.id), why);
            return Err(errors::DEVICE_NOT_DECIDED.into());
        }
        let approved = self.decision == Decision::Approve;
        if approved {
            provider?;
        }
        let stamp = &self.stamp;
        devices::set_state(conn, &device.id, self.decision.into(), stamp)
            .map_err(or_device_exists)?;
        Ok(device_mappings::set_active(conn, pair, approved, stamp)?)
    }
}

//! `PATCH /ftpchipdetail`
//!
//! Approves or rejects an FTM chip (contract devices.md §10.3).

use actix_web::web;
use pms_database::ftm_chips::{self, ChipModel, FtmChip};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::ftm_chip::audits::{self, about_chip, about_refused_chip};
use pms_domain::ftm_chip::errors::CHIP_EXISTS;
use pms_domain::ftm_chip::lifecycle::{self, Change};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::providers::{active, lock_with_provider, refused, taken};
use crate::Context;
use crate::devices::registration::{EMPTY, to_36};

/// A decision about a chip.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct DecideChip {
    /// Id of the chip.
    pub ftp_chip_detail_id: Option<String>,
    /// `true` to approve, `false` to reject.
    pub approval_status: Option<bool>,
}

impl Request for DecideChip {
    fn check(&self, fields: &mut Checks) {
        let id = self.ftp_chip_detail_id.as_deref();
        to_36(fields, "ftpChipDetailId", id);
        fields.require(self.approval_status.is_some(), "approvalStatus", EMPTY);
    }
}

struct Command {
    id: String,
    approve: bool,
    stamp: Stamp,
}

/// Approves or rejects a chip.
///
/// # Errors
/// The rules of contract devices.md §10.3 in its order; for an approval also an
/// inactive provider, and a live chip of the same make and model.
pub async fn handle(
    caller: Caller,
    Body(request): Body<DecideChip>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let stamp = context.stamp(&caller);
    let command = Command {
        id: request.ftp_chip_detail_id.unwrap_or_default(),
        approve: request.approval_status.unwrap_or_default(),
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    context.db.audited(stamp, work).await?;
    Ok("Status updated successfully.")
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
        trail.note(audits::DECIDE_CHIP, about_chip(&self.id));
        self.decide(conn)
            .map_err(|error| refused(trail, about_refused_chip(&self.id), error))?;
        trail.note(audits::CHIP_UPDATED, about_chip(&self.id));
        Ok(())
    }

    fn decide(&self, conn: &mut Connection) -> Result<(), DbError> {
        let (chip, provider) = lock_with_provider(conn, &self.id)?;
        let change = lifecycle::decide(self.approve, chip.certificate().is_some())?;
        if change == Change::Approve {
            active(provider)?;
            if is_taken(conn, &chip)? {
                return Err(CHIP_EXISTS.into());
            }
        }
        ftm_chips::set_state(conn, &chip.id, change, &self.stamp).map_err(taken)
    }
}

/// Whether a chip that ended has a successor by now.
fn is_taken(conn: &mut Connection, chip: &FtmChip) -> Result<bool, DbError> {
    let (Some(make), Some(model)) = (chip.make.as_deref(), chip.model.as_deref()) else {
        return Ok(false);
    };
    if chip.state().is_live() {
        return Ok(false);
    }
    let provider = &chip.foundational_trust_provider_id;
    let model = ChipModel { make, model };
    Ok(ftm_chips::has_live(conn, provider, &model, Some(&chip.id))?)
}

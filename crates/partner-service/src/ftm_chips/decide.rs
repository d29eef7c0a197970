//! `PATCH /ftpchipdetail`
//!
//! Approves or rejects an FTM chip (contract devices.md §10.3).

use pms_database::ftm_chips::{self, FtmChip};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::device::decision::Decision;
use pms_domain::ftm_chip::audits::{self, about_chip, about_refused_chip};
use pms_domain::ftm_chip::errors::{CHIP_EXISTS, PROVIDER_INACTIVE};
use pms_domain::ftm_chip::lifecycle::{self, Change};
use pms_web::{Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::providers::{lock_with_provider, or_chip_exists, refused};
use crate::hardware::decide::Decide;
use crate::hardware::fields::{EMPTY, to_36};
use crate::hardware::providers::in_use;

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

impl Decide for FtmChip {
    type Request = DecideChip;

    /// The rules of contract devices.md §10.3 in its order; for an approval also an
    /// inactive provider, and a live chip of the same make and model.
    fn decide(
        request: DecideChip,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        stamp: &Stamp,
    ) -> Result<&'static str, DbError> {
        let id = request.ftp_chip_detail_id.unwrap_or_default();
        let decision = Decision::of_flag(request.approval_status.unwrap_or_default());
        trail.note(audits::DECIDE_CHIP, about_chip(&id));
        set_state(conn, &id, decision, stamp)
            .map_err(|error| refused(trail, about_refused_chip(&id), error))?;
        trail.note(audits::CHIP_UPDATED, about_chip(&id));
        Ok("Status updated successfully.")
    }
}

fn set_state(
    conn: &mut Connection,
    id: &str,
    decision: Decision,
    stamp: &Stamp,
) -> Result<(), DbError> {
    let (chip, provider) = lock_with_provider(conn, id)?;
    let change = lifecycle::decide(decision, chip.certificate().is_some())?;
    if change == Change::Approve {
        in_use(provider, PROVIDER_INACTIVE)?;
        if is_taken(conn, &chip)? {
            return Err(CHIP_EXISTS.into());
        }
    }
    ftm_chips::set_state(conn, &chip.id, change, stamp).map_err(or_chip_exists)
}

/// Whether a chip that ended has a successor by now.
fn is_taken(conn: &mut Connection, chip: &FtmChip) -> Result<bool, DbError> {
    let Some(model) = chip.as_model() else {
        return Ok(false);
    };
    if chip.state().is_live() {
        return Ok(false);
    }
    let provider = &chip.foundational_trust_provider_id;
    let except = Some(chip.id.as_str());
    Ok(ftm_chips::has_live(
        conn,
        provider,
        [&model, &model],
        except,
    )?)
}

//! `PATCH /ftpchipdetail/{ftmId}`
//!
//! Ends the use of an FTM chip (contract devices.md §10.7).

use actix_web::web;
use pms_database::{Connection, DbError, Stamp, ftm_chips};
use pms_domain::device::status::APPROVED;
use pms_domain::ftm_chip::{errors, lifecycle};
use pms_web::{ApiResult, Body, Caller, PathId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::devices::deactivation::Deactivation;
use crate::devices::providers::OwnPartners;

/// A chip that is no longer used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeactivatedChip {
    /// Id of the chip.
    pub ftm_id: String,
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

/// Deactivates a chip.
///
/// # Errors
/// The rules of contract devices.md §10.7, in its order.
pub async fn handle(
    caller: Caller,
    PathId(id): PathId,
    Body(request): Body<Deactivation>,
    context: web::Data<Context>,
) -> ApiResult<DeactivatedChip> {
    request.is_asked_for()?;
    let stamp = context.stamp(&caller);
    let command = Command { caller, id, stamp };
    let deactivated = context.db.transaction(move |conn| command.run(conn));
    Ok(deactivated.await?)
}

impl Command {
    fn run(&self, conn: &mut Connection) -> Result<DeactivatedChip, DbError> {
        let own = OwnPartners::of(conn, &self.caller)?;
        let chip = ftm_chips::lock(conn, &self.id)?.ok_or(errors::CHIP_UNKNOWN)?;
        let provider = Some(chip.foundational_trust_provider_id.as_str());
        own.may_end(&self.caller, provider, errors::CHIP_NOT_OWN)?;
        let change = lifecycle::deactivate(chip.state())?;
        ftm_chips::set_state(conn, &chip.id, change, &self.stamp)?;
        Ok(DeactivatedChip {
            ftm_id: chip.id,
            status: APPROVED,
            is_active: false,
        })
    }
}

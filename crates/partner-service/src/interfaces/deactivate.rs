//! `PATCH /securebiometricinterface/{sbiId}`
//!
//! Ends the use of an SBI and of its devices (contract devices.md §11.12).

use actix_web::web;
use pms_database::{Connection, DbError, Stamp, devices, interfaces};
use pms_domain::device::errors;
use pms_domain::device::lifecycle::deactivate_sbi;
use pms_domain::device::status::APPROVED;
use pms_web::{ApiResult, Body, Caller, PathId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::devices::deactivation::Deactivation;
use crate::devices::providers::OwnPartners;

/// An SBI that is no longer used.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeactivatedInterface {
    /// Id of the SBI.
    pub sbi_id: String,
    /// Version of the software.
    pub sbi_version: String,
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

/// Deactivates an SBI: its approved devices are deactivated, those that wait for
/// approval rejected.
///
/// # Errors
/// The rules of contract devices.md §11.12, in its order.
pub async fn handle(
    caller: Caller,
    PathId(id): PathId,
    Body(request): Body<Deactivation>,
    context: web::Data<Context>,
) -> ApiResult<DeactivatedInterface> {
    request.is_asked_for()?;
    let stamp = context.stamp(&caller);
    let command = Command { caller, id, stamp };
    let deactivated = context.db.transaction(move |conn| command.run(conn));
    Ok(deactivated.await?)
}

impl Command {
    fn run(&self, conn: &mut Connection) -> Result<DeactivatedInterface, DbError> {
        let own = OwnPartners::of(conn, &self.caller)?;
        let sbi = interfaces::lock(conn, &self.id)?.ok_or(errors::SBI_UNKNOWN)?;
        let provider = sbi.provider_id.as_deref();
        own.may_end(&self.caller, provider, errors::SBI_NOT_OWN)?;
        let change = deactivate_sbi(sbi.state())?;
        devices::cascade(conn, &sbi.id, change, &self.stamp)?;
        interfaces::set_state(conn, &sbi.id, change, &self.stamp)?;
        Ok(DeactivatedInterface {
            sbi_id: sbi.id,
            sbi_version: sbi.sw_version,
            status: APPROVED,
            is_active: false,
        })
    }
}

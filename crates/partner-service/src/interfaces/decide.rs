//! `PATCH /securebiometricinterface`
//!
//! Approves or rejects an SBI (contract devices.md §11.3). Its devices go with a
//! rejected one.

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, devices, interfaces};
use pms_domain::device::audits::{self, about_sbi};
use pms_domain::device::decision::Decision;
use pms_domain::device::errors;
use pms_domain::device::lifecycle::{Change, decide_sbi};
use pms_web::{ApiResult, Body, Caller};

use crate::Context;
use crate::devices::decide::OlderDecision;
use crate::devices::providers::lock_active;

struct Command {
    id: String,
    decision: Option<Decision>,
    stamp: Stamp,
}

/// Decides about an SBI.
///
/// # Errors
/// The rules of contract devices.md §11.3 in its order; then for an approval an
/// expired SBI and an inactive provider.
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
        let about = about_sbi(&self.id);
        trail.note(audits::DECIDE_SBI, about);
        // Partners are locked before their SBIs, as everywhere.
        let found = interfaces::find(conn, &self.id)?.filter(|sbi| !sbi.is_gone());
        let provider = found.and_then(|sbi| sbi.provider_id);
        let admitted = match provider {
            Some(provider) => lock_active(conn, &provider).map(|_| ()),
            None => Ok(()),
        };
        let sbi = interfaces::lock(conn, &self.id)?.filter(|sbi| !sbi.is_gone());
        let sbi = sbi.ok_or_else(|| {
            let error = errors::SBI_UNKNOWN_BY_ID.with(&[&self.id]);
            trail.refuse_telling(audits::UPDATE_SBI_FAILED, about, error)
        })?;
        let today = self.stamp.at.date();
        let change = decide_sbi(sbi.facts(), self.decision, today).map_err(|error| {
            let record = if error == errors::SBI_STATUS_NOT_KNOWN {
                audits::DECIDE_SBI_FAILED
            } else {
                audits::UPDATE_SBI_FAILED
            };
            trail.refuse_telling(record, about, error)
        })?;
        if change == Change::Approve {
            admitted?;
        }
        interfaces::set_state(conn, &sbi.id, change, &self.stamp)?;
        devices::cascade(conn, &sbi.id, change, &self.stamp)?;
        trail.note(audits::SBI_DECIDED, about);
        Ok(if change == Change::Approve {
            "Secure biometric details approved successfully."
        } else {
            "Secure biometric details rejected successfully."
        })
    }
}

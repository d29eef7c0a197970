//! `POST /devicedetail`
//!
//! Registers a device without an SBI (contract devices.md §9.1).

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::{AuditDef, about_partner};
use pms_domain::device::{audits, errors};
use pms_web::{ApiResult, Body, Caller};

use super::registration::{NewDevice, Registration};
use crate::Context;
use crate::hardware::fields::Identified;
use crate::hardware::providers::require_own;

struct Command {
    caller: Caller,
    device: Registration,
    stamp: Stamp,
}

/// Registers a device.
///
/// # Errors
/// The rules of contract devices.md §9.1 in its order; another user's provider
/// before the device that exists.
pub async fn handle(
    caller: Caller,
    Body(request): Body<NewDevice>,
    context: web::Data<Context>,
) -> ApiResult<Identified> {
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        device: request.into(),
        stamp: stamp.clone(),
    };
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| command.run(conn, trail);
    Ok(context.db.audited(stamp, work).await?)
}

impl Command {
    fn run(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Identified, DbError> {
        let about = about_partner(&self.device.provider_id);
        trail.note(audits::CREATE_DEVICE, about);
        let id = self
            .register(conn)
            .map_err(|error| match record_of(&error) {
                Some(record) => trail.refuse_with_text(record, about, error),
                None => error,
            })?;
        trail.note(audits::DEVICE_CREATED, about);
        Ok(Identified { id })
    }

    fn register(&self, conn: &mut Connection) -> Result<String, DbError> {
        let provider = self.device.lock_provider(conn)?;
        let foreign = errors::PROVIDER_NOT_OWN;
        require_own(conn, &self.caller, Some(&provider.id), foreign)?;
        self.device.require_new(conn, &provider)?;
        self.device.insert(conn, &provider, &self.stamp)
    }
}

/// The record of a refusal, where the catalogue has one.
fn record_of(error: &DbError) -> Option<AuditDef> {
    let DbError::Rejected(refusal) = error else {
        return None;
    };
    let records = [
        (errors::SUB_TYPE_UNKNOWN, audits::NEW_SUB_TYPE_UNKNOWN),
        (errors::PROVIDER_INACTIVE, audits::CREATE_DEVICE_FAILED),
        (errors::DEVICE_EXISTS, audits::DEVICE_EXISTS),
    ];
    let found = records
        .iter()
        .find(|(error, _)| error.code == refusal.code());
    found.map(|(_, record)| *record)
}

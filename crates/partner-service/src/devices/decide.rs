//! `PATCH /devicedetail`
//!
//! Approves or rejects a device, whatever its SBIs (contract devices.md §9.3). A
//! rejected device stays rejected, and none is approved whose SBI can't be used.

use pms_database::devices::Device;
use pms_database::interfaces::Interface;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, device_mappings, devices};
use pms_domain::device::audits::{self, about_device};
use pms_domain::device::decision::Decision;
use pms_domain::device::errors;
use pms_domain::device::lifecycle::decide_device;

use super::registration::or_device_exists;
use crate::hardware::decide::{Decide, OlderDecision};
use crate::hardware::providers::lock_active;

impl Decide for Device {
    type Request = OlderDecision;

    /// The rules of contract devices.md §9.3 in its order; then for an approval an
    /// inactive provider, a rejected device, an SBI that can't be used, a live
    /// device of the same make and model.
    fn decide(
        request: OlderDecision,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        stamp: &Stamp,
    ) -> Result<&'static str, DbError> {
        let id = request.id.unwrap_or_default();
        let about = about_device(&id);
        trail.note(audits::DECIDE_DEVICE, about);
        let mut unknown = || {
            let error = errors::DEVICE_UNKNOWN_BY_ID.with(&[&id]);
            trail.refuse_with_text(audits::UPDATE_DEVICE_FAILED, about, error)
        };
        let found = devices::find(conn, &id)?.filter(|device| !device.is_gone());
        let provider = found.ok_or_else(&mut unknown)?.dprovider_id;
        let wanted = request.approval_status.unwrap_or_default();
        let Some(decision) = Decision::parse_older(&wanted) else {
            let error = errors::DEVICE_STATUS_NOT_KNOWN;
            return Err(trail.refuse_with_text(audits::DECIDE_DEVICE_FAILED, about, error));
        };
        if decision == Decision::Approve {
            lock_active(conn, &provider)?;
        }
        let device = devices::lock(conn, &id)?
            .ok_or_else(|| DbError::from(errors::DEVICE_UNKNOWN_BY_ID.with(&[&id])))?;
        // After the lock: what happens to an SBI reaches its devices through it.
        let sbis = device_mappings::interfaces_of(conn, &device.id)?;
        let sbis: Vec<_> = sbis.iter().map(Interface::facts).collect();
        let today = stamp.at.date();
        if let Some(change) = decide_device(device.state(), decision, &sbis, today)? {
            devices::set_state(conn, &device.id, change, stamp).map_err(or_device_exists)?;
        }
        trail.note(audits::DEVICE_UPDATED, about);
        Ok(match decision {
            Decision::Approve => "Device details approved successfully.",
            Decision::Reject => "Device details rejected successfully.",
        })
    }
}

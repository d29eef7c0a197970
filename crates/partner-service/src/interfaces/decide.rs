//! `PATCH /securebiometricinterface`
//!
//! Approves or rejects an SBI (contract devices.md §11.3).

use pms_database::interfaces::{self, Interface};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, devices};
use pms_domain::device::audits::{self, about_sbi};
use pms_domain::device::decision::Decision;
use pms_domain::device::errors;
use pms_domain::device::lifecycle::{Change, decide_sbi, takes_devices_along};

use crate::hardware::decide::{Decide, OlderDecision};
use crate::hardware::providers::lock_active;

impl Decide for Interface {
    type Request = OlderDecision;

    /// The rules of contract devices.md §11.3 in its order; then for an approval an
    /// expired SBI and an inactive provider.
    fn decide(
        request: OlderDecision,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        stamp: &Stamp,
    ) -> Result<&'static str, DbError> {
        let id = request.id.unwrap_or_default();
        let about = about_sbi(&id);
        trail.note(audits::DECIDE_SBI, about);
        // Partners are locked before their SBIs, as everywhere.
        let found = interfaces::find(conn, &id)?.filter(|sbi| !sbi.is_gone());
        let provider = found.and_then(|sbi| sbi.provider_id);
        let admitted = match provider {
            Some(provider) => lock_active(conn, &provider).map(|_| ()),
            None => Ok(()),
        };
        let sbi = interfaces::lock(conn, &id)?.filter(|sbi| !sbi.is_gone());
        let sbi = sbi.ok_or_else(|| {
            let error = errors::SBI_UNKNOWN_BY_ID.with(&[&id]);
            trail.refuse_with_text(audits::UPDATE_SBI_FAILED, about, error)
        })?;
        let wanted = Decision::parse_older(&request.approval_status.unwrap_or_default());
        let change = decide_sbi(sbi.facts(), wanted, stamp.at.date()).map_err(|error| {
            let record = if error == errors::SBI_STATUS_NOT_KNOWN {
                audits::DECIDE_SBI_FAILED
            } else {
                audits::UPDATE_SBI_FAILED
            };
            trail.refuse_with_text(record, about, error)
        })?;
        if change == Change::Approve {
            admitted?;
        }
        interfaces::set_state(conn, &sbi.id, change, stamp)?;
        if takes_devices_along(sbi.state(), change) {
            devices::cascade(conn, &sbi.id, change, stamp)?;
        }
        trail.note(audits::SBI_DECIDED, about);
        Ok(if change == Change::Approve {
            "Secure biometric details approved successfully."
        } else {
            "Secure biometric details rejected successfully."
        })
    }
}

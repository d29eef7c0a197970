//! SBIs, with their devices.

use pms_database::interfaces::{self, Interface};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, devices};
use pms_domain::device::audits::{self, about_device, about_sbi};
use pms_domain::device::lifecycle::{Change, State};

use super::Expiring;

/// SBIs that are in use, or wait for approval, after their last day.
pub(super) struct Interfaces;

/// What becomes of an SBI that has expired. One that waits for approval takes no
/// devices along: none works with it yet.
const fn change(state: State) -> Option<Change> {
    match state {
        State::Approved => Some(Change::Deactivate),
        State::Pending => Some(Change::Reject),
        State::Deactivated | State::Rejected | State::Old { .. } => None,
    }
}

impl Expiring for Interfaces {
    type Item = Interface;
    const NAME: &'static str = "sbis";

    fn list(
        conn: &mut Connection,
        stamp: &Stamp,
        after: Option<&Interface>,
        most: i64,
    ) -> Result<Vec<Interface>, DbError> {
        let after = after.map(|sbi| sbi.id.as_str());
        let today = stamp.at.date();
        Ok(interfaces::list_expired(conn, today, after, most)?)
    }

    fn partner(sbi: &Interface) -> Option<&str> {
        sbi.provider_id.as_deref()
    }

    fn line(sbi: &Interface) -> String {
        let what = match change(sbi.state()) {
            Some(Change::Reject) => "reject",
            _ => "deactivate",
        };
        let provider = sbi.provider_id.as_deref().unwrap_or("nobody");
        let expired = sbi.sw_expiry_dtimes.unwrap_or_default().date();
        format!(
            "{what} the SBI {} version {} of {provider}, last day {expired}",
            sbi.id, sbi.sw_version
        )
    }

    fn end(
        conn: &mut Connection,
        trail: &mut AuditTrail,
        sbi: &Interface,
        stamp: &Stamp,
    ) -> Result<bool, DbError> {
        let Some(sbi) = interfaces::lock(conn, &sbi.id)? else {
            return Ok(false);
        };
        let is_expired = !sbi.is_gone() && sbi.facts().is_expired(stamp.at.date());
        let Some(change) = change(sbi.state()).filter(|_| is_expired) else {
            return Ok(false);
        };
        trail.note(audits::DECIDE_SBI, about_sbi(&sbi.id));
        if change == Change::Deactivate {
            for device in devices::cascade(conn, &sbi.id, change, stamp)? {
                trail.note(audits::DEVICE_UPDATED, about_device(&device));
            }
        }
        interfaces::set_state(conn, &sbi.id, change, stamp)?;
        trail.note(audits::SBI_DECIDED, about_sbi(&sbi.id));
        Ok(true)
    }
}

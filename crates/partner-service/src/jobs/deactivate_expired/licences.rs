//! MISP licences.

use pms_database::locks::{Lock, hold};
use pms_database::misp_licences::{self, MispLicence};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::about_partner;
use pms_domain::event::{PARTNER_MANAGER, Topic};
use pms_domain::partner::audits;

use super::Expiring;

/// Licences that are live after their end.
pub(super) struct Licences;

impl Expiring for Licences {
    type Item = MispLicence;
    const NAME: &'static str = "misp_licences";

    fn list(
        conn: &mut Connection,
        stamp: &Stamp,
        after: Option<&MispLicence>,
        most: i64,
    ) -> Result<Vec<MispLicence>, DbError> {
        Ok(misp_licences::list_expired(conn, stamp.at, after, most)?)
    }

    fn partner(licence: &MispLicence) -> Option<&str> {
        Some(&licence.misp_id)
    }

    fn line(licence: &MispLicence) -> String {
        let expired = licence.valid_to_date.unwrap_or_default();
        format!(
            "deactivate a licence of the MISP {}, expired {expired} UTC",
            licence.misp_id
        )
    }

    fn end(
        conn: &mut Connection,
        trail: &mut AuditTrail,
        licence: &MispLicence,
        stamp: &Stamp,
    ) -> Result<bool, DbError> {
        hold(conn, Lock::MispLicence(&licence.misp_id))?;
        let Some(licence) = misp_licences::lock_expired(conn, licence, stamp.at)? else {
            return Ok(false);
        };
        trail.note(audits::CHANGE_STATUS, about_partner(&licence.misp_id));
        let licence = misp_licences::set_active(conn, &licence, false, stamp)?;
        let news = (Topic::MispLicenseUpdated, PARTNER_MANAGER);
        misp_licences::tell(conn, &licence, news, stamp.at)?;
        trail.note(audits::STATUS_CHANGED, about_partner(&licence.misp_id));
        Ok(true)
    }
}

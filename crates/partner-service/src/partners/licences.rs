//! Licences of a MISP end when the MISP is deactivated.

use pms_database::outbox::writer;
use pms_database::{Connection, Failure, Stamp, misp_licences, policies};
use pms_domain::event::{
    Event, EventData, Instant, MispLicenseData, MispStatus, PARTNER_MANAGER, PolicyData, Topic,
};

use crate::policies::event_data;

/// Ends all licences of the MISP, with an event for each.
pub(super) fn deactivate(
    conn: &mut Connection,
    misp_id: &str,
    stamp: &Stamp,
) -> Result<(), Failure> {
    for licence in misp_licences::deactivate_all(conn, misp_id, stamp)? {
        let policy_data = match &licence.policy_id {
            Some(policy_id) => policy(conn, policy_id)?,
            None => None,
        };
        let data = MispLicenseData {
            misp_id: licence.misp_id,
            license_key: licence.license_key,
            misp_commence_on: Instant(licence.valid_from_date),
            misp_expires_on: licence.valid_to_date.map(Instant),
            misp_status: MispStatus::NotActive,
        };
        let event = Event {
            topic: Topic::MispLicenseUpdated,
            emitter: PARTNER_MANAGER,
            subject: Some(misp_id.to_owned()),
            data: EventData {
                misp_license_data: Some(data),
                policy_data,
                ..EventData::default()
            },
        };
        writer::event(conn, &event, stamp.at)?;
    }
    Ok(())
}

/// Consumers forget the licence's policy when an event leaves it out.
fn policy(conn: &mut Connection, policy_id: &str) -> Result<Option<PolicyData>, Failure> {
    let Some(found) = policies::find_with_group(conn, policy_id)? else {
        return Ok(None);
    };
    match event_data(&found.policy) {
        Ok(data) => Ok(Some(data)),
        Err(fault) => {
            tracing::warn!(policy_id, ?fault, "the policy of a licence can't be read");
            Ok(None)
        }
    }
}

//! Events about licences (contract partner-admin.md §4).

use chrono::NaiveDateTime;
use diesel::PgConnection;
use pms_domain::event::{
    Emitter, Event, EventData, Instant, MispLicenseData, MispStatus, PolicyData, Topic,
};
use pms_domain::misp::errors::POLICY_UNREADABLE;

use super::MispLicence;
use crate::outbox::writer;
use crate::{DbError, policies};

/// Queues an event about a licence as it is now, with its policy: consumers
/// forget the policy of a licence when an event leaves it out.
///
/// # Errors
/// `PMS_PRT_071` when a live licence has a policy that can't be read; one
/// that has ended is published all the same, without it.
pub fn tell(
    conn: &mut PgConnection,
    licence: &MispLicence,
    (topic, emitter): (Topic, Emitter),
    at: NaiveDateTime,
) -> Result<(), DbError> {
    let policy_data = policy_data(conn, licence)?;
    let misp_status = if licence.is_active {
        MispStatus::Active
    } else {
        MispStatus::NotActive
    };
    let data = MispLicenseData {
        misp_id: licence.misp_id.clone(),
        license_key: licence.license_key.clone(),
        misp_commence_on: Instant(licence.valid_from_date),
        misp_expires_on: licence.valid_to_date.map(Instant),
        misp_status,
    };
    let event = Event {
        topic,
        emitter,
        subject: Some(licence.misp_id.clone()),
        data: EventData {
            misp_license_data: Some(data),
            policy_data,
            ..EventData::default()
        },
    };
    writer::event(conn, &event, at)?;
    Ok(())
}

fn policy_data(
    conn: &mut PgConnection,
    licence: &MispLicence,
) -> Result<Option<PolicyData>, DbError> {
    let Some(policy_id) = licence.policy_id.as_deref() else {
        return Ok(None);
    };
    let misp_id = licence.misp_id.as_str();
    let Some(found) = policies::find_with_group(conn, policy_id)? else {
        tracing::warn!(policy_id, misp_id, "the policy of a licence is gone");
        return Ok(None);
    };
    match policies::event_data(&found.policy) {
        Ok(data) => Ok(Some(data)),
        Err(fault) => {
            tracing::warn!(
                policy_id,
                misp_id,
                ?fault,
                "the policy of a licence can't be read"
            );
            if licence.is_active {
                Err(POLICY_UNREADABLE.into())
            } else {
                Ok(None)
            }
        }
    }
}

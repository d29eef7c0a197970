//! What a partner has ends when the partner is deactivated
//! (contract partner-admin.md §1.2).

use pms_database::outbox::writer;
use pms_database::{
    Connection, DbError, Stamp, api_keys, mapping_requests, misp_licences, oidc_clients,
};
use pms_domain::event::{PARTNER_MANAGER, Topic};

use crate::api_keys::events;

/// Ends all that the partner has, with an event for each: licences, API keys and
/// OIDC clients, which are queued for eSignet too. Its open requests are rejected.
/// Hold [`pms_database::locks::Lock::MispLicence`] and lock the partner before.
pub(super) fn end_all(
    conn: &mut Connection,
    partner_id: &str,
    stamp: &Stamp,
) -> Result<(), DbError> {
    end_licences(conn, partner_id, stamp)?;
    for key in api_keys::deactivate_all(conn, partner_id, stamp)? {
        writer::event(conn, &events::updated(&key), stamp.at)?;
    }
    oidc_clients::deactivate_of_partner(conn, partner_id, stamp)?;
    mapping_requests::reject_open(conn, partner_id, stamp)?;
    Ok(())
}

/// Ends all licences of the MISP, with an event for each.
pub(super) fn end_licences(
    conn: &mut Connection,
    misp_id: &str,
    stamp: &Stamp,
) -> Result<(), DbError> {
    let news = (Topic::MispLicenseUpdated, PARTNER_MANAGER);
    for licence in misp_licences::deactivate_all(conn, misp_id, stamp)? {
        misp_licences::tell(conn, &licence, news, stamp.at)?;
    }
    Ok(())
}

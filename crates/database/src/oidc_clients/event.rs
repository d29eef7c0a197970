//! Events about clients (contract clients-users-notifications.md §1.13).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use pms_domain::event::{ClientData, Event, EventData, PARTNER_MANAGER, Topic};
use pms_domain::oidc_clients::split;

use super::OidcClient;
use crate::DbError;
use crate::outbox::writer;

/// `clientData` of an event.
pub fn client_data(client: &OidcClient) -> ClientData {
    ClientData {
        client_id: client.id.clone(),
        client_name: client.name.clone(),
        client_status: client.status.to_uppercase(),
        user_claims: split(&client.claims),
        auth_context_refs: split(&client.acr_values),
        client_auth_methods: split(&client.auth_methods),
    }
}

/// Queues `OIDC_CLIENT_UPDATED`, in order with the other events of its partner.
///
/// # Errors
/// When the row can't be written.
pub fn tell(
    conn: &mut PgConnection,
    client: &OidcClient,
    at: NaiveDateTime,
) -> Result<(), DbError> {
    let event = Event {
        topic: Topic::OidcClientUpdated,
        emitter: PARTNER_MANAGER,
        subject: Some(client.rp_id.clone()),
        data: EventData {
            client_data: Some(client_data(client)),
            ..EventData::default()
        },
    };
    writer::event(conn, &event, at)?;
    Ok(())
}

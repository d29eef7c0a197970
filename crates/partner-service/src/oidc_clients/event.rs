//! The event of a new client (contract clients-users-notifications.md §1.13).

use pms_database::oidc_clients::{self, OidcClient};
use pms_database::partners::Partner;
use pms_domain::event::{Event, EventData, PARTNER_MANAGER, PolicyData, Topic};

/// `OIDC_CLIENT_CREATED`, with all that a relying module needs.
pub(super) fn created(
    partner: &Partner,
    certificate_data: String,
    policy_data: PolicyData,
    client: &OidcClient,
) -> Event {
    Event {
        topic: Topic::OidcClientCreated,
        emitter: PARTNER_MANAGER,
        subject: Some(partner.id.clone()),
        data: EventData {
            partner_data: Some(partner.event_data(certificate_data)),
            policy_data: Some(policy_data),
            client_data: Some(oidc_clients::client_data(client)),
            ..EventData::default()
        },
    }
}

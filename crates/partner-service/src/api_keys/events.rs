//! Events about API keys (contract integrations.md §1).

use pms_database::api_keys::ApiKey;
use pms_database::partners::Partner;
use pms_domain::event::{
    ApiKeyData, Event, EventData, Instant, PARTNER_MANAGER, PolicyData, Status, Topic,
};

/// `APIKEY_APPROVED`: a new key, with all that a relying module needs.
pub(super) fn approved(
    partner: &Partner,
    certificate_data: String,
    policy_data: PolicyData,
    key: &ApiKey,
) -> Event {
    Event {
        topic: Topic::ApiKeyApproved,
        emitter: PARTNER_MANAGER,
        subject: Some(partner.id.clone()),
        data: EventData {
            partner_data: Some(partner.event_data(certificate_data)),
            policy_data: Some(policy_data),
            api_key_data: Some(data_of(key)),
            ..EventData::default()
        },
    }
}

/// `APIKEY_UPDATED`: a key changed.
pub(crate) fn updated(key: &ApiKey) -> Event {
    Event {
        topic: Topic::ApiKeyUpdated,
        emitter: PARTNER_MANAGER,
        subject: Some(key.part_id.clone()),
        data: EventData {
            api_key_data: Some(data_of(key)),
            ..EventData::default()
        },
    }
}

fn data_of(key: &ApiKey) -> ApiKeyData {
    ApiKeyData {
        api_key_id: key.policy_api_key.clone(),
        api_key_commence_on: Instant(key.valid_from_datetime),
        api_key_expires_on: key.valid_to_datetime.map(Instant),
        api_key_status: Status::of(key.is_active),
    }
}

//! What relying modules are told about a policy (policy contract §8.2).

use pms_database::policies::Policy;
use pms_domain::event::{Event, EventData, Instant, POLICY_SERVICE, PolicyData, Status, Topic};
use pms_domain::policy::{DocumentFault, document};
use serde_json::Value;

/// `POLICY_UPDATED` with the policy as it is now.
pub(crate) fn policy_updated(policy: &Policy) -> Result<Event, DocumentFault> {
    let data = PolicyData {
        policy_id: policy.id.clone(),
        policy: Value::Object(document::to_members(&policy.policy_file_id)?),
        policy_name: policy.name.clone(),
        policy_status: Status::of(policy.is_active),
        policy_description: policy.descr.clone(),
        policy_commence_on: Instant(policy.valid_from_date),
        policy_expires_on: Instant(policy.valid_to_date),
    };
    Ok(Event {
        topic: Topic::PolicyUpdated,
        emitter: POLICY_SERVICE,
        subject: Some(policy.id.clone()),
        data: EventData {
            policy_data: Some(data),
            ..EventData::default()
        },
    })
}

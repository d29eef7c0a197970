//! Events about a policy for relying modules (contract policy.md §8.2), and
//! what events about something else say of its policy.

use pms_domain::event::{Event, EventData, Instant, POLICY_SERVICE, PolicyData, Status, Topic};
use pms_domain::policy::{DocumentFault, PolicyState, document};
use serde_json::{Map, Value};

use super::{Policy, PolicyFacts};

/// `policyData` of an event.
///
/// # Errors
/// When the document is not a JSON object.
pub fn event_data(policy: &PolicyFacts) -> Result<PolicyData, DocumentFault> {
    Ok(PolicyData {
        policy_id: policy.id.clone(),
        policy: Value::Object(document::to_members(&policy.policy_file_id)?),
        policy_name: policy.name.clone(),
        policy_status: Status::of(policy.is_active),
        policy_description: policy.descr.clone(),
        policy_commence_on: Instant(policy.valid_from_date),
        policy_expires_on: Instant(policy.valid_to_date),
    })
}

/// `POLICY_UPDATED` with the policy as it is now.
///
/// # Errors
/// When its document can't be read.
pub fn policy_updated(policy: &Policy) -> Result<Event, DocumentFault> {
    Ok(event(policy, document::to_members(&policy.policy_file_id)?))
}

/// `POLICY_UPDATED` for a policy that is out of use: that must be published even
/// when its document can't be read.
pub fn policy_withdrawn(policy: &Policy) -> Event {
    event(
        policy,
        document::to_members(&policy.policy_file_id).unwrap_or_default(),
    )
}

fn event(policy: &Policy, document: Map<String, Value>) -> Event {
    let state = PolicyState::of(policy.policy_schema.as_deref(), policy.is_active);
    let data = PolicyData {
        policy_id: policy.id.clone(),
        policy: Value::Object(document),
        policy_name: policy.name.clone(),
        policy_status: Status::of(state == PolicyState::Activated),
        policy_description: policy.descr.clone(),
        policy_commence_on: Instant(policy.valid_from_date),
        policy_expires_on: Instant(policy.valid_to_date),
    };
    Event {
        topic: Topic::PolicyUpdated,
        emitter: POLICY_SERVICE,
        subject: Some(policy.id.clone()),
        data: EventData {
            policy_data: Some(data),
            ..EventData::default()
        },
    }
}

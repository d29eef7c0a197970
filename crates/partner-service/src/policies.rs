//! Policies as this service sees them: whether they can be used, and what
//! events say about them.

use pms_database::policies::{PolicyFacts, PolicyWithGroup};
use pms_domain::event::{Instant, PolicyData, Status};
use pms_domain::partner::mapping::PolicyState;
use pms_domain::policy::{DocumentFault, document};
use serde_json::Value;

/// What decides whether a policy can be used.
pub(crate) fn state_of(found: &PolicyWithGroup) -> PolicyState {
    PolicyState {
        is_active: found.policy.is_active,
        valid_to: found.policy.valid_to_date,
        group_active: found.group.as_ref().map(|group| group.is_active),
    }
}

/// `policyData` of an event.
///
/// # Errors
/// When the document is not a JSON object.
pub(crate) fn event_data(policy: &PolicyFacts) -> Result<PolicyData, DocumentFault> {
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

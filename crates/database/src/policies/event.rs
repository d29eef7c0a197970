//! What events about something else say of its policy.

use pms_domain::event::{Instant, PolicyData, Status};
use pms_domain::policy::{DocumentFault, document};
use serde_json::Value;

use super::PolicyFacts;

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

//! A policy among those of its group.

use pms_database::policies::PolicyFacts;
use pms_domain::policy::PolicyState;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::document::Document;

/// A policy, without what its group says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupPolicy {
    policy_id: String,
    policy_name: String,
    policy_desc: String,
    /// When the policy was made.
    publish_date: LocalDateTime,
    valid_till: LocalDateTime,
    /// `PUBLISHED` or `DRAFTED`.
    status: &'static str,
    version: String,
    /// Null until the policy is published.
    schema: Option<String>,
    #[serde(rename = "is_Active")]
    is_active: bool,
    #[serde(rename = "cr_by")]
    cr_by: String,
    #[serde(rename = "cr_dtimes")]
    cr_dtimes: LocalDateTime,
    #[serde(rename = "up_by")]
    up_by: Option<String>,
    #[serde(rename = "upd_dtimes")]
    upd_dtimes: Option<LocalDateTime>,
    /// Null for a document that can't be read.
    policies: Option<Document>,
}

impl From<PolicyFacts> for GroupPolicy {
    fn from(policy: PolicyFacts) -> Self {
        let state = PolicyState::of(policy.policy_schema.as_deref(), policy.is_active);
        Self {
            policies: Document::in_list(&policy.id, &policy.policy_file_id),
            policy_id: policy.id,
            policy_name: policy.name,
            policy_desc: policy.descr,
            publish_date: policy.valid_from_date.into(),
            valid_till: policy.valid_to_date.into(),
            status: state.short_name(),
            version: policy.version,
            schema: policy.policy_schema,
            is_active: policy.is_active,
            cr_by: policy.cr_by,
            cr_dtimes: policy.cr_dtimes.into(),
            up_by: policy.upd_by,
            upd_dtimes: policy.upd_dtimes.map(Into::into),
        }
    }
}

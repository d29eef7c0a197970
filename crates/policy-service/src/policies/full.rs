//! A policy with its group and its document: what most reads answer.

use pms_database::policies::PolicyWithGroup;
use pms_domain::policy::{DocumentFault, PolicyState};
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::document::Document;

/// A policy in full; the members about its group are null if it belongs to none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyFull {
    policy_group_id: Option<String>,
    policy_group_name: Option<String>,
    policy_group_desc: Option<String>,
    policy_group_status: Option<bool>,
    #[serde(rename = "policyGroup_cr_by")]
    policy_group_cr_by: Option<String>,
    #[serde(rename = "policyGroup_cr_dtimes")]
    policy_group_cr_dtimes: Option<LocalDateTime>,
    #[serde(rename = "policyGroup_up_by")]
    policy_group_up_by: Option<String>,
    #[serde(rename = "policyGroup_upd_dtimes")]
    policy_group_upd_dtimes: Option<LocalDateTime>,
    policy_id: String,
    policy_name: String,
    policy_desc: String,
    policy_type: String,
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
    /// Null only in lists, for a document that can't be read.
    policies: Option<Document>,
}

impl PolicyFull {
    /// The wire's form of a policy.
    pub(crate) fn of(found: PolicyWithGroup) -> Result<Self, DocumentFault> {
        let document = Document::of(&found.policy.policy_file_id)?;
        Ok(Self::with(found, Some(document)))
    }

    /// The wire's form of a policy in a list.
    pub(crate) fn in_list(found: PolicyWithGroup) -> Self {
        let document = Document::in_list(&found.policy.id, &found.policy.policy_file_id);
        Self::with(found, document)
    }

    fn with(found: PolicyWithGroup, policies: Option<Document>) -> Self {
        let PolicyWithGroup { policy, group } = found;
        let state = PolicyState::of(policy.policy_schema.as_deref(), policy.is_active);
        let changed = group.as_ref().and_then(|group| group.upd_dtimes);
        Self {
            policy_group_id: policy.policy_group_id,
            policy_group_status: group.as_ref().map(|group| group.is_active),
            policy_group_cr_dtimes: group.as_ref().map(|group| group.cr_dtimes.into()),
            policy_group_upd_dtimes: changed.map(Into::into),
            policy_group_name: group.as_ref().map(|group| group.name.clone()),
            policy_group_desc: group.as_ref().map(|group| group.descr.clone()),
            policy_group_cr_by: group.as_ref().map(|group| group.cr_by.clone()),
            policy_group_up_by: group.and_then(|group| group.upd_by),
            policy_id: policy.id,
            policy_name: policy.name,
            policy_desc: policy.descr,
            policy_type: policy.policy_type,
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
            policies,
        }
    }
}

//! What writing a draft answers.

use pms_database::policies::Policy;
use pms_web::wire::{LocalDateTime, OffsetDateTime};
use serde::Serialize;
use utoipa::ToSchema;

/// A draft as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyWritten {
    id: String,
    #[serde(rename = "policyGroupName")]
    policy_group_name: String,
    name: String,
    desc: String,
    #[serde(rename = "is_Active")]
    is_active: bool,
    cr_by: String,
    cr_dtimes: OffsetDateTime,
    up_by: Option<String>,
    upd_dtimes: Option<LocalDateTime>,
}

impl PolicyWritten {
    /// The wire's form; the group is named as the client named it.
    pub(crate) fn new(group_name: String, policy: Policy) -> Self {
        Self {
            id: policy.id,
            policy_group_name: group_name,
            name: policy.name,
            desc: policy.descr,
            is_active: policy.is_active,
            cr_by: policy.cr_by,
            cr_dtimes: policy.cr_dtimes.into(),
            up_by: policy.upd_by,
            upd_dtimes: policy.upd_dtimes.map(Into::into),
        }
    }
}

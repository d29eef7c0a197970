//! What writing a policy group answers.

use pms_database::policy_groups::PolicyGroup;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

/// A policy group as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupWritten {
    id: String,
    name: String,
    desc: String,
    #[serde(rename = "is_Active")]
    is_active: bool,
    cr_by: String,
    cr_dtimes: LocalDateTime,
    up_by: Option<String>,
    upd_dtimes: Option<LocalDateTime>,
}

impl From<PolicyGroup> for GroupWritten {
    fn from(group: PolicyGroup) -> Self {
        Self {
            id: group.id,
            name: group.name,
            desc: group.descr,
            is_active: group.is_active,
            cr_by: group.cr_by,
            cr_dtimes: group.cr_dtimes.into(),
            up_by: group.upd_by,
            upd_dtimes: group.upd_dtimes.map(Into::into),
        }
    }
}

//! A policy group as reads and searches show it.

use pms_database::policy_groups::PolicyGroup;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

/// A policy group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupRow {
    id: String,
    cr_by: String,
    cr_dtimes: LocalDateTime,
    del_dtimes: Option<LocalDateTime>,
    desc: String,
    is_active: bool,
    is_deleted: bool,
    name: String,
    upd_by: Option<String>,
    upd_dtimes: Option<LocalDateTime>,
    user_id: String,
}

impl From<PolicyGroup> for GroupRow {
    fn from(group: PolicyGroup) -> Self {
        Self {
            id: group.id,
            cr_by: group.cr_by,
            cr_dtimes: group.cr_dtimes.into(),
            del_dtimes: group.del_dtimes.map(Into::into),
            desc: group.descr,
            is_active: group.is_active,
            is_deleted: group.is_deleted.unwrap_or(false),
            name: group.name,
            upd_by: group.upd_by,
            upd_dtimes: group.upd_dtimes.map(Into::into),
            user_id: group.user_id,
        }
    }
}

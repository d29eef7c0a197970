//! `GET /policies/v2`
//!
//! Policies in pages (contract policy.md §6.17).

use actix_web::web;
use pms_database::search::lists::{PolicyItem, PolicyList};
use pms_domain::policy::PolicyState;
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A policy in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedPolicy {
    policy_id: String,
    policy_type: String,
    policy_name: String,
    policy_description: String,
    policy_group_id: Option<String>,
    policy_group_name: Option<String>,
    /// `draft`, `activated` or `deactivated`.
    status: Option<&'static str>,
    created_date_time: OffsetDateTime,
}

/// Policies in pages.
pub(crate) async fn handle(
    _: Caller,
    request: ListRequest<PolicyList>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedPolicy>> {
    context.lists.page(request, Visible::All).await
}

impl From<PolicyItem> for ListedPolicy {
    fn from(item: PolicyItem) -> Self {
        let state = PolicyState::of(item.policy_schema.as_deref(), item.is_active);
        Self {
            policy_id: item.id,
            policy_type: item.policy_type,
            policy_name: item.name,
            policy_description: item.descr,
            policy_group_id: item.policy_group_id,
            policy_group_name: item.group_name,
            status: state.name(),
            created_date_time: item.cr_dtimes.into(),
        }
    }
}

//! `GET /partner-policy-requests`
//!
//! Mapping requests in pages: all for administrators, their own for
//! partners (contract partner-admin.md §1.12).

use actix_web::web;
use pms_database::search::lists::{MappingRequestItem, MappingRequestList};
use pms_domain::partner::lifecycle::status_label;
use pms_domain::partner::types::WITHOUT_POLICIES;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Context, visibility};

/// A mapping request in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedMapping {
    /// Id of the request.
    pub id: String,
    /// Partner id.
    pub partner_id: String,
    /// `activated`, `deactivated`, `InProgress` or `rejected`.
    pub partner_status: Option<&'static str>,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Name of the policy.
    pub policy_name: Option<String>,
    /// Id of the partner's policy group.
    pub policy_group_id: Option<String>,
    /// Name of the partner's policy group.
    pub policy_group_name: Option<String>,
    /// Why the partner asks.
    pub partner_comment: String,
    /// `approved`, `rejected` or `InProgress`.
    pub status: String,
    /// When the request was made.
    pub created_date_time: OffsetDateTime,
    /// Code of the partner type.
    pub partner_type: Option<String>,
    /// Id of the policy.
    pub policy_id: String,
    /// When the request was decided.
    pub updated_date_time: Option<OffsetDateTime>,
    /// Description of the policy.
    pub policy_description: Option<String>,
    /// Description of the partner's policy group.
    pub policy_group_description: Option<String>,
}

/// Lists mapping requests.
///
/// # Errors
/// The checks of contract partner-admin.md §1.12 in its order.
pub async fn handle(
    caller: Caller,
    request: ListRequest<MappingRequestList>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedMapping>> {
    let listed = |kind: &str| !WITHOUT_POLICIES.contains(&kind);
    let most = context.unpaged.rows_to_ask();
    let visible = visibility::listed_of_own(caller, most, listed, MappingRequestList::of_partners);
    context.lists.page(request, visible).await
}

impl From<MappingRequestItem> for ListedMapping {
    fn from(item: MappingRequestItem) -> Self {
        let status = item.partner_status.as_deref().zip(item.partner_active);
        Self {
            partner_status: status.and_then(|(status, active)| status_label(status, active)),
            id: item.id,
            partner_id: item.part_id,
            org_name: item.partner_name,
            policy_name: item.policy.name,
            policy_group_id: item.policy.group_id,
            policy_group_name: item.policy.group_name,
            partner_comment: item.request_detail,
            status: item.status_code,
            created_date_time: item.cr_dtimes.into(),
            partner_type: item.partner_type,
            policy_id: item.policy_id,
            updated_date_time: item.upd_dtimes.map(Into::into),
            policy_description: item.policy.description,
            policy_group_description: item.policy.group_description,
        }
    }
}

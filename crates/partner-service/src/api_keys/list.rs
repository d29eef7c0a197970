//! `GET /partner-api-keys`
//!
//! API keys of authentication partners in pages, without the keys themselves:
//! all for administrators, their own for partners
//! (contract partner-admin.md §1.13).

use actix_web::web;
use pms_database::search::lists::{ApiKeyItem, ApiKeyList};
use pms_domain::partner::types::AUTH_PARTNER;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Context, visibility};

/// An API key in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedApiKey {
    /// Partner id.
    pub partner_id: String,
    /// Label of the key.
    pub api_key_label: String,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Name of the policy.
    pub policy_name: Option<String>,
    /// Id of the policy.
    pub policy_id: String,
    /// Description of the policy.
    pub policy_description: Option<String>,
    /// Id of the policy's group.
    pub policy_group_id: Option<String>,
    /// Name of the policy's group.
    pub policy_group_name: Option<String>,
    /// Description of the policy's group.
    pub policy_group_description: Option<String>,
    /// `activated` or `deactivated`.
    pub status: &'static str,
    /// When the key was made.
    pub created_date_time: OffsetDateTime,
}

/// Lists API keys.
///
/// # Errors
/// The checks of contract partner-admin.md §1.13 in its order.
pub async fn handle(
    caller: Caller,
    request: ListRequest<ApiKeyList>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedApiKey>> {
    let listed = |kind: &str| kind == AUTH_PARTNER;
    let most = context.unpaged.rows_to_ask();
    let visible = visibility::listed_of_own(caller, most, listed, ApiKeyList::of_partners);
    context.lists.page(request, visible).await
}

impl From<ApiKeyItem> for ListedApiKey {
    fn from(item: ApiKeyItem) -> Self {
        Self {
            partner_id: item.part_id,
            api_key_label: item.label,
            org_name: item.partner_name,
            policy_name: item.policy.name,
            policy_id: item.policy_id,
            policy_description: item.policy.description,
            policy_group_id: item.policy.group_id,
            policy_group_name: item.policy.group_name,
            policy_group_description: item.policy.group_description,
            status: if item.is_active {
                "activated"
            } else {
                "deactivated"
            },
            created_date_time: item.cr_dtimes.into(),
        }
    }
}

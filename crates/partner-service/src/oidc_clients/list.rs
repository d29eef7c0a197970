//! `GET /oauth/client`
//!
//! OIDC clients in pages: all for administrators, their own for partners
//! (contract clients-users-notifications.md §1.11).

use actix_web::web;
use pms_database::search::lists::{OidcClientItem, OidcClientList};
use pms_web::list::{ListRequest, Page};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::available;
use crate::{Context, visibility};

/// An OIDC client in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedClient {
    /// Partner id.
    pub partner_id: String,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Id of the partner's policy group.
    pub policy_group_id: Option<String>,
    /// Name of the partner's policy group.
    pub policy_group_name: Option<String>,
    /// Description of the partner's policy group.
    pub policy_group_description: Option<String>,
    /// Name of the policy.
    pub policy_name: Option<String>,
    /// Description of the policy.
    pub policy_description: Option<String>,
    /// Client id.
    pub client_id: String,
    /// The plain name, or the names by language as JSON text.
    pub client_name: String,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// When the client was last changed.
    pub updated_date_time: Option<OffsetDateTime>,
    /// When the client was made.
    pub created_date_time: OffsetDateTime,
}

/// Lists OIDC clients.
///
/// # Errors
/// The checks of contract clients-users-notifications.md §1.11 in its order.
pub async fn handle(
    caller: Caller,
    request: ListRequest<OidcClientList>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedClient>> {
    available(&context)?;
    let most = context.unpaged.rows_to_ask();
    let visible = visibility::listed_of_own(caller, most, |_| true, OidcClientList::of_partners);
    context.lists.page(request, visible).await
}

impl From<OidcClientItem> for ListedClient {
    fn from(item: OidcClientItem) -> Self {
        Self {
            partner_id: item.rp_id,
            org_name: item.partner_name,
            policy_group_id: item.policy.group_id,
            policy_group_name: item.policy.group_name,
            policy_group_description: item.policy.group_description,
            policy_name: item.policy.name,
            policy_description: item.policy.description,
            client_id: item.id,
            client_name: item.name,
            status: item.status,
            updated_date_time: item.upd_dtimes.map(Into::into),
            created_date_time: item.cr_dtimes.into(),
        }
    }
}

//! `GET /partner-api-keys`
//!
//! API keys of authentication partners in pages, without the keys themselves:
//! everybody's for administrators, their own for partners
//! (contract partner-admin.md §1.13).

use actix_web::web;
use pms_database::search::ListQuery;
use pms_database::search::lists::{ApiKeyFilter, ApiKeyItem, ApiKeyList};
use pms_web::query::optional_integer;
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::pages::Page;
use crate::{Context, own_partners};

/// Order, page and filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ApiKeyListQuery {
    /// `partnerId`, `apiKeyLabel`, `orgName`, `policyName`, `policyGroupName`,
    /// `status` or `createdDateTime`.
    pub sort_field_name: Option<String>,
    /// `asc` or `desc`; without both the newest come first.
    pub sort_type: Option<String>,
    /// Index of the page, from 0; without page everything is listed.
    #[serde(deserialize_with = "optional_integer")]
    pub page_no: Option<i64>,
    /// Rows of a page.
    #[serde(deserialize_with = "optional_integer")]
    pub page_size: Option<i64>,
    /// Part of the partner id.
    pub partner_id: Option<String>,
    /// Part of the key's label.
    pub api_key_label: Option<String>,
    /// Part of the organisation's name.
    pub org_name: Option<String>,
    /// Exactly `activated` or `deactivated`.
    pub status: Option<String>,
    /// Part of the policy's name.
    pub policy_name: Option<String>,
    /// Part of the name of the policy's group.
    pub policy_group_name: Option<String>,
}

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
pub async fn list(
    caller: Caller,
    Query(query): Query<ApiKeyListQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedApiKey>> {
    let (wanted, filter) = query.split();
    let most = context.unpaged.rows_to_ask();
    let page = context.list::<ApiKeyList>(wanted, move |conn| {
        let listed = |kind: &str| kind == "Auth_Partner";
        let of_partners = own_partners::visible(conn, &caller, most, listed)?;
        let filter = ApiKeyFilter {
            of_partners,
            ..filter
        };
        Ok(filter.conditions())
    });
    Ok(Page(page.await?.map(ListedApiKey::from)))
}

impl ApiKeyListQuery {
    fn split(self) -> (ListQuery, ApiKeyFilter) {
        let wanted = ListQuery {
            sort_field_name: self.sort_field_name,
            sort_type: self.sort_type,
            page_no: self.page_no,
            page_size: self.page_size,
        };
        let filter = ApiKeyFilter {
            of_partners: None,
            partner_id: self.partner_id,
            api_key_label: self.api_key_label,
            org_name: self.org_name,
            policy_name: self.policy_name,
            policy_group_name: self.policy_group_name,
            status: self.status,
        };
        (wanted, filter)
    }
}

impl From<ApiKeyItem> for ListedApiKey {
    fn from(item: ApiKeyItem) -> Self {
        Self {
            partner_id: item.part_id,
            api_key_label: item.label,
            org_name: item.partner_name,
            policy_name: item.policy_name,
            policy_id: item.policy_id,
            policy_description: item.policy_description,
            policy_group_id: item.group_id,
            policy_group_name: item.group_name,
            policy_group_description: item.group_description,
            status: if item.is_active {
                "activated"
            } else {
                "deactivated"
            },
            created_date_time: item.cr_dtimes.into(),
        }
    }
}

//! `GET /partner-policy-requests`
//!
//! Mapping requests in pages: everybody's for administrators, their own for
//! partners (contract partner-admin.md §1.12).

use actix_web::web;
use pms_database::search::ListQuery;
use pms_database::search::lists::{MappingRequestFilter, MappingRequestItem, MappingRequestList};
use pms_domain::partner::lifecycle::status_label;
use pms_web::query::optional_integer;
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;
use crate::own_partners::{self, WITHOUT_POLICIES};
use crate::pages::Page;

/// Order, page and filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct MappingListQuery {
    /// `partnerId`, `partnerType`, `orgName`, `policyId`, `policyGroupName`,
    /// `policyName`, `status`, `requestDetail` or `createdDateTime`.
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
    /// Part of the partner's comment.
    pub partner_comment: Option<String>,
    /// Part of the organisation's name.
    pub org_name: Option<String>,
    /// Exactly `approved`, `rejected` or `InProgress`.
    pub status: Option<String>,
    /// Part of the policy id.
    pub policy_id: Option<String>,
    /// Part of the policy's name.
    pub policy_name: Option<String>,
    /// Part of the name of the partner's policy group.
    pub policy_group_name: Option<String>,
    /// Part of the partner type.
    pub partner_type: Option<String>,
}

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
pub async fn list(
    caller: Caller,
    Query(query): Query<MappingListQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedMapping>> {
    let (wanted, filter) = query.split();
    let most = context.unpaged.rows_to_ask();
    let page = context.list::<MappingRequestList>(wanted, move |conn| {
        let listed = |kind: &str| !WITHOUT_POLICIES.contains(&kind);
        let of_partners = own_partners::visible(conn, &caller, most, listed)?;
        let filter = MappingRequestFilter {
            of_partners,
            ..filter
        };
        Ok(filter.conditions())
    });
    Ok(Page(page.await?.map(ListedMapping::from)))
}

impl MappingListQuery {
    fn split(self) -> (ListQuery, MappingRequestFilter) {
        let wanted = ListQuery {
            sort_field_name: self.sort_field_name,
            sort_type: self.sort_type,
            page_no: self.page_no,
            page_size: self.page_size,
        };
        let filter = MappingRequestFilter {
            of_partners: None,
            partner_id: self.partner_id,
            partner_type: self.partner_type,
            org_name: self.org_name,
            policy_id: self.policy_id,
            policy_name: self.policy_name,
            policy_group_name: self.policy_group_name,
            partner_comment: self.partner_comment,
            status: self.status,
        };
        (wanted, filter)
    }
}

impl From<MappingRequestItem> for ListedMapping {
    fn from(item: MappingRequestItem) -> Self {
        let status = item.partner_status.as_deref().zip(item.partner_active);
        Self {
            partner_status: status.and_then(|(status, active)| status_label(status, active)),
            id: item.id,
            partner_id: item.part_id,
            org_name: item.partner_name,
            policy_name: item.policy_name,
            policy_group_id: item.group_id,
            policy_group_name: item.group_name,
            partner_comment: item.request_detail,
            status: item.status_code,
            created_date_time: item.cr_dtimes.into(),
            partner_type: item.partner_type,
            policy_id: item.policy_id,
            updated_date_time: item.upd_dtimes.map(Into::into),
            policy_description: item.policy_description,
            policy_group_description: item.group_description,
        }
    }
}

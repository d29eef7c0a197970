//! `GET /policies/v2`

use actix_web::web;
use pms_database::search::lists::{PolicyFilter, PolicyItem, PolicyList};
use pms_database::search::{ListPage, ListQuery, list};
use pms_domain::policy::PolicyState;
use pms_web::query::optional_integer;
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;

/// Order, page and filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub(crate) struct PolicyListQuery {
    /// `policyId`, `policyName`, `policyDescription`, `policyGroupId`,
    /// `policyGroupName`, `status` or `createdDateTime`.
    sort_field_name: Option<String>,
    /// `asc` or `desc`; without both the newest come first.
    sort_type: Option<String>,
    /// Index of the page, from 0.
    #[serde(deserialize_with = "optional_integer")]
    page_no: Option<i64>,
    /// Rows of a page; 8 unless given.
    #[serde(deserialize_with = "optional_integer")]
    page_size: Option<i64>,
    policy_type: Option<String>,
    policy_id: Option<String>,
    policy_name: Option<String>,
    policy_description: Option<String>,
    policy_group_name: Option<String>,
    /// Exactly `draft`, `activated` or `deactivated`.
    status: Option<String>,
}

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

/// A page of the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyListPage {
    page_no: i64,
    page_size: i64,
    total_results: i64,
    data: Vec<ListedPolicy>,
}

/// Policies in pages.
pub(crate) async fn list_policies(
    _: Caller,
    Query(query): Query<PolicyListQuery>,
    context: web::Data<Context>,
) -> ApiResult<PolicyListPage> {
    let wanted = ListQuery {
        sort_field_name: query.sort_field_name,
        sort_type: query.sort_type,
        page_no: query.page_no,
        page_size: query.page_size,
    };
    let filter = PolicyFilter {
        policy_id: query.policy_id,
        policy_type: query.policy_type,
        policy_name: query.policy_name,
        policy_description: query.policy_description,
        policy_group_name: query.policy_group_name,
        status: query.status,
    };
    let most = context.largest_page();
    let read = context
        .db
        .read(move |conn| list::<PolicyList>(conn, &wanted, &filter.conditions(), most));
    let ListPage {
        page_no,
        page_size,
        total_results,
        data,
    } = read.await?;
    let data = data.into_iter().map(Into::into).collect();
    Ok(PolicyListPage {
        page_no,
        page_size,
        total_results,
        data,
    })
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

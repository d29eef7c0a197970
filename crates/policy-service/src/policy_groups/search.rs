//! `POST /policies/group/search`

use actix_web::web;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{Filter, Pagination, SearchRequest, Sort, search};
use pms_domain::policy::audits::{SEARCH_GROUPS, SEARCH_GROUPS_SUCCESS};
use pms_domain::policy::errors::NOT_PROCESSED;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::row::GroupRow;
use crate::Context;
use crate::journal::Journal;
use crate::search::Page;

/// A search of policy groups.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupSearch {
    #[schema(value_type = Vec<Object>)]
    filters: Option<Vec<Filter>>,
    #[schema(value_type = Vec<Object>)]
    sort: Option<Vec<Sort>>,
    #[schema(value_type = Object)]
    pagination: Option<Pagination>,
}

impl Request for GroupSearch {
    fn check(&self, _: &mut Checks) {}
}

/// Searches policy groups, active or not.
pub(crate) async fn search_groups(
    caller: Caller,
    Body(request): Body<GroupSearch>,
    context: web::Data<Context>,
) -> ApiResult<Page<GroupRow>> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules());
    let searched = context.db.audited(move |conn, trail| {
        let mut journal = Journal::new(trail, &stamp);
        journal.note(SEARCH_GROUPS, None);
        let wanted = SearchRequest {
            filters: Some(request.filters.ok_or(NOT_PROCESSED)?),
            sort: Some(request.sort.ok_or(NOT_PROCESSED)?),
            pagination: Some(request.pagination.ok_or(NOT_PROCESSED)?),
        };
        let found = search::<PolicyGroups>(conn, wanted, Vec::new(), &rules)?;
        journal.note(SEARCH_GROUPS_SUCCESS, None);
        Ok(found)
    });
    Ok(Page(searched.await?.into_page(GroupRow::from)))
}

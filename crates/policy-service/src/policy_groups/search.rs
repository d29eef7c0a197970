//! `POST /policies/group/search`

use actix_web::web;
use pms_database::search::search;
use pms_database::search::searches::PolicyGroups;
use pms_domain::policy::audits::{SEARCH_GROUPS, SEARCH_GROUPS_SUCCESS};
use pms_domain::policy::errors::NOT_PROCESSED;
use pms_web::search::{Page, Search};
use pms_web::{ApiResult, Body, Caller};

use super::row::GroupRow;
use crate::Context;

/// Searches policy groups, active or not.
pub(crate) async fn search_groups(
    caller: Caller,
    Body(request): Body<Search>,
    context: web::Data<Context>,
) -> ApiResult<Page<GroupRow>> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules());
    let searched = context.db.audited(stamp, move |conn, trail| {
        trail.note(SEARCH_GROUPS, None);
        let wanted = request.complete(NOT_PROCESSED)?;
        let found = search::<PolicyGroups>(conn, wanted, Vec::new(), &rules)?;
        trail.note(SEARCH_GROUPS_SUCCESS, None);
        Ok(found)
    });
    Ok(Page(searched.await?.into_page(GroupRow::from)))
}

//! `POST /policies/group/filtervalues`

use actix_web::web;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{ValuesRequest, filter_values};
use pms_domain::policy::audits::{FILTER_GROUPS, FILTER_GROUPS_SUCCESS};
use pms_web::search::{FilterValues, Values};
use pms_web::{ApiResult, Body, Caller};

use crate::Context;

/// Values of columns, each with the name of a group that has it.
pub(crate) async fn filter_group_values(
    caller: Caller,
    Body(request): Body<Values>,
    context: web::Data<Context>,
) -> ApiResult<FilterValues> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules());
    let wanted = ValuesRequest::from(request);
    let filtered = context.db.audited(stamp, move |conn, trail| {
        trail.note(FILTER_GROUPS, None);
        let values = filter_values::<PolicyGroups>(conn, &wanted, &[], &rules)?;
        trail.note(FILTER_GROUPS_SUCCESS, None);
        Ok(values)
    });
    Ok(FilterValues {
        filters: filtered.await?,
    })
}

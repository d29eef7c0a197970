//! `POST /partners/apikey/request/filtervalues`
//!
//! Values of columns of mapping requests (contract partner.md §4.25).

use actix_web::web;
use pms_database::search::searches::MappingRequests;
use pms_database::search::{ValuesRequest, filter_values as find};
use pms_domain::partner::audits;
use pms_web::search::{FilterValues, Values, outcome};
use pms_web::{ApiResult, Body, Caller};

use crate::Context;
use crate::scope::visible_partners;

/// Lists values of columns, each with the id of a mapping request that has it.
///
/// # Errors
/// What any such call refuses.
pub async fn filter_values(
    caller: Caller,
    Body(request): Body<Values>,
    context: web::Data<Context>,
) -> ApiResult<FilterValues> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules);
    let wanted = ValuesRequest::from(request);
    let filtered = context.db.audited(stamp, move |conn, trail| {
        trail.note(audits::FILTER_MAPPINGS, None);
        let visible = visible_partners(conn, &caller)?;
        let scope = visible.map(MappingRequests::of_partners);
        let values = find::<MappingRequests>(conn, &wanted, scope.as_slice(), &rules)?;
        trail.note(audits::MAPPINGS_FILTERED, None);
        Ok(values)
    });
    Ok(FilterValues {
        filters: outcome(filtered.await, &rules)?,
    })
}

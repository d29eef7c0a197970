//! `POST /partners/filtervalues`
//!
//! Values of columns of partners (contract partner.md §4.24).

use actix_web::web;
use pms_database::search::searches::Partners;
use pms_database::search::{ValuesRequest, filter_values as find};
use pms_domain::BusinessError;
use pms_domain::partner::audits;
use pms_web::search::{FilterValues, Values, outcome};
use pms_web::{ApiResult, Body, Caller, Scope};

use crate::Context;

/// Lists values of columns, each with the id of a partner that has it.
///
/// # Errors
/// Encrypted columns, for all but administrators also internal ones; and what
/// any such call refuses.
pub async fn filter_values(
    caller: Caller,
    Body(request): Body<Values>,
    context: web::Data<Context>,
) -> ApiResult<FilterValues> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules);
    let wanted = ValuesRequest::from(request);
    let filtered = context.db.audited(stamp, move |conn, trail| {
        trail.note(audits::FILTER_PARTNERS, None);
        check_columns(&wanted, &caller)?;
        let own = caller.scope() == Scope::Own;
        let scope = own.then(|| Partners::owned_by(caller.user_id()));
        let values = find::<Partners>(conn, &wanted, scope.as_slice(), &rules)?;
        trail.note(audits::PARTNERS_FILTERED, None);
        Ok(values)
    });
    Ok(FilterValues {
        filters: outcome(filtered.await, &rules)?,
    })
}

fn check_columns(wanted: &ValuesRequest, caller: &Caller) -> Result<(), BusinessError> {
    let filters = wanted.filters.iter().flatten();
    let optional = wanted.optional_filters.iter().flatten();
    let asked = filters.filter_map(|filter| filter.column_name.as_deref());
    let compared = optional.filter_map(|filter| filter.column_name.as_deref());
    Partners::listable(asked.chain(compared), caller.is_partner_admin())
}

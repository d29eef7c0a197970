//! `POST /policies/group/filtervalues`

use actix_web::web;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{Filter, ValueFilter, ValuesRequest, filter_values};
use pms_domain::policy::audits::{FILTER_GROUPS, FILTER_GROUPS_SUCCESS};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::journal::Journal;
use crate::search::FilterValues;

/// The columns of groups whose values are asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupValues {
    #[schema(value_type = Vec<Object>)]
    filters: Option<Vec<ValueFilter>>,
    #[schema(value_type = Vec<Object>)]
    optional_filters: Option<Vec<Filter>>,
}

impl Request for GroupValues {
    fn check(&self, fields: &mut Checks) {
        check_filters(fields, self.filters.as_deref());
    }
}

/// The columns must be named.
pub(crate) fn check_filters(fields: &mut Checks, filters: Option<&[ValueFilter]>) {
    fields.not_null("filters", filters.as_ref()).each(
        "filters",
        filters.unwrap_or_default(),
        |filter, fields| {
            fields
                .not_blank("columnName", filter.column_name.as_deref())
                .not_null("type", filter.r#type.as_ref());
        },
    );
}

/// Values of columns, each with the name of a group that has it.
pub(crate) async fn filter_group_values(
    caller: Caller,
    Body(request): Body<GroupValues>,
    context: web::Data<Context>,
) -> ApiResult<FilterValues> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules());
    let wanted = ValuesRequest {
        filters: request.filters,
        optional_filters: request.optional_filters,
    };
    let filtered = context.db.audited(move |conn, trail| {
        let mut journal = Journal::new(trail, &stamp);
        journal.note(FILTER_GROUPS, None);
        let values = filter_values::<PolicyGroups>(conn, &wanted, &[], &rules)?;
        journal.note(FILTER_GROUPS_SUCCESS, None);
        Ok(values)
    });
    Ok(FilterValues {
        filters: filtered.await?,
    })
}

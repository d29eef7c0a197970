//! `POST /policies/filtervalues`

use actix_web::web;
use pms_database::search::searches::{Policies, of_type};
use pms_database::search::{Filter, ValueFilter, ValuesRequest, filter_values};
use pms_domain::policy::audits::{FILTER_POLICIES, FILTER_POLICIES_SUCCESS};
use pms_web::search::{FilterValues, check_value_filters};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;

/// The columns of policies whose values are asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyValues {
    #[schema(value_type = Vec<Object>)]
    filters: Option<Vec<ValueFilter>>,
    #[schema(value_type = Vec<Object>)]
    optional_filters: Option<Vec<Filter>>,
    /// A policy type, or `all`.
    policy_type: Option<String>,
}

impl Request for PolicyValues {
    fn check(&self, fields: &mut Checks) {
        check_value_filters(fields, self.filters.as_deref());
        fields.not_blank("policyType", self.policy_type.as_deref());
    }
}

/// Values of columns, each with the id of a policy that has it.
pub(crate) async fn filter_policy_values(
    caller: Caller,
    Body(request): Body<PolicyValues>,
    context: web::Data<Context>,
) -> ApiResult<FilterValues> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules());
    let mut optional = request.optional_filters.unwrap_or_default();
    optional.extend(request.policy_type.as_deref().and_then(of_type));
    let wanted = ValuesRequest {
        filters: request.filters,
        optional_filters: Some(optional),
    };
    let filtered = context.db.audited(stamp, move |conn, trail| {
        trail.note(FILTER_POLICIES, None);
        let values = filter_values::<Policies>(conn, &wanted, &[], &rules)?;
        trail.note(FILTER_POLICIES_SUCCESS, None);
        Ok(values)
    });
    Ok(FilterValues {
        filters: filtered.await?,
    })
}

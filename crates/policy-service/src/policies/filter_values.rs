//! `POST /policies/filtervalues`
//!
//! Values of columns of policies (contract policy.md §6.19).

use pms_database::search::searches::{Policies, of_type};
use pms_database::search::{Filter, ValueFilter, ValuesRequest};
use pms_domain::policy::audits::{FILTER_POLICIES, FILTER_POLICIES_SUCCESS};
use pms_runtime::searches::{AuditPair, LegacyValues};
use pms_web::search::check_value_filters;
use pms_web::{Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;

/// The columns of policies whose values are requested.
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

impl From<PolicyValues> for ValuesRequest {
    fn from(values: PolicyValues) -> Self {
        let mut optional = values.optional_filters.unwrap_or_default();
        optional.extend(values.policy_type.as_deref().and_then(of_type));
        Self {
            filters: values.filters,
            optional_filters: Some(optional),
        }
    }
}

/// Values of columns, each with the id of a policy that has it.
pub(crate) struct FilterPolicies;

impl LegacyValues for FilterPolicies {
    type Context = Context;
    type Entity = Policies;
    type Request = PolicyValues;
    const AUDITS: Option<AuditPair> = Some((&FILTER_POLICIES, &FILTER_POLICIES_SUCCESS));
}

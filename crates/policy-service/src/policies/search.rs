//! `POST /policies/search`
//!
//! A search of policies (contract policy.md §6.18).

use pms_database::search::searches::{Policies, PolicyFound, of_type};
use pms_database::search::{Filter, Pagination, Sort};
use pms_domain::policy::audits::{SEARCH_POLICIES, SEARCH_POLICIES_SUCCESS};
use pms_runtime::searches::{AuditPair, LegacySearch, SearchBody};
use pms_web::search::Search;
use pms_web::wire::{LocalDateTime, OffsetDateTime};
use pms_web::{Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// A search of policies.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicySearch {
    /// A policy type, or `all`.
    policy_type: Option<String>,
    #[schema(value_type = Vec<Object>)]
    filters: Option<Vec<Filter>>,
    #[schema(value_type = Vec<Object>)]
    sort: Option<Vec<Sort>>,
    #[schema(value_type = Object)]
    pagination: Option<Pagination>,
}

impl Request for PolicySearch {
    fn check(&self, fields: &mut Checks) {
        fields.not_blank("policyType", self.policy_type.as_deref());
    }
}

impl SearchBody for PolicySearch {
    fn into_search(self) -> (Search, Option<Filter>) {
        let of_type = self.policy_type.as_deref().and_then(of_type);
        let search = Search {
            filters: self.filters,
            sort: self.sort,
            pagination: self.pagination,
        };
        (search, of_type)
    }
}

/// A policy that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundPolicy {
    id: String,
    cr_by: String,
    cr_dtimes: OffsetDateTime,
    del_dtimes: Option<LocalDateTime>,
    desc: String,
    is_active: bool,
    is_deleted: bool,
    name: String,
    /// The document, as the text that is stored.
    policies: String,
    upd_by: Option<String>,
    upd_dtimes: Option<LocalDateTime>,
    valid_from_date: LocalDateTime,
    valid_to_date: LocalDateTime,
    version: String,
    policy_type: String,
    schema: Option<String>,
    policy_group_id: Option<String>,
    policy_group_name: Option<String>,
}

/// The search of policies in any state.
pub(crate) struct SearchPolicies;

impl LegacySearch for SearchPolicies {
    type Context = Context;
    type Entity = Policies;
    type Request = PolicySearch;
    type Found = FoundPolicy;
    const AUDITS: Option<AuditPair> = Some((&SEARCH_POLICIES, &SEARCH_POLICIES_SUCCESS));
}

impl From<PolicyFound> for FoundPolicy {
    fn from(found: PolicyFound) -> Self {
        let PolicyFound { policy, group_name } = found;
        Self {
            id: policy.id,
            cr_by: policy.cr_by,
            cr_dtimes: policy.cr_dtimes.into(),
            del_dtimes: policy.del_dtimes.map(Into::into),
            desc: policy.descr,
            is_active: policy.is_active,
            is_deleted: policy.is_deleted.unwrap_or(false),
            name: policy.name,
            policies: policy.policy_file_id,
            upd_by: policy.upd_by,
            upd_dtimes: policy.upd_dtimes.map(Into::into),
            valid_from_date: policy.valid_from_date.into(),
            valid_to_date: policy.valid_to_date.into(),
            version: policy.version,
            policy_type: policy.policy_type,
            schema: policy.policy_schema,
            policy_group_id: policy.policy_group_id,
            policy_group_name: group_name,
        }
    }
}

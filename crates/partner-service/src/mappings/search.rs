//! `POST /partners/apikey/request/search`
//!
//! Mapping requests, which older clients call requests for API keys
//! (contract partner.md §4.26).

use actix_web::web;
use pms_database::search::searches::{MappingRequestFound, MappingRequests};
use pms_database::search::{Found, search as find};
use pms_domain::partner::audits;
use pms_web::search::{Page, Search, outcome};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Body, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::scope::visible_partners;

/// A mapping request that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.9"
)]
pub struct FoundMapping {
    #[serde(rename = "apikeyRequestId")]
    pub id: String,
    pub cr_by: String,
    pub cr_dtimes: OffsetDateTime,
    pub del_dtimes: Option<OffsetDateTime>,
    pub is_deleted: bool,
    pub policy_id: String,
    pub request_datetimes: OffsetDateTime,
    pub request_detail: String,
    pub status_code: String,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<OffsetDateTime>,
    pub partner_id: String,
    pub partner_name: Option<String>,
    /// Empty when the policy is gone.
    pub policy_name: String,
}

/// Searches mapping requests in any state.
///
/// # Errors
/// What any search refuses.
pub async fn search(
    caller: Caller,
    Body(request): Body<Search>,
    context: web::Data<Context>,
) -> ApiResult<Page<FoundMapping>> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules);
    let searched = context.db.audited(stamp, move |conn, trail| {
        trail.note(audits::SEARCH_MAPPINGS, None);
        let wanted = request.completed();
        let filters = wanted.filters.as_deref().unwrap_or_default();
        if MappingRequests::names_no_policy(conn, filters)? {
            return Ok(Found::nothing());
        }
        let visible = visible_partners(conn, &caller)?;
        let scope = visible.map(MappingRequests::of_partners);
        let found = find::<MappingRequests>(conn, wanted, scope.into_iter().collect(), &rules)?;
        trail.note(audits::MAPPINGS_SEARCHED, None);
        Ok(found)
    });
    let found = outcome(searched.await, &rules)?;
    Ok(Page(found.into_page(FoundMapping::from)))
}

impl From<MappingRequestFound> for FoundMapping {
    fn from(found: MappingRequestFound) -> Self {
        let request = found.request;
        Self {
            id: request.id,
            cr_by: request.cr_by,
            cr_dtimes: request.cr_dtimes.into(),
            del_dtimes: request.del_dtimes.map(Into::into),
            is_deleted: request.is_deleted.unwrap_or(false),
            policy_id: request.policy_id,
            request_datetimes: request.request_datetimes.into(),
            request_detail: request.request_detail,
            status_code: request.status_code,
            upd_by: request.upd_by,
            upd_dtimes: request.upd_dtimes.map(Into::into),
            partner_id: request.part_id,
            partner_name: found.partner_name,
            policy_name: found.policy_name.unwrap_or_default(),
        }
    }
}

//! `POST /partners/apikey/request/search`
//!
//! Mapping requests, which older clients call requests for API keys
//! (contract partner.md §4.26).

use pms_database::search::Entity;
use pms_database::search::searches::{MappingRequestFound, MappingRequests};
use pms_domain::partner::audits;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacySearch, rows_of_own};
use pms_web::Caller;
use pms_web::search::Search;
use pms_web::wire::OffsetDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

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

/// The search of mapping requests in any state.
pub struct SearchMappings;

impl LegacySearch for SearchMappings {
    type Context = Context;
    type Entity = MappingRequests;
    type Request = Search;
    type Found = FoundMapping;
    const AUDITS: Option<AuditPair> = Some((&audits::SEARCH_MAPPINGS, &audits::MAPPINGS_SEARCHED));

    fn visible(caller: Caller) -> Visible<<MappingRequests as Entity>::Source> {
        rows_of_own::<MappingRequests>(caller)
    }
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

//! `POST /partners/apikey/search`
//!
//! API keys without the keys themselves (contract partner.md §4.27).

use pms_database::search::Entity;
use pms_database::search::searches::{ApiKeyFound, ApiKeys};
use pms_domain::partner::audits;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacySearch, rows_of_own};
use pms_web::Caller;
use pms_web::search::Search;
use pms_web::wire::OffsetDateTime;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// An API key that was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.8"
)]
pub struct FoundApiKey {
    pub label: String,
    pub cr_by: String,
    pub cr_dtimes: OffsetDateTime,
    pub del_dtimes: Option<OffsetDateTime>,
    pub is_active: bool,
    pub is_deleted: bool,
    pub policy_id: String,
    /// Always null.
    pub policy_name: Option<String>,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<OffsetDateTime>,
    pub valid_from_datetime: OffsetDateTime,
    pub valid_to_datetime: Option<OffsetDateTime>,
    pub partner_id: String,
    pub partner_name: Option<String>,
}

/// The search of API keys in any state.
pub struct SearchApiKeys;

impl LegacySearch for SearchApiKeys {
    type Context = Context;
    type Entity = ApiKeys;
    type Request = Search;
    type Found = FoundApiKey;
    const AUDITS: Option<AuditPair> = Some((&audits::SEARCH_API_KEYS, &audits::API_KEYS_SEARCHED));

    fn visible(caller: Caller) -> Visible<<ApiKeys as Entity>::Source> {
        rows_of_own::<ApiKeys>(caller)
    }
}

impl From<ApiKeyFound> for FoundApiKey {
    fn from(found: ApiKeyFound) -> Self {
        let key = found.key;
        Self {
            label: key.label,
            cr_by: key.cr_by,
            cr_dtimes: key.cr_dtimes.into(),
            del_dtimes: key.del_dtimes.map(Into::into),
            is_active: key.is_active,
            is_deleted: key.is_deleted.unwrap_or(false),
            policy_id: key.policy_id,
            policy_name: None,
            upd_by: key.upd_by,
            upd_dtimes: key.upd_dtimes.map(Into::into),
            valid_from_datetime: key.valid_from_datetime.into(),
            valid_to_datetime: key.valid_to_datetime.map(Into::into),
            partner_id: key.part_id,
            partner_name: found.partner_name,
        }
    }
}

//! `POST /partners/apikey/search`
//!
//! API keys without the keys themselves (contract partner.md §4.27).

use actix_web::web;
use pms_database::search::search as find;
use pms_database::search::searches::{ApiKeyFound, ApiKeys};
use pms_domain::partner::audits;
use pms_web::search::{Page, Search, outcome};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Body, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::scope::visible_partners;

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

/// Searches API keys in any state.
///
/// # Errors
/// What any search refuses.
pub async fn search(
    caller: Caller,
    Body(request): Body<Search>,
    context: web::Data<Context>,
) -> ApiResult<Page<FoundApiKey>> {
    let (stamp, rules) = (context.stamp(&caller), context.search_rules);
    let searched = context.db.audited(stamp, move |conn, trail| {
        trail.note(audits::SEARCH_API_KEYS, None);
        let visible = visible_partners(conn, &caller)?;
        let scope = visible.map(ApiKeys::of_partners);
        let wanted = request.completed();
        let found = find::<ApiKeys>(conn, wanted, scope.into_iter().collect(), &rules)?;
        trail.note(audits::API_KEYS_SEARCHED, None);
        Ok(found)
    });
    let found = outcome(searched.await, &rules)?;
    Ok(Page(found.into_page(FoundApiKey::from)))
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

// The page begins here.
//! `GET /partners/{partnerId}/api-key-count`
//!
//! How many API keys of a partner are active.

use actix_web::web::{Data, Path};
use pms_database::partners;
use pms_domain::partner::errors::PARTNER_UNKNOWN;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Context, api_keys};

/// How many API keys a partner has.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyCount {
    /// Partner id, as stored.
    pub partner_id: String,
    /// Number of active keys.
    pub active: i64,
}

/// Counts a partner's active API keys.
///
/// # Errors
/// An unknown partner, then somebody else's.
pub async fn handle(
    caller: Caller,
    path: Path<String>,
    context: Data<Context>,
) -> ApiResult<KeyCount> {
    let id = path.into_inner();
    let counted = context.db.read(move |conn| {
        let partner = partners::find(conn, &id)?.ok_or(PARTNER_UNKNOWN)?;
        caller.require_reader(&partner.user_id, &partner.id)?;
        Ok(KeyCount {
            active: api_keys::count_active(conn, &partner.id)?,
            partner_id: partner.id,
        })
    });
    Ok(counted.await?)
}

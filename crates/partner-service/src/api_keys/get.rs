//! `GET /partners/{partnerId}/apikey/{apikey}`
//!
//! The policy that an API key is for (contract partner-admin.md §1.5).

use actix_web::web;
use pms_database::api_keys;
use pms_domain::partner::errors;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Partner and policy of an API key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyMapping {
    /// Partner id, as requested.
    #[serde(rename = "partnerID")]
    pub partner_id: String,
    /// Id of the policy.
    pub policy_id: String,
}

/// Reads what an API key is for.
///
/// # Errors
/// A key that is not the partner's.
pub async fn handle(
    _: Caller,
    path: web::Path<(String, String)>,
    context: web::Data<Context>,
) -> ApiResult<KeyMapping> {
    let (partner_id, key) = path.into_inner();
    let found = context.db.read(move |conn| {
        let found = api_keys::find_of_partner(conn, &partner_id, &key)?;
        let found = found.ok_or(errors::KEY_OF_PARTNER_UNKNOWN)?;
        Ok(KeyMapping {
            partner_id,
            policy_id: found.policy_id,
        })
    });
    Ok(found.await?)
}

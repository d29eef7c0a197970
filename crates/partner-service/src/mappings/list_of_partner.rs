//! `GET /partners/{partnerId}/apikey/request`
//!
//! All mapping requests of a partner (contract partner.md §4.12). Its member names
//! come from a time when an approved request was an API key.

use std::collections::HashMap;

use actix_web::web;
use pms_database::api_keys::{self, ApiKey};
use pms_database::mapping_requests::{self, MappingRequest};
use pms_database::partners;
use pms_domain::partner::{errors, mapping};
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A mapping request. `Debug` is left out: older ones hold an API key.
#[derive(Serialize, ToSchema)]
pub struct PartnerMapping {
    /// Id of the request.
    #[serde(rename = "apiKeyReqID")]
    pub id: String,
    /// Its status.
    #[serde(rename = "apiKeyRequestStatus")]
    pub status: String,
    /// The API key, where it has the request's id.
    #[serde(rename = "partnerApiKey")]
    pub api_key: Option<String>,
    /// Whether that key is active.
    #[serde(rename = "apikeyStatus")]
    pub is_active: bool,
    /// End of that key.
    #[serde(rename = "validityTill")]
    pub valid_to: Option<ZuluDateTime>,
}

/// Lists the mapping requests of a partner.
///
/// # Errors
/// None at all, another user's.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<Vec<PartnerMapping>> {
    let id = id.into_inner();
    let limit = context.unpaged.rows_to_ask();
    let found = context.db.read(move |conn| {
        let partner = partners::find(conn, &id)?.ok_or(errors::NO_API_KEY_REQUEST)?;
        caller.require_reader(&partner.user_id, &partner.id)?;
        let requests = mapping_requests::list_of_partner(conn, &id, limit)?;
        if requests.is_empty() {
            return Err(errors::NO_API_KEY_REQUEST.into());
        }
        let approved: Vec<&str> = requests
            .iter()
            .filter(|request| is_approved(request))
            .map(|r| r.id.as_str())
            .collect();
        let keys = api_keys::list_among(conn, &id, &approved)?;
        Ok((requests, keys))
    });
    let (requests, keys) = found.await?;
    context.unpaged.check(requests.len())?;
    let keys = keys
        .into_iter()
        .map(|key| (key.policy_api_key.clone(), key))
        .collect();
    Ok(requests
        .into_iter()
        .map(|request| wire(request, &keys))
        .collect())
}

fn is_approved(request: &MappingRequest) -> bool {
    request.status_code.eq_ignore_ascii_case(mapping::APPROVED)
}

fn wire(request: MappingRequest, keys: &HashMap<String, ApiKey>) -> PartnerMapping {
    let key = keys.get(&request.id);
    PartnerMapping {
        api_key: key.map(|key| key.policy_api_key.clone()),
        is_active: key.is_some_and(|key| key.is_active),
        valid_to: key.and_then(|key| key.valid_to_datetime).map(ZuluDateTime),
        id: request.id,
        status: request.status_code,
    }
}

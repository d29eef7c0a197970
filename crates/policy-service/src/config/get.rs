//! `GET /policies/config/{key}`
//!
//! A property that clients may know (contract policy.md §6.21).

use actix_web::web;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A property by the name that the reference gives it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Property {
    key: String,
    /// Null when it is unknown, not set, or not for callers.
    value: Option<String>,
}

/// The few properties that clients build their forms with. Everything else,
/// above all secrets, looks like an unknown key.
pub(crate) async fn handle(
    _: Caller,
    key: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<Property> {
    let key = key.into_inner();
    let value = value(&context, &key);
    Ok(Property { key, value })
}

fn value(context: &Context, key: &str) -> Option<String> {
    let settings = &context.settings;
    let configured = |value: &String| (!value.is_empty()).then(|| value.clone());
    match key {
        "pmp.allowed.policy.types" => Some(settings.allowed_types.join(",")),
        "pmp.policy.schema.url" => Some(settings.schema_url.clone()),
        "policy.allowed.kyc.attributes" => configured(&settings.allowed_kyc_attributes),
        "policy.auth.allowed.token.types" => configured(&settings.allowed_token_types),
        "pmp.allowed.credential.types" => Some(context.credential_types.join(",")),
        _ => {
            let policy_type = key.strip_prefix("pmp.")?.strip_suffix(".policy.schema")?;
            let source = settings.schemas.get(&policy_type.to_lowercase())?;
            // A file is of no use to clients, and where it lies is our affair.
            source.starts_with("http").then(|| source.clone())
        }
    }
}

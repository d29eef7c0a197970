//! `GET /system-config`
//!
//! What the portal must know before it shows anything
//! (contract clients-users-notifications.md §2.5). Every value is text: the portal compares truth
//! values with `"true"`.

use actix_web::web;
use pms_domain::user::errors::CONFIG_NOT_FETCHED;
use pms_web::Access::AnyToken;
use pms_web::settings::Settings;
use pms_web::{ApiResult, Caller, Route, Rows, v2};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// The rows of this module.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const CONFIG: &str = "mosip.pms.configs.get";
    vec![
        rows.get("/system-config", AnyToken, v2(CONFIG, CONFIG_NOT_FETCHED), handle).summary("Tell the portal's configuration"),
    ]
}

/// The portal's configuration, all of it text.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemConfig {
    /// Grant types of new OIDC clients, comma-separated.
    pub grant_types: String,
    /// Authentication methods of new OIDC clients, comma-separated.
    pub client_auth_methods: String,
    /// Minutes without activity before a user is warned.
    pub in_activity_timer: String,
    /// Minutes from the warning to the log-out.
    pub in_activity_prompt_timer: String,
    /// Minutes that the portal waits for an answer.
    pub axios_timeout: String,
    /// Years that the expiry of an SBI may lie ahead.
    pub max_allowed_expiry_year: String,
    /// Years that the creation of an SBI may lie back.
    pub max_allowed_created_year: String,
    /// Rows of a page of a list.
    pub items_per_page: String,
    /// Seconds between two looks at the notifications.
    pub refresh_notifications_time: String,
    /// `true` when partners can have their certificates back.
    pub is_ca_signed_partner_certificate_available: String,
    /// `true` when the portal offers OIDC clients.
    pub is_oidc_client_available: String,
    /// `true` when admins can list certificates of authorities.
    pub is_root_intermediate_cert_available: String,
}

impl SystemConfig {
    /// What the operator configured.
    pub(crate) fn of(settings: &Settings) -> Self {
        let Settings {
            portal,
            devices,
            features,
            ..
        } = settings;
        Self {
            grant_types: portal.oidc_grant_types.join(","),
            client_auth_methods: portal.oidc_client_auth_methods.join(","),
            in_activity_timer: portal.inactivity_minutes.to_string(),
            in_activity_prompt_timer: portal.inactivity_prompt_minutes.to_string(),
            axios_timeout: portal.request_timeout_minutes.to_string(),
            max_allowed_expiry_year: devices.sbi_expiry_max_years.to_string(),
            max_allowed_created_year: devices.sbi_created_max_years.to_string(),
            items_per_page: portal.items_per_page.to_string(),
            refresh_notifications_time: portal.notifications_refresh_seconds.to_string(),
            is_ca_signed_partner_certificate_available: features
                .ca_signed_partner_certificate
                .to_string(),
            is_oidc_client_available: features.oidc_clients.to_string(),
            is_root_intermediate_cert_available: features.trust_certificates.to_string(),
        }
    }
}

/// Tells the portal's configuration, from memory.
///
/// # Errors
/// None.
pub async fn handle(_: Caller, context: web::Data<Context>) -> ApiResult<SystemConfig> {
    Ok(context.system_config.clone())
}

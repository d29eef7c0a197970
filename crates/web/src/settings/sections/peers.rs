//! The modules around this system, and how they are called.

use std::num::{NonZeroU32, NonZeroU64};

use pms_domain::zone::TimeZone;
use secrecy::SecretString;
use serde::Deserialize;

use crate::settings::Address;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicesSettings {
    pub certificate_url: Address,
    pub certificate: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountSettings {
    pub client_id: String,
    pub client_secret: SecretString,
    pub token_endpoint: Address,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboundSettings {
    pub ca_bundle: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxSettings {
    pub dispatch: bool,
    pub discard: Vec<String>,
    pub batch: NonZeroU32,
    pub lease_seconds: NonZeroU64,
    pub max_attempts: NonZeroU32,
    pub retry_first_ms: u64,
    pub retry_longest_ms: u64,
    pub poll_ms: u64,
    pub timeout_ms: NonZeroU64,
    pub keep_days: u32,
    pub skipped_keep_days: u32,
    pub mail_max_age_days: NonZeroU32,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerSettings {
    pub url: Address,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifierSettings {
    pub url: Address,
    pub timezone: TimeZone,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSettings {
    pub url: Address,
    pub codes: TemplateCodeSettings,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateCodeSettings {
    pub registration_subject: String,
    pub registration_content: String,
    pub status_subject: String,
    pub status_content: String,
    pub api_key_subject: String,
    pub api_key_content: String,
    pub partner_certificate_subject: String,
    pub partner_certificate_content: String,
    pub root_certificate_subject: String,
    pub root_certificate_content: String,
    pub intermediate_certificate_subject: String,
    pub intermediate_certificate_content: String,
    pub weekly_summary_subject: String,
    pub weekly_summary_content: String,
}

impl TemplateCodeSettings {
    /// The configured codes by the usual ones, which are those of the built-in texts
    /// (contract integrations.md §3.2).
    pub fn by_usual(&self) -> [(&'static str, &str); 14] {
        [
            ("partner-reg-sub-template", &self.registration_subject),
            ("partner-reg-content-template", &self.registration_content),
            ("partner-status-sub-template", &self.status_subject),
            ("partner-status-content-template", &self.status_content),
            ("partner-apikey-status-sub-template", &self.api_key_subject),
            ("apikey-status-content-template", &self.api_key_content),
            (
                "PARTNER_CERT_EXPIRY_SUBJECT",
                &self.partner_certificate_subject,
            ),
            (
                "PARTNER_CERT_EXPIRY_TEMPLATE",
                &self.partner_certificate_content,
            ),
            ("ROOT_CERT_EXPIRY_SUBJECT", &self.root_certificate_subject),
            ("ROOT_CERT_EXPIRY_TEMPLATE", &self.root_certificate_content),
            (
                "INTERMEDIATE_CERT_EXPIRY_SUBJECT",
                &self.intermediate_certificate_subject,
            ),
            (
                "INTERMEDIATE_CERT_EXPIRY_TEMPLATE",
                &self.intermediate_certificate_content,
            ),
            ("WEEKLY_SUMMARY_SUBJECT", &self.weekly_summary_subject),
            ("WEEKLY_SUMMARY_TEMPLATE", &self.weekly_summary_content),
        ]
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatashareSettings {
    pub url: Address,
    pub policy_id: String,
    pub subscriber_id: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeycloakSettings {
    pub users_url: Address,
    pub role_users_url: Address,
    pub realm_url: Address,
    pub admin_token_url: Address,
    pub admin_client_id: String,
    pub admin_username: String,
    pub admin_password: SecretString,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EsignetSettings {
    pub url: Address,
    pub oauth_client_create_url: Address,
    pub oauth_client_update_url: Address,
    pub oidc_client_create_url: Address,
    pub oidc_client_update_url: Address,
    pub client_read_url: Address,
    pub discovery_url: Address,
    pub claims_mapping_url: Address,
    pub acr_mapping_url: Address,
    pub mapping_refresh_seconds: NonZeroU64,
    pub timeout_ms: NonZeroU64,
    pub minimum_rsa_bits: usize,
}

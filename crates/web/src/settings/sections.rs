//! The sections of the configuration; `defaults.toml` documents each key.
#![expect(missing_docs, reason = "defaults.toml says what each key means")]

use std::collections::BTreeMap;
use std::time::Duration;

use pms_database::DbSettings;
use secrecy::SecretString;
use serde::Deserialize;

use crate::auth::{KeyManagerRoles, OwnershipMode};

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    pub host: String,
    pub port: u16,
    pub workers: usize,
    pub drain_seconds: u64,
    pub shutdown_seconds: u64,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    pub url: SecretString,
    pub pool_size: u32,
    pub statement_timeout_ms: u64,
    pub acquire_timeout_ms: u64,
    pub migrate_at_start: bool,
    pub start_timeout_seconds: u64,
}

impl DatabaseSettings {
    /// The pool's settings; `application` shows in `pg_stat_activity`.
    pub fn pool(&self, application: &str, store_audits: bool) -> DbSettings {
        DbSettings {
            url: self.url.clone(),
            pool_size: self.pool_size,
            acquire_timeout: Duration::from_millis(self.acquire_timeout_ms),
            statement_timeout: Duration::from_millis(self.statement_timeout_ms),
            application: application.to_owned(),
            store_audits,
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    pub issuer: String,
    pub accepted_issuers: Vec<String>,
    pub jwks_url: String,
    pub allowed_audiences: Vec<String>,
    pub client_id: String,
    pub client_secret: SecretString,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub end_session_endpoint: String,
    pub redirect_uri: String,
    pub allowed_redirects: Vec<String>,
    pub scope: String,
    pub claims: String,
    pub secure_cookies: bool,
    pub offline_logout: bool,
    pub hide_token_signature: bool,
    pub private_key_jwt: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorsSettings {
    pub allowed_origins: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecuritySettings {
    pub ownership: OwnershipMode,
    pub ownership_legacy_for: Vec<String>,
    pub key_manager_roles: KeyManagerRoles,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    pub body_bytes: usize,
    pub request_seconds: u64,
    pub page_size: u64,
    pub unpaged_rows: u64,
    pub filter_values: u64,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    pub log: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Auto,
    Pretty,
    Json,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicesSettings {
    pub certificate_url: String,
    pub certificate: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountSettings {
    pub client_id: String,
    pub client_secret: SecretString,
    pub token_endpoint: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboxSettings {
    pub dispatch: bool,
    pub discard: Vec<String>,
    pub batch: u32,
    pub lease_seconds: u64,
    pub max_attempts: u32,
    pub retry_first_ms: u64,
    pub retry_longest_ms: u64,
    pub poll_ms: u64,
    pub timeout_ms: u64,
    pub keep_days: u32,
    pub skipped_keep_days: u32,
    pub mail_max_age_days: u32,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerSettings {
    pub url: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifierSettings {
    pub url: String,
    pub timezone: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboundSettings {
    pub ca_bundle: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatashareSettings {
    pub url: String,
    pub policy_id: String,
    pub subscriber_id: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EsignetSettings {
    pub url: String,
    pub oauth_client_create_url: String,
    pub oauth_client_update_url: String,
    pub oidc_client_create_url: String,
    pub oidc_client_update_url: String,
    pub discovery_url: String,
    pub claims_mapping_url: String,
    pub acr_mapping_url: String,
    pub mapping_refresh_seconds: u64,
    pub timeout_ms: u64,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyManagerSettings {
    pub url: String,
    pub embedded: bool,
    pub port: u16,
    pub applications: Vec<String>,
    pub kek: SecretString,
    pub kek_file: String,
    pub kek_file_group_readable: bool,
    pub second_kek: SecretString,
    pub second_kek_file: String,
    pub crypto_app_id: String,
    pub crypto_ref_id: String,
    pub personal_data_clients: Vec<String>,
    pub jws_require_json: bool,
    pub jws_include_key_id: bool,
    pub jws_key_id_prefix: String,
    pub timeout_ms: u64,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PkiSettings {
    pub ca_minimum_validity_months: u32,
    pub partner_grace_days: u32,
    pub partner_certificate_years: u32,
    pub require_ca_flag: bool,
    pub allowed_domains: Vec<String>,
    pub resign_ftm: bool,
    pub accept_sha384_sha512: bool,
    pub allowed_sign_algorithms: Vec<String>,
    pub partner_certificates_as_authorities: bool,
    pub end_entity_auth_misp: bool,
    pub enforce_partner_domain: bool,
    pub crl_url: String,
    pub crl_hours: u32,
    pub common_name: String,
    pub organizational_unit: String,
    pub organization: String,
    pub location: String,
    pub state: String,
    pub country: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySettings {
    pub allowed_types: Vec<String>,
    pub schema_url: String,
    pub schemas: BTreeMap<String, String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerSettings {
    pub id_max_length: usize,
    pub mobile_max_length: usize,
    pub email_regex: String,
    pub mandatory_languages: Vec<String>,
    pub optional_languages: Vec<String>,
    pub api_key_validity_days: u32,
    pub bio_extractor_types: Vec<String>,
    pub misp_type: String,
    pub misp_licence_key_length: usize,
    pub misp_licence_validity_days: u32,
    pub credential_types: Vec<String>,
    pub credential_partner_types: Vec<String>,
    pub portal_roles: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureSettings {
    pub ca_signed_partner_certificate: bool,
    pub trust_certificates: bool,
    pub oidc_clients: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalSettings {
    pub inactivity_minutes: u32,
    pub inactivity_prompt_minutes: u32,
    pub request_timeout_minutes: u32,
    pub items_per_page: u32,
    pub notifications_refresh_seconds: u32,
    pub oidc_grant_types: Vec<String>,
    pub oidc_client_auth_methods: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceSettings {
    pub sbi_created_max_years: u32,
    pub sbi_expiry_max_years: u32,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeycloakSettings {
    pub users_url: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevSettings {
    pub data_dir: String,
    pub allow_exposed_identity: bool,
}

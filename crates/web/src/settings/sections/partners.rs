//! Policies, partners, their devices, and what the portal reads about them.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};

use serde::Deserialize;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicySettings {
    pub allowed_types: Vec<String>,
    pub schema_url: String,
    pub allowed_kyc_attributes: String,
    pub allowed_token_types: String,
    pub schemas: BTreeMap<String, String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerSettings {
    pub id_max_length: NonZeroUsize,
    pub mobile_max_length: NonZeroUsize,
    pub additional_info_bytes: NonZeroUsize,
    pub email_regex: String,
    pub mandatory_languages: Vec<String>,
    pub optional_languages: Vec<String>,
    pub api_key_validity_days: NonZeroU32,
    pub bio_extractor_types: Vec<String>,
    pub misp_type: String,
    pub misp_licence_key_length: usize,
    pub misp_licence_validity_days: NonZeroU32,
    pub credential_types: Vec<String>,
    pub credential_partner_types: Vec<String>,
    pub portal_roles: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnersSettings {
    pub cascade_deactivation: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalDataSettings {
    pub cache_bytes: usize,
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
    pub inactivity_minutes: NonZeroU32,
    pub inactivity_prompt_minutes: NonZeroU32,
    pub request_timeout_minutes: u32,
    pub items_per_page: NonZeroU32,
    pub notifications_refresh_seconds: NonZeroU32,
    pub oidc_grant_types: Vec<String>,
    pub oidc_client_auth_methods: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceSettings {
    pub sbi_created_max_years: u32,
    pub sbi_expiry_max_years: u32,
    pub ftm_id_regex: String,
}

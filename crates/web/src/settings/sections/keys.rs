//! The key manager and the certificates that it issues.

use std::num::NonZeroU32;

use secrecy::SecretString;
use serde::Deserialize;

use crate::settings::Address;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyManagerSettings {
    pub url: Address,
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
    pub partner_certificate_years: NonZeroU32,
    pub require_ca_flag: bool,
    pub allowed_domains: Vec<String>,
    pub resign_ftm: bool,
    pub accept_sha384_sha512: bool,
    pub allowed_sign_algorithms: Vec<String>,
    pub partner_certificates_as_authorities: bool,
    pub end_entity_auth_misp: bool,
    pub enforce_partner_domain: bool,
    pub crl_url: Address,
    pub crl_hours: NonZeroU32,
    pub common_name: String,
    pub organizational_unit: String,
    pub organization: String,
    pub location: String,
    pub state: String,
    pub country: String,
}

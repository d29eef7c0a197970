//! Which callers are let in, from where, and what they may do.

use secrecy::SecretString;
use serde::Deserialize;

use crate::auth::{KeyManagerRoles, OwnershipMode};
use crate::settings::Address;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    pub issuer: Address,
    pub accepted_issuers: Vec<String>,
    pub jwks_url: Address,
    pub allowed_audiences: Vec<String>,
    pub client_id: String,
    pub client_secret: SecretString,
    pub authorization_endpoint: Address,
    pub token_endpoint: Address,
    pub end_session_endpoint: Address,
    pub redirect_uri: Address,
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

//! What follows from several settings: addresses derived where they are not
//! configured, and what signing in needs.

use secrecy::{ExposeSecret as _, SecretString};

use super::{Address, Settings};

impl Settings {
    /// Where browsers log in: configured, or derived from the issuer.
    pub fn authorization_endpoint(&self) -> String {
        derived(&self.auth.authorization_endpoint, &self.auth.issuer, "auth")
    }

    /// Where codes become tokens: configured, or derived from the issuer.
    pub fn login_token_endpoint(&self) -> String {
        derived(&self.auth.token_endpoint, &self.auth.issuer, "token")
    }

    /// Where browsers log out: configured, or derived from the issuer.
    pub fn end_session_endpoint(&self) -> String {
        derived(&self.auth.end_session_endpoint, &self.auth.issuer, "logout")
    }

    /// Id and secret of the portal's client: configured, or the service account's.
    pub fn login_client(&self) -> (String, SecretString) {
        let (auth, account) = (&self.auth, &self.service_account);
        let id = if auth.client_id.is_empty() {
            &account.client_id
        } else {
            &auth.client_id
        };
        // The secret belongs to the account's id, and to no other.
        let own = !auth.client_secret.expose_secret().is_empty() || *id != account.client_id;
        let secret = if own {
            &auth.client_secret
        } else {
            &account.client_secret
        };
        (id.clone(), secret.clone())
    }

    /// The JWKS address: configured, or derived from the issuer.
    pub fn jwks_url(&self) -> String {
        derived(&self.auth.jwks_url, &self.auth.issuer, "certs")
    }

    /// The token endpoint of the service account: configured, or derived.
    pub fn token_endpoint(&self) -> String {
        derived(
            &self.service_account.token_endpoint,
            &self.auth.issuer,
            "token",
        )
    }

    /// Whether partner-service answers certificate-service's routes itself.
    pub fn certificates_in_process(&self) -> bool {
        let services = &self.services;
        let swapped = self.of_deployment && services.certificate_url.is_empty();
        swapped || services.certificate == "in-process"
    }

    /// Base URL of the key manager contract: configured, or certificate-service.
    pub fn key_manager_url(&self) -> String {
        if !self.key_manager.url.is_empty() {
            return self.key_manager.url.base().to_owned();
        }
        let base = self.services.certificate_url.base();
        if base.is_empty() {
            String::new()
        } else {
            let base = self.on_port_of_key_manager(base);
            format!("{base}/v1/keymanager")
        }
    }

    /// certificate-service's address with the port of its key manager.
    fn on_port_of_key_manager(&self, base: &str) -> String {
        if self.key_manager.port == 0 {
            return base.to_owned();
        }
        let Ok(mut url) = url::Url::parse(base) else {
            return base.to_owned();
        };
        // It can't fail: an http address has a host.
        let _ = url.set_port(Some(self.key_manager.port));
        url.as_str().trim_end_matches('/').to_owned()
    }
}

/// `configured`, or the endpoint with this name below a Keycloak realm.
fn derived(configured: &Address, issuer: &Address, endpoint: &str) -> String {
    if !configured.is_empty() || issuer.is_empty() {
        return configured.to_string();
    }
    format!("{}/protocol/openid-connect/{endpoint}", issuer.base())
}

//! What signing in needs, derived where it is not configured.

use secrecy::{ExposeSecret as _, SecretString};

use super::{Settings, derived};

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
}

//! Signing in to the portal through the identity provider (contract auth.md §5):
//! the authorization code flow, with nothing kept in the server.

mod answers;
mod cookies;
mod flow;
pub mod login;
pub mod login_redirect;
pub mod logout;
mod page;
mod proof;
mod provider;
mod return_address;
pub mod validate_token;

use aws_lc_rs::hmac;
use pms_domain::sign_in::redirects::AllowedRedirects;
use pms_runtime::{Runtime, RuntimeError};
use pms_web::{Dialect, Route, Rows, SettingsError};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use cookies::Cookies;
use provider::Provider;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.open_get("/login/v2/{redirectURI:.*}", Dialect::Raw, login::login_v2).summary("Send the browser to the login page, in a language"),
        rows.open_get("/login/{redirectURI:.*}", Dialect::Raw, login::login).summary("Send the browser to the login page"),
        rows.open_get("/login-redirect/{redirectURI:.*}", Dialect::Raw, login_redirect::handle).summary("Take the browser back from the login page"),
        rows.get_page("/authorize/admin/validateToken", validate_token::handle).summary("Tell who is logged in"),
        rows.get_page("/logout/user", logout::handle).summary("End the login"),
    ]
}

/// What the login endpoints know.
pub(crate) struct SignIn {
    allowed: AllowedRedirects,
    cookies: Cookies,
    provider: Provider,
    authorization_endpoint: String,
    end_session_endpoint: String,
    redirect_uri: String,
    client_id: String,
    scope: String,
    claims: String,
    offline_logout: bool,
    hide_token_signature: bool,
    verifier_key: hmac::Key,
}

impl SignIn {
    pub(crate) fn new(runtime: &Runtime) -> Result<Self, RuntimeError> {
        let settings = &runtime.settings;
        let auth = &settings.auth;
        let allowed = AllowedRedirects::new(auth.allowed_redirects.iter().map(String::as_str))
            .map_err(|why| SettingsError(format!("auth.allowed_redirects: {why}")))?;
        let (client_id, client_secret) = settings.login_client();
        Ok(Self {
            allowed,
            cookies: Cookies::new(auth.secure_cookies, &path_of(&auth.redirect_uri)),
            authorization_endpoint: settings.authorization_endpoint(),
            end_session_endpoint: settings.end_session_endpoint(),
            redirect_uri: auth.redirect_uri.to_string(),
            client_id: client_id.clone(),
            scope: auth.scope.clone(),
            claims: auth.claims.clone(),
            offline_logout: auth.offline_logout,
            hide_token_signature: auth.hide_token_signature,
            verifier_key: verifier_key(&client_secret),
            provider: Provider::new(runtime, (client_id, client_secret)),
        })
    }
}

/// The secret is the same in all replicas; a key of its own keeps the two uses
/// of it apart.
fn verifier_key(client_secret: &SecretString) -> hmac::Key {
    let secret = hmac::Key::new(hmac::HMAC_SHA256, client_secret.expose_secret().as_bytes());
    let derived = hmac::sign(&secret, b"portal login code verifier");
    hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
}

/// The path below which browsers come back, as they see it.
fn path_of(redirect_uri: &str) -> String {
    Url::parse(redirect_uri).map_or_else(|_none| "/".to_owned(), |url| url.path().to_owned())
}

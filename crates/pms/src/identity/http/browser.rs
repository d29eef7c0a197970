//! Cookies: one says who is logged in, one proves that a form is ours.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use super::form::Form;
use crate::identity::Identity;
use crate::identity::addresses::{Addresses, REALM};
use crate::identity::passwords::{random_secret, same};
use crate::identity::sessions::Session;

const SESSION: &str = "PMS_DEV_SESSION";
const FORM: &str = "PMS_DEV_FORM";

/// Name of the hidden field that must repeat the form cookie.
pub(super) const FORM_FIELD: &str = "csrf";

/// The login of this browser, if it is still good.
pub(super) fn session_of(identity: &Identity, request: &HttpRequest) -> Option<Session> {
    let provider = &identity.0;
    let cookie = request.cookie(SESSION)?;
    provider
        .sessions
        .of_cookie(cookie.value(), provider.tokens.clock.now())
}

/// Keeps a login in the browser until that is closed.
pub(super) fn session_cookie(addresses: &Addresses, value: String) -> Cookie<'static> {
    cookie(addresses, SESSION, value)
}

/// Makes the browser forget its login.
pub(super) fn expired_session_cookie(addresses: &Addresses) -> Cookie<'static> {
    let mut cookie = cookie(addresses, SESSION, String::new());
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// The value for the hidden field: the one the browser has already, so that forms in several
/// tabs work, else a new one.
pub(super) fn form_token(request: &HttpRequest) -> String {
    let known = request.cookie(FORM).map(|cookie| cookie.value().to_owned());
    known
        .filter(|value| is_token(value))
        .unwrap_or_else(random_secret)
}

/// The cookie for a form's hidden field.
pub(super) fn form_cookie(addresses: &Addresses, token: String) -> Cookie<'static> {
    cookie(addresses, FORM, token)
}

/// Whether the form was served to the browser that sends it. Another site can make a
/// browser send a form, but can't read our cookie to fill in the field.
pub(super) fn is_own_form(request: &HttpRequest, form: &Form) -> bool {
    let Some(cookie) = request.cookie(FORM) else {
        return false;
    };
    is_token(cookie.value())
        && form
            .get(FORM_FIELD)
            .is_some_and(|field| same(field, cookie.value()))
}

fn is_token(value: &str) -> bool {
    value.len() == 43
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

fn cookie(addresses: &Addresses, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path(REALM)
        .http_only(true)
        .secure(addresses.is_https())
        .same_site(SameSite::Lax)
        .finish()
}

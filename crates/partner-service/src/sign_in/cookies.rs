//! The cookies of a login: reading and making them.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::HeaderMap;
use pms_web::auth::{Token, cookies};
use secrecy::ExposeSecret as _;

/// The only credential of the portal.
const TOKEN: &str = "Authorization";
/// Ties the way back from the provider to the browser that went there.
const STATE: &str = "state";
/// This browser's part of the code verifier.
const ATTEMPT: &str = "sign_in";
/// How long a user may take to log in or to register at the provider.
const LONGEST_LOGIN: Duration = Duration::hours(1);
/// The token's cookie outlives the token: browsers' clocks differ.
const GRACE_SECONDS: i64 = 60;

/// Makes the cookies of a login.
///
/// They are `SameSite=Lax`: the provider sends browsers back by a link from
/// another site, and pages of other sites send no cookie in any other way.
pub(super) struct Cookies {
    secure: bool,
    way_back: String,
}

impl Cookies {
    /// `way_back` is the path that browsers come back to.
    pub(super) fn new(secure: bool, way_back: &str) -> Self {
        Self {
            secure,
            way_back: way_back.to_owned(),
        }
    }

    /// Carries the token, for at least as long as it is valid.
    pub(super) fn token(&self, token: &Token, now: i64) -> Cookie<'static> {
        let left = token.expires_at.saturating_sub(now).max(0);
        let mut cookie = self.cookie(TOKEN, token.raw.expose_secret().to_owned(), "/");
        cookie.set_max_age(Duration::seconds(left.saturating_add(GRACE_SECONDS)));
        cookie
    }

    /// Ends with the browser.
    pub(super) fn state(&self, state: &str) -> Cookie<'static> {
        self.cookie(STATE, state.to_owned(), "/")
    }

    /// Comes back with the browser only.
    pub(super) fn attempt(&self, value: &str) -> Cookie<'static> {
        let mut cookie = self.cookie(ATTEMPT, value.to_owned(), &self.way_back);
        cookie.set_max_age(LONGEST_LOGIN);
        cookie
    }

    /// Makes the browser forget the token.
    pub(super) fn no_token(&self) -> Cookie<'static> {
        expired(self.cookie(TOKEN, String::new(), "/"))
    }

    /// Makes the browser forget an attempt that is over. The state comes last:
    /// of several cookies that end at once, curl forgets only that one.
    pub(super) fn no_attempt(&self) -> [Cookie<'static>; 2] {
        [
            expired(self.cookie(ATTEMPT, String::new(), &self.way_back)),
            expired(self.cookie(STATE, String::new(), "/")),
        ]
    }

    fn cookie(&self, name: &'static str, value: String, path: &str) -> Cookie<'static> {
        Cookie::build(name, value)
            .path(path.to_owned())
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .finish()
    }
}

fn expired(mut cookie: Cookie<'static>) -> Cookie<'static> {
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// The values of all cookies with the state's name, as the browser sends them.
pub(super) fn states(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    named(headers, |name| name == STATE).filter(|value| !value.is_empty())
}

/// This browser's part of the code verifier; empty when it has none.
pub(super) fn attempt(headers: &HeaderMap) -> &str {
    named(headers, |name| name == ATTEMPT)
        .last()
        .unwrap_or_default()
}

/// Whether the request has any cookie.
pub(super) fn any(headers: &HeaderMap) -> bool {
    named(headers, |name| !name.is_empty()).next().is_some()
}

/// Whether some cookie could carry a token (contract auth.md §1).
pub(super) fn has_token(headers: &HeaderMap) -> bool {
    named(headers, |name| name.contains(TOKEN)).any(|value| !value.is_empty())
}

fn named(headers: &HeaderMap, wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
    cookies(headers)
        .filter(move |(name, _)| wanted(name))
        .map(|(_, value)| value)
}

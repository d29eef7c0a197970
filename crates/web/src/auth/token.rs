//! A verified access token, and where requests carry one.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use secrecy::SecretString;
use serde::Deserialize;

use super::cookies::cookies;

/// Name of the cookie that carries the token.
const COOKIE_NAME: &str = "Authorization";

/// What a verified token says about its holder (contract auth.md §2).
#[derive(Clone)]
pub struct Token {
    /// `preferred_username`: the user id everywhere in the service.
    pub user_id: String,
    /// `email`.
    pub mail: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// The client that the token was issued to: `azp`.
    pub client_id: Option<String>,
    /// Realm roles.
    pub roles: Vec<String>,
    /// `exp`, seconds since 1970.
    pub expires_at: i64,
    /// `iss`, for the logout redirect.
    pub issuer: String,
    /// The token itself.
    pub raw: SecretString,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// The claims that are read, in any token of the realm.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) exp: i64,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    sub: Option<String>,
    #[serde(default)]
    preferred_username: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    aud: OneOrMany,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    realm_access: Option<RealmAccess>,
    #[serde(default)]
    roles: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct RealmAccess {
    #[serde(default)]
    roles: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// Keycloak's names for tokens that are no access tokens but are signed alike:
/// clients show ID tokens around, and none of them was issued for calls.
const OTHER_KINDS: [&str; 4] = ["ID", "Refresh", "Offline", "Logout"];

impl Claims {
    /// Whether the token says of itself that it is something else than an
    /// access token.
    pub(super) fn is_of_another_kind(&self) -> bool {
        let typ = self.typ.as_deref();
        typ.is_some_and(|typ| {
            OTHER_KINDS
                .iter()
                .any(|kind| kind.eq_ignore_ascii_case(typ))
        })
    }
    /// Whether the token was made for one of `allowed`: an `aud` exactly, or
    /// `azp` ignoring case.
    pub(super) fn is_for(&self, allowed: &[String]) -> bool {
        let audiences = match &self.aud {
            OneOrMany::One(audience) => std::slice::from_ref(audience),
            OneOrMany::Many(audiences) => audiences,
        };
        audiences.iter().any(|audience| allowed.contains(audience))
            || self
                .azp
                .as_ref()
                .is_some_and(|azp| allowed.iter().any(|name| name.eq_ignore_ascii_case(azp)))
    }

    /// The token; `None` when it names no user.
    pub(super) fn into_token(self, raw: &str) -> Option<Token> {
        let roles = match (self.realm_access, self.roles) {
            (Some(access), _) => access.roles,
            (None, Some(serde_json::Value::String(list))) => {
                list.split(',').map(|role| role.trim().to_owned()).collect()
            }
            (None, _) => Vec::new(),
        };
        Some(Token {
            user_id: self.preferred_username.filter(|name| !name.is_empty())?,
            mail: self.email,
            subject: self.sub,
            client_id: self.azp,
            roles,
            expires_at: self.exp,
            issuer: self.iss,
            raw: SecretString::from(raw.to_owned()),
        })
    }
}

/// The token that a request carries: the last well-formed cookie named
/// `Authorization` (else one whose name contains it), else a bearer header.
pub(super) fn carried(headers: &HeaderMap) -> Option<&str> {
    let last = |wanted: fn(&str) -> bool| {
        let mut last = None;
        for (name, value) in cookies(headers) {
            if wanted(name) && looks_like_jwt(value) {
                last = Some(value);
            }
        }
        last
    };
    last(|name| name == COOKIE_NAME)
        .or_else(|| last(|name| name.contains(COOKIE_NAME)))
        .or_else(|| bearer(headers))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && looks_like_jwt(token)).then_some(token)
}

/// Three parts of base64url, none empty.
fn looks_like_jwt(text: &str) -> bool {
    let mut parts = 0;
    text.split('.').all(|part| {
        parts += 1;
        // Without a way out in between, so that the compiler takes many bytes at once:
        // every request has a thousand of them.
        let of_base64url = part
            .bytes()
            .fold(true, |all, byte| all & is_of_base64url(byte));
        !part.is_empty() && of_base64url
    }) && parts == 3
}

const fn is_of_base64url(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    letter | digit | (byte == b'-') | (byte == b'_')
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{COOKIE, HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(name.clone(), HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn the_last_well_formed_cookie_wins() {
        let sent = headers(&[(
            COOKIE,
            "Authorization=a.b.c; Authorization=x.y.z; Authorization=bad",
        )]);

        assert_eq!(carried(&sent), Some("x.y.z"));
    }

    #[test]
    fn the_exact_name_beats_a_similar_one_and_a_cookie_beats_the_header() {
        let sent = headers(&[
            (AUTHORIZATION, "Bearer h.h.h"),
            (COOKIE, "Authorization=a.b.c; X-Authorization=x.y.z"),
        ]);

        assert_eq!(carried(&sent), Some("a.b.c"));
    }

    #[test]
    fn three_parts_of_base64url_look_like_a_token() {
        for text in ["a.b.c", "A-_9.x.y"] {
            assert!(looks_like_jwt(text), "{text}");
        }
        for text in [
            "", "a", "a.b", "a.b.", ".b.c", "a..c", "a.b.c.d", "a.b.c.", "a.b.c=", "a.b.é",
        ] {
            assert!(!looks_like_jwt(text), "{text}");
        }
    }

    #[test]
    fn other_cookies_may_hold_what_is_no_text() {
        let mut sent = HeaderMap::new();
        let line = b"city=K\xf6ln; Authorization=a.b.c; name=Jos\xc3\xa9";
        sent.append(COOKIE, HeaderValue::from_bytes(line).unwrap());

        assert_eq!(carried(&sent), Some("a.b.c"));
    }

    #[test]
    fn a_bearer_header_is_read_when_there_is_no_cookie() {
        assert_eq!(
            carried(&headers(&[(AUTHORIZATION, "bearer h.h.h")])),
            Some("h.h.h")
        );
        assert_eq!(carried(&headers(&[(AUTHORIZATION, "Basic h.h.h")])), None);
    }
}

//! What ties the way to the provider and the way back together: `state` and the
//! code verifier (RFC 7636).

use actix_web::http::header::HeaderMap;
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_domain::BusinessError;
use pms_domain::sign_in::errors::{BAD_STATE, NO_STATE, OTHER_STATE};
use uuid::Uuid;

use super::cookies;

/// The state of a new login: that of the query, since scripts can't replace
/// the cookie of an earlier login; else the cookie's.
pub(super) fn new_state(query: Option<&str>, headers: &HeaderMap) -> Result<String, BusinessError> {
    let requested = query.filter(|state| !state.is_empty());
    let state = requested.or_else(|| cookies::states(headers).last());
    let state = state.ok_or(NO_STATE)?;
    if is_canonical(state) {
        Ok(state.to_owned())
    } else {
        Err(BAD_STATE.into())
    }
}

/// The state that a browser comes back with: it must have it as a cookie too.
pub(super) fn returned_state<'q>(
    query: Option<&'q str>,
    headers: &HeaderMap,
) -> Result<&'q str, BusinessError> {
    query
        .filter(|state| is_canonical(state))
        .filter(|state| cookies::states(headers).any(|known| known == *state))
        .ok_or_else(|| OTHER_STATE.into())
}

fn is_canonical(state: &str) -> bool {
    Uuid::try_parse(state).is_ok_and(|uuid| uuid.hyphenated().to_string() == state)
}

/// The code verifier of a login. It takes the server's secret, the state and
/// what only the browser that began the login holds: a code that was taken from
/// somewhere else can't be redeemed here.
pub(super) fn verifier(key: &hmac::Key, state: &str, attempt: &str) -> String {
    let seal = hmac::sign(key, format!("{state}.{attempt}").as_bytes());
    URL_SAFE_NO_PAD.encode(seal)
}

/// What the provider is told of a verifier at first: `S256`.
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{COOKIE, HeaderValue};

    use super::*;

    const A: &str = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
    const B: &str = "6fa459ea-ee8a-3ca4-894e-db77e160355e";

    fn headers(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
        headers
    }

    fn code(outcome: Result<String, BusinessError>) -> String {
        outcome.unwrap_or_else(|rejection| rejection.code().to_owned())
    }

    #[test]
    fn the_query_wins_over_the_cookie() {
        let sent = headers(&format!("x=1; state={B}"));

        assert_eq!(code(new_state(Some(A), &sent)), A);
        assert_eq!(code(new_state(None, &sent)), B);
        assert_eq!(code(new_state(Some(""), &sent)), B);
        assert_eq!(code(new_state(None, &headers("state="))), "KER-ACP-010");
    }

    #[test]
    fn only_canonical_uuids_are_states() {
        let none = HeaderMap::new();
        for state in [
            "1",
            "1B4E28BA-2FA1-41D2-883F-0016D3CCA427",
            "1b4e28ba2fa141d2883f0016d3cca427",
            "{1b4e28ba-2fa1-41d2-883f-0016d3cca427}",
            "1b4e28ba-2fa1-41d2-883f-0016d3cca427 ",
        ] {
            assert_eq!(
                code(new_state(Some(state), &none)),
                "KER-ACP-011",
                "{state}"
            );
        }
    }

    #[test]
    fn a_browser_must_come_back_with_the_state_it_left_with() {
        let sent = headers(&format!("state={A}"));
        let came = |query| returned_state(query, &sent).is_ok();

        assert!(came(Some(A)));
        assert!(!came(Some(B)));
        assert!(!came(Some("")));
        assert!(!came(None));
        assert!(returned_state(Some(A), &HeaderMap::new()).is_err());
    }

    #[test]
    fn verifiers_differ_by_secret_state_and_browser() {
        let key = |secret: &str| hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let first = verifier(&key("s"), A, "n");

        assert_eq!(first.len(), 43);
        assert_eq!(first, verifier(&key("s"), A, "n"));
        for other in [
            verifier(&key("t"), A, "n"),
            verifier(&key("s"), B, "n"),
            verifier(&key("s"), A, ""),
        ] {
            assert_ne!(first, other);
        }
        // The example of RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}

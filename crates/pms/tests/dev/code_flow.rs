//! From the login page to tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde_json::Value;
use url::Url;

use crate::browser::{Browser, REDIRECT, login_url, parameter};
use crate::site::{SECRET, Site};

const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123";

fn challenge() -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, VERIFIER.as_bytes());
    URL_SAFE_NO_PAD.encode(digest)
}

async fn redeem(site: &Site, code: &str, more: &[(&str, &str)]) -> (StatusCode, Value) {
    let mut form = vec![("grant_type", "authorization_code"), ("code", code)];
    form.extend(more);
    site.token(&form).await
}

/// As the partner service does it.
async fn redeem_as_portal(site: &Site, code: &str) -> (StatusCode, Value) {
    let client = [("client_id", "mosip-pms-client"), ("client_secret", SECRET)];
    redeem(
        site,
        code,
        &[client[0], client[1], ("redirect_uri", REDIRECT)],
    )
    .await
}

async fn redeem_as_public(site: &Site, code: &str, verifier: &str) -> (StatusCode, Value) {
    let client = [("client_id", "pms-portal"), ("redirect_uri", REDIRECT)];
    redeem(
        site,
        code,
        &[client[0], client[1], ("code_verifier", verifier)],
    )
    .await
}

fn public_login_url(site: &Site) -> Url {
    let (challenge, method) = (challenge(), "S256");
    let pkce = [
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", method),
    ];
    login_url(site, &[pkce[0], pkce[1], ("client_id", "pms-portal")])
}

fn code_of(target: &Url) -> String {
    parameter(target, "code").expect("no code")
}

#[actix_web::test]
async fn the_portals_login_ends_with_tokens() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let url = login_url(&site, &[("scope", "openid email"), ("nonce", "n-1")]);

    let target = browser.log_in(&url, "partner-admin").await;
    let (status, tokens) = redeem_as_portal(&site, &code_of(&target)).await;

    assert!(
        target
            .as_str()
            .starts_with(&format!("{REDIRECT}?state=1b4e28ba-")),
        "{target}"
    );
    assert_eq!(status, StatusCode::OK, "{tokens}");
    assert_eq!(
        parameter(&target, "session_state").as_deref(),
        tokens["session_state"].as_str()
    );
    let claims = site.access_claims(&tokens).await;
    assert_eq!(claims["preferred_username"], "partner-admin");
    assert_eq!(claims["azp"], "mosip-pms-client");
    let id = site
        .claims(tokens["id_token"].as_str().unwrap(), "mosip-pms-client")
        .await;
    assert_eq!((&id["typ"], &id["nonce"]), (&"ID".into(), &"n-1".into()));
    assert_eq!(
        (&id["sub"], &id["sid"]),
        (&claims["sub"], &tokens["session_state"])
    );
}

#[actix_web::test]
async fn a_code_is_good_once_and_reuse_ends_the_login() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let code = code_of(&browser.log_in(&login_url(&site, &[]), "auth-partner").await);
    let (_, tokens) = redeem_as_portal(&site, &code).await;

    let (status, body) = redeem_as_portal(&site, &code).await;

    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["error"], "invalid_grant");
    assert_eq!(body["error_description"], "Code not valid");
    assert!(
        site.identity
            .roles_of(tokens["access_token"].as_str().unwrap())
            .is_none()
    );
    let page = browser.open(&login_url(&site, &[])).await;
    assert_eq!(page.status, StatusCode::OK, "the login page again");
}

#[actix_web::test]
async fn a_code_is_good_for_a_minute() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let first = code_of(&browser.log_in(&login_url(&site, &[]), "auth-partner").await);
    site.wait(59);
    let (in_time, _) = redeem_as_portal(&site, &first).await;

    let again = browser.open(&login_url(&site, &[])).await;
    site.wait(60);
    let (late, _) = redeem_as_portal(&site, &code_of(&again.location.unwrap())).await;

    assert_eq!((in_time, late), (StatusCode::OK, StatusCode::BAD_REQUEST));
}

#[actix_web::test]
async fn a_code_belongs_to_its_client_and_its_redirect_uri() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let first = code_of(&browser.log_in(&login_url(&site, &[]), "auth-partner").await);
    let second = code_of(&browser.open(&login_url(&site, &[])).await.location.unwrap());

    let (foreign, _) = redeem_as_public(&site, &first, VERIFIER).await;
    let client = [("client_id", "mosip-pms-client"), ("client_secret", SECRET)];
    let elsewhere = [
        client[0],
        client[1],
        ("redirect_uri", "http://127.0.0.1:9/other"),
    ];
    let (status, body) = redeem(&site, &second, &elsewhere).await;

    assert_eq!(
        (foreign, status),
        (StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST)
    );
    assert_eq!(body["error_description"], "Incorrect redirect_uri");
}

#[actix_web::test]
async fn a_public_client_proves_itself_with_pkce() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    let url = public_login_url(&site);
    let first = code_of(&browser.log_in(&url, "auth-partner").await);
    let second = code_of(&browser.open(&url).await.location.unwrap());
    let third = code_of(&browser.open(&url).await.location.unwrap());

    let (right, tokens) = redeem_as_public(&site, &first, VERIFIER).await;
    let (wrong, body) = redeem_as_public(&site, &second, &VERIFIER.replace('a', "b")).await;
    let (none, _) = redeem_as_public(&site, &third, "").await;

    assert_eq!(right, StatusCode::OK, "{tokens}");
    assert_eq!(site.access_claims(&tokens).await["azp"], "pms-portal");
    assert_eq!(
        (wrong, none),
        (StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST)
    );
    assert_eq!(
        body["error_description"],
        "PKCE verification failed: Code mismatch"
    );
}

#[actix_web::test]
async fn requests_that_break_the_rules_go_back_as_errors() {
    let site = Site::start().await;
    let long = "s".repeat(3000);
    let challenge = challenge();
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[("client_id", "pms-portal")], "invalid_request"),
        (
            &[
                ("client_id", "pms-portal"),
                ("code_challenge", &challenge),
                ("code_challenge_method", "plain"),
            ],
            "invalid_request",
        ),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_mode", "fragment")], "invalid_request"),
        (&[("scope", "everything")], "invalid_scope"),
        (&[("state", &long)], "invalid_request"),
        (
            &[("client_id", "mosip-idrepo-client")],
            "unauthorized_client",
        ),
    ];
    for (more, error) in cases {
        let answer = Browser::new(&site).open(&login_url(&site, more)).await;

        let target = answer.location.expect("no redirect");
        assert!(target.as_str().starts_with(REDIRECT), "{target}");
        assert_eq!(
            parameter(&target, "error").as_deref(),
            Some(error),
            "{more:?}"
        );
        assert!(parameter(&target, "code").is_none());
    }
}

#[actix_web::test]
async fn browsers_are_not_sent_to_strangers() {
    let site = Site::start().await;
    let own = format!("{}portal", site.base);
    let strangers = [
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", "http://127.0.0.1.evil.example/"),
        ("redirect_uri", "http://user@127.0.0.1/"),
        ("redirect_uri", "javascript:alert(1)"),
        ("redirect_uri", "http://127.0.0.1/#fragment"),
        ("redirect_uri", "/relative"),
        ("redirect_uri", ""),
        ("client_id", "unknown"),
    ];
    for stranger in strangers {
        let answer = Browser::new(&site)
            .open(&login_url(&site, &[stranger]))
            .await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{stranger:?}");
        assert!(answer.location.is_none());
    }
    for good in [
        "http://localhost:3000/x?y=z",
        "http://[::1]:1/",
        own.as_str(),
    ] {
        let answer = Browser::new(&site)
            .open(&login_url(&site, &[("redirect_uri", good)]))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{good}");
    }
}

#[actix_web::test]
async fn parameters_of_the_redirect_uri_are_kept() {
    let site = Site::start().await;
    let redirect = "http://localhost:3000/x?y=a%20b";

    let url = login_url(&site, &[("redirect_uri", redirect)]);
    let target = Browser::new(&site).log_in(&url, "auth-partner").await;

    assert_eq!(parameter(&target, "y").as_deref(), Some("a b"));
    assert!(parameter(&target, "code").is_some());
}

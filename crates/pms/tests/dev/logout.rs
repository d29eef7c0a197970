//! `GET|POST /protocol/openid-connect/logout` and what `userinfo` says before and after.

use reqwest::StatusCode;
use serde_json::Value;
use url::Url;

use crate::browser::{Browser, address, login_url, parameter};
use crate::site::{Site, read};

const LOGOUT: &str = "/auth/realms/mosip/protocol/openid-connect/logout";
const USERINFO: &str = "/auth/realms/mosip/protocol/openid-connect/userinfo";

fn logout_url(site: &Site, more: &[(&str, &str)]) -> Url {
    let dashboard = "http://localhost:3000/#/partnermanagement/dashboard";
    address(
        site,
        LOGOUT,
        &[("post_logout_redirect_uri", dashboard)],
        more,
    )
}

async fn userinfo(site: &Site, token: &str) -> (StatusCode, Value) {
    read(site.get(USERINFO).bearer_auth(token).send().await.unwrap()).await
}

#[actix_web::test]
async fn userinfo_says_who_a_token_is_about() {
    let site = Site::start().await;
    let token = site.identity.mint("device-provider").unwrap();
    let service = site
        .identity
        .mint_service_account("mosip-pms-client")
        .unwrap();

    let (status, body) = userinfo(&site, &token).await;
    let (_, account) = userinfo(&site, &service).await;
    let posted = site
        .post(USERINFO)
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();

    assert_eq!((status, posted.status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!(body["preferred_username"], "device-provider");
    assert_eq!(body["partnerType"], "DEVICE_PROVIDER");
    assert_eq!(body["sub"], site.claims(&token, "account").await["sub"]);
    assert_eq!(
        account["preferred_username"],
        "service-account-mosip-pms-client"
    );
}

#[actix_web::test]
async fn userinfo_wants_a_good_access_token() {
    let site = Site::start().await;
    let token = site.identity.mint("device-provider").unwrap();
    let other = Site::start()
        .await
        .identity
        .mint("device-provider")
        .unwrap();
    let form = [
        ("grant_type", "password"),
        ("client_id", "pms-demo"),
        ("username", "auth-partner"),
        ("password", "demo"),
        ("scope", "openid"),
    ];
    let (_, tokens) = site.token(&form).await;
    let id_token = tokens["id_token"].as_str().unwrap().to_owned();
    let tampered = token.replacen('.', ".e30", 1);

    for bad in ["", "garbage", "a.b.c", &other, &id_token, &tampered] {
        let (status, body) = userinfo(&site, bad).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{bad}");
        assert_eq!(body["error"], "invalid_token");
    }
    site.wait(3600);
    assert_eq!(userinfo(&site, &token).await.0, StatusCode::UNAUTHORIZED);
    let none = site.get(USERINFO).send().await.unwrap();
    assert!(
        none.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer")
    );
}

#[actix_web::test]
async fn logging_out_ends_the_browsers_login() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    browser.log_in(&login_url(&site, &[]), "auth-partner").await;
    let kept = browser.cookies.clone();

    let client = ("client_id", "mosip-pms-client");
    let answer = browser.open(&logout_url(&site, &[client])).await;

    assert_eq!(answer.status, StatusCode::FOUND);
    let target = answer.location.unwrap();
    assert_eq!(
        target.as_str(),
        "http://localhost:3000/#/partnermanagement/dashboard"
    );
    assert!(!browser.cookies.contains_key("PMS_DEV_SESSION"));
    browser.cookies = kept;
    let page = browser.open(&login_url(&site, &[])).await;
    assert_eq!(page.status, StatusCode::OK, "the old cookie is worthless");
}

#[actix_web::test]
async fn logging_out_never_leads_to_strangers() {
    let site = Site::start().await;
    let mut browser = Browser::new(&site);
    browser.log_in(&login_url(&site, &[]), "auth-partner").await;

    let evil = ("post_logout_redirect_uri", "https://evil.example/");
    let refused = browser.open(&logout_url(&site, &[evil])).await;
    let bare = browser.open(&site.url(LOGOUT)).await;
    let with_state = browser.open(&logout_url(&site, &[("state", "s-1")])).await;

    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.location.is_none());
    assert_eq!(bare.status, StatusCode::OK);
    assert!(bare.html.contains("You are logged out"));
    assert_eq!(
        parameter(&with_state.location.unwrap(), "state").as_deref(),
        Some("s-1")
    );
}

#[actix_web::test]
async fn an_id_token_tells_whose_login_ends() {
    let site = Site::start().await;
    let form = [
        ("grant_type", "password"),
        ("client_id", "pms-demo"),
        ("username", "auth-partner"),
        ("password", "demo"),
        ("scope", "openid"),
    ];
    let (_, tokens) = site.token(&form).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(userinfo(&site, access).await.0, StatusCode::OK);

    let hint = ("id_token_hint", tokens["id_token"].as_str().unwrap());
    Browser::new(&site).open(&logout_url(&site, &[hint])).await;

    assert_eq!(userinfo(&site, access).await.0, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_client_logs_out_with_the_refresh_token() {
    let site = Site::start().await;
    let (_, tokens) = site.password_grant("auth-partner", "demo").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let log_out = |client: &'static str, token: String| {
        let form = [("client_id", client.to_owned()), ("refresh_token", token)];
        site.post(LOGOUT).form(&form).send()
    };

    let foreign = log_out("pms-portal", refresh.to_owned()).await.unwrap();
    let invented = log_out("pms-demo", "invented".to_owned()).await.unwrap();
    let done = log_out("pms-demo", refresh.to_owned()).await.unwrap();

    assert_eq!(
        (foreign.status(), invented.status()),
        (StatusCode::BAD_REQUEST, StatusCode::BAD_REQUEST)
    );
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    let grant = ("grant_type", "refresh_token");
    let (status, body) = site
        .token(&[grant, ("client_id", "pms-demo"), ("refresh_token", refresh)])
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["error_description"], "Session not active");
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(userinfo(&site, access).await.0, StatusCode::UNAUTHORIZED);
}

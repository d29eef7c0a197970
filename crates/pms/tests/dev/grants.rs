//! `POST /protocol/openid-connect/token` without a browser.

use reqwest::StatusCode;
use serde_json::json;

use crate::site::{Site, TOKEN, error, read};

#[actix_web::test]
async fn every_demo_user_gets_a_token_with_its_role() {
    let site = Site::start().await;

    for user in site.identity.demo_users() {
        let (status, tokens) = site.password_grant(user.username, user.password()).await;

        assert_eq!(status, StatusCode::OK, "{tokens}");
        let claims = site.access_claims(&tokens).await;
        assert_eq!(claims["preferred_username"], user.username);
        assert_eq!(claims["realm_access"]["roles"], json!([user.role]));
        assert_eq!(claims["partnerType"], user.partner_type);
    }
    assert_eq!(site.identity.demo_users().len(), 7);
}

#[actix_web::test]
async fn an_access_token_looks_like_keycloaks() {
    let site = Site::start().await;

    let (_, tokens) = site.password_grant("auth-partner", "demo").await;

    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["refresh_expires_in"], 36_000);
    assert_eq!(tokens["not-before-policy"], 0);
    assert_eq!(tokens["scope"], "email profile");
    assert!(tokens.get("id_token").is_none());
    let mut claims = site.access_claims(&tokens).await;
    let now = site.clock.now().timestamp();
    assert_eq!(claims["sid"], tokens["session_state"]);
    for unique in ["jti", "sid", "session_state", "sub"] {
        let id = claims[unique].take();
        uuid::Uuid::parse_str(id.as_str().unwrap()).unwrap();
    }
    assert_eq!(
        claims,
        json!({
            "exp": now + 3600, "iat": now, "auth_time": now, "jti": null,
            "iss": site.identity.issuer().as_str(), "sub": null, "typ": "Bearer",
            "azp": "pms-demo", "session_state": null, "sid": null, "acr": "1",
            "aud": ["mosip-pms-client", "account"],
            "realm_access": {"roles": ["AUTH_PARTNER"]},
            "scope": "email profile", "email_verified": true,
            "name": "Arun Auth", "preferred_username": "auth-partner",
            "given_name": "Arun", "family_name": "Auth", "email": "auth-partner@example.org",
            "phoneNumber": "9876543210", "organizationName": "Demo organisation",
            "partnerType": "AUTH_PARTNER", "addressTest": "1 Demo Street",
            "langCode": "eng", "locale": "eng",
        })
    );
}

#[actix_web::test]
async fn a_user_keeps_its_subject() {
    let (first, second) = (Site::start().await, Site::start().await);

    let (_, one) = first.password_grant("auth-partner", "demo").await;
    let (_, other) = second
        .password_grant("AUTH-partner@Example.org", "demo")
        .await;

    let (one, other) = (
        first.access_claims(&one).await,
        second.access_claims(&other).await,
    );
    assert_eq!(one["sub"], other["sub"]);
}

#[actix_web::test]
async fn wrong_passwords_are_refused() {
    let site = Site::start().await;

    let long = "x".repeat(5000);
    let attempts = [
        ("auth-partner", "Demo"),
        ("auth-partner", ""),
        ("x", "demo"),
        (long.as_str(), "demo"),
    ];
    for (username, password) in attempts {
        let (status, body) = site.password_grant(username, password).await;

        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(body, error("invalid_grant", "Invalid user credentials"));
    }
}

#[actix_web::test]
async fn guessing_passwords_is_slowed_down() {
    let site = Site::start().await;
    for _ in 0..10 {
        site.password_grant("auth-partner", "wrong").await;
    }

    let (locked, body) = site
        .password_grant("AUTH-PARTNER@example.org", "demo")
        .await;
    let (other, _) = site.password_grant("ftm-provider", "demo").await;
    site.wait(60);
    let (later, _) = site.password_grant("auth-partner", "demo").await;

    assert_eq!(
        (locked, other, later),
        (
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::OK,
            StatusCode::OK
        )
    );
    assert_eq!(body["error"], "invalid_grant");
}

#[actix_web::test]
async fn a_refresh_token_gives_a_new_access_token_until_the_login_ends() {
    let site = Site::start().await;
    let (_, first) = site.password_grant("auth-partner", "demo").await;
    let refresh = |client: &'static str, token: String| {
        let site = &site;
        async move {
            let grant = ("grant_type", "refresh_token");
            site.token(&[grant, ("client_id", client), ("refresh_token", &token)])
                .await
        }
    };
    let token = first["refresh_token"].as_str().unwrap().to_owned();
    site.wait(1800);

    let (status, second) = refresh("pms-demo", token.clone()).await;
    let (_, foreign) = refresh("pms-portal", token.clone()).await;
    let (_, invented) = refresh("pms-demo", "invented".to_owned()).await;

    assert_eq!(status, StatusCode::OK, "{second}");
    assert_eq!(second["session_state"], first["session_state"]);
    assert_eq!(second["refresh_expires_in"], 34_200);
    let (old, new) = (
        site.access_claims(&first).await,
        site.access_claims(&second).await,
    );
    assert_eq!(new["auth_time"], old["auth_time"]);
    assert_eq!(
        new["iat"].as_i64().unwrap(),
        old["iat"].as_i64().unwrap() + 1800
    );
    assert_ne!(new["jti"], old["jti"]);
    assert_eq!(foreign, error("invalid_grant", "Invalid refresh token"));
    assert_eq!(invented, error("invalid_grant", "Invalid refresh token"));

    site.wait(34_200);
    let (late, body) = refresh("pms-demo", token).await;
    assert_eq!(late, StatusCode::BAD_REQUEST);
    assert_eq!(body, error("invalid_grant", "Session not active"));
}

#[actix_web::test]
async fn an_expired_token_is_no_token() {
    let site = Site::start().await;
    let token = site.identity.mint("auth-partner").unwrap();
    assert!(site.identity.roles_of(&token).is_some());

    site.wait(3600);

    assert!(site.identity.roles_of(&token).is_none());
}

#[actix_web::test]
async fn malformed_requests_are_refused() {
    let site = Site::start().await;
    let send = |kind: &'static str, body: String| {
        let request = site.post(TOKEN).header("Content-Type", kind).body(body);
        async move { read(request.send().await.unwrap()).await }
    };
    let form = "application/x-www-form-urlencoded";

    let (garbage, body) = send(form, "\u{1}%zz=&&&==".to_owned()).await;
    assert_eq!(
        (garbage, &body["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_request"))
    );
    let (twice, body) = send(form, "grant_type=password&grant_type=password".to_owned()).await;
    assert_eq!(twice, StatusCode::BAD_REQUEST);
    assert_eq!(body["error_description"], "duplicated parameter");
    let (unknown, body) = send(form, "grant_type=magic&client_id=pms-demo".to_owned()).await;
    assert_eq!(unknown, StatusCode::BAD_REQUEST);
    assert_eq!(
        body,
        error("unsupported_grant_type", "Unsupported grant_type")
    );
    let (json, _) = send("application/json", "{}".to_owned()).await;
    assert_eq!(json, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (large, _) = send(form, "x".repeat(70_000)).await;
    assert_eq!(large, StatusCode::PAYLOAD_TOO_LARGE);
    let many: Vec<String> = (0..60).map(|n| format!("a{n}=1")).collect();
    let (many, _) = send(form, many.join("&")).await;
    assert_eq!(many, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn tokens_are_not_stored_by_caches() {
    let site = Site::start().await;

    let form = [
        ("grant_type", "password"),
        ("client_id", "pms-demo"),
        ("username", "auth-partner"),
        ("password", "demo"),
    ];
    let response = site.post(TOKEN).form(&form).send().await.unwrap();

    assert_eq!(response.headers()["cache-control"], "no-store");
}

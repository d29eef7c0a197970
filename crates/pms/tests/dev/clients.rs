//! What each client may ask the token endpoint for.

use reqwest::StatusCode;
use serde_json::json;

use crate::site::{SECRET, Site, TOKEN, error, read};

#[actix_web::test]
async fn a_service_account_has_the_clients_roles() {
    let site = Site::start().await;

    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "mosip-pms-client"),
        ("client_secret", SECRET),
    ];
    let (status, tokens) = site.token(&form).await;

    assert_eq!(status, StatusCode::OK, "{tokens}");
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(tokens["refresh_expires_in"], 0);
    let claims = site.access_claims(&tokens).await;
    assert_eq!(
        claims["preferred_username"],
        "service-account-mosip-pms-client"
    );
    assert_eq!(claims["azp"], "mosip-pms-client");
    assert_eq!(claims["clientId"], "mosip-pms-client");
    assert!(claims.get("email").is_none());
    assert!(claims.get("sid").is_none());
    let roles = claims["realm_access"]["roles"].as_array().unwrap();
    assert_eq!(roles.len(), 18);
    for role in [
        "REGISTRATION_PROCESSOR",
        "PARTNER_ADMIN",
        "PUBLISH_APIKEY_APPROVED_GENERAL",
    ] {
        assert!(roles.contains(&json!(role)), "{role}");
    }
    let scopes: Vec<&str> = claims["scope"].as_str().unwrap().split(' ').collect();
    for scope in [
        "add_oidc_client",
        "update_oidc_client",
        "get_certificate",
        "upload_certificate",
    ] {
        assert!(scopes.contains(&scope), "{scope}");
    }
}

#[actix_web::test]
async fn the_client_may_show_its_secret_in_a_header() {
    let site = Site::start().await;

    let ask = |secret: &'static str| {
        let request = site
            .post(TOKEN)
            .basic_auth("mosip-deployment-client", Some(secret));
        request.form(&[("grant_type", "client_credentials")]).send()
    };
    let (status, tokens) = read(ask(SECRET).await.unwrap()).await;
    let (wrong, body) = read(ask("other").await.unwrap()).await;

    assert_eq!(status, StatusCode::OK);
    let roles = site.access_claims(&tokens).await["realm_access"]["roles"].clone();
    assert_eq!(
        roles,
        json!(["PARTNER_ADMIN", "GLOBAL_ADMIN", "ID_AUTHENTICATION"])
    );
    assert_eq!(wrong, StatusCode::UNAUTHORIZED);
    let description = "Invalid client or Invalid client credentials";
    assert_eq!(body, error("invalid_client", description));
}

#[actix_web::test]
async fn clients_only_get_what_they_are_made_for() {
    let site = Site::start().await;
    let refused = async |form: Vec<(&'static str, &'static str)>| {
        let (status, body) = site.token(&form).await;
        (status.as_u16(), body["error"].as_str().unwrap().to_owned())
    };
    let password = [
        ("grant_type", "password"),
        ("username", "auth-partner"),
        ("password", "demo"),
    ];
    let credentials = ("grant_type", "client_credentials");

    let public_service = refused(vec![credentials, ("client_id", "pms-demo")]).await;
    let portal_password = refused([&password[..], &[("client_id", "pms-portal")]].concat()).await;
    let no_secret = refused(vec![credentials, ("client_id", "mosip-pms-client")]).await;
    let unknown = refused(vec![
        credentials,
        ("client_id", "x"),
        ("client_secret", SECRET),
    ])
    .await;
    let scope = refused(
        [
            &password[..],
            &[("client_id", "pms-demo"), ("scope", "everything")],
        ]
        .concat(),
    )
    .await;

    assert_eq!(public_service, (400, "unauthorized_client".to_owned()));
    assert_eq!(portal_password, (400, "unauthorized_client".to_owned()));
    assert_eq!(no_secret, (401, "invalid_client".to_owned()));
    assert_eq!(unknown, (401, "invalid_client".to_owned()));
    assert_eq!(scope, (400, "invalid_scope".to_owned()));
}

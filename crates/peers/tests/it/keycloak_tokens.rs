//! The admin's tokens.

use pms_peers::keycloak_admin::{Admin, KeycloakAdmin, PATH, TOKEN_PATH};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::running::{Running, read, run, status};

pub fn keycloak() -> Running<KeycloakAdmin> {
    run(KeycloakAdmin::new(Admin {
        username: "admin".to_owned(),
        password: "p & q".to_owned(),
    }))
}

async fn token(running: &Running<KeycloakAdmin>, form: &[(&str, &str)]) -> (StatusCode, Value) {
    read(running.open(Method::POST, TOKEN_PATH).form(form)).await
}

/// Tokens by the admin's password.
pub async fn login(running: &Running<KeycloakAdmin>) -> Value {
    let form = [
        ("grant_type", "password"),
        ("client_id", "admin-cli"),
        ("username", "Admin"),
        ("password", "p & q"),
    ];
    let (status, body) = token(running, &form).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

async fn refresh(running: &Running<KeycloakAdmin>, tokens: &Value) -> (StatusCode, Value) {
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "admin-cli"),
        ("refresh_token", refresh),
    ];
    token(running, &form).await
}

async fn works(running: &Running<KeycloakAdmin>, tokens: &Value) -> StatusCode {
    let access = tokens["access_token"].as_str().unwrap();
    let path = format!("{PATH}/users");
    status(running.open(Method::GET, &path).bearer_auth(access)).await
}

#[actix_web::test]
async fn a_token_works_for_a_minute_and_is_renewed_for_half_an_hour() {
    let running = keycloak();

    let first = login(&running).await;
    assert_eq!(works(&running, &first).await, StatusCode::OK);
    running.wait(60);
    assert_eq!(works(&running, &first).await, StatusCode::UNAUTHORIZED);
    let (_, second) = refresh(&running, &first).await;
    assert_eq!(works(&running, &second).await, StatusCode::OK);
    running.wait(1740);
    let late = refresh(&running, &first).await;
    let (renewed, _) = refresh(&running, &second).await;

    assert_eq!(first["token_type"], "Bearer");
    assert_eq!(first["expires_in"], 60);
    assert_eq!(first["refresh_expires_in"], 1800);
    assert_eq!(first["session_state"], second["session_state"]);
    assert_eq!(renewed, StatusCode::OK);
    let expected = json!({
        "error": "invalid_grant", "error_description": "Token is not active",
    });
    assert_eq!(late, (StatusCode::BAD_REQUEST, expected));
}

#[actix_web::test]
async fn an_access_token_made_to_expire_can_be_renewed() {
    let running = keycloak();
    let tokens = login(&running).await;
    works(&running, &tokens).await;

    running.stand_in.expire_tokens();

    assert_eq!(works(&running, &tokens).await, StatusCode::UNAUTHORIZED);
    let (_, fresh) = refresh(&running, &tokens).await;
    assert_eq!(works(&running, &fresh).await, StatusCode::OK);
}

#[actix_web::test]
async fn what_the_token_endpoint_refuses() {
    let running = keycloak();
    let client = ("client_id", "admin-cli");
    let grant = ("grant_type", "password");
    let user = ("username", "admin");
    let right = ("password", "p & q");
    for (form, code, error, description) in [
        (
            vec![grant, user, right],
            401,
            "invalid_client",
            "Invalid client or Invalid client credentials",
        ),
        (
            vec![client, user, right],
            400,
            "invalid_request",
            "Missing form parameter: grant_type",
        ),
        (
            vec![client, ("grant_type", "magic")],
            400,
            "unsupported_grant_type",
            "Unsupported grant_type",
        ),
        (
            vec![client, grant, user, ("password", "p")],
            401,
            "invalid_grant",
            "Invalid user credentials",
        ),
        (
            vec![client, grant, ("username", "anna"), right],
            401,
            "invalid_grant",
            "Invalid user credentials",
        ),
        (
            vec![
                client,
                ("grant_type", "refresh_token"),
                ("refresh_token", "x"),
            ],
            400,
            "invalid_grant",
            "Invalid refresh token",
        ),
    ] {
        let (status, body) = token(&running, &form).await;
        let expected = json!({ "error": error, "error_description": description });
        assert_eq!((status.as_u16(), body), (code, expected), "{form:?}");
    }
    let get = status(running.open(Method::GET, TOKEN_PATH)).await;
    assert_eq!(get, StatusCode::METHOD_NOT_ALLOWED);
    let realm = "/realms/other/protocol/openid-connect/token";
    let (status, body) = read(running.open(Method::POST, realm).form(&[client])).await;
    let expected = json!({ "error": "Realm does not exist" });
    assert_eq!((status, body), (StatusCode::NOT_FOUND, expected));
}

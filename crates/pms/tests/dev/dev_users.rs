//! `POST /auth/realms/mosip/dev/users`

use std::os::unix::fs::PermissionsExt;

use reqwest::StatusCode;
use serde_json::json;

use crate::site::{Site, open, read};

#[actix_web::test]
async fn a_fresh_user_can_log_in_at_once() {
    let site = Site::start().await;

    let (status, body) = site
        .create_user(json!({
            "username": "Fresh-1", "password": "pass word", "email": "fresh@example.org",
            "firstName": "Frida", "lastName": "Fresh", "roles": ["PARTNER_ADMIN", "AUTH_PARTNER"],
        }))
        .await;
    let (granted, tokens) = site.password_grant("fresh-1", "pass word").await;

    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert_eq!(granted, StatusCode::OK);
    let claims = site.access_claims(&tokens).await;
    assert_eq!(claims["sub"], body["id"]);
    assert_eq!(claims["preferred_username"], "fresh-1");
    assert_eq!(claims["name"], "Frida Fresh");
    assert_eq!(claims["email"], "fresh@example.org");
    assert_eq!(
        claims["realm_access"]["roles"],
        json!(["PARTNER_ADMIN", "AUTH_PARTNER"])
    );
}

#[actix_web::test]
async fn what_is_left_out_gets_a_usable_value() {
    let site = Site::start().await;

    let (_, plain) = site
        .create_user(json!({"username": "plain", "password": "demo"}))
        .await;
    let device = json!({"username": "d", "password": "demo", "partnerType": "device_provider"});
    let (_, device) = site.create_user(device).await;

    assert_eq!(plain["roles"], json!(["AUTH_PARTNER"]));
    assert_eq!(plain["email"], "plain@example.org");
    assert_eq!(
        (&device["partnerType"], &device["roles"]),
        (&json!("DEVICE_PROVIDER"), &json!(["DEVICE_PROVIDER"]))
    );
    let token = site.identity.mint("plain").unwrap();
    let claims = site.claims(&token, "account").await;
    for name in [
        "phoneNumber",
        "organizationName",
        "addressTest",
        "partnerType",
        "langCode",
    ] {
        assert!(!claims[name].as_str().unwrap().is_empty(), "{name}");
    }
}

#[actix_web::test]
async fn users_survive_a_restart_and_their_passwords_are_hashed() {
    let site = Site::start().await;
    let (_, body) = site
        .create_user(json!({"username": "kept", "password": "kept-secret"}))
        .await;
    let file = site.data.path().join("identity-users.json");

    let reopened = open(site.data.path(), &site.base, &site.clock);
    let claims = site
        .claims(&reopened.mint("kept").unwrap(), "account")
        .await;

    assert_eq!(claims["sub"], body["id"]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("$argon2id$") && !text.contains("kept-secret"),
        "{text}"
    );
    assert!(!text.contains("partner-admin"), "demo users are not stored");
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[actix_web::test]
async fn names_and_addresses_are_unique() {
    let site = Site::start().await;
    site.create_user(json!({"username": "one", "password": "demo"}))
        .await;

    let (name, body) = site
        .create_user(json!({"username": "ONE", "password": "demo"}))
        .await;
    let twin = json!({"username": "two", "password": "demo", "email": "One@Example.org"});
    let (email, _) = site.create_user(twin).await;
    let (demo, _) = site
        .create_user(json!({"username": "partner-admin", "password": "demo"}))
        .await;

    assert_eq!(
        (name, email, demo),
        (
            StatusCode::CONFLICT,
            StatusCode::CONFLICT,
            StatusCode::CONFLICT
        )
    );
    assert_eq!(body["fields"]["username"], "This user name is taken.");
    assert_eq!(
        site.password_grant("partner-admin", "demo").await.0,
        StatusCode::OK
    );
}

#[actix_web::test]
async fn many_at_once_are_all_kept() {
    let site = Site::start().await;

    let users = (0..6)
        .map(|n| site.create_user(json!({"username": format!("many-{n}"), "password": "demo"})));
    let answers = futures_util::future::join_all(users).await;

    assert!(
        answers
            .iter()
            .all(|(status, _)| *status == StatusCode::CREATED),
        "{answers:?}"
    );
    let reopened = open(site.data.path(), &site.base, &site.clock);
    for n in 0..6 {
        reopened.mint(&format!("many-{n}")).unwrap();
    }
}

#[actix_web::test]
async fn bad_fields_are_named() {
    let site = Site::start().await;
    let long = "x".repeat(200);
    let cases = [
        ("username", json!("")),
        ("username", json!("with blank")),
        ("username", json!(long)),
        ("username", json!("service-account-mosip-pms-client")),
        ("password", json!("abc")),
        ("email", json!("no-address")),
        ("firstName", json!(long)),
        ("lastName", json!("line\nbreak")),
        ("partnerType", json!("KING")),
        ("langCode", json!("english")),
        ("roles", json!(["A B"])),
    ];
    for (field, value) in cases {
        let mut user = json!({"username": "good", "password": "demo"});
        user[field] = value;

        let (status, body) = site.create_user(user).await;

        assert_eq!(status, StatusCode::BAD_REQUEST, "{field}");
        assert!(body["fields"][field].is_string(), "{body}");
    }
}

#[actix_web::test]
async fn malformed_bodies_are_refused() {
    let site = Site::start().await;
    let send = |kind: &'static str, body: String| {
        let request = site
            .post("/auth/realms/mosip/dev/users")
            .header("Content-Type", kind);
        async move { read(request.body(body).send().await.unwrap()).await.0 }
    };
    let good = json!({"username": "good", "password": "demo"}).to_string();

    assert_eq!(
        send("application/json", "{".to_owned()).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        send("application/json", "[]".to_owned()).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        send("application/json", r#"{"admin":true}"#.to_owned()).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        send("text/plain", good).await,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let large = json!({"username": "x".repeat(70_000)}).to_string();
    assert_eq!(
        send("application/json", large).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

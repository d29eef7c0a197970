//! The signing key and what is published about it.

use std::os::unix::fs::PermissionsExt;

use pms::identity::{Identity, IdentityError, IdentityOptions};
use reqwest::StatusCode;
use serde_json::json;
use url::Url;

use crate::site::{REALM, SECRET, Site, TOKEN, open, read};

#[actix_web::test]
async fn discovery_names_every_endpoint() {
    let site = Site::start().await;

    let path = format!("{REALM}/.well-known/openid-configuration");
    let (status, body) = read(site.get(&path).send().await.unwrap()).await;

    assert_eq!(status, StatusCode::OK);
    let issuer = site.url(REALM);
    assert_eq!(body["issuer"], issuer.as_str());
    assert_eq!(site.identity.issuer(), issuer);
    let protocol = format!("{issuer}/protocol/openid-connect");
    assert_eq!(body["jwks_uri"], format!("{protocol}/certs"));
    assert_eq!(body["token_endpoint"], format!("{protocol}/token"));
    assert_eq!(body["authorization_endpoint"], format!("{protocol}/auth"));
    assert_eq!(body["userinfo_endpoint"], format!("{protocol}/userinfo"));
    assert_eq!(body["end_session_endpoint"], format!("{protocol}/logout"));
    assert_eq!(body["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(
        site.identity.token_endpoint().as_str(),
        body["token_endpoint"]
    );
}

#[actix_web::test]
async fn the_key_is_published_as_a_signing_key_of_2048_bits() {
    let site = Site::start().await;

    let (_, body) = read(
        site.http
            .get(site.identity.jwks_url())
            .send()
            .await
            .unwrap(),
    )
    .await;

    let key = &body["keys"][0];
    assert_eq!(body["keys"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&key["kty"], &key["alg"], &key["use"], &key["e"]),
        (
            &json!("RSA"),
            &json!("RS256"),
            &json!("sig"),
            &json!("AQAB")
        )
    );
    assert_eq!(key["n"].as_str().unwrap().len(), 342, "256 bytes in base64");
    assert!(key.get("d").is_none());
}

#[actix_web::test]
async fn a_token_survives_a_restart() {
    let site = Site::start().await;
    let reopened = open(site.data.path(), &site.base, &site.clock);

    let token = reopened.mint("auth-partner").unwrap();

    let claims = site.claims(&token, "mosip-pms-client").await;
    assert_eq!(claims["preferred_username"], "auth-partner");
    assert_eq!(site.identity.roles_of(&token).unwrap(), ["AUTH_PARTNER"]);
}

#[actix_web::test]
async fn only_the_owner_can_read_the_key() {
    let site = Site::start().await;
    let path = site.data.path().join("identity-key.pem");
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    open(site.data.path(), &site.base, &site.clock);

    assert_eq!(mode(), 0o600);
}

#[test]
fn a_broken_file_stops_the_start() {
    for file in ["identity-key.pem", "identity-users.json"] {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(file), "garbage").unwrap();
        let base = Url::parse("http://127.0.0.1:8080").unwrap();

        let options = IdentityOptions::new(data.path().to_owned(), base, SECRET.into());
        let error = Identity::open(options).err().unwrap();

        assert!(matches!(error, IdentityError::Content { .. }), "{error}");
        assert!(error.to_string().contains(file), "{error}");
    }
}

#[test]
fn an_issuer_needs_a_web_address() {
    let data = tempfile::tempdir().unwrap();
    let base = Url::parse("mailto:admin@example.org").unwrap();

    let options = IdentityOptions::new(data.path().to_owned(), base, SECRET.into());

    assert!(matches!(
        Identity::open(options).err(),
        Some(IdentityError::Base(_))
    ));
}

#[actix_web::test]
async fn minting_needs_a_known_name() {
    let site = Site::start().await;

    let service = site
        .identity
        .mint_service_account("mosip-pms-client")
        .unwrap();

    assert!(
        site.identity
            .roles_of(&service)
            .unwrap()
            .contains(&"PMS_USER".to_owned())
    );
    assert!(matches!(
        site.identity.mint("nobody"),
        Err(IdentityError::UnknownUser(_))
    ));
    let public = site.identity.mint_service_account("pms-demo");
    assert!(matches!(public, Err(IdentityError::UnknownUser(_))));
}

#[actix_web::test]
async fn wrong_methods_are_405() {
    let site = Site::start().await;

    assert_eq!(site.get(TOKEN).send().await.unwrap().status(), 405);
    assert_eq!(
        site.post(&format!("{REALM}/protocol/openid-connect/certs"))
            .send()
            .await
            .unwrap()
            .status(),
        405
    );
}

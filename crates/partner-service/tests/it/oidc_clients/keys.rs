//! Keys of clients: what is refused, and what is a second client with the same key.

use pms_testkit::peers::esignet::Release;
use serde_json::json;

use super::stage::{CLIENT_ID, Clients, MODULUS, owner, request, rsa_key, with};
use crate::support::refused;

fn unusable() -> serde_json::Value {
    refused("PMS_ESI_007", "Failed to process the Public Key")
}

fn taken() -> serde_json::Value {
    refused("PMS_ESI_001", "Client public key already exists.")
}

#[actix_web::test]
async fn what_is_no_public_key_is_refused_without_a_record() {
    let clients = Clients::start().await;
    let mut private = rsa_key();
    private["d"] = json!("AQAB");
    for key in [
        private,
        json!({ "kty": "oct", "k": "AAAA" }),
        json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }),
        json!({ "kty": "RSA", "e": "AQAB" }),
        json!({ "kty": "EC", "crv": "P-256", "x": "AQAB", "y": "AQAB" }),
        json!({ "kid": "key-1" }),
        json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB", "kid": "k".repeat(3000) }),
    ] {
        let reply = clients
            .create(&owner(), with(request(), "publicKey", key))
            .await;
        assert_eq!(reply.timeless(), unusable());
    }
    clients.stage.assert_audits(&[]);
    assert_eq!(clients.requests(), []);
}

#[actix_web::test]
async fn short_keys_pass_where_the_operator_says_so() {
    let clients = Clients::with(Release::Newer, |builder| {
        builder.setting("esignet.minimum_rsa_bits", "0")
    })
    .await;
    let key = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" });

    let reply = clients
        .create(&owner(), with(request(), "publicKey", key))
        .await;

    assert_eq!(reply.response()["status"], "ACTIVE");
}

#[actix_web::test]
async fn a_second_client_with_the_same_key_is_refused_however_the_key_is_spelled() {
    let clients = Clients::start().await;
    clients.created().await;
    let wrapped: String = MODULUS
        .as_bytes()
        .chunks(64)
        .map(|line| format!("{}\r\n", std::str::from_utf8(line).unwrap()))
        .collect();

    for key in [
        rsa_key(),
        json!({ "kty": "RSA", "n": wrapped, "e": "AAEAAQ==", "use": "", "kid": "another" }),
    ] {
        let reply = clients
            .create(&owner(), with(request(), "publicKey", key))
            .await;
        assert_eq!(reply.timeless(), taken());
    }
    // A caller who posts another partner's key learns nothing more.
    let stranger = pms_testkit::Who::user("stranger", &[]);
    let reply = clients.create(&stranger, request()).await;
    assert_eq!(reply.timeless(), taken());
    assert_eq!(clients.requests().len(), 1);
    let failed = ("PMS_PRT_302", CLIENT_ID, "clientID");
    clients.stage.assert_audits(&[failed, failed, failed]);
}

#[actix_web::test]
async fn rows_of_another_system_are_found_by_the_content_of_their_keys() {
    let clients = Clients::start().await;
    let row = |id: &str, key: &str| {
        clients.stage.sql(&format!(
            "INSERT INTO oidc_client (id, name, rp_id, policy_id, logo_uri, redirect_uris, claims,
               acr_values, public_key, grant_types, auth_methods, status, cr_by, cr_dtimes)
             VALUES ('{id}', 'Old', 'acme', 'p-1', 'https://a', 'https://a', 'name', 'x', '{key}',
               'authorization_code', 'private_key_jwt', 'INACTIVE', 'u', now())"
        ));
    };
    let (front, behind) = MODULUS.split_at(100);
    row(
        "handmade",
        &format!(r#"{{"n":"{front}\n{behind}=","kty":"RSA","e":"AQAB","d":"private"}}"#),
    );
    row("broken", "not a key");

    let reply = clients.create(&owner(), request()).await;

    assert_eq!(reply.timeless(), taken());
    // The rows themselves stay as they are, and their ids are made up once.
    assert_eq!(clients.count("oidc_client_key"), "2");
    clients
        .stage
        .sql("DELETE FROM oidc_client WHERE id = 'handmade'");
    clients.create(&owner(), request()).await.response();
}

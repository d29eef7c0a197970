//! What peers may do without harm: hang, talk too much, give secrets back.

use std::time::Duration;

use futures_util::future::join_all;
use pms_domain::event::Instant;
use pms_integrations::audit::AuditManager;
use pms_integrations::dispatcher::Undelivered;
use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions};
use pms_integrations::websub::Hub;
use pms_integrations::{KeyManager, ServiceToken, http};
use pms_testkit::peers::{Behaviour, IdentityPeer, KeyManagerPeer, RecordingPeer};
use serde_json::json;

fn token(endpoint: String) -> ServiceToken {
    let client = http::client(Duration::from_millis(500)).unwrap();
    ServiceToken::new(
        client,
        endpoint,
        "mosip-pms-client".to_owned(),
        "test".into(),
    )
}

#[actix_web::test]
async fn authorities_are_sent_to_the_key_manager_with_the_time_of_the_request() {
    let keys = KeyManagerPeer::start();
    let identity = IdentityPeer::start();
    let client = http::client(Duration::from_secs(2)).unwrap();
    let options = KeyManagerOptions {
        base: keys.url(),
        crypto: CryptoKey {
            app_id: "PMS".to_owned(),
            ref_id: "PII-DATA".to_owned(),
        },
        timeout: Duration::from_secs(2),
        batches: false,
    };
    let manager = KeyManager::new(client, token(identity.token_endpoint()), options);
    let at = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    let at = Instant(at.and_hms_micro_opt(10, 0, 0, 123_456).unwrap());

    // This peer knows no such endpoint.
    manager.upload_ca("pem", "AUTH", at).await.unwrap_err();

    assert_eq!(
        keys.recorded()[0].json(),
        json!({
            "id": null, "version": null, "requesttime": "2026-12-01T10:00:00.123Z",
            "metadata": null,
            "request": { "certificateData": "pem", "partnerDomain": "AUTH" },
        })
    );
}

#[actix_web::test]
async fn callers_share_a_failed_fetch_of_the_token() {
    let provider = RecordingPeer::start(Behaviour::Hang);
    let token = token(provider.url());

    let outcomes = join_all((0..8).map(|_| token.get())).await;

    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!(provider.recorded().len(), 1, "not one after the other");
}

#[actix_web::test]
async fn only_the_refused_token_is_forgotten() {
    let answer = r#"{"access_token":"one","expires_in":18446744073709551615}"#;
    let provider = RecordingPeer::start(Behaviour::Answer(200, answer.to_owned()));
    let token = token(provider.url());
    let first = token.get().await.unwrap();

    token.refused(&"another".into()).await;
    token.get().await.unwrap();
    assert_eq!(provider.recorded().len(), 1);

    token.refused(&first).await;
    token.get().await.unwrap();
    assert_eq!(provider.recorded().len(), 2);
}

#[actix_web::test]
async fn a_long_answer_of_the_audit_manager_is_understood() {
    let identity = IdentityPeer::start();
    let answer = json!({ "id": "x".repeat(300), "errors": [], "response": { "status": true } });
    let manager = RecordingPeer::start(Behaviour::Answer(200, answer.to_string()));
    let client = http::client(Duration::from_secs(2)).unwrap();
    let audit = AuditManager::new(client, manager.url(), token(identity.token_endpoint()));

    audit
        .send(&json!({ "eventId": "PMS_PRT_101" }))
        .await
        .unwrap();
}

#[actix_web::test]
async fn a_record_that_the_audit_manager_refuses_is_not_sent_again() {
    let identity = IdentityPeer::start();
    let error = json!({ "errorCode": "KER-AUD-001", "message": "Invalid Audit Request" });
    let answer = json!({ "response": null, "errors": [error] });
    let manager = RecordingPeer::start(Behaviour::Answer(200, answer.to_string()));
    let client = http::client(Duration::from_secs(2)).unwrap();
    let audit = AuditManager::new(client, manager.url(), token(identity.token_endpoint()));

    let outcome = audit.send(&json!({ "eventId": "PMS_PRT_101" })).await;

    let refused = "the Audit Manager refuses the record: KER-AUD-001".to_owned();
    assert_eq!(outcome, Err(Undelivered::Never(refused)));
}

#[actix_web::test]
async fn records_that_earlier_releases_stored_too_long_are_sent_as_the_audit_manager_takes_them() {
    let identity = IdentityPeer::start();
    let answer = json!({ "errors": [], "response": { "status": true } });
    let manager = RecordingPeer::start(Behaviour::Answer(200, answer.to_string()));
    let client = http::client(Duration::from_secs(2)).unwrap();
    let audit = AuditManager::new(client, manager.url(), token(identity.token_endpoint()));
    // Outside the basic plane a character has two of Java's units.
    let name = "\u{1E922}".repeat(64);

    audit
        .send(&json!({ "id": name, "user": name, "description": "text" }))
        .await
        .unwrap();

    let sent = manager.recorded();
    let body: serde_json::Value = serde_json::from_str(&sent[0].body).unwrap();
    assert_eq!(body["request"]["id"], "\u{1E922}".repeat(32));
    assert_eq!(body["request"]["createdBy"], name);
    assert_eq!(body["request"]["description"], "text");
}

#[actix_web::test]
async fn what_a_hub_quotes_of_an_event_is_not_kept() {
    let identity = IdentityPeer::start();
    let page = format!("bad event: key-0123456789 {}", "y".repeat(200_000));
    let hub = RecordingPeer::start(Behaviour::Answer(500, page));
    let client = http::client(Duration::from_secs(2)).unwrap();
    let hub = Hub::new(client, hub.url(), token(identity.token_endpoint()));
    let event = json!({ "event": { "data": { "apiKeyData": { "apiKeyId": "key-0123456789" } } } });

    let outcome = hub.publish("APIKEY_APPROVED", &event).await;

    let Err(Undelivered::Retry(why)) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        why.contains("500") && why.contains("bad event: ***"),
        "{why}"
    );
    assert!(why.len() < 300, "{}", why.len());
}

//! What a key manager that is not ours is asked for personal data.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::{App, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use pms_domain::BusinessError;
use pms_integrations::KeyManager;
use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions};
use pms_testkit::peers::IdentityPeer;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::stage::{client, token};

/// Calls that it takes together: it answers none before there are so many.
const TOGETHER: usize = 8;

struct Remote {
    together: Barrier,
    at_work: AtomicUsize,
    most: AtomicUsize,
    calls: AtomicUsize,
}

async fn decrypt(remote: web::Data<Remote>, body: web::Bytes) -> HttpResponse {
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert!(body["request"]["data"].is_string(), "one value for a call");
    let time = body["request"]["timeStamp"].as_str().unwrap();
    let time: chrono::DateTime<chrono::Utc> = time.parse().unwrap();
    let off = pms_database::Clock::system().now() - time;
    assert!(off.abs() < chrono::TimeDelta::minutes(1), "{time}");
    remote.calls.fetch_add(1, Ordering::SeqCst);
    let at_work = remote.at_work.fetch_add(1, Ordering::SeqCst) + 1;
    remote.most.fetch_max(at_work, Ordering::SeqCst);
    remote.together.wait().await;
    remote.at_work.fetch_sub(1, Ordering::SeqCst);
    HttpResponse::Ok().json(json!({
        "id": null, "version": null, "responsetime": "2026-11-24T10:00:00.000Z",
        "metadata": null, "response": { "data": URL_SAFE.encode("plain") }, "errors": null,
    }))
}

/// A client of a key manager that is not ours.
fn remote_at(server: &actix_test::TestServer, identity: &IdentityPeer) -> KeyManager {
    let options = KeyManagerOptions {
        base: server.url("/v1/keymanager"),
        crypto: CryptoKey {
            app_id: "PMS".to_owned(),
            ref_id: "PII-DATA".to_owned(),
        },
        timeout: Duration::from_secs(20),
        batches: false,
    };
    KeyManager::new(client(), token(&identity.token_endpoint()), options)
}

/// What has the form of a cipher text.
fn sealed() -> String {
    let parts = [&b"VER_R2"[..], &[7; 288], b"#KEY_SPLITTER#", &[7; 60]];
    URL_SAFE.encode(parts.concat())
}

#[actix_web::test]
async fn a_key_manager_that_says_nothing_leaves_what_is_stored() {
    let refusal = r#"{"response":null,"errors":[{"errorCode":"KER-CRY-012","message":"No."}]}"#;
    for (answer, expected) in [
        // A null response counts as errors do (contract partner.md §1.8).
        ("", Ok(vec![sealed()])),
        ("null", Ok(vec![sealed()])),
        (r#"{"response":null}"#, Ok(vec![sealed()])),
        ("<html>", Err("PMS_KKS_001")),
        (refusal, Ok(vec![sealed()])),
    ] {
        let give = move || async move { HttpResponse::Ok().body(answer) };
        let server = actix_test::start(move || App::new().default_service(web::to(give)));
        let identity = IdentityPeer::start();

        let read = remote_at(&server, &identity).decrypt(&[sealed()]).await;

        let read = read.as_ref().map_err(BusinessError::code).cloned();
        assert_eq!(read, expected, "{answer}");
    }
}

#[actix_web::test]
async fn a_remote_key_manager_gets_one_value_for_a_call_and_eight_calls_at_once() {
    let remote = web::Data::new(Remote {
        together: Barrier::new(TOGETHER),
        at_work: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
        calls: AtomicUsize::new(0),
    });
    let mounted = Arc::clone(&remote);
    let server = actix_test::start(move || {
        App::new()
            .app_data(web::Data::from(Arc::clone(&mounted)))
            .route("/v1/keymanager/decrypt", web::post().to(decrypt))
    });
    let identity = IdentityPeer::start();
    let keys = remote_at(&server, &identity);
    let columns = vec![sealed(); 3 * TOGETHER];

    let opened = keys.decrypt(&columns).await.unwrap();

    assert_eq!(opened, vec!["plain"; columns.len()]);
    assert_eq!(remote.most.load(Ordering::SeqCst), TOGETHER);
    assert_eq!(remote.calls.load(Ordering::SeqCst), columns.len());
}

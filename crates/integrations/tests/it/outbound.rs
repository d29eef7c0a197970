//! The HTTP layer: authorities, metrics, tokens, traces.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use pms_integrations::audit::AuditManager;
use pms_integrations::http::{self, ClientError};
use pms_integrations::{Observer, ServiceToken};
use pms_testkit::peers::{AuditPeer, Behaviour, Fault, IdentityPeer, RecordingPeer};
use prometheus::{Registry, TextEncoder};
use reqwest::header::{HeaderMap, HeaderValue};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};

use crate::stage::{client, token};

fn record() -> Value {
    json!({
        "eventId": "PMS_PRT_101", "eventName": "POST REGISTER PARTNER", "eventType": "USER",
        "user": "anna", "id": "acme", "idType": "partnerId", "description": "Registering",
        "moduleName": "Partner Management Service", "moduleId": "PMS_PRT",
        "actionTimeStamp": "2026-11-24T10:00:00.000Z",
    })
}

/// A TLS server for one request, and the PEM of its authority.
fn tls_server() -> (String, String, std::thread::JoinHandle<bool>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    let served = std::thread::spawn(move || {
        let (socket, _) = listener.accept().unwrap();
        let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, socket);
        let mut request = [0_u8; 1024];
        if stream.read(&mut request).is_err() {
            return false;
        }
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .and_then(|()| stream.flush())
            .is_ok()
    });
    (url, made.cert.pem(), served)
}

#[actix_web::test]
async fn only_a_trusted_authoritys_certificate_is_accepted() {
    let (url, _, refused) = tls_server();
    assert!(client().get(&url).send().await.is_err());
    assert!(!refused.join().unwrap());

    let (url, pem, served) = tls_server();
    let dir = tempfile::tempdir().unwrap();
    let bundle = dir.path().join("authorities.pem");
    std::fs::write(&bundle, pem).unwrap();
    let client = http::client_trusting(Duration::from_secs(10), &bundle).unwrap();
    let answer = client.get(&url).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    assert!(served.join().unwrap());
}

#[test]
fn a_wrong_bundle_makes_no_client() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("text");
    std::fs::write(&text, "nothing of that kind").unwrap();
    let limit = Duration::from_secs(1);

    let wrong = http::client_trusting(limit, &text);
    let missing = http::client_trusting(limit, Path::new("/nosuch/bundle.pem"));

    assert!(matches!(wrong, Err(ClientError::NoCertificate(_))));
    assert!(matches!(missing, Err(ClientError::Unreadable(..))));
}

#[actix_web::test]
async fn calls_are_counted_by_peer_and_outcome() {
    let (identity, manager) = (IdentityPeer::start(), AuditPeer::start());
    let registry = Registry::new();
    let observer = Observer::new(&registry, HeaderMap::new).unwrap();
    let token = token(&identity.token_endpoint());
    let audit = AuditManager::new(client(), manager.url(), token).observed(observer);

    audit.send(&record()).await.unwrap();
    manager.fail(Fault::Status(500));
    audit.send(&record()).await.unwrap_err();
    manager.fail(Fault::Slow(Duration::from_secs(4)));
    audit.send(&record()).await.unwrap_err();

    let page = TextEncoder::new()
        .encode_to_string(&registry.gather())
        .unwrap();
    for line in [
        r#"outbound_requests_total{outcome="2xx",peer="audit"} 1"#,
        r#"outbound_requests_total{outcome="5xx",peer="audit"} 1"#,
        r#"outbound_requests_total{outcome="timeout",peer="audit"} 1"#,
        r#"outbound_request_seconds_count{peer="audit"} 3"#,
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
}

#[actix_web::test]
async fn the_audit_manager_takes_records_whatever_happened_before() {
    let (identity, manager) = (IdentityPeer::start(), AuditPeer::start());
    let audit = AuditManager::new(client(), manager.url(), token(&identity.token_endpoint()));
    let wrong = r#"{"response":{"status":false}}"#.to_owned();
    for fault in [Fault::Status(503), Fault::Reset, Fault::Body(wrong)] {
        manager.fail(fault);
        audit.send(&record()).await.unwrap_err();
    }
    manager.recover();
    manager.expire_tokens();

    audit.send(&record()).await.unwrap();

    let last = manager.records().pop().unwrap();
    assert_eq!(last["sessionUserId"], "anna");
    assert_eq!(last["applicationName"], "10002");
}

#[actix_web::test]
async fn concurrent_renewals_are_one_call() {
    let answer = r#"{"access_token":"one","expires_in":300}"#;
    let provider = RecordingPeer::start(Behaviour::Answer(200, answer.to_owned()));
    let token = token(&provider.url());
    let refused = token.get().await.unwrap();

    let renew = async || {
        token.refused(&refused).await;
        token.get().await.unwrap();
    };
    join_all((0..8).map(|_| token.get())).await;
    assert_eq!(provider.recorded().len(), 1);
    provider.behave(Behaviour::Answer(200, answer.replace("one", "two")));
    join_all((0..8).map(|_| renew())).await;

    assert_eq!(provider.recorded().len(), 2);
}

#[actix_web::test]
async fn a_trace_is_passed_on() {
    let provider = RecordingPeer::start(Behaviour::Answer(200, "{}".to_owned()));
    let observer = Observer::new(&Registry::new(), || {
        // A header that the recorder shows.
        let value = HeaderValue::from_static("traced");
        HeaderMap::from_iter([(reqwest::header::COOKIE, value)])
    })
    .unwrap();
    let account = ("mosip-pms-client".to_owned(), "test".into());
    let token = ServiceToken::observed(client(), provider.url(), account, observer);

    token.get().await.unwrap_err();

    assert_eq!(provider.recorded()[0].cookie.as_deref(), Some("traced"));
}

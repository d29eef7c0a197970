//! A peer that hangs is not called for a while.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use pms_database::Clock;
use pms_integrations::esignet::{EsignetAddresses, EsignetOptions};
use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions, UNREACHABLE};
use pms_integrations::keycloak_users::UserError;
use pms_integrations::{Esignet, KeyManager, KeycloakUsers, Observer, ServiceToken, http};
use pms_testkit::logs;
use pms_testkit::peers::{Behaviour, IdentityPeer, RecordingPeer};
use pms_testkit::waiting::eventually;
use prometheus::{Registry, TextEncoder};
use reqwest::header::HeaderMap;

use crate::esignet::{CLIENT_ID, change};
use crate::stage::{client, token};

/// An observer, and the value of one of its metrics by peer.
fn observed() -> (Observer, impl Fn(&str, &str) -> Option<String>) {
    let registry = Registry::new();
    let observer = Observer::new(&registry, HeaderMap::new).unwrap();
    let value = move |metric: &str, peer: &str| {
        let page = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        let shown = format!("{metric}{{peer=\"{peer}\"}} ");
        let line = page.lines().find_map(|line| line.strip_prefix(&shown))?;
        Some(line.to_owned())
    };
    (observer, value)
}

fn esignet(at: &RecordingPeer, documents: &RecordingPeer, identity: &IdentityPeer) -> Esignet {
    let mut addresses = EsignetAddresses::below(&at.url());
    addresses.discovery = EsignetAddresses::below(&documents.url()).discovery;
    let options = EsignetOptions {
        addresses,
        claims_mapping: format!("{}claims", at.url()),
        acr_mapping: String::new(),
        refresh: Duration::from_secs(600),
        // The documents must come in time on a machine that does much else.
        timeout: Duration::from_millis(1500),
    };
    let token = token(&identity.token_endpoint());
    Esignet::new(client(), token, options, Clock::system())
}

/// A client of the key manager at `base`, and whether the metrics show that it
/// is not called.
fn client_of(base: String, identity: &IdentityPeer) -> (KeyManager, impl Fn() -> bool) {
    let registry = Registry::new();
    let observer = Observer::new(&registry, HeaderMap::new).unwrap();
    let options = KeyManagerOptions {
        base,
        crypto: CryptoKey {
            app_id: "PMS".to_owned(),
            ref_id: "PII-DATA".to_owned(),
        },
        timeout: Duration::from_millis(200),
        batches: true,
    };
    let token = token(&identity.token_endpoint());
    let keys = KeyManager::new(client(), token, options).observed(observer);
    let open = move || {
        let page = TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap();
        page.contains("peer_circuit_open{peer=\"key_manager\"} 1")
    };
    (keys, open)
}

#[actix_web::test]
async fn after_three_time_outs_a_peer_is_not_called_and_the_metrics_say_so() {
    let identity = IdentityPeer::start();
    let frozen = RecordingPeer::start(Behaviour::Hang);
    let (keys, open) = client_of(format!("{}v1/keymanager", frozen.url()), &identity);

    for calls in 1..=3 {
        assert!(!open());
        let refused = keys.partner_certificate("x").await.unwrap_err();
        assert_eq!(refused, UNREACHABLE.into());
        assert_eq!(frozen.recorded().len(), calls);
    }
    // Clones share the breaker, and the peer is not bothered.
    let refused = keys.clone().partner_certificate("x").await.unwrap_err();

    assert_eq!(refused, UNREACHABLE.into());
    assert_eq!(frozen.recorded().len(), 3);
    assert!(open());
}

#[actix_web::test]
async fn while_a_peer_is_not_called_callers_log_nothing_and_calls_are_counted() {
    let identity = IdentityPeer::start();
    let frozen = RecordingPeer::start(Behaviour::Hang);
    // The lines of failed calls name the peer's address.
    let address = frozen.url().trim_start_matches("http://").to_owned();
    logs::watch(std::slice::from_ref(&address));
    let (observer, value) = observed();
    let options = KeyManagerOptions {
        base: format!("{}v1/keymanager", frozen.url()),
        crypto: CryptoKey {
            app_id: "PMS".to_owned(),
            ref_id: "PII-DATA".to_owned(),
        },
        timeout: Duration::from_millis(200),
        batches: true,
    };
    let token = token(&identity.token_endpoint());
    let keys = KeyManager::new(client(), token, options).observed(observer);

    for _ in 0..3 {
        keys.partner_certificate("x").await.unwrap_err();
    }
    assert!(keys.is_hung());
    // Those that count lines come when their second is over.
    let lines = || {
        let mut lines = logs::holding(std::slice::from_ref(&address));
        lines.retain(|line| !line.contains(" lines="));
        lines.len()
    };
    let before = lines();
    for _ in 0..20 {
        keys.partner_certificate("x").await.unwrap_err();
    }

    assert_eq!(frozen.recorded().len(), 3);
    assert_eq!(lines(), before);
    let refused = value("peer_calls_refused_total", "key_manager");
    assert_eq!(refused.as_deref(), Some("20"));
}

#[actix_web::test]
async fn an_esignet_that_hangs_is_not_called_though_its_documents_are_there() {
    let identity = IdentityPeer::start();
    let frozen = RecordingPeer::start(Behaviour::Hang);
    let discovery = r#"{"claims_supported":["name"]}"#.to_owned();
    let documents = RecordingPeer::start(Behaviour::Answer(200, discovery));
    let (observer, value) = observed();
    let esignet = esignet(&frozen, &documents, &identity).observed(observer);

    for _ in 0..8 {
        esignet.supported_claims().await.unwrap();
        esignet.record("x").await;
    }
    // A call that waits is one that the peer recorded.
    assert_eq!(frozen.recorded().len(), 3);
    let open = |peer| value("peer_circuit_open", peer);
    assert_eq!(open("esignet_records").as_deref(), Some("1"));
    // Not every server offers records: one that hangs there may take changes.
    assert_eq!(open("esignet").as_deref(), Some("0"));
    for _ in 0..8 {
        esignet.supported_claims().await.unwrap();
        esignet.update(CLIENT_ID, &change()).await.unwrap_err();
    }

    assert_eq!(frozen.recorded().len(), 6);
    assert_eq!(open("esignet").as_deref(), Some("1"));
    assert_eq!(open("esignet_discovery").as_deref(), Some("0"));
    // No request waits for the outbox: it goes on calling.
    esignet.clone().patient().record("x").await;
    assert_eq!(frozen.recorded().len(), 7);
    // The server of the mappings hangs too, and has its own.
    // A call that failed is shared for a moment, so not every attempt is one.
    eventually("three calls", async || {
        esignet.claims_mapping().await.unwrap_err();
        frozen.recorded().len() == 10
    })
    .await;
    esignet.claims_mapping().await.unwrap_err();
    assert_eq!(frozen.recorded().len(), 10);
    assert_eq!(open("esignet_mappings").as_deref(), Some("1"));
}

#[actix_web::test]
async fn a_keycloak_that_hangs_is_not_called_for_users() {
    let identity = IdentityPeer::start();
    let frozen = RecordingPeer::start(Behaviour::Hang);
    let (observer, value) = observed();
    let token = token(&identity.token_endpoint());
    let client = http::client(Duration::from_millis(200)).unwrap();
    let users = KeycloakUsers::new(&client, format!("{}realm", frozen.url()), token, None);
    let users = users.observed(&observer);

    for _ in 0..3 {
        let why = users.exists("ben").await.unwrap_err();
        assert!(matches!(why, UserError::Unreachable(_)), "{why}");
    }
    let hung = users.exists("ben").await.unwrap_err();

    assert_eq!(hung, UserError::Hung);
    assert_eq!(frozen.recorded().len(), 3);
    let open = value("peer_circuit_open", "keycloak");
    assert_eq!(open.as_deref(), Some("1"));
}

#[actix_web::test]
async fn a_token_endpoint_that_hangs_is_not_called_and_its_peer_is_not_to_blame() {
    let frozen = RecordingPeer::start(Behaviour::Hang);
    let peer = RecordingPeer::start(Behaviour::Answer(200, "[]".to_owned()));
    let (observer, value) = observed();
    let client = http::client(Duration::from_millis(200)).unwrap();
    let account = ("mosip-pms-client".to_owned(), "test".into());
    let token = ServiceToken::observed(client.clone(), frozen.url(), account, observer.clone());
    let users = KeycloakUsers::new(&client, peer.url(), token, None).observed(&observer);

    // A failed fetch is shared for a moment, so not every attempt is one.
    eventually("a refusal", async || {
        users.exists("ben").await == Err(UserError::Hung)
    })
    .await;

    assert_eq!(frozen.recorded().len(), 3);
    assert!(peer.recorded().is_empty());
    let open = |peer| value("peer_circuit_open", peer);
    assert_eq!(open("token").as_deref(), Some("1"));
    assert_eq!(open("keycloak").as_deref(), Some("0"));
}

#[actix_web::test]
async fn a_peer_that_hangs_in_the_middle_of_its_answer_hangs_too() {
    let identity = IdentityPeer::start();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1/keymanager", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut sockets = Vec::new();
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            // The request first: an answer to none is no answer.
            let mut request = [0_u8; 4096];
            assert!(socket.read(&mut request).unwrap() > 0);
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
            socket.write_all(head).unwrap();
            sockets.push(socket);
        }
    });
    let (keys, open) = client_of(base, &identity);

    for _ in 0..3 {
        assert!(!open());
        keys.partner_certificate("x").await.unwrap_err();
    }

    assert!(open());
}

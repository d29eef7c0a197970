//! A peer that hangs is not called for a while.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions, UNREACHABLE};
use pms_integrations::{KeyManager, Observer};
use pms_testkit::peers::{Behaviour, IdentityPeer, RecordingPeer};
use prometheus::{Registry, TextEncoder};
use reqwest::header::HeaderMap;

use crate::stage::{client, token};

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

//! Peers that close kept connections without a word.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use pms_domain::event::Instant;
use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions, UNREACHABLE};
use pms_integrations::{KeyManager, Observer, http};
use pms_testkit::peers::IdentityPeer;
use prometheus::Registry;
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::stage::{client, token};

/// Reads a request; `None` when the connection ends.
fn request(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

/// A key manager that answers the first request of each connection as one that keeps it,
/// and ends the connection when it has read the second.
struct Forgetful {
    base: String,
    /// Requests that it has read.
    requests: Arc<AtomicUsize>,
}

impl Forgetful {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/v1/keymanager", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, counted) = (stream.unwrap(), Arc::clone(&counted));
                std::thread::spawn(move || serve(stream, &counted));
            }
        });
        Self { base, requests }
    }
}

fn serve(stream: TcpStream, counted: &AtomicUsize) {
    let mut stream = BufReader::new(stream);
    if request(&mut stream).is_none() {
        return;
    }
    counted.fetch_add(1, Ordering::SeqCst);
    let answer = json!({ "response": {
        "data": URL_SAFE.encode("plain"), "certificateData": "PEM", "status": "Upload Success",
    } });
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
        answer.len()
    );
    let whole = [head.as_bytes(), answer.as_bytes()].concat();
    stream.get_mut().write_all(&whole).unwrap();
    if request(&mut stream).is_some() {
        counted.fetch_add(1, Ordering::SeqCst);
    }
}

fn keys(base: &str, identity: &IdentityPeer) -> KeyManager {
    let options = KeyManagerOptions {
        base: base.to_owned(),
        crypto: CryptoKey {
            app_id: "PMS".to_owned(),
            ref_id: "PII-DATA".to_owned(),
        },
        timeout: Duration::from_secs(20),
        batches: false,
    };
    let fresh = http::FreshConnections::new(Duration::from_secs(20), None);
    let observer = Observer::new(&Registry::new(), HeaderMap::new).unwrap();
    let token = token(&identity.token_endpoint());
    KeyManager::new(client(), token, options).observed(observer.repeating_on(fresh))
}

#[actix_web::test]
async fn what_changes_nothing_is_repeated_on_a_connection_of_its_own() {
    let (peer, identity) = (Forgetful::start(), IdentityPeer::start());
    let keys = keys(&peer.base, &identity);
    let parts = [&b"VER_R2"[..], &[7; 288], b"#KEY_SPLITTER#", &[7; 60]];
    // As many connections as there are calls at once.
    let columns = vec![URL_SAFE.encode(parts.concat()); 8];

    for _ in 0..5 {
        assert_eq!(keys.decrypt(&columns).await.unwrap(), vec!["plain"; 8]);
        assert_eq!(
            keys.encrypt(&["plain"]).await.unwrap(),
            [URL_SAFE.encode("plain")]
        );
        let certificate = keys.partner_certificate("id").await.unwrap();
        assert_eq!(certificate.certificate_data, "PEM");
    }

    let calls = 5 * (8 + 1 + 1);
    assert!(
        peer.requests.load(Ordering::SeqCst) > calls,
        "none was repeated"
    );
}

#[actix_web::test]
async fn what_changes_something_is_sent_once() {
    let (peer, identity) = (Forgetful::start(), IdentityPeer::start());
    let keys = keys(&peer.base, &identity);

    let at = Instant(chrono::NaiveDateTime::default());
    keys.upload_ca("PEM", "AUTH", at).await.unwrap();
    let lost = keys.upload_ca("PEM", "AUTH", at).await.unwrap_err();

    assert_eq!(lost, UNREACHABLE.into());
    assert_eq!(peer.requests.load(Ordering::SeqCst), 2);
}

/// A peer that never answers is asked twice, and no more.
#[actix_web::test]
async fn a_call_is_repeated_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1/keymanager", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            if request(&mut stream).is_some() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let identity = IdentityPeer::start();

    let lost = keys(&base, &identity).partner_certificate("id").await;

    assert_eq!(lost.unwrap_err(), UNREACHABLE.into());
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

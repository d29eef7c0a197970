//! A key manager that speaks the contract with toy cryptography.

mod authorities;
mod partners;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub use partners::Line;
use partners::Partners;

use super::Recorded;

/// Header of every cipher text, as the contract has it.
const HEADER: &[u8] = b"VER_R2";
/// Bytes in the place of thumbprint and encrypted key, which the toy lacks.
const KEY_PART: [u8; 32 + 256] = [7; 32 + 256];
/// The same of a key manager whose key is lost.
const LOST_KEY_PART: [u8; 32 + 256] = [8; 32 + 256];
const SPLITTER: &[u8] = b"#KEY_SPLITTER#";
/// Digits that make two cipher texts of one text differ.
const SALT: usize = 8;

#[derive(Default)]
struct Shared {
    recorded: Mutex<Vec<Recorded>>,
    certificates: Mutex<HashMap<String, String>>,
    uploaded: Mutex<HashMap<String, String>>,
    failures: Mutex<HashMap<String, PeerFailure>>,
    authorities: Mutex<Vec<authorities::Listed>>,
    sealed: AtomicU32,
    partners: Partners,
}

/// How an endpoint fails.
#[derive(Debug, Clone)]
pub enum PeerFailure {
    /// With this HTTP status and no body.
    Status(u16),
    /// With this error of its own, HTTP 200.
    Error(String, String),
    /// With this body, HTTP 200.
    Body(Value),
    /// Never: it takes the call and says nothing.
    Hang,
}

/// A key manager on a free port of loopback.
pub struct KeyManagerPeer {
    server: actix_test::TestServer,
    shared: Arc<Shared>,
}

impl KeyManagerPeer {
    /// Starts without certificates.
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let mounted = Arc::clone(&shared);
        let server = actix_test::start(move || {
            App::new()
                .app_data(web::Data::from(Arc::clone(&mounted)))
                .default_service(web::to(answer))
        });
        Self { server, shared }
    }

    /// For `key_manager.url`: a foreign key manager, without our batch endpoints.
    pub fn url(&self) -> String {
        self.server.url("/v1/keymanager")
    }

    /// For `services.certificate_url`: our own, with the batch endpoints.
    pub fn base(&self) -> String {
        self.server.url("").trim_end_matches('/').to_owned()
    }

    /// Knows a partner certificate from now on.
    pub fn certify(&self, id: &str, pem: &str) {
        self.shared
            .certificates
            .lock()
            .unwrap()
            .insert(id.to_owned(), pem.to_owned());
    }

    /// Knows a partner certificate in both of its forms from now on.
    pub fn certify_pair(&self, id: &str, uploaded: &str, signed: &str) {
        self.certify(id, signed);
        let mut pems = self.shared.uploaded.lock().unwrap();
        pems.insert(id.to_owned(), uploaded.to_owned());
    }

    /// Lists a certificate of an authority from now on; `kind` is `ROOT` or
    /// `INTERMEDIATE`, `ends` its last instant without zone.
    pub fn authority(&self, kind: &str, id: &str, ends: &str) {
        self.shared
            .authorities
            .lock()
            .unwrap()
            .push(authorities::Listed {
                kind: kind.to_owned(),
                id: id.to_owned(),
                ends: ends.to_owned(),
            });
    }

    /// Fails at an endpoint, such as `encrypt`, from now on.
    pub fn fail(&self, endpoint: &str, failure: PeerFailure) {
        self.shared
            .failures
            .lock()
            .unwrap()
            .insert(endpoint.to_owned(), failure);
    }

    /// Works again at all endpoints.
    pub fn recover(&self) {
        self.shared.failures.lock().unwrap().clear();
    }

    /// Issues these certificates to partners, one after the other.
    pub fn prepare(&self, leaves: Vec<String>) {
        self.shared.partners.prepare(leaves);
    }

    /// Answers as key managers of a line do, and takes its time whenever it is
    /// given the certificate that others encrypt for a partner with.
    pub fn behave(&self, line: Line, takes: Duration) {
        self.shared.partners.behave(line, takes);
    }

    /// What others encrypt for a partner with: more than one when it broke.
    pub fn current(&self, partner_id: &str) -> Vec<String> {
        self.shared.partners.current(partner_id)
    }

    /// The most uploads of a partner that it was at work on at once.
    pub fn most_at_work(&self, partner_id: &str) -> usize {
        self.shared.partners.most_at_work(partner_id)
    }

    /// What it was asked so far.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.shared.recorded.lock().unwrap().clone()
    }

    /// How often an endpoint was asked.
    pub fn calls(&self, endpoint: &str) -> usize {
        let path = format!("/v1/keymanager/{endpoint}");
        self.recorded()
            .iter()
            .filter(|asked| asked.uri.starts_with(&path))
            .count()
    }

    /// A cipher text of `text`, as key managers of 1.1.5 make them.
    pub fn seal_without_header(&self, text: &str) -> String {
        let sealed = URL_SAFE.decode(self.seal(text)).unwrap();
        URL_SAFE_NO_PAD.encode(sealed.strip_prefix(HEADER).unwrap())
    }

    /// A cipher text of `text`, as this key manager makes them.
    pub fn seal(&self, text: &str) -> String {
        seal(&self.shared, text.as_bytes())
    }
}

/// The text in a cipher text of a [`KeyManagerPeer`].
pub fn unseal(sealed: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed.trim_end_matches('=')).ok()?;
    let key_part = bytes.strip_prefix(HEADER).unwrap_or(&bytes);
    let data = key_part.strip_prefix(&KEY_PART)?.strip_prefix(SPLITTER)?;
    String::from_utf8(data.get(SALT..)?.to_vec()).ok()
}

/// A cipher text that no [`KeyManagerPeer`] opens.
pub fn lost() -> String {
    URL_SAFE.encode([HEADER, &LOST_KEY_PART, SPLITTER, b"whatever it is"].concat())
}

fn seal(shared: &Shared, text: &[u8]) -> String {
    let number = shared.sealed.fetch_add(1, Ordering::Relaxed);
    let salt = format!("{number:08x}");
    URL_SAFE.encode([HEADER, &KEY_PART, SPLITTER, salt.as_bytes(), text].concat())
}

async fn answer(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let asked = Recorded::of(&request, &body);
    let content = asked.json()["request"].clone();
    shared.recorded.lock().unwrap().push(asked);
    let path = request
        .path()
        .trim_start_matches("/v1/keymanager/")
        .to_owned();
    let (endpoint, argument) = path.split_once('/').unwrap_or((&path, ""));
    let failure = shared.failures.lock().unwrap().get(endpoint).cloned();
    match failure {
        Some(PeerFailure::Status(status)) => {
            return HttpResponse::build(StatusCode::from_u16(status).unwrap()).finish();
        }
        Some(PeerFailure::Error(code, message)) => return refused(&code, &message),
        Some(PeerFailure::Body(body)) => return HttpResponse::Ok().json(body),
        Some(PeerFailure::Hang) => std::future::pending().await,
        None => {}
    }
    match endpoint {
        "encrypt" => encrypted(&shared, &content),
        "encryptBatch" => all_encrypted(&shared, &content),
        "decrypt" => decrypted(&content),
        "decryptBatch" => all_decrypted(&content),
        "getPartnerCertificate" => certificate(&shared, argument),
        "getPartnerCertificates" => authorities::certificates(&shared, &content),
        "getCaCertificates" => authorities::list(&shared, &content),
        "getPartnerSignedCertificate" => certificate_pair(&shared, argument),
        "uploadPartnerCertificate" => partners::issue(&shared),
        "uploadOtherDomainCertificate" => partners::give(&shared, &content).await,
        "getCertificate" => partners::current(&shared, request.query_string()),
        _ => HttpResponse::NotFound().finish(),
    }
}

fn encrypted(shared: &Shared, content: &Value) -> HttpResponse {
    let plain = STANDARD
        .decode(content["data"].as_str().unwrap_or_default())
        .unwrap();
    succeeded(&json!({ "data": seal(shared, &plain) }))
}

fn all_encrypted(shared: &Shared, content: &Value) -> HttpResponse {
    let texts = content["data"].as_array().cloned().unwrap_or_default();
    let sealed: Vec<String> = texts
        .iter()
        .map(|text| {
            let plain = STANDARD.decode(text.as_str().unwrap()).unwrap();
            seal(shared, &plain)
        })
        .collect();
    succeeded(&json!({ "data": sealed }))
}

fn decrypted(content: &Value) -> HttpResponse {
    match content["data"].as_str().and_then(unseal) {
        Some(text) => succeeded(&json!({ "data": URL_SAFE_NO_PAD.encode(text) })),
        None => refused(
            "KER-CRY-003",
            "data sent to decrypt is without key splitter or invalid",
        ),
    }
}

fn all_decrypted(content: &Value) -> HttpResponse {
    let columns = content["data"].as_array().cloned().unwrap_or_default();
    let opened: Vec<Option<String>> = columns
        .iter()
        .map(|column| {
            column
                .as_str()
                .and_then(unseal)
                .map(|text| URL_SAFE_NO_PAD.encode(text))
        })
        .collect();
    succeeded(&json!({ "data": opened }))
}

fn certificate(shared: &Shared, id: &str) -> HttpResponse {
    match shared.certificates.lock().unwrap().get(id) {
        Some(pem) => {
            succeeded(&json!({ "certificateData": pem, "timestamp": "2026-11-24T10:00:00.123456" }))
        }
        None => refused(
            "KER-PCM-012",
            "Partner Certificate not found for the given ID.",
        ),
    }
}

fn certificate_pair(shared: &Shared, id: &str) -> HttpResponse {
    let signed = shared.certificates.lock().unwrap().get(id).cloned();
    let uploaded = shared.uploaded.lock().unwrap().get(id).cloned();
    match uploaded.zip(signed) {
        Some((uploaded, signed)) => succeeded(&json!({
            "caSignedCertificateData": uploaded,
            "mosipSignedCertificateData": signed,
            "timestamp": "2026-11-24T10:00:00.123456",
        })),
        None => refused(
            "KER-PCM-012",
            "Partner Certificate not found for the given ID.",
        ),
    }
}

fn succeeded(response: &Value) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "id": null, "version": null, "responsetime": "2026-11-24T10:00:00.000Z",
        "metadata": null, "response": response, "errors": null,
    }))
}

fn refused(code: &str, message: &str) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "id": null, "version": null, "responsetime": "2026-11-24T10:00:00.000Z",
        "metadata": null, "response": null,
        "errors": [{ "errorCode": code, "message": message }],
    }))
}

//! A key manager that speaks the contract with toy cryptography.

mod authorities;
mod certificates;
mod cipher;
mod partners;

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, web};
pub use cipher::{lost, unseal};
use serde_json::{Value, json};

pub use partners::Line;
use partners::Partners;

use super::Recorded;

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

    /// Fails for a cipher text from now on: that is how it fails when it is asked for
    /// alone. In a batch it is one whose key can't be opened.
    pub fn fail_for(&self, sealed: &str, failure: PeerFailure) {
        self.fail(sealed, failure);
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

    /// Its requests so far.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.shared.recorded.lock().unwrap().clone()
    }

    /// How often an endpoint was called.
    pub fn calls(&self, endpoint: &str) -> usize {
        let path = format!("/v1/keymanager/{endpoint}");
        self.recorded()
            .iter()
            .filter(|request| request.uri.starts_with(&path))
            .count()
    }
}

async fn answer(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let recorded = Recorded::of(&request, &body);
    let content = recorded.json()["request"].clone();
    shared.recorded.lock().unwrap().push(recorded);
    let path = request
        .path()
        .trim_start_matches("/v1/keymanager/")
        .to_owned();
    let (endpoint, argument) = path.split_once('/').unwrap_or((&path, ""));
    let failure = {
        let failures = shared.failures.lock().unwrap();
        let of_text = content["data"].as_str().and_then(|text| failures.get(text));
        failures.get(endpoint).or(of_text).cloned()
    };
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
        "encrypt" => cipher::encrypted(&shared, &content),
        "encryptBatch" => cipher::all_encrypted(&shared, &content),
        "decrypt" => cipher::decrypted(&content),
        "decryptBatch" => cipher::all_decrypted(&shared, &content),
        "getPartnerCertificate" => certificates::certificate(&shared, argument),
        "getPartnerCertificates" => authorities::certificates(&shared, &content),
        "getCaCertificates" => authorities::list(&shared, &content),
        "getPartnerSignedCertificate" => certificates::certificate_pair(&shared, argument),
        "uploadPartnerCertificate" => partners::issue(&shared),
        "uploadOtherDomainCertificate" => partners::give(&shared, &content).await,
        "getCertificate" => partners::current(&shared, request.query_string()),
        _ => HttpResponse::NotFound().finish(),
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

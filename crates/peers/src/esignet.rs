//! The client management of eSignet, and the documents that the claims and ACR
//! values of its clients are derived from
//! (contract clients-users-notifications.md §1.4, §1.5, §1.12).
//!
//! `POST` below `/v1/esignet/client-mgmt` registers a client, `PUT` with its id
//! changes it: `oauth-client` with names in several languages, `oidc-client`
//! without. `GET` of `client` with its id tells it, in newer releases. What goes wrong is told with HTTP 200, in `errors`. The two mapping
//! files are not eSignet's own: a deployment's configuration server has them.

mod clients;
mod documents;
mod languages;
mod public_key;
mod rules;

use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::DateTime;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::{Incoming, Needs, Newest, Unadmitted, Work, header, stamp};
pub use clients::Client;
use documents::Documents;
pub use rules::Release;

/// What the paths of the client management begin with.
const MANAGEMENT: &str = "/v1/esignet/client-mgmt/";
/// The discovery document.
pub const DISCOVERY: &str = "/v1/esignet/oidc/.well-known/openid-configuration";
/// The mapping of claims.
pub const CLAIMS_MAPPING: &str = "/mappings/identity-mapping.json";
/// The mapping of ACR values.
pub const ACR_MAPPING: &str = "/mappings/amr-acr-mapping.json";
/// The scopes of the two operations.
const MAY_ADD: &str = "add_oidc_client";
const MAY_UPDATE: &str = "update_oidc_client";

/// eSignet with its clients, and the documents.
pub struct Esignet {
    release: Mutex<Release>,
    registered: Newest<Client>,
    documents: Mutex<Documents>,
    /// Clients so far; held from the look for duplicates until the client is
    /// registered.
    count: Mutex<u64>,
}

/// A present eSignet without clients.
impl Default for Esignet {
    fn default() -> Self {
        Self::of(Release::Newer)
    }
}

impl Esignet {
    /// An eSignet of this release without clients.
    pub fn of(release: Release) -> Self {
        Self {
            release: Mutex::new(release),
            registered: Newest::default(),
            documents: Mutex::default(),
            count: Mutex::default(),
        }
    }

    /// It is of this release from now on, with the clients that it has.
    pub fn become_release(&self, release: Release) {
        *self.release.lock().unwrap_or_else(PoisonError::into_inner) = release;
    }

    /// The release that it is of.
    pub fn release(&self) -> Release {
        *self.release.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all clients.
    pub fn forget(&self) {
        self.registered.retain(|_client| false);
    }

    /// Has a client that no partner registered through this system, with the `status` that
    /// the request names, if it does.
    pub fn put_client(&self, request: &Value) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        let request = request.as_object().cloned().unwrap_or_default();
        let mut client = Client::new(*count, &request, DateTime::UNIX_EPOCH);
        if let Some(status) = request.get("status").and_then(Value::as_str) {
            status.clone_into(&mut client.status);
        }
        self.registered.push(client, 0);
    }

    /// The clients, oldest first.
    pub fn clients(&self) -> Vec<Client> {
        self.registered.all()
    }

    /// How many there are.
    pub fn amount(&self) -> usize {
        self.registered.len()
    }

    /// Supports these claims from now on.
    pub fn support_claims(&self, claims: &[&str]) {
        self.documents().claims = claims.iter().map(|claim| (*claim).to_owned()).collect();
    }

    /// The mapping of claims has this text from now on.
    pub fn put_claims_mapping(&self, text: &str) {
        text.clone_into(&mut self.documents().claims_mapping);
    }

    /// The mapping of ACR values has this text from now on.
    pub fn put_acr_mapping(&self, text: &str) {
        text.clone_into(&mut self.documents().acr_mapping);
    }

    fn documents(&self) -> MutexGuard<'_, Documents> {
        let documents = self.documents.lock();
        documents.unwrap_or_else(PoisonError::into_inner)
    }

    fn document(&self, incoming: &Incoming<'_>) -> Option<HttpResponse> {
        let documents = self.documents();
        let text = match incoming.path {
            DISCOVERY => documents.discovery(incoming.base),
            CLAIMS_MAPPING => documents.claims_mapping.clone(),
            ACR_MAPPING => documents.acr_mapping.clone(),
            _ => return None,
        };
        Some(
            HttpResponse::Ok()
                .content_type("application/json")
                .body(text),
        )
    }

    fn create(
        &self,
        incoming: &Incoming<'_>,
        request: &Map<String, Value>,
    ) -> Result<Value, Value> {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let client = Client::new(*count + 1, request, incoming.now);
        let strict = self.release() == Release::Strict;
        let taken = self.registered.find_map(|other| {
            if strict && other.key == client.key {
                // It looks at the key first, and has one code for all about it.
                Some("invalid_public_key")
            } else if other.client_id == client.client_id {
                Some("duplicate_client_id")
            } else {
                (other.key == client.key).then_some("duplicate_public_key")
            }
        });
        if let Some(code) = taken {
            return Err(json!([error(code, code)]));
        }
        let answer = client.answer();
        self.registered.push(client, incoming.body.len());
        *count += 1;
        Ok(answer)
    }

    fn update(&self, id: &str, request: &Map<String, Value>) -> Result<Value, Value> {
        let updated = self.registered.find_map(|client| {
            (client.client_id == id).then(|| {
                client.change(request);
                client.answer()
            })
        });
        updated.ok_or_else(|| json!([error("invalid_client_id", "invalid_client_id")]))
    }

    fn show(&self, incoming: &Incoming<'_>, id: &str) -> HttpResponse {
        let found = self
            .registered
            .find_map(|client| (client.client_id == id).then(|| client.record()));
        let errors = match &found {
            Some(_) => json!([]),
            None => json!([error("invalid_client_id", "invalid_client_id")]),
        };
        HttpResponse::Ok().json(json!({
            "responseTime": stamp(incoming.now), "response": found, "errors": errors,
        }))
    }

    fn manage(&self, incoming: &Incoming<'_>, named: bool, id: Option<&str>) -> HttpResponse {
        let json_kind = header(incoming.request, "content-type")
            .is_some_and(|kind| kind.starts_with("application/json"));
        if !json_kind {
            return HttpResponse::UnsupportedMediaType().finish();
        }
        let body: Value = serde_json::from_slice(incoming.body).unwrap_or_default();
        let done = match body.get("request").and_then(Value::as_object) {
            None => Err(json!([error("unknown_error", "unknown_error")])),
            Some(request) => {
                let claims = self.documents().claims.clone();
                let rules = rules::Rules {
                    release: self.release(),
                    claims: &claims,
                    named,
                };
                let violations = rules.violations(&body, request, id.is_none(), incoming.now);
                match (violations.is_empty(), id) {
                    (false, _) => Err(Value::Array(violations)),
                    (true, None) => self.create(incoming, request),
                    (true, Some(id)) => self.update(id, request),
                }
            }
        };
        let (response, errors) = match done {
            Ok(response) => (response, json!([])),
            Err(errors) => (Value::Null, errors),
        };
        HttpResponse::Ok().json(json!({
            "responseTime": stamp(incoming.now), "response": response, "errors": errors,
        }))
    }
}

impl Work for Esignet {
    fn needs(&self, _method: &Method, path: &str) -> Needs {
        let managed = path.starts_with(MANAGEMENT);
        Needs {
            token: managed,
            role: None,
            bearer: managed,
        }
    }

    fn answer(&self, incoming: &Incoming<'_>) -> HttpResponse {
        let method = incoming.request.method();
        let Some(rest) = incoming.path.strip_prefix(MANAGEMENT) else {
            return match self.document(incoming) {
                Some(document) if method == Method::GET => document,
                Some(_) => HttpResponse::MethodNotAllowed().finish(),
                None => HttpResponse::NotFound().finish(),
            };
        };
        let (kind, id) = match rest.split_once('/') {
            Some((kind, id)) if !id.is_empty() && !id.contains('/') => (kind, Some(id)),
            Some(_) => return HttpResponse::NotFound().finish(),
            None => (rest, None),
        };
        let (named, reads) = match kind {
            "oauth-client" => (true, false),
            "oidc-client" => (false, false),
            // Newer releases manage clients there too, in a dialect that we do not speak.
            "client" if id.is_some() && self.release() != Release::Older => (false, true),
            _ => return HttpResponse::NotFound().finish(),
        };
        let (expected, scope) = match id {
            None => (Method::POST, MAY_ADD),
            Some(_) if reads => (Method::GET, MAY_UPDATE),
            Some(_) => (Method::PUT, MAY_UPDATE),
        };
        if method != expected {
            return HttpResponse::MethodNotAllowed().finish();
        }
        if !incoming
            .claims
            .is_some_and(|claims| claims.has_scope(scope))
        {
            return self.refuse(Unadmitted::Forbidden);
        }
        let id = id.map(|id| percent_decode_str(id).decode_utf8_lossy());
        if reads {
            return self.show(incoming, id.as_deref().unwrap_or_default());
        }
        self.manage(incoming, named, id.as_deref())
    }

    /// A resource server's answers have no body.
    fn refuse(&self, refusal: Unadmitted) -> HttpResponse {
        match refusal {
            Unadmitted::Unauthorized => HttpResponse::Unauthorized().finish(),
            Unadmitted::Forbidden => HttpResponse::Forbidden().finish(),
        }
    }
}

/// An element of `errors`.
fn error(code: &str, message: &str) -> Value {
    json!({ "errorCode": code, "errorMessage": message })
}

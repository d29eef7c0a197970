//! An identity provider that logs browsers in with codes (RFC 6749 §4.1, with
//! PKCE), as strictly as a real one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, web};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_peers::broken_off;
use serde_json::{Value, json};

use super::{Fault, Recorded};
use crate::tokens;

type Fields = HashMap<String, String>;

#[derive(Default)]
struct Shared {
    /// Parameters of the login that a code was given for.
    codes: Mutex<HashMap<String, Fields>>,
    claims: Mutex<Value>,
    assertion: Mutex<Option<String>>,
    refusal: Mutex<Option<String>>,
    fault: Mutex<Option<Fault>>,
    recorded: Mutex<Vec<Recorded>>,
}

/// A provider on a free port of loopback. A user who opens its login page is
/// logged in at once.
pub struct OidcPeer {
    server: actix_test::TestServer,
    shared: Arc<Shared>,
}

impl OidcPeer {
    /// The client that may redeem codes.
    pub const CLIENT: &'static str = "mosip-pms-client";
    /// Its secret.
    pub const SECRET: &'static str = "s3cret & more";

    /// Starts; tokens have these claims.
    pub fn start(claims: Value) -> Self {
        let shared = Arc::new(Shared::default());
        *shared.claims.lock().unwrap() = claims;
        let mounted = Arc::clone(&shared);
        let server = actix_test::start(move || {
            App::new()
                .app_data(web::Data::from(Arc::clone(&mounted)))
                .route("/auth", web::get().to(authorize))
                .route("/token", web::post().to(token))
        });
        Self { server, shared }
    }

    /// The address of one of its pages: `/auth`, `/token`, `/logout`.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Tokens have these claims from now on.
    pub fn issue(&self, claims: Value) {
        *self.shared.claims.lock().unwrap() = claims;
    }

    /// From now on the client shows this assertion (RFC 7523), and no secret.
    pub fn expect_assertion(&self, assertion: &str) {
        *self.shared.assertion.lock().unwrap() = Some(assertion.to_owned());
    }

    /// From now on every code is refused with this description.
    pub fn refuse(&self, description: &str) {
        *self.shared.refusal.lock().unwrap() = Some(description.to_owned());
    }

    /// The token endpoint goes wrong from now on.
    pub fn fail(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap() = Some(fault);
    }

    /// The requests of the token endpoint so far.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.shared.recorded.lock().unwrap().clone()
    }
}

async fn authorize(shared: web::Data<Shared>, login: web::Query<Fields>) -> HttpResponse {
    let login = login.into_inner();
    let known = login
        .get("client_id")
        .is_some_and(|id| id == OidcPeer::CLIENT);
    if !known || login.get("response_type").map(String::as_str) != Some("code") {
        return HttpResponse::BadRequest().body("no such client");
    }
    let code = uuid::Uuid::new_v4().to_string();
    let location = format!(
        "{}?state={}&session_state={}&code={code}",
        login["redirect_uri"],
        login["state"],
        uuid::Uuid::new_v4()
    );
    shared.codes.lock().unwrap().insert(code, login);
    HttpResponse::Found()
        .insert_header(("location", location))
        .finish()
}

async fn token(
    shared: web::Data<Shared>,
    request: HttpRequest,
    form: web::Form<Fields>,
) -> HttpResponse {
    let form = form.into_inner();
    shared.recorded.lock().unwrap().push(Recorded {
        method: request.method().to_string(),
        uri: request.uri().to_string(),
        cookie: None,
        request_id: None,
        body: json!(form).to_string(),
    });
    let fault = shared.fault.lock().unwrap().clone();
    match fault {
        Some(Fault::Slow(pause)) => tokio::time::sleep(pause.min(Duration::from_secs(60))).await,
        Some(Fault::Status(status)) => {
            let status = actix_web::http::StatusCode::from_u16(status).unwrap();
            return HttpResponse::build(status).body("<html>out of order</html>");
        }
        Some(Fault::Reset) => return broken_off(),
        Some(Fault::Body(body)) => {
            return HttpResponse::Ok()
                .content_type("application/json")
                .body(body);
        }
        None => {}
    }
    if let Some(description) = shared.refusal.lock().unwrap().as_deref() {
        return HttpResponse::BadRequest().json(json!({
            "error": "invalid_grant",
            "error_description": description,
        }));
    }
    match shared.redeem(&form) {
        Ok(token) => HttpResponse::Ok().json(json!({
            "access_token": token,
            "expires_in": 300,
            "refresh_expires_in": 1800,
            "token_type": "Bearer",
            "scope": "email",
        })),
        Err((error, description)) => HttpResponse::BadRequest().json(json!({
            "error": error,
            "error_description": description,
        })),
    }
}

impl Shared {
    fn redeem(&self, form: &Fields) -> Result<String, (&'static str, &'static str)> {
        let sent = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let assertion = self.assertion.lock().unwrap().clone();
        let proven = match &assertion {
            None => sent("client_secret") == OidcPeer::SECRET,
            Some(assertion) => {
                sent("client_assertion") == assertion
                    && sent("client_assertion_type")
                        == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                    && !form.contains_key("client_secret")
            }
        };
        if sent("client_id") != OidcPeer::CLIENT || !proven {
            return Err((
                "unauthorized_client",
                "Invalid client or Invalid client credentials",
            ));
        }
        if sent("grant_type") != "authorization_code" {
            return Err(("unsupported_grant_type", "Unsupported grant_type"));
        }
        // Good once, whatever follows.
        let login = self.codes.lock().unwrap().remove(sent("code"));
        let login = login.ok_or(("invalid_grant", "Code not valid"))?;
        if sent("redirect_uri") != login["redirect_uri"] {
            return Err(("invalid_grant", "Incorrect redirect_uri"));
        }
        let hash = digest::digest(&digest::SHA256, sent("code_verifier").as_bytes());
        let challenge = URL_SAFE_NO_PAD.encode(hash);
        if login.get("code_challenge_method").map(String::as_str) != Some("S256")
            || login.get("code_challenge") != Some(&challenge)
        {
            return Err(("invalid_grant", "PKCE verification failed: Code mismatch"));
        }
        Ok(tokens::sign(&self.claims.lock().unwrap()))
    }
}

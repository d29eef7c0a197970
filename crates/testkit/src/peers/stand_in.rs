//! What the stand-ins for other systems share: tokens, faults, records.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, web};

use super::Recorded;
use super::recorder::broken_off;
use crate::tokens;

/// What goes wrong at a stand-in from now on.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It does its work, but answers only after this time.
    Slow(Duration),
    /// It answers with this status, and does nothing.
    Status(u16),
    /// It does its work, then closes the connection without an answer.
    Reset,
    /// It answers 200 with this body, and does nothing.
    Body(String),
}

/// A request as a stand-in looks at it.
pub(super) struct Asked<'r> {
    pub(super) request: &'r HttpRequest,
    pub(super) body: &'r [u8],
}

/// Does a stand-in's work and answers.
pub(super) trait Work: Send + Sync + 'static {
    /// A role that the token must have.
    const ROLE: Option<&'static str>;
    /// Whether the token must come as a bearer token too.
    const BEARER: bool;

    fn answer(&self, asked: &Asked<'_>) -> HttpResponse;
}

pub(super) struct Shared<W> {
    pub(super) work: W,
    recorded: Mutex<Vec<Recorded>>,
    fault: Mutex<Option<Fault>>,
    seen: Mutex<HashSet<String>>,
    expired: Mutex<HashSet<String>>,
}

/// A stand-in on a free port of loopback.
pub(super) struct StandIn<W> {
    server: actix_test::TestServer,
    pub(super) shared: Arc<Shared<W>>,
}

impl<W: Work> StandIn<W> {
    pub(super) fn start(work: W) -> Self {
        let shared = Arc::new(Shared {
            work,
            recorded: Mutex::default(),
            fault: Mutex::default(),
            seen: Mutex::default(),
            expired: Mutex::default(),
        });
        let mounted = Arc::clone(&shared);
        let server = actix_test::start(move || {
            let shared = Arc::clone(&mounted);
            App::new()
                .app_data(web::PayloadConfig::new(8 * 1024 * 1024))
                .default_service(web::to(move |request: HttpRequest, body: web::Bytes| {
                    let shared = Arc::clone(&shared);
                    async move { shared.serve(&request, &body).await }
                }))
        });
        Self { server, shared }
    }

    pub(super) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    pub(super) fn fail(&self, fault: Fault) {
        *self.shared.fault.lock().unwrap() = Some(fault);
    }

    pub(super) fn recover(&self) {
        *self.shared.fault.lock().unwrap() = None;
    }

    /// Takes every token that it has seen for expired.
    pub(super) fn expire_tokens(&self) {
        let seen = self.shared.seen.lock().unwrap().clone();
        self.shared.expired.lock().unwrap().extend(seen);
    }

    pub(super) fn recorded(&self) -> Vec<Recorded> {
        self.shared.recorded.lock().unwrap().clone()
    }
}

impl<W: Work> Shared<W> {
    async fn serve(&self, request: &HttpRequest, body: &[u8]) -> HttpResponse {
        let cookie = header(request, "cookie");
        self.recorded.lock().unwrap().push(Recorded {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            cookie: cookie.clone(),
            body: String::from_utf8_lossy(body).into_owned(),
        });
        if let Err(refused) = self.admit(request, cookie.as_deref()) {
            return HttpResponse::build(refused).finish();
        }
        let fault = self.fault.lock().unwrap().clone();
        let work = || self.work.answer(&Asked { request, body });
        match fault {
            None => work(),
            Some(Fault::Slow(pause)) => {
                let answer = work();
                tokio::time::sleep(pause).await;
                answer
            }
            Some(Fault::Status(status)) => {
                let status = StatusCode::from_u16(status).unwrap();
                HttpResponse::build(status).body("out of order")
            }
            Some(Fault::Reset) => {
                work();
                broken_off()
            }
            Some(Fault::Body(body)) => HttpResponse::Ok()
                .content_type("application/json")
                .body(body),
        }
    }

    fn admit(&self, request: &HttpRequest, cookie: Option<&str>) -> Result<(), StatusCode> {
        let unauthorised = || StatusCode::UNAUTHORIZED;
        let token = cookie
            .and_then(|cookie| {
                cookie
                    .split("; ")
                    .find_map(|part| part.strip_prefix("Authorization="))
            })
            .ok_or_else(unauthorised)?;
        let bearer = format!("Bearer {token}");
        if W::BEARER && header(request, "authorization") != Some(bearer) {
            return Err(unauthorised());
        }
        let claims = tokens::verify(token).ok_or_else(unauthorised)?;
        self.seen.lock().unwrap().insert(token.to_owned());
        if self.expired.lock().unwrap().contains(token) {
            return Err(unauthorised());
        }
        let roles = claims["realm_access"]["roles"].as_array().cloned();
        let allowed = W::ROLE.is_none_or(|role| roles.unwrap_or_default().contains(&role.into()));
        if allowed {
            Ok(())
        } else {
            Err(StatusCode::FORBIDDEN)
        }
    }
}

pub(super) fn header(request: &HttpRequest, name: &str) -> Option<String> {
    let value = request.headers().get(name)?;
    value.to_str().ok().map(str::to_owned)
}

/// Gives a stand-in its faults and records.
macro_rules! faulty {
    ($peer:ty) => {
        impl $peer {
            /// Goes wrong from now on.
            pub fn fail(&self, fault: super::Fault) {
                self.stand_in.fail(fault);
            }

            /// Works again.
            pub fn recover(&self) {
                self.stand_in.recover();
            }

            /// Takes every token that it has seen for expired.
            pub fn expire_tokens(&self) {
                self.stand_in.expire_tokens();
            }

            /// What it was asked so far.
            pub fn recorded(&self) -> Vec<super::Recorded> {
                self.stand_in.recorded()
            }
        }
    };
}
pub(super) use faulty;

//! What all stand-ins share: tokens, faults, records.

use std::sync::{Arc, PoisonError, RwLock};

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, SecondsFormat, Utc};
use pms_database::Clock;
use serde_json::json;

use crate::{Claims, Fault, Faults, Guard, Newest, Recorded, Tokens};

/// Largest request, in bytes.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// A request as a stand-in looks at it.
pub struct Incoming<'r> {
    /// The request itself.
    pub request: &'r HttpRequest,
    /// Its path below the mount point, beginning with a slash.
    pub path: &'r str,
    /// Its body.
    pub body: &'r [u8],
    /// The token that it shows, as bearer token or cookie, unless the stand-in
    /// takes it for expired.
    pub token: Option<&'r str>,
    /// What that token gives, if it is a good one.
    pub claims: Option<&'r Claims>,
    /// Public address of the stand-in, without a slash at the end.
    pub base: &'r str,
    /// The time.
    pub now: DateTime<Utc>,
}

/// What a request needs to be admitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// A good token in the cookie `Authorization`.
    pub token: bool,
    /// A role that this token must give.
    pub role: Option<&'static str>,
    /// Whether it must come as a bearer token too.
    pub bearer: bool,
}

/// Why a request is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unadmitted {
    /// No token, or none that is good.
    Unauthorized,
    /// The token lacks the role.
    Forbidden,
}

/// Does a stand-in's work and answers.
pub trait Work: Send + Sync + 'static {
    /// What a request needs.
    fn needs(&self, method: &Method, path: &str) -> Needs;

    /// Answers an admitted request.
    fn answer(&self, incoming: &Incoming<'_>) -> HttpResponse;

    /// Answers a request that is not admitted, by default as the modules with
    /// MOSIP's authentication adapter do.
    fn refuse(&self, refusal: Unadmitted) -> HttpResponse {
        let (status, code, message) = match refusal {
            Unadmitted::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "KER-ATH-401",
                "Authentication Failed",
            ),
            Unadmitted::Forbidden => (StatusCode::FORBIDDEN, "KER-ATH-403", "Forbidden"),
        };
        HttpResponse::build(status).json(json!({
            "id": null, "version": null, "responsetime": null, "metadata": null,
            "response": null, "errors": [{ "errorCode": code, "message": message }],
        }))
    }
}

/// A stand-in for one module. Clones share everything.
pub struct StandIn<W>(Arc<Inner<W>>);

struct Inner<W> {
    work: W,
    guard: Arc<dyn Guard>,
    clock: Clock,
    base: RwLock<Arc<str>>,
    recorded: Option<Newest<Recorded>>,
    faults: Faults,
    tokens: Tokens,
}

impl<W> Clone for StandIn<W> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<W: Work> StandIn<W> {
    /// A stand-in that is reached at `base`.
    pub fn new(work: W, guard: Arc<dyn Guard>, clock: Clock, base: &str) -> Self {
        Self(Arc::new(Inner {
            work,
            guard,
            clock,
            base: RwLock::new(base.trim_end_matches('/').into()),
            recorded: None,
            faults: Faults::default(),
            tokens: Tokens::default(),
        }))
    }

    /// The same, with every request recorded. It must not be shared yet.
    #[must_use]
    pub fn recording(mut self) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.recorded = Some(Newest::default());
        }
        self
    }

    /// Changes the address that it is reached at: a port may be known only once
    /// its server runs.
    pub fn moved(&self, base: &str) {
        let base = base.trim_end_matches('/').into();
        *self.0.base.write().unwrap_or_else(PoisonError::into_inner) = base;
    }

    /// Adds it to a server, below `prefix` such as `/dev/peers/notifier`; an
    /// empty one takes every path.
    pub fn mount(&self, app: &mut web::ServiceConfig, prefix: &'static str) {
        let stand_in = self.clone();
        let handler = move |request: HttpRequest, body: web::Bytes| {
            let stand_in = stand_in.clone();
            async move {
                let path = request.path().strip_prefix(prefix).unwrap_or_default();
                stand_in.serve(&request, &body, path).await
            }
        };
        let scope = web::scope(prefix)
            .app_data(web::PayloadConfig::new(MAX_BODY))
            .default_service(web::to(handler));
        app.service(scope);
    }

    /// Answers one request; `path` is its path below the mount point.
    pub async fn serve(&self, request: &HttpRequest, body: &[u8], path: &str) -> HttpResponse {
        let inner = &*self.0;
        if let Some(recorded) = &inner.recorded {
            let bytes = body.len().saturating_add(request.uri().to_string().len());
            recorded.push(Recorded::of(request, body), bytes);
        }
        let shown = Shown::of(request);
        let token = shown.token().filter(|token| inner.tokens.see(token));
        let claims = token.and_then(|token| inner.guard.claims(token));
        let needs = inner.work.needs(request.method(), path);
        if let Err(refusal) = needs.admit(&shown, claims.as_ref()) {
            return inner.work.refuse(refusal);
        }
        let base = Arc::clone(&inner.base.read().unwrap_or_else(PoisonError::into_inner));
        let incoming = Incoming {
            request,
            path,
            body,
            token,
            claims: claims.as_ref(),
            base: &base,
            now: inner.clock.now(),
        };
        inner.faults.around(|| inner.work.answer(&incoming)).await
    }

    /// Goes wrong from now on.
    pub fn fail(&self, fault: Fault) {
        self.0.faults.fail(fault);
    }

    /// Works again.
    pub fn recover(&self) {
        self.0.faults.recover();
    }

    /// Takes every token that it has been shown for expired.
    pub fn expire_tokens(&self) {
        self.0.tokens.expire();
    }

    /// Its requests so far, oldest first, if it is recording.
    pub fn recorded(&self) -> Vec<Recorded> {
        let recorded = self.0.recorded.as_ref();
        recorded.map(Newest::all).unwrap_or_default()
    }

    /// The work that it does.
    pub fn work(&self) -> &W {
        &self.0.work
    }
}

/// The tokens that a request shows.
struct Shown {
    cookie: Option<String>,
    bearer: Option<String>,
}

impl Shown {
    fn of(request: &HttpRequest) -> Self {
        let cookie = header(request, "cookie").and_then(|cookie| {
            let mut parts = cookie.split("; ");
            parts.find_map(|part| part.strip_prefix("Authorization=").map(str::to_owned))
        });
        let bearer = header(request, "authorization")
            .and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned));
        Self { cookie, bearer }
    }

    fn token(&self) -> Option<&str> {
        self.bearer.as_deref().or(self.cookie.as_deref())
    }
}

impl Needs {
    fn admit(self, shown: &Shown, claims: Option<&Claims>) -> Result<(), Unadmitted> {
        if !self.token {
            return Ok(());
        }
        let cookie = shown.cookie.as_ref().ok_or(Unadmitted::Unauthorized)?;
        let bearer = shown.bearer.as_ref();
        // The claims are those of the bearer token when there is one.
        if bearer.is_some_and(|bearer| bearer != cookie) || (self.bearer && bearer.is_none()) {
            return Err(Unadmitted::Unauthorized);
        }
        let claims = claims.ok_or(Unadmitted::Unauthorized)?;
        if self.role.is_none_or(|role| claims.has_role(role)) {
            Ok(())
        } else {
            Err(Unadmitted::Forbidden)
        }
    }
}

/// A header's text.
pub fn header(request: &HttpRequest, name: &str) -> Option<String> {
    let value = request.headers().get(name)?;
    value.to_str().ok().map(str::to_owned)
}

/// A time as MOSIP's envelopes spell it.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
